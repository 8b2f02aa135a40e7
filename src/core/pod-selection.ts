/** Pods of one namespace, by label. */
export interface PodSelection {
  /** Namespace of the pods. */
  readonly namespaceName: string;
  /**
   * Labels of the pods, at least one.
   * @default - every pod of the namespace
   */
  readonly podLabels?: Record<string, string>;
}
