import * as fc from 'fast-check';
import { compact, Fields, fields, Generated, oneOf, someOf, sometimes, unlessEmpty, weighted, when } from './arbitraries';
import { ContainerDraft, containerDraft } from './containers';
import { annotations, labels } from './metadata';
import { GeneratorOptions, SERVICE_ACCOUNTS, supports } from './options';
import { podResources } from './resources';
import { podSecurityContext, securityContextOf } from './security-contexts';
import { makeValid } from './valid-pod';
import { volumeSource } from './volumes';

/** The parts of a pod, each by itself: what doesn't go together is repaired when they are put together, so that any part can be left out. */
export type PodDraft = Generated<ReturnType<typeof podDraft>>;

const CANONICAL_ADDRESSES = ['192.0.2.10', '2001:db8::1', '127.0.0.1'];

/** @param ephemeral with ephemeral containers */
export function podDraft(options: GeneratorOptions, ephemeral: boolean = false) {
  return fc.record({
    containers: fc.array(containerDraft(options, 'container'), { minLength: 1, maxLength: 3 }),
    initContainers: weighted<ContainerDraft[]>([62, []], [38, fc.array(containerDraft(options, 'init'), { minLength: 1, maxLength: 2 })]),
    ephemeralContainers: fc.array(containerDraft(options, 'ephemeral'), ephemeral ? { minLength: 1, maxLength: 2 } : { maxLength: 0 }),
    volumes: fc.array(volumeSource(options), { maxLength: 4 }),
    security: podSecurityContext(options),
    /** Nobody in the pod states any security context, but for privileged containers. */
    bare: weighted([95, false], [5, true]),
    labels,
    annotations,
    appArmorAnnotations: sometimes(8, fc.array(fc.record({
      container: fc.nat(3),
      profile: oneOf('runtime/default', '', 'localhost/k8s-app', 'localhost/', 'unconfined', 'unconfined'),
    }), { minLength: 1, maxLength: 2 })),
    seccompAnnotation: sometimes(2, oneOf('runtime/default', 'unconfined', 'localhost/app.json', 'docker/default')),
    restartPolicy: fc.nat(3),
    spec: fields({
      os: weighted<Fields | undefined>([86, undefined], [6, { name: 'linux' }], [8, { name: 'windows' }]),
      hostNetwork: weighted<boolean | undefined>([86, undefined], [8, false], [6, true]),
      hostPID: weighted<boolean | undefined>([87, undefined], [7, false], [6, true]),
      hostIPC: weighted<boolean | undefined>([87, undefined], [7, false], [6, true]),
      hostUsers: when(supports(options, 'userNamespaces'), weighted<boolean | undefined>([82, undefined], [3, true], [15, false])),
      shareProcessNamespace: weighted<boolean | undefined>([88, undefined], [5, false], [7, true]),
      automountServiceAccountToken: weighted<boolean | undefined>([66, false], [22, undefined], [12, true]),
      serviceAccountName: weighted<string | undefined>([75, 'app'], [18, undefined], [7, 'default']),
      serviceAccount: sometimes(3, oneOf(...SERVICE_ACCOUNTS)),
      hostname: sometimes(6, oneOf('host', 'h-1')),
      subdomain: sometimes(3, fc.constant('sub')),
      hostnameOverride: when(supports(options, 'hostnameOverride'), sometimes(2, fc.constant('other.example.com'))),
      setHostnameAsFQDN: sometimes(3, fc.boolean()),
      hostAliases: sometimes(6, fc.array(fields({
        ip: oneOf(...CANONICAL_ADDRESSES),
        hostnames: someOf(['db.example.com', 'metadata.google.internal', 'localhost'], { max: 2 }),
      }), { maxLength: 2 })),
      dnsPolicy: sometimes(20, oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None')),
      dnsConfig: sometimes(5, oneOf<Fields>({ nameservers: ['192.0.2.53'], searches: ['example.com'], options: [{ name: 'ndots', value: '2' }] }, { options: [{ name: 'edns0' }] })),
      enableServiceLinks: sometimes(20, fc.boolean()),
      terminationGracePeriodSeconds: sometimes(20, oneOf(30, 60, 3600)),
      nodeSelector: sometimes(12, oneOf<Fields>({ 'kubernetes.io/os': 'linux' }, { 'example.com/pool': '' }, { 'node-role.kubernetes.io/control-plane': '' })),
      tolerations: sometimes(12, oneOf<Fields[]>([{ operator: 'Exists' }], [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }], [{ key: 'a', value: 'b', operator: 'Equal' }])),
      topologySpreadConstraints: sometimes(25, fc.uniqueArray(topologySpread, { maxLength: 2, selector: (each) => `${each.topologyKey} ${each.whenUnsatisfiable}` })),
      affinity: sometimes(20, affinity),
      schedulerName: sometimes(2, oneOf('default-scheduler', 'other')),
      imagePullSecrets: sometimes(12, oneOf([{ name: 'registry' }], [{ name: 'a' }, { name: 'b' }], [])),
      readinessGates: sometimes(2, fc.constant([{ conditionType: 'example.com/ready' }])),
      schedulingGates: sometimes(2, fc.constant([{ name: 'example.com/gate' }])),
      resources: podResources(options),
    }),
    nulls: fc.array(fc.nat(), { maxLength: options.nulls ? 3 : 0 }),
  });
}

