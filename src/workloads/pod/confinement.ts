import { IConstruct } from 'constructs';
import { PodParts } from './pod-parts';
import { PodIdentity } from './pod-security';
import { AppArmorProfile, checkSeLinuxLevel, SeccompProfile, SeLinuxOptions, SeLinuxType } from './security-profiles';
import { ResourceBounds } from './workload-resources';
import { isObject } from '../../controls/path';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkDnsDomain } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkMadeBy } from '../../core/made-by';
import { mebibytesOf, millisOf } from '../../core/quantities';
import { ISandboxRuntime } from '../../runtime/sandbox-runtime';
import { Privilege } from '../access/privilege';

/** What keeps a program from the kernel and the node. */
export interface ConfinementProps {
  readonly appArmor?: AppArmorProfile;
  readonly seccomp?: SeccompProfile;
  readonly seLinux?: SeLinuxOptions;
  readonly userNamespace?: boolean;
  readonly runtime?: ISandboxRuntime;
  readonly privileges?: readonly Privilege[];
}

const SE_LINUX: KnownProps<SeLinuxOptions> = { type: true, level: true };
const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
/** The kubelet maps as many ids into a user namespace. */
const IDS_OF_USER_NAMESPACE = 65536;
const NAMESPACES_OF_NODE: readonly string[] = ['hostNetwork', 'hostPid', 'hostIpc'];

/** Checks how a program is confined, and says it in the manifest's own terms. The runtime's seccomp profile is the pod's in any case. */
export function confinementParts(
  props: ConfinementProps, { name, identity }: { name: string; identity: PodIdentity }, profile: ClusterProfile, at: IConstruct,
): PodParts[] {
  checkUserNamespace(props, identity, profile, at);
  if (props.seccomp !== undefined && privilegesIn(props).includes('unconfinedSeccomp')) {
    throw invalid({ at, property: 'seccomp', allowed: 'none with Privilege.unconfinedSeccomp, which takes the profile away', fix: 'Leave one of the two out.' });
  }
  return [
    ...appArmorParts(props.appArmor, name, profile, at),
    ...seccompParts(props.seccomp, at),
    ...seLinuxParts(props.seLinux, profile, at),
    ...(props.userNamespace ? [{ podSpec: { hostUsers: false } }] : []),
    ...runtimeParts(props.runtime, at),
  ];
}

function appArmorParts(given: AppArmorProfile | undefined, name: string, { kubernetesVersion }: ClusterProfile, at: IConstruct): PodParts[] {
  if (given === undefined) {
    return [];
  }
  const { _localhost: localhost } = checkMadeBy('AppArmorProfile', given, {
    at, property: 'appArmor', fix: 'Take AppArmorProfile.runtimeDefault() or AppArmorProfile.localhost(\'…\').',
  });
  if (!kubernetesVersion.atLeast(KubernetesVersion.V1_30)) {
    return [{ podMetadata: { annotations: { [`${APP_ARMOR_ANNOTATION}${name}`]: localhost === undefined ? 'runtime/default' : `localhost/${localhost}` } } }];
  }
  return [localhost === undefined
    ? { podSpec: { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } } }
    : { container: { securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: localhost } } } }];
}

function seccompParts(given: SeccompProfile | undefined, at: IConstruct): PodParts[] {
  if (given === undefined) {
    return [];
  }
  const { _localhost: localhost } = checkMadeBy('SeccompProfile', given, {
    at, property: 'seccomp', fix: 'Take SeccompProfile.localhost(\'…\'), or leave it out for the runtime\'s.',
  });
  return localhost === undefined ? [] : [{ container: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: localhost } } } }];
}

