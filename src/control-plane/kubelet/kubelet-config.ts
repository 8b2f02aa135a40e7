import { Duration, Size } from 'cdk8s';
import { checkEviction, checkReserved, checkServing, CheckedServing } from './kubelet-check';
import { KubeletPlace, kubeletDocument } from './kubelet-document';
import { EvictionThresholds, ImagePullVerification, KubeletServingCertificates, ReservedResources } from './kubelet-options';
import { checkChoice } from '../../core/choice';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { markAs } from '../../core/made-by';
import { mebibytesOf, sizeText } from '../../core/quantities';
import { checkWholeNumber } from '../whole-number';

const AT = 'KubeletConfig';

/** What may be chosen about kubelets. What protects them can't be weakened. */
export interface KubeletConfigProps {
  /**
   * What is kept for the operating system.
   * @default - 100m CPU, 256Mi of memory, 1Gi of disk, 1000 processes
   */
  readonly systemReserved?: ReservedResources;
  /**
   * What is kept for kubelet and container runtime.
   * @default - 100m CPU, 256Mi of memory, 1Gi of disk, 1000 processes
   */
  readonly kubeReserved?: ReservedResources;
  /**
   * When pods are evicted.
   * @default - below 100Mi of memory, 10% of the node's disk, 15% of the images' disk, 5% of inodes, 10% of process ids
   */
  readonly eviction?: EvictionThresholds;
  /**
   * Most pods on a node, 1 to 250.
   * @default 110
   */
  readonly maxPods?: number;
  /**
   * Most processes and threads in a pod, 256 to 65536 (CIS 4.2.13).
   * @default 4096
   */
  readonly podPidsLimit?: number;
  /**
   * Size at which a container's log is rotated.
   * @default Size.mebibytes(10)
   */
  readonly containerLogMaxSize?: Size;
  /**
   * Most files of a container's log, 2 to 100.
   * @default 5
   */
  readonly containerLogMaxFiles?: number;
  /**
   * Most events in a second that a kubelet records, 1 to 1000 (CIS 4.2.8).
   * @default 50
   */
  readonly eventRecordQps?: number;
  /**
   * How long a shutdown of the machine waits for pods to end.
   * @default Duration.seconds(60)
   */
  readonly shutdownGracePeriod?: Duration;
  /**
   * The part of it that is kept for critical pods, which end last.
   * @default - a third of `shutdownGracePeriod`
   */
  readonly shutdownGracePeriodCriticalPods?: Duration;
  /**
   * Whose credentials let a pod use an image that is on the node already. From Kubernetes 1.35 on.
   * @default - ImagePullVerification.NEVER_VERIFY_PRELOADED_IMAGES from Kubernetes 1.35 on; before, any pod may use any image of the node
   */
  readonly imagePullVerification?: ImagePullVerification;
  /**
   * User and group ids that each pod with `hostUsers: false` gets, a multiple of 65536. From Kubernetes 1.33 on.
   * @default - 65536
   */
  readonly userNamespaceIdsPerPod?: number;
  /**
   * Who approves the certificates of the kubelets' own servers.
   * @default - the script `kubelet-serving-approver` on the control-plane nodes
   */
  readonly servingCertificates?: KubeletServingCertificates;
}

const PROPS: KnownProps<KubeletConfigProps> = {
  systemReserved: true, kubeReserved: true, eviction: true, maxPods: true, podPidsLimit: true, containerLogMaxSize: true, containerLogMaxFiles: true,
  eventRecordQps: true, shutdownGracePeriod: true, shutdownGracePeriodCriticalPods: true, imagePullVerification: true, userNamespaceIdsPerPod: true,
  servingCertificates: true,
};

const FIXED = 'Correct or remove it. What protects the kubelet (authentication, authorization, ports, TLS, rotation, kernel defaults, feature gates) is fixed.';
const IDS_UNIT = 65536;

/**
 * How the kubelets of all nodes are configured: an immutable statement that `ControlPlane` turns into a KubeletConfiguration (CIS 4.1, 4.2).
 *
 * Always so: no anonymous requests, every other is authorized by the API server; no read-only port; TLS 1.3 at least; client and server
 * certificates rotate; a server's certificate is signed by the cluster's CA, and the API server checks it; pods have the runtime's seccomp
 * profile and a limit of processes; the kernel's settings are as the kubelet wants them; no profiling, no debugging flags, no files of
 * /var/log over the network; no unsafe sysctls; alpha features off.
 *
 * @throws if a value is out of range, or a property is misspelt or would weaken the kubelet
 */
