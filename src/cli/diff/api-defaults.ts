import { sameValue } from './same-value';
import { isObject, Json } from '../../controls/path';

const ROLLING = { type: 'RollingUpdate' };

/**
 * What the API server writes where nothing is stated, by type and field: spelled out or left out, it is the same. `false`, empty texts, empty
 * lists and empty maps are left out wherever `SAYS_SOMETHING` doesn't name the field.
 */
export const API_DEFAULTS: Readonly<Record<string, unknown>> = {
  'PodSpec.restartPolicy': 'Always',
  'PodSpec.dnsPolicy': 'ClusterFirst',
  'PodSpec.schedulerName': 'default-scheduler',
  'PodSpec.terminationGracePeriodSeconds': 30,
  'PodSpec.enableServiceLinks': true,
  'PodSpec.hostUsers': true,
  'PodSpec.securityContext': {},
  'PodSpec.affinity': {},
  'PodSecurityContext.fsGroupChangePolicy': 'Always',
  'Container.terminationMessagePath': '/dev/termination-log',
  'Container.terminationMessagePolicy': 'File',
  'Container.resources': {},
  'Container.securityContext': {},
  'EphemeralContainer.terminationMessagePath': '/dev/termination-log',
  'EphemeralContainer.terminationMessagePolicy': 'File',
  'EphemeralContainer.resources': {},
  'EphemeralContainer.securityContext': {},
  'SecurityContext.procMount': 'Default',
  'SecurityContext.capabilities': {},
  'ContainerPort.protocol': 'TCP',
  'Probe.timeoutSeconds': 1,
  'Probe.periodSeconds': 10,
  'Probe.successThreshold': 1,
  'Probe.failureThreshold': 3,
  'Probe.initialDelaySeconds': 0,
  'HTTPGetAction.scheme': 'HTTP',
  'HTTPGetAction.path': '/',
  'SecretVolumeSource.defaultMode': 420,
  'ConfigMapVolumeSource.defaultMode': 420,
  'DownwardAPIVolumeSource.defaultMode': 420,
  'ProjectedVolumeSource.defaultMode': 420,
  'ServiceAccountTokenProjection.expirationSeconds': 3600,
  'ObjectFieldSelector.apiVersion': 'v1',
  'PodTemplateSpec.metadata': {},
  'JobTemplateSpec.metadata': {},
  'DeploymentSpec.replicas': 1,
  'DeploymentSpec.revisionHistoryLimit': 10,
  'DeploymentSpec.progressDeadlineSeconds': 600,
  'DeploymentSpec.minReadySeconds': 0,
  'DeploymentSpec.strategy': ROLLING,
  'RollingUpdateDeployment.maxSurge': '25%',
  'RollingUpdateDeployment.maxUnavailable': '25%',
  'DeploymentStrategy.rollingUpdate': {},
  'ReplicaSetSpec.replicas': 1,
  'ReplicationControllerSpec.replicas': 1,
  'StatefulSetSpec.replicas': 1,
  'StatefulSetSpec.revisionHistoryLimit': 10,
  'StatefulSetSpec.minReadySeconds': 0,
  'StatefulSetSpec.podManagementPolicy': 'OrderedReady',
  'StatefulSetSpec.updateStrategy': ROLLING,
  'StatefulSetSpec.persistentVolumeClaimRetentionPolicy': { whenDeleted: 'Retain', whenScaled: 'Retain' },
  'RollingUpdateStatefulSetStrategy.partition': 0,
  'StatefulSetUpdateStrategy.rollingUpdate': {},
  'DaemonSetSpec.revisionHistoryLimit': 10,
  'DaemonSetSpec.minReadySeconds': 0,
  'DaemonSetSpec.updateStrategy': ROLLING,
  'RollingUpdateDaemonSet.maxUnavailable': 1,
  'RollingUpdateDaemonSet.maxSurge': 0,
  'DaemonSetUpdateStrategy.rollingUpdate': {},
  'JobSpec.backoffLimit': 6,
  'JobSpec.completions': 1,
  'JobSpec.parallelism': 1,
  'JobSpec.completionMode': 'NonIndexed',
  'JobSpec.podReplacementPolicy': 'TerminatingOrFailed',
  'CronJobSpec.concurrencyPolicy': 'Allow',
  'CronJobSpec.successfulJobsHistoryLimit': 3,
  'CronJobSpec.failedJobsHistoryLimit': 1,
  'ServiceSpec.type': 'ClusterIP',
  'ServiceSpec.sessionAffinity': 'None',
  'ServiceSpec.internalTrafficPolicy': 'Cluster',
  'ServiceSpec.externalTrafficPolicy': 'Cluster',
  'ServiceSpec.ipFamilyPolicy': 'SingleStack',
  'ServiceSpec.allocateLoadBalancerNodePorts': true,
  'ServiceSpec.sessionAffinityConfig': {},
  'SessionAffinityConfig.clientIP': {},
  'ClientIPConfig.timeoutSeconds': 10_800,
  'ServicePort.protocol': 'TCP',
  'NetworkPolicyPort.protocol': 'TCP',
  'RoleRef.apiGroup': 'rbac.authorization.k8s.io',
  'Secret.type': 'Opaque',
  'PersistentVolumeClaimSpec.volumeMode': 'Filesystem',
  'PersistentVolumeSpec.volumeMode': 'Filesystem',
  'PersistentVolumeSpec.persistentVolumeReclaimPolicy': 'Retain',
  'StorageClass.reclaimPolicy': 'Delete',
  'StorageClass.volumeBindingMode': 'Immediate',
  'AzureDiskVolumeSource.cachingMode': 'ReadWrite',
  'AzureDiskVolumeSource.fsType': 'ext4',
  'AzureDiskVolumeSource.kind': 'Shared',
  'ISCSIVolumeSource.iscsiInterface': 'default',
  'ISCSIPersistentVolumeSource.iscsiInterface': 'default',
  'RBDVolumeSource.pool': 'rbd',
  'RBDVolumeSource.user': 'admin',
  'RBDVolumeSource.keyring': '/etc/ceph/keyring',
  'RBDPersistentVolumeSource.pool': 'rbd',
  'RBDPersistentVolumeSource.user': 'admin',
  'RBDPersistentVolumeSource.keyring': '/etc/ceph/keyring',
  'PriorityClass.preemptionPolicy': 'PreemptLowerPriority',
  'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy': 'IfHealthyBudget',
  'HorizontalPodAutoscalerSpec.minReplicas': 1,
  'Namespace.spec': { finalizers: ['kubernetes'] },
  'MatchResources.namespaceSelector': {},
  'MatchResources.objectSelector': {},
  'MatchResources.matchPolicy': 'Equivalent',
  'NamedRuleWithOperations.scope': '*',
  'RuleWithOperations.scope': '*',
  'ValidatingAdmissionPolicySpec.failurePolicy': 'Fail',
  'MutatingAdmissionPolicySpec.failurePolicy': 'Fail',
  'ValidatingWebhook.failurePolicy': 'Fail',
  'ValidatingWebhook.matchPolicy': 'Equivalent',
  'ValidatingWebhook.timeoutSeconds': 10,
  'ValidatingWebhook.namespaceSelector': {},
  'ValidatingWebhook.objectSelector': {},
  'MutatingWebhook.failurePolicy': 'Fail',
  'MutatingWebhook.matchPolicy': 'Equivalent',
  'MutatingWebhook.timeoutSeconds': 10,
  'MutatingWebhook.namespaceSelector': {},
  'MutatingWebhook.objectSelector': {},
  'MutatingWebhook.reinvocationPolicy': 'Never',
};

