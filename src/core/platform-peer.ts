/**
 * Pods of the platform that every application has to talk to or be reached from: the monitoring's scrapers, the ingress controller.
 */
export interface PlatformPeer {
  /** Namespace in which they run. */
  readonly namespaceName: string;
  /**
   * Labels of the pods, at least one.
   * @default - every pod of that namespace
   */
  readonly podLabels?: Record<string, string>;
}