export class KubeletConfig {
  /** Most pods on a node. */
  public readonly maxPods: number;
  /** Most processes and threads in a pod. */
  public readonly podPidsLimit: number;
  /** @internal */
  public readonly _settings: KubeletSettings;

  constructor(props: KubeletConfigProps = {}) {
    checkProps(props, PROPS, { at: AT, fix: FIXED });
    this.maxPods = whole(props.maxPods ?? 110, 'maxPods', 1, 250);
    this.podPidsLimit = whole(props.podPidsLimit ?? 4096, 'podPidsLimit', 256, 65536);
    const shutdown = seconds(props.shutdownGracePeriod ?? Duration.seconds(60), 'shutdownGracePeriod');
    const critical = props.shutdownGracePeriodCriticalPods === undefined
      ? Math.max(1, Math.floor(shutdown / 3))
      : seconds(props.shutdownGracePeriodCriticalPods, 'shutdownGracePeriodCriticalPods');
    if (critical >= shutdown) {
      throw invalid({
        at: AT, property: 'shutdownGracePeriodCriticalPods', got: `${critical} seconds`, allowed: `less than the ${shutdown} seconds of shutdownGracePeriod`,
        fix: 'Leave time for other pods: it is a part of shutdownGracePeriod.',
      });
    }
    this._settings = Object.freeze({
      systemReserved: checkReserved(props.systemReserved ?? {}, 'systemReserved', AT),
      kubeReserved: checkReserved(props.kubeReserved ?? {}, 'kubeReserved', AT),
      evictionHard: checkEviction(props.eviction ?? {}, 'eviction', AT),
      containerLogMaxSize: sizeText(mebibytesOf(props.containerLogMaxSize ?? Size.mebibytes(10), 'containerLogMaxSize', AT)),
      containerLogMaxFiles: whole(props.containerLogMaxFiles ?? 5, 'containerLogMaxFiles', 2, 100),
      eventRecordQps: whole(props.eventRecordQps ?? 50, 'eventRecordQps', 1, 1000),
      shutdownSeconds: shutdown,
      criticalShutdownSeconds: critical,
      imagePullVerification: props.imagePullVerification === undefined
        ? undefined
        : checkChoice(props.imagePullVerification, ImagePullVerification, 'ImagePullVerification', 'imagePullVerification', AT),
      userNamespaceIdsPerPod: checkIds(props.userNamespaceIdsPerPod, this.maxPods),
      serving: checkServing(props.servingCertificates ?? {}, 'servingCertificates', AT),
    });
    lock(this);
    markAs('KubeletConfig', this);
  }

  /**
   * The KubeletConfiguration for a cluster, and for where the kubelet runs.
   * @internal
   */
  public _document(place: KubeletPlace): Record<string, unknown> {
    return kubeletDocument(this, place);
  }
}

/** Checked values, as they are written. */
export interface KubeletSettings {
  readonly systemReserved: Readonly<Record<string, string>>;
  readonly kubeReserved: Readonly<Record<string, string>>;
  readonly evictionHard: Readonly<Record<string, string>>;
  readonly containerLogMaxSize: string;
  readonly containerLogMaxFiles: number;
  readonly eventRecordQps: number;
  readonly shutdownSeconds: number;
  readonly criticalShutdownSeconds: number;
  readonly imagePullVerification?: ImagePullVerification;
  readonly userNamespaceIdsPerPod?: number;
  readonly serving: CheckedServing;
}

function whole(value: number, property: string, least: number, most: number): number {
  return checkWholeNumber(value, least, most, { at: AT, property, fix: 'Leave it out for the default.' });
}

function seconds(value: Duration, property: string): number {
  const text: unknown = value?.toSeconds?.({ integral: false });
  if (!Number.isInteger(text) || (text as number) < 2 || (text as number) > 3600) {
    throw invalid({ at: AT, property, got: text ?? value, allowed: 'a Duration from 2 seconds to 1 hour, in whole seconds', fix: 'Give it as Duration.seconds(60).' });
  }
  return text as number;
}

function checkIds(ids: number | undefined, maxPods: number): number | undefined {
  const most = Math.floor((2 ** 32 - IDS_UNIT) / maxPods / IDS_UNIT) * IDS_UNIT;
  if (ids !== undefined && (!Number.isInteger(ids) || ids < IDS_UNIT || ids % IDS_UNIT !== 0 || ids > most)) {
    throw invalid({
      at: AT, property: 'userNamespaceIdsPerPod', got: ids, allowed: `a multiple of ${IDS_UNIT} up to ${most}, so that ${maxPods} pods fit`, fix: 'Leave it out for 65536.',
      source: 'KubeletConfiguration userNamespaces.idsPerPod',
    });
  }
  return ids;
}
