import { Fields } from './arbitraries';
import { IMAGES } from './images';
import { BASELINE_CAPABILITIES, OTHER_CAPABILITIES, OTHER_SYSCTLS, SAFE_SYSCTLS } from './security-contexts';
import { HOST_PATHS, LEGACY_SOURCES } from './volumes';
import { appArmorAnnotations, everyContext, generate, Sample, sampleOf } from './workload-sample';
import { WORKLOAD_KINDS } from './workloads';

const samples = generate({ minor: 37 }).map(sampleOf);

type Feature = [what: string, has: (sample: Sample) => unknown];

const images = ({ containers }: Sample): string[] => containers.map(({ image }) => image);
const resources = ({ containers }: Sample) => containers.map((each) => each.resources ?? {});
const quantities = (sample: Sample) => resources(sample).flatMap(({ requests = {}, limits = {} }) =>
  [...Object.values(requests), ...Object.values(limits)]);
const amounts = (sample: Sample, name: string) => resources(sample).some(({ requests = {}, limits = {} }) => name in requests || name in limits);

/** What a list of values must have all of, somewhere among the samples. */
const each = (what: string, values: unknown[], found: (sample: Sample) => unknown[]): Feature[] =>
  values.map((value) => [`${what} ${JSON.stringify(value)}`, (sample) => found(sample).some((one) => JSON.stringify(one) === JSON.stringify(value))]);

