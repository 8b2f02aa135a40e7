/** One key of a Secret. */
export interface SecretKey {
  /** Name of the Secret, in the workload's namespace. It is not made here. */
  readonly secretName: string;
  /** The key in it. */
  readonly key: string;
}