/** Fields in which `false` or an empty text is another thing than nothing. */
export const SAYS_SOMETHING: ReadonlySet<string> = new Set([
  'PodSpec.automountServiceAccountToken', 'ServiceAccount.automountServiceAccountToken', 'PodSpec.enableServiceLinks', 'PodSpec.hostUsers',
  'SecurityContext.runAsNonRoot', 'SecurityContext.allowPrivilegeEscalation', 'ServiceSpec.allocateLoadBalancerNodePorts',
  'PersistentVolumeClaimSpec.storageClassName', 'CSIDriverSpec.attachRequired',
]);

/** What the server fills in itself, or keeps of its own. */
export const NOT_STATED: ReadonlySet<string> = new Set([
  'ObjectMeta.creationTimestamp', 'ObjectMeta.managedFields', 'ObjectMeta.generation', 'ObjectMeta.resourceVersion', 'ObjectMeta.uid', 'ObjectMeta.selfLink',
]);

type Completion = (item: Json) => Json;

/** Defaults that depend on what stands beside them: what is redundant is left out. */
export const DEPENDENT_DEFAULTS: Readonly<Record<string, Completion>> = {
  Container: (item) => without(item, 'imagePullPolicy', pullPolicyOf(item.image)),
  EphemeralContainer: (item) => without(item, 'imagePullPolicy', pullPolicyOf(item.image)),
  PodSpec: ({ serviceAccount, ...rest }) => (serviceAccount ? { ...rest, serviceAccountName: rest.serviceAccountName ?? serviceAccount } : rest),
  ServicePort: (item) => without(item, 'targetPort', item.port),
  // Within a StatefulSet, where the server writes them itself.
  PersistentVolumeClaim: ({ status: _status, ...rest }) => without(without(rest, 'apiVersion', 'v1'), 'kind', 'PersistentVolumeClaim'),
  NetworkPolicySpec: (item) => {
    const types = ['Ingress', ...(Array.isArray(item.egress) && item.egress.length > 0 ? ['Egress'] : [])];
    return Array.isArray(item.policyTypes) && [...item.policyTypes].sort().join() === [...types].sort().join() ? without(item, 'policyTypes', item.policyTypes) : item;
  },
  ValidatingWebhook: withoutPort,
  MutatingWebhook: withoutPort,
  Subject: (item) => without(item, 'apiGroup', item.kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io'),
  Secret: ({ stringData, ...rest }) => {
    const data = isObject(rest.data) ? rest.data : {};
    return isObject(stringData) ? { ...rest, data: { ...data, ...encoded(stringData) } } : rest;
  },
  ObjectMeta: (item) => ({
    ...item,
    ...(isObject(item.annotations) && { annotations: without(item.annotations, 'kubectl.kubernetes.io/last-applied-configuration') }),
    ...(isObject(item.labels) && { labels: without(item.labels, 'kubernetes.io/metadata.name', item.name) }),
  }),
};

/** The same for kinds whose fields aren't known, by group and kind. */
export const KIND_DEFAULTS: Readonly<Record<string, Completion>> = {
  'storage.k8s.io/CSIDriver': ({ spec, ...rest }) => ({ ...rest, spec: isObject(spec) ? withoutDefaults(spec, CSI_DRIVER) : spec }),
};

const CSI_DRIVER: Json = {
  attachRequired: true, fsGroupPolicy: 'ReadWriteOnceWithFSType', podInfoOnMount: false, requiresRepublish: false, seLinuxMount: false, storageCapacity: false,
  volumeLifecycleModes: ['Persistent'],
};

function withoutDefaults(item: Json, defaults: Json): Json {
  return Object.fromEntries(Object.entries(item).filter(([name, value]) => !Object.hasOwn(defaults, name) || !sameValue(value, defaults[name])));
}

/** Webhooks that are a Service. */
function withoutPort(item: Json): Json {
  const { clientConfig } = item;
  const service = isObject(clientConfig) ? clientConfig.service : undefined;
  return isObject(service) ? { ...item, clientConfig: { ...clientConfig as Json, service: without(service, 'port', 443) } } : item;
}

/** Without a field, where it has the value, if one is given. */
function without(item: Json, field: string, ...values: unknown[]): Json {
  if (!Object.hasOwn(item, field) || (values.length > 0 && !values.includes(item[field]))) {
    return item;
  }
  const { [field]: _field, ...rest } = item;
  return rest;
}

function pullPolicyOf(image: unknown): string {
  const name = typeof image === 'string' ? image : '';
  const last = name.slice(name.lastIndexOf('/') + 1);
  return !name.includes('@') && (!last.includes(':') || last.endsWith(':latest')) ? 'Always' : 'IfNotPresent';
}

function encoded(texts: Json): Json {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]));
}