function seLinuxParts(given: SeLinuxOptions | undefined, { kubernetesVersion }: ClusterProfile, at: IConstruct): PodParts[] {
  if (given === undefined) {
    return [];
  }
  const { type, level } = checkProps(given, SE_LINUX, { at, property: 'seLinux' });
  const engines = kubernetesVersion.atLeast(KubernetesVersion.V1_31);
  const allowed = Object.values(SeLinuxType).filter((each) => engines || each !== SeLinuxType.CONTAINER_ENGINE);
  if (type !== undefined && !allowed.includes(type)) {
    throw invalid({
      at, property: 'seLinux.type', got: type, allowed: `${allowed.join(', ')} at Kubernetes ${kubernetesVersion}`,
      fix: 'Take one of them, or leave it out. Any other confines the program less: namespaces that enforce Pod Security Standards refuse it, and '
        + 'elsewhere its finding of selinux-options needs a waiver.',
      source: 'PSS baseline/seLinuxOptions',
    });
  }
  if (type === undefined && level === undefined) {
    throw invalid({ at, property: 'seLinux', got: given, allowed: 'a type, a level or both', fix: 'Leave it out for what the runtime chooses.' });
  }
  const seLinuxOptions = { ...(type && { type }), ...(level !== undefined && { level: checkSeLinuxLevel(level, 'seLinux.level', at) }) };
  return [{ podSpec: { securityContext: { seLinuxOptions } } }];
}

/** Before 1.33 the API server drops the field without a word, so that a pod would seem to have what it hasn't. */
function checkUserNamespace(
  props: ConfinementProps, { user, group }: PodIdentity, { kubernetesVersion }: ClusterProfile, at: IConstruct,
): void {
  const { userNamespace, runtime } = props;
  const property = 'userNamespace';
  if (userNamespace !== undefined && typeof userNamespace !== 'boolean') {
    throw invalid({ at, property, got: userNamespace, allowed: 'true or false', fix: 'Write userNamespace: true.' });
  }
  if (!userNamespace) {
    return;
  }
  if (!kubernetesVersion.atLeast(KubernetesVersion.V1_33)) {
    throw invalid({
      at, property, got: `true at Kubernetes ${kubernetesVersion}`, allowed: 'true from Kubernetes 1.33 on: before, the API server drops hostUsers silently',
      fix: 'Leave it out, or upgrade the cluster and its ClusterProfile.',
    });
  }
  if (isObject(runtime)) {
    throw invalid({
      at, property, got: `true with runtime ${runtime.runtimeClassName}`, allowed: 'one of the two: the kubelet starts no user namespace for a runtime that doesn\'t offer them',
      fix: 'Leave userNamespace out: a sandbox has a kernel of its own.',
    });
  }
  const shared = privilegesIn(props).find((name) => NAMESPACES_OF_NODE.includes(name));
  if (shared !== undefined) {
    throw invalid({
      at, property, got: `true with Privilege.${shared}`, allowed: 'one of the two: a user namespace goes with no other namespace of the node', fix: 'Leave one of the two out.',
    });
  }
  for (const [what, id] of Object.entries({ user, group })) {
    if (id !== undefined && id >= IDS_OF_USER_NAMESPACE) {
      throw invalid({
        at, property: what, got: id, allowed: `an id below ${IDS_OF_USER_NAMESPACE} with userNamespace: the namespace has no others`, fix: 'Choose a lower id, for instance 10001.',
      });
    }
  }
}

/** Names of the privileges; what is malformed among them is refused by those who write them. */
function privilegesIn({ privileges }: ConfinementProps): string[] {
  return (Array.isArray(privileges) ? privileges as readonly Partial<Privilege>[] : []).flatMap((each) => each?._facts?.name ?? []);
}

function runtimeParts(runtime: ISandboxRuntime | undefined, at: IConstruct): PodParts[] {
  if (runtime === undefined) {
    return [];
  }
  if (!isObject(runtime)) {
    throw invalid({ at, property: 'runtime', got: runtime, allowed: 'a SandboxRuntime', fix: 'Make one, or take SandboxRuntime.existing(\'gvisor\').' });
  }
  return [{ podSpec: { runtimeClassName: checkDnsDomain(runtime.runtimeClassName, 'runtime.runtimeClassName', at) } }];
}

/** What a pod takes of its namespace's quota, with what its sandbox costs. */
export function withOverhead(pod: ResourceBounds, runtime: ISandboxRuntime | undefined, at: IConstruct): ResourceBounds {
  const { cpu, memory } = runtime?.overhead ?? {};
  const more = ({ request, limit }: ResourceBounds['cpu'], overhead: number) => ({ request: request + overhead, limit: limit + overhead });
  return {
    ...pod,
    ...(cpu !== undefined && { cpu: more(pod.cpu, millisOf(cpu, 'runtime.overhead.cpu', at)) }),
    ...(memory !== undefined && { memory: more(pod.memory, mebibytesOf(memory, 'runtime.overhead.memory', at)) }),
  };
}
