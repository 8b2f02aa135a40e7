/**
 * One finding of one control that is tolerated, as narrow as it says: at synth for the object itself, in the cluster for the object and for the
 * Pods that are made from it. A controller is known by namespace, group, kind and name; its Pods, whose names nobody can foresee, by namespace, service
 * account, container and value.
 */
export interface Exclusion {
  /** Left out for objects that belong to no namespace. */
  readonly namespace?: string;
  /**
   * Kind of the object, for instance `DaemonSet`.
   * @default - any kind with that name
   */
  readonly kind?: string;
  /**
   * Group of the kind, empty for the core group: other groups may have kinds of the same name.
   * @default - any group
   */
  readonly group?: string;
  readonly name: string;
  /**
   * The service account that its Pods run under, `default` where the template names none.
   * @default - its Pods are not tolerated, only the object itself
   */
  readonly serviceAccount?: string;
  /**
   * Name of the container that the finding is in.
   * @default - a finding that is in no container
   */
  readonly container?: string;
  /**
   * Path in the object, as reports show it, for instance `spec.template.spec.volumes[0].hostPath`. In the cluster positions in lists count only
   * where no value is given: controllers and plugins add elements.
   * @default - wherever in the object (or container) the control finds the value
   */
  readonly path?: string;
  /**
   * The value that is permitted there, as plain JSON.
   * @default - a finding about something that is missing, or whose value is concealed
   */
  readonly value?: unknown;
  /**
   * Whether a value is there that nobody may read, in a policy either: whatever is at that path is tolerated.
   * @default false
   */
  readonly isConcealed?: boolean;
}
