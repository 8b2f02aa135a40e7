import { Remedy } from './remedy';
import { Path } from '../path';
import { RequirementNode } from '../requirement-node';

/** What has to hold before a remedy is carried out, or the API server would refuse an object that it takes as it is. */
interface Precondition {
  readonly node: RequirementNode;
  /** Whether the paths start at the root, or where those of the remedy start. */
  readonly from: 'root' | 'item';
  /** Why the remedy has to wait or can't be, in one sentence. */
  readonly reason: string;
}

/** Fields that the API server refuses in Pods for Windows. */
const NOT_FOR_WINDOWS: readonly string[] = [
  'allowPrivilegeEscalation', 'appArmorProfile', 'capabilities', 'fsGroup', 'fsGroupChangePolicy', 'hostIPC', 'hostPID', 'hostUsers', 'privileged', 'procMount',
  'readOnlyRootFilesystem', 'runAsGroup', 'runAsUser', 'seLinuxChangePolicy', 'seLinuxOptions', 'seccompProfile', 'shareProcessNamespace', 'supplementalGroups',
  'supplementalGroupsPolicy', 'sysctls',
];

/** What has to hold before a remedy is carried out on a pod template or a part of it. */
export function preconditionsOf(remedy: Remedy): Precondition[] {
  switch (remedy.op) {
    case 'set':
    case 'append':
      return [...ofSetting(remedy.path, remedy.op === 'set' ? remedy.value : undefined), ...remedy.path.some((step) => NOT_FOR_WINDOWS.includes(step)) ? [LINUX] : []];
    case 'remove':
      return ofLeavingOut(remedy.path);
    default:
      return [];
  }
}

function ofSetting(path: Path, value: unknown): Precondition[] {
  const [field, parent] = [path.at(-1), path.slice(0, -1)];
  if (path.includes('seccompProfile')) {
    return [SECCOMP_ANNOTATIONS];
  }
  if (field === 'runAsNonRoot' && value === true) {
    return [NO_ADMINISTRATOR];
  }
  if (value !== false) {
    return [];
  }
  switch (field) {
    case 'allowPrivilegeEscalation':
      return [
        unless(isNot([...parent, 'privileged'], true), 'A privileged container can always gain privileges.'),
        unless({ op: 'negation', of: { op: 'contains', path: [...parent, 'capabilities', 'add'], value: 'CAP_SYS_ADMIN' } }, 'With CAP_SYS_ADMIN a container can always gain privileges.'),
      ];
    case 'hostUsers':
      return ['hostIPC', 'hostNetwork', 'hostPID'].map((namespace) => unless(isNot([...parent, namespace], true), `With ${namespace} a pod can't have its own user namespace.`));
    default:
      return ofLeavingOut(path);
  }
}

function ofLeavingOut(path: Path): Precondition[] {
  const [field, parent] = [path.at(-1), path.slice(0, -1)];
  if (field === 'hostNetwork') {
    const hostProcess: RequirementNode = { op: 'eachSecurityContext', of: isNot(['windowsOptions', 'hostProcess'], true) };
    return [{ node: hostProcess, from: 'root', reason: 'Host processes need the host\'s network.' }];
  }
  if (field === 'hostProcess') {
    return [NO_SYSTEM_USER];
  }
  return field === 'privileged' && parent.length > 0
    ? [unless({ op: 'each', path: [...parent.slice(0, -1), 'volumeMounts'], of: isNot(['mountPropagation'], 'Bidirectional') }, 'Only a privileged container may hand its mounts on to the host.')]
    : [];
}

const LINUX: Precondition = { node: isNot(['spec', 'os', 'name'], 'windows'), from: 'root', reason: 'Pods for Windows can\'t have the field.' };

const NO_ADMINISTRATOR: Precondition = {
  node: { op: 'eachSecurityContext', of: isNot(['windowsOptions', 'runAsUserName'], 'ContainerAdministrator') },
  from: 'root',
  reason: 'It states the user ContainerAdministrator, which kubelets hold to be root: whether the program runs as another one has to be known.',
};

const NO_SYSTEM_USER: Precondition = {
  node: {
    op: 'eachSecurityContext',
    of: { op: 'noneOf', path: ['windowsOptions', 'runAsUserName'], values: ['SYSTEM', 'LOCAL SERVICE', 'NETWORK SERVICE'].map((user) => `NT AUTHORITY\\${user}`) },
  },
  from: 'root',
  reason: 'Only host processes can run as a service account of Windows: which user the program runs as otherwise has to be known.',
};

/** Nobody reads these annotations any more, but the API server compares them with the fields. */
const SECCOMP_ANNOTATIONS: Precondition = {
  node: {
    op: 'allOf',
    of: ['seccomp.security.alpha.kubernetes.io/pod', 'container.seccomp.security.alpha.kubernetes.io/'].map((prefix) => ({
      op: 'eachKey', path: ['metadata', 'annotations'], prefix, of: { op: 'oneOf', path: [], values: ['runtime/default', 'docker/default'], orAbsent: false },
    })),
  },
  from: 'root',
  reason: 'The pod\'s seccomp annotations, which have had no effect since Kubernetes 1.27, would contradict the field: remove them.',
};

function isNot(path: Path, value: string | boolean): RequirementNode {
  return { op: 'noneOf', path, values: [value] };
}

function unless(node: RequirementNode, reason: string): Precondition {
  return { node, from: 'item', reason };
}
