import { parseApiVersion, preferred } from './api-resource';
import { apiFields } from './table';

/** That the API server doesn't serve a version of a kind any more. */
interface RemovedApiVersion {
  /** The first minor that doesn't serve it by default: 25 for 1.25. */
  readonly minor: number;
  /** The version to write in its place, for instance `policy/v1`; left out where nothing takes it. */
  readonly replacement?: string;
}

/** That a version of a kind is still served, and is to be removed. */
interface DeprecatedApiVersion {
  /** The minor that began to warn. */
  readonly minor: number;
  /** The minor that is planned to remove it; plans move. */
  readonly removal: number;
  /** The version to write in its place; left out where nothing takes it yet. */
  readonly replacement?: string;
}

const NEWEST = 37;

/**
 * What went before 1.28, from the documents of 1.15 to 1.28; what went since is in the generated table.
 * The versions that went with 1.16 could be switched on again until 1.18: what counts is what a server serves without being asked.
 */
const REMOVED_BEFORE_1_28: ReadonlyArray<readonly [minor: number, apiVersion: string, kinds: string]> = [
  [16, 'apps/v1beta1', 'ControllerRevision Deployment StatefulSet'],
  [16, 'apps/v1beta2', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet'],
  [16, 'extensions/v1beta1', 'DaemonSet Deployment NetworkPolicy PodSecurityPolicy ReplicaSet'],
  [17, 'discovery.k8s.io/v1alpha1', 'EndpointSlice'],
  [19, 'auditregistration.k8s.io/v1alpha1', 'AuditSink'],
  [20, 'settings.k8s.io/v1alpha1', 'PodPreset'],
  [21, 'batch/v2alpha1', 'CronJob'],
  [21, 'flowcontrol.apiserver.k8s.io/v1alpha1', 'FlowSchema PriorityLevelConfiguration'],
  [22, 'admissionregistration.k8s.io/v1beta1', 'MutatingWebhookConfiguration ValidatingWebhookConfiguration'],
  [22, 'apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition'],
  [22, 'apiregistration.k8s.io/v1beta1', 'APIService'],
  [22, 'authentication.k8s.io/v1beta1', 'TokenReview'],
  [22, 'authorization.k8s.io/v1beta1', 'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview'],
  [22, 'certificates.k8s.io/v1beta1', 'CertificateSigningRequest'],
  [22, 'coordination.k8s.io/v1beta1', 'Lease'],
  [22, 'extensions/v1beta1', 'Ingress'],
  [22, 'networking.k8s.io/v1beta1', 'Ingress IngressClass'],
  [22, 'rbac.authorization.k8s.io/v1beta1', 'ClusterRole ClusterRoleBinding Role RoleBinding'],
  [22, 'scheduling.k8s.io/v1beta1', 'PriorityClass'],
  [22, 'storage.k8s.io/v1beta1', 'CSIDriver CSINode StorageClass VolumeAttachment'],
  [23, 'rbac.authorization.k8s.io/v1alpha1', 'ClusterRole ClusterRoleBinding Role RoleBinding'],
  [23, 'scheduling.k8s.io/v1alpha1', 'PriorityClass'],
  [23, 'storage.k8s.io/v1alpha1', 'VolumeAttachment'],
  [24, 'node.k8s.io/v1alpha1', 'RuntimeClass'],
  [24, 'storage.k8s.io/v1alpha1', 'CSIStorageCapacity'],
  [25, 'autoscaling/v2beta1', 'HorizontalPodAutoscaler'],
  [25, 'batch/v1beta1', 'CronJob'],
  [25, 'discovery.k8s.io/v1beta1', 'EndpointSlice'],
  [25, 'events.k8s.io/v1beta1', 'Event'],
  [25, 'node.k8s.io/v1beta1', 'RuntimeClass'],
  [25, 'policy/v1beta1', 'PodDisruptionBudget PodSecurityPolicy'],
  [26, 'autoscaling/v2beta2', 'HorizontalPodAutoscaler'],
  [26, 'flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema PriorityLevelConfiguration'],
  [27, 'resource.k8s.io/v1alpha1', 'PodScheduling ResourceClaim ResourceClaimTemplate ResourceClass'],
  [27, 'storage.k8s.io/v1beta1', 'CSIStorageCapacity'],
];

let removed: ReadonlyMap<string, number> | undefined;

/**
 * When the API server stopped to serve a version of a built-in kind; undefined if 1.37 serves it, or if it is none of Kubernetes' own.
 * Alpha versions, and beta ones since 1.24, count as served as long as they can be switched on.
 * @param apiVersion as in `policy/v1beta1`
 * @param kind as in `PodDisruptionBudget`
 * @param clusterMinor the minor that the replacement is for, 37 if left out; taken as that of the removal where it is older
 */
export function removedIn(apiVersion: string, kind: string, clusterMinor: number = NEWEST): RemovedApiVersion | undefined {
  removed ??= new Map(REMOVED_BEFORE_1_28.flatMap(([since, version, kinds]) => kinds.split(' ').map((name) => [`${version} ${name}`, since])));
  const id = `${apiVersion} ${kind}`;
  const minor = removed.get(id) ?? apiFields().served.get(id)?.gone;
  return minor === undefined ? undefined : { minor, ...replacementOf(apiVersion, kind, Math.max(minor, clusterMinor)) };
}

/** That a version of a built-in kind is deprecated but still served by 1.37, if so. The parameters are those of `removedIn`. */
export function deprecatedIn(apiVersion: string, kind: string, clusterMinor: number = NEWEST): DeprecatedApiVersion | undefined {
  const { deprecated, removal } = apiFields().served.get(`${apiVersion} ${kind}`) ?? {};
  if (deprecated === undefined || removal === undefined) {
    return undefined;
  }
  return { minor: deprecated, removal, ...replacementOf(apiVersion, kind, Math.max(deprecated, clusterMinor)) };
}

/** The minor that first served a version of a built-in kind, where that is after 1.28. */
export function introducedIn(apiVersion: string, kind: string): number | undefined {
  return apiFields().served.get(`${apiVersion} ${kind}`)?.since;
}

/** The best version of the kind that a minor serves: stable before beta. Nothing is replaced by an equal or a lesser one. */
function replacementOf(apiVersion: string, kind: string, minor: number): { replacement?: string } {
  const { group } = parseApiVersion(apiVersion);
  const at = Math.min(Math.max(minor, 28), NEWEST);
  const [best] = [...apiFields().served.values()]
    // What was in extensions is spread over several groups today.
    .filter((row) => row.kind === kind && (group === 'extensions' || parseApiVersion(row.apiVersion).group === group))
    .filter(({ since = 0, gone = Infinity }) => since <= at && at < gone)
    .sort(preferred);
  return best === undefined || best.apiVersion === apiVersion ? {} : { replacement: best.apiVersion };
}
