/** A plugin that is enabled, and its entry in AdmissionConfiguration if it has one. */
export interface AdmissionPlugin {
  /** As the API server knows it, for instance `EventRateLimit`. */
  readonly name: string;
  /** The whole configuration, inline: the server reads no further file for it. */
  readonly configuration?: Record<string, unknown>;
}