const FEATURES: Feature[] = [
  ...each('kind', [...WORKLOAD_KINDS], ({ object }) => [object.kind]),
  ...each('number of containers', [1, 2, 3], ({ spec }) => [spec.containers.length]),
  ...each('number of init containers', [0, 1, 2], ({ spec }) => [(spec.initContainers ?? []).length]),
  ['a sidecar', ({ spec }) => spec.initContainers?.some((one: Fields) => one.restartPolicy === 'Always')],
  ['a sidecar with a probe', ({ spec }) => spec.initContainers?.some((one: Fields) => one.restartPolicy === 'Always' && one.livenessProbe)],
  ['a container with a restart policy of its own', ({ spec }) => spec.containers.some((one: Fields) => one.restartPolicy)],
  ...each('os', ['linux', 'windows', undefined], ({ spec }) => [spec.os?.name]),
  ...each('replicas', [0, 1, 2, 3, undefined], ({ object }) => [object.spec.replicas]),
  ...each('restart policy', ['Always', 'OnFailure', 'Never', undefined], ({ spec }) => [spec.restartPolicy]),

  ...['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'automountServiceAccountToken', 'hostUsers'].flatMap((key) =>
    each(key, [true, false, undefined], ({ spec }) => [spec[key]])),
  ['a host port on the network of the host', ({ spec, ports }) => spec.hostNetwork && ports.some(({ hostPort }) => hostPort > 0)],
  ['no host port on the network of the host', ({ spec, ports }) => spec.hostNetwork && ports.some(({ hostPort }) => hostPort === undefined)],
  ...each('host port', [0, undefined, 8080], ({ ports }) => ports.map(({ hostPort }) => hostPort)),
  ...each('protocol', ['TCP', 'UDP', 'SCTP', undefined], ({ ports }) => ports.map(({ protocol }) => protocol)),
  ...each('service account', ['default', 'app', undefined], ({ spec }) => [spec.serviceAccountName]),
  ['a service account under the old name only', ({ spec }) => spec.serviceAccount && !spec.serviceAccountName],

  ['no security context at all', ({ spec, containers }) => ![spec, ...containers].some(({ securityContext }) => securityContext)],
  ['an empty security context', ({ containers }) => containers.some(({ securityContext }) => securityContext && Object.keys(securityContext).length === 0)],
  ...['privileged', 'allowPrivilegeEscalation', 'readOnlyRootFilesystem', 'runAsNonRoot'].flatMap((key) =>
    each(`${key} of a container`, [true, false, undefined], ({ contexts }) => contexts.map((one) => one[key]))),
  ['privileged and a drop of all capabilities', ({ contexts }) => contexts.some(({ privileged, capabilities }) => privileged && capabilities?.drop)],
  ...each('runAsNonRoot of the pod', [true, false, undefined], ({ pod }) => [pod.runAsNonRoot]),
  ...each('runAsUser of the pod', [0, 1000, 2147483647, undefined], ({ pod }) => [pod.runAsUser]),
  ...each('runAsUser of a container', [0, 1000, undefined], ({ contexts }) => contexts.map(({ runAsUser }) => runAsUser)),
  ...each('runAsGroup', [0, 1000], (sample) => everyContext(sample).map(({ runAsGroup }) => runAsGroup)),
  ...each('capability added', [...BASELINE_CAPABILITIES, ...OTHER_CAPABILITIES], ({ contexts }) => contexts.flatMap(({ capabilities }) => capabilities?.add ?? [])),
  ...each('capabilities dropped', [['ALL'], ['NET_RAW', 'ALL'], ['all'], ['NET_RAW'], []], ({ contexts }) => contexts.map(({ capabilities }) => capabilities?.drop)),
  ...each('capabilities', [{}, undefined], ({ contexts }) => contexts.map(({ capabilities }) => capabilities)),
  ...['the pod', 'a container'].flatMap((who) => [
    ...each(`seccomp profile of ${who}`, ['RuntimeDefault', 'Localhost', 'Unconfined', undefined],
      ({ pod, contexts }) => (who === 'the pod' ? [pod] : contexts).map(({ seccompProfile }) => seccompProfile?.type)),
    ...each(`AppArmor profile of ${who}`, ['RuntimeDefault', 'Localhost', 'Unconfined', undefined],
      ({ pod, contexts }) => (who === 'the pod' ? [pod] : contexts).map(({ appArmorProfile }) => appArmorProfile?.type)),
  ]),
  ...each('AppArmor annotation', ['runtime/default', '', 'localhost/k8s-app', 'localhost/', 'unconfined'], appArmorAnnotations),
  ['AppArmor annotation and field', (sample) => sample.spec.os?.name !== 'windows' && sample.contexts.every(({ appArmorProfile }) => appArmorProfile) && appArmorAnnotations(sample).length > 0],
  ['a seccomp annotation without the field', ({ pod, metadata }) => !pod.seccompProfile && metadata.annotations?.['seccomp.security.alpha.kubernetes.io/pod']],
  ...each('SELinux type', ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', '', 'spc_t', 'CONTAINER_T'], (sample) => everyContext(sample).map(({ seLinuxOptions }) => seLinuxOptions?.type)),
  ...each('SELinux user', ['system_u', '', 'root'], (sample) => everyContext(sample).map(({ seLinuxOptions }) => seLinuxOptions?.user)),
  ...each('SELinux role', ['sysadm_r', ''], (sample) => everyContext(sample).map(({ seLinuxOptions }) => seLinuxOptions?.role)),
  ['seccomp by the containers alone', ({ pod, contexts }) => Object.keys(pod).length > 0 && !pod.seccompProfile && contexts.every(({ seccompProfile }) => seccompProfile)],
  ['runAsNonRoot by the containers alone', ({ pod, contexts }) => Object.keys(pod).length > 0 && pod.runAsNonRoot === undefined && contexts.every(({ runAsNonRoot }) => runAsNonRoot)],
  ['runAsNonRoot: false of the pod that every container overrides', ({ pod, contexts }) => pod.runAsNonRoot === false && contexts.every(({ runAsNonRoot }) => runAsNonRoot)],
  ['Unconfined of the pod that every container overrides', ({ pod, contexts }) => pod.seccompProfile?.type === 'Unconfined' && contexts.every(({ seccompProfile }) => seccompProfile)],
  ['runAsNonRoot: false with a user namespace', (sample) => sample.spec.hostUsers === false && everyContext(sample).some(({ runAsNonRoot }) => runAsNonRoot === false)],
  ...each('procMount', ['Default', 'Unmasked', undefined], ({ contexts }) => contexts.map(({ procMount }) => procMount)),
  ...each('sysctl', [...SAFE_SYSCTLS, ...OTHER_SYSCTLS], ({ pod }) => (pod.sysctls ?? []).map(({ name }: Fields) => name)),
  ...each('hostProcess of the pod', [true, false, undefined], ({ pod }) => [pod.windowsOptions?.hostProcess]),
  ...each('hostProcess of a container', [true, false, undefined], ({ contexts }) => contexts.map(({ windowsOptions }) => windowsOptions?.hostProcess)),
  ['a host process in a Windows pod', (sample) => sample.spec.os?.name === 'windows' && everyContext(sample).some(({ windowsOptions }) => windowsOptions?.hostProcess)],
  ...['fsGroup', 'fsGroupChangePolicy', 'supplementalGroups', 'supplementalGroupsPolicy', 'seLinuxChangePolicy'].map((key): Feature =>
    [`${key} of the pod`, ({ pod }) => pod[key] !== undefined]),

  ...[
    'emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'persistentVolumeClaim', 'csi', 'ephemeral', 'hostPath', 'nfs', 'iscsi', 'gitRepo', 'image',
    ...LEGACY_SOURCES.map((source) => Object.keys(source)[0]),
  ].map((type): Feature => [`a volume of type ${type}`, ({ volumes }) => volumes.some((one) => type in one)]),
  ['a volume without a source', ({ volumes }) => volumes.some((one) => Object.keys(one).length === 1)],
  ...each('host path', HOST_PATHS, ({ volumes }) => volumes.map(({ hostPath }) => hostPath?.path)),
  ...each('host path type', ['', 'Directory', 'Socket', 'BlockDevice', undefined], ({ volumes }) => volumes.map(({ hostPath }) => hostPath?.type)),
  ...['serviceAccountToken', 'configMap', 'secret', 'downwardAPI', 'clusterTrustBundle', 'podCertificate'].map((source): Feature =>
    [`a projected ${source}`, ({ volumes }) => volumes.some(({ projected }) => projected?.sources?.some((one: Fields) => source in one))]),
  ['a mount of a host path', ({ volumes, mounts }) => mounts.some(({ name }) => volumes.find((one) => one.name === name)?.hostPath)],
  ['a mount of a claim template', ({ mounts }) => mounts.some(({ name }) => name === 'claim')],
  ...['subPath', 'subPathExpr', 'recursiveReadOnly', 'readOnly'].map((key): Feature => [`a mount with ${key}`, ({ mounts }) => mounts.some((one) => key in one)]),
  ...each('mount propagation', ['None', 'HostToContainer', 'Bidirectional', undefined], ({ mounts }) => mounts.map(({ mountPropagation }) => mountPropagation)),

  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'].flatMap((key): Feature[] => [
    [`a container with ${key}`, ({ spec }) => spec.containers.some((one: Fields) => one[key])],
    [`a container without ${key}`, ({ spec }) => spec.containers.some((one: Fields) => !one[key])],
  ]),
  ...['httpGet', 'tcpSocket', 'exec', 'grpc'].map((key): Feature => [`a probe by ${key}`, ({ probes }) => probes.some((one) => one[key])]),
  ...['httpGet', 'tcpSocket', 'exec', 'sleep'].map((key): Feature => [`a hook by ${key}`, ({ hooks }) => hooks.some((one) => one[key])]),
  ...['httpGet', 'tcpSocket'].flatMap((key) => [
    ...each(`host of a probe by ${key}`, ['', '127.0.0.1', 'localhost', undefined], ({ probes }) => probes.filter((one) => one[key]).map((one) => one[key].host)),
    ...each(`host of a hook by ${key}`, ['', '127.0.0.1', undefined], ({ hooks }) => hooks.filter((one) => one[key]).map((one) => one[key].host)),
  ]),
  ...each('port of a probe', ['http', 8080], ({ probes }) => probes.map(({ httpGet }) => httpGet?.port)),

  ['no resources', ({ containers }) => containers.some((one) => one.resources === undefined)],
  ['empty resources', (sample) => sample.containers.some((one) => one.resources && Object.keys(one.resources).length === 0)],
  ['limits without requests', (sample) => resources(sample).some(({ requests, limits }) => limits && !requests)],
  ['requests without limits', (sample) => resources(sample).some(({ requests, limits }) => requests && !limits)],
  ['a limit of memory but none of cpu', (sample) => resources(sample).some(({ limits }) => limits?.memory !== undefined && limits.cpu === undefined)],
  ...['cpu', 'memory', 'ephemeral-storage', 'hugepages-2Mi', 'nvidia.com/gpu'].map((name): Feature => [`an amount of ${name}`, (sample) => amounts(sample, name)]),
  ...each('quantity', ['1', '100m', '1e3', 0.5, 2, 0, '0', '.5', '129e6', '1.5Gi', '134217728000m', 1073741824], quantities),
  ['resources of the pod', ({ spec }) => spec.resources],

  ...['secretKeyRef', 'configMapKeyRef', 'fieldRef', 'resourceFieldRef'].map((key): Feature => [`a variable from ${key}`, ({ env }) => env.some(({ valueFrom }) => valueFrom?.[key])]),
  ['a variable without a value', ({ env }) => env.some((one) => !('value' in one) && !('valueFrom' in one))],
  ['an ordinary variable', ({ env }) => env.some(({ name, value }) => name === 'LOG_LEVEL' && value === 'info')],
  ['a secret under its name', ({ env }) => env.some(({ name, value }) => name === 'DB_PASSWORD' && value)],
  ['a value that looks like a secret', ({ env }) => env.some(({ value }) => value === 'AKIAIOSFODNN7EXAMPLE')],
  ['a secret on the command line', ({ containers }) => containers.some(({ args }) => args?.includes('--password=hunter2'))],
  ...['configMapRef', 'secretRef'].map((key): Feature => [`variables from ${key}`, ({ containers }) => containers.some(({ envFrom }) => envFrom?.some((one: Fields) => one[key]))]),
  ...each('image', Object.values(IMAGES).flat(), images),
  ...each('pull policy', ['Always', 'IfNotPresent', 'Never', undefined], ({ containers }) => containers.map(({ imagePullPolicy }) => imagePullPolicy)),
  ...each('termination message policy', ['File', 'FallbackToLogsOnError', undefined], ({ containers }) => containers.map(({ terminationMessagePolicy }) => terminationMessagePolicy)),

  ...each('dnsPolicy', ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None', undefined], ({ spec }) => [spec.dnsPolicy]),
  ...['hostAliases', 'hostname', 'hostnameOverride', 'topologySpreadConstraints', 'affinity', 'tolerations', 'nodeSelector', 'imagePullSecrets', 'dnsConfig'].map((key): Feature =>
    [`a pod with ${key}`, ({ spec }) => spec[key]]),
  ['hostAliases that are empty', ({ spec }) => spec.hostAliases?.length === 0],
  ['a label with a slash and dots', ({ object }) => object.metadata.labels?.['app.kubernetes.io/name']],
  ['an annotation with a slash and dots', ({ metadata }) => metadata.annotations?.['example.com/owner']],
  ['an annotation of a restart', ({ metadata }) => metadata.annotations?.['kubectl.kubernetes.io/restartedAt']],
  ['no annotations', ({ metadata }) => metadata.annotations === undefined],
  ['a selector by expression', ({ object }) => object.spec.selector?.matchExpressions],
  ['claims of a StatefulSet', ({ object }) => object.spec.volumeClaimTemplates],
];

test.each(FEATURES)('among 3,000 workloads there is %s', (_, has) => {
  expect(samples.some((sample) => Boolean(has(sample)))).toBe(true);
});
