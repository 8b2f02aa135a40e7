import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';

/** What of a node is kept from pods, so that they can't starve what runs them. */
export interface ReservedResources {
  /**
   * CPU time.
   * @default Cpu.millis(100)
   */
  readonly cpu?: Cpu;
  /**
   * Memory.
   * @default Size.mebibytes(256)
   */
  readonly memory?: Size;
  /**
   * Space of the node's disk.
   * @default Size.gibibytes(1)
   */
  readonly ephemeralStorage?: Size;
  /**
   * Processes and threads.
   * @default 1000
   */
  readonly pids?: number;
}

/** When the kubelet begins to evict pods: below how much of a resource. All are always written: one that is left out would not be watched. */
export interface EvictionThresholds {
  /**
   * Free memory.
   * @default Size.mebibytes(100)
   */
  readonly memoryAvailable?: Size;
  /**
   * Free space of the kubelet's disk, in percent.
   * @default 10
   */
  readonly nodefsAvailablePercent?: number;
  /**
   * Free inodes of the kubelet's disk, in percent.
   * @default 5
   */
  readonly nodefsInodesFreePercent?: number;
  /**
   * Free space of the disk with images, in percent.
   * @default 15
   */
  readonly imagefsAvailablePercent?: number;
  /**
   * Free inodes of the disk with images, in percent.
   * @default 5
   */
  readonly imagefsInodesFreePercent?: number;
  /**
   * Free process ids, in percent.
   * @default 10
   */
  readonly pidAvailablePercent?: number;
}

/** Whose credentials let a pod use an image that is on the node already. */
export enum ImagePullVerification {
  /** Every pod has to have credentials for the image; those that were brought onto the node by other means are pulled once more. */
  ALWAYS_VERIFY = 'AlwaysVerify',
  /** As `ALWAYS_VERIFY`, but any pod may use images that were on the node without the kubelet having pulled them. */
  NEVER_VERIFY_PRELOADED_IMAGES = 'NeverVerifyPreloadedImages',
}

/** Who approves that a kubelet gets a certificate for its own server. Kubernetes itself never does. */
export interface KubeletServingCertificates {
  /**
   * Name of what approves them in this cluster, if you run one: then none is installed on the nodes.
   * @default - the script `kubelet-serving-approver` on the control-plane nodes
   */
  readonly approver?: string;
  /**
   * Domains that names of nodes may lie in besides the node's own name, for instance `eu-west-1.compute.internal`: only of names that the Node
   * object states. A node states them itself unless a cloud's controller does.
   * @default - none: a certificate names the node's name and its addresses
   */
  readonly nodeDomains?: string[];
  /**
   * Ranges of further addresses that nodes have besides those in the profile's `nodeCidrs` and `controlPlaneCidrs`, for instance the public ones that a
   * cloud's controller states as ExternalIP, such as `203.0.113.0/24`: only of addresses that the Node object states. Needs `nodeCidrs`.
   * @default - none: a node with an address elsewhere gets no certificate
   */
  readonly externalCidrs?: string[];
}
