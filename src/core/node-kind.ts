/** What a machine is for: it decides which ports are open to whom. */
export enum NodeKind {
  /** Runs the API server, and etcd where it is stacked. */
  CONTROL_PLANE = 'control-plane',
  /** Runs etcd alone. */
  ETCD = 'etcd',
  /** Runs workloads. */
  WORKER = 'worker',
  /** The way in for administrators; no part of the cluster. */
  BASTION = 'bastion',
}