const topologySpread = fc.record({
  maxSkew: oneOf(1, 2),
  topologyKey: oneOf('topology.kubernetes.io/zone', 'kubernetes.io/hostname'),
  whenUnsatisfiable: oneOf('ScheduleAnyway', 'DoNotSchedule'),
  labelSelector: oneOf<Fields>({ matchLabels: { app: 'app' } }, { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, {}),
});

const ANTI_AFFINITY_TERM = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'app' } } };
const affinity = oneOf<Fields>(
  { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: ANTI_AFFINITY_TERM }] } },
  { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [ANTI_AFFINITY_TERM] } },
  { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...ANTI_AFFINITY_TERM, namespaces: ['other'] }] } },
  {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] }],
      },
    },
  },
  {},
);

/**
 * Metadata and spec of the pod that the draft describes, such that the server finds them valid.
 *
 * @param restartPolicies that the kind admits
 * @param claims names of volumes that come from elsewhere: a StatefulSet's claims
 */
export function assemblePod(draft: PodDraft, restartPolicies: (string | undefined)[], claims: string[] = []): { metadata: Fields; spec: Fields } {
  const names = new Set<string>();
  const volumes = draft.volumes.map((source, i) => ({ name: `volume-${i}`, ...source }));
  const mountable = [...volumes.map(({ name }) => name), ...claims];
  const podSecurity = draft.bare ? undefined : draft.security;
  const container = (each: ContainerDraft) => assembleContainer(each, unique(each.name, names), mountable, podSecurity);

  const containers = draft.containers.map(container);
  const initContainers = draft.initContainers.map(container);
  const ephemeralContainers = draft.ephemeralContainers.map((each) => {
    const assembled = container(each);
    return each.targeted ? { ...assembled, targetContainerName: containers[0].name } : assembled;
  });
  const spec: Fields = {
    ...draft.spec,
    restartPolicy: restartPolicies[draft.restartPolicy % restartPolicies.length],
    securityContext: podSecurity,
    volumes: unlessEmpty(volumes),
    initContainers: unlessEmpty(initContainers),
    containers,
    ephemeralContainers: unlessEmpty(ephemeralContainers),
  };
  const appArmor = draft.appArmorAnnotations?.map(({ container: i, profile }) =>
    [`container.apparmor.security.beta.kubernetes.io/${[...containers, ...initContainers][i % (containers.length + initContainers.length)].name}`, profile]) ?? [];
  const metadata: Fields = {
    labels: draft.labels,
    annotations: {
      ...draft.annotations,
      ...Object.fromEntries(appArmor),
      ...draft.seccompAnnotation ? { 'seccomp.security.alpha.kubernetes.io/pod': draft.seccompAnnotation } : {},
    },
  };
  // A copy: the parts of a draft are used again when it's shrunk.
  const pod = compact({ metadata, spec });
  makeValid(pod.metadata, pod.spec);
  if (Object.keys(pod.metadata.annotations).length === 0) {
    delete pod.metadata.annotations;
  }
  draft.nulls.forEach((place) => writeNull(pod, place));
  return pod;
}

function assembleContainer(draft: ContainerDraft, name: string, mountable: string[], pod: Fields | undefined): Fields {
  const paths = new Set<string>();
  const mounts = mountable.length === 0 ? [] : draft.mounts.flatMap(({ volume, mount }) => {
    const fresh = !paths.has(mount.mountPath);
    paths.add(mount.mountPath);
    return fresh ? [{ name: mountable[volume % mountable.length], ...mount }] : [];
  });
  return {
    name,
    ...draft.rest,
    restartPolicy: draft.sidecar ? 'Always' : draft.rest.restartPolicy,
    ports: draft.ports && unlessEmpty(draft.ports),
    volumeMounts: unlessEmpty(mounts),
    securityContext: securityContextOf(draft.security, pod),
    ...draft.sidecar === false ? {} : draft.served,
  };
}

function unique(name: string, names: Set<string>): string {
  const free = names.has(name) ? `${name}-${names.size}` : name;
  names.add(free);
  return free;
}

const NULLABLE_IN_SPEC = ['securityContext', 'initContainers', 'volumes', 'hostNetwork', 'hostPID', 'hostIPC', 'hostAliases', 'affinity', 'nodeSelector', 'serviceAccountName'];
const NULLABLE_IN_CONTAINER = ['securityContext', 'ports', 'env', 'envFrom', 'args', 'resources', 'livenessProbe', 'readinessProbe', 'lifecycle', 'volumeMounts'];
const NULLABLE_IN_CONTEXT = [
  'privileged', 'allowPrivilegeEscalation', 'capabilities', 'seccompProfile', 'runAsNonRoot', 'runAsUser', 'readOnlyRootFilesystem', 'seLinuxOptions', 'windowsOptions',
];
const NULLABLE_IN_POD_CONTEXT = ['seccompProfile', 'runAsNonRoot', 'runAsUser', 'seLinuxOptions', 'windowsOptions', 'sysctls', 'supplementalGroups', 'fsGroup'];

/** Writes null for one of the fields that are absent. */
function writeNull({ metadata, spec }: { metadata: Fields; spec: Fields }, place: number): void {
  const containers: Fields[] = [...spec.containers, ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []];
  const absent: [Fields, string][] = ([
    [metadata, ['annotations']],
    [spec, NULLABLE_IN_SPEC],
    [spec.securityContext, NULLABLE_IN_POD_CONTEXT],
    ...(spec.volumes ?? []).filter((volume: Fields) => Object.keys(volume).length === 1).map((volume: Fields) => [volume, ['emptyDir', 'hostPath']]),
    ...containers.map((each) => [each, NULLABLE_IN_CONTAINER]),
    ...containers.map((each) => [each.securityContext, NULLABLE_IN_CONTEXT]),
  ] as [Fields | undefined, string[]][]).flatMap(([owner, keys]) =>
    owner ? keys.filter((key) => !(key in owner)).map((key): [Fields, string] => [owner, key]) : []);
  const [owner, key] = absent[place % absent.length];
  owner[key] = null;
}
