import { Place } from '../path';

/** What a program that ran as it was may need of a field that a remedy changes, and how to find out. */
interface Need {
  readonly needs: string;
  readonly check: string;
}

const PROBED: Need = { needs: 'to be asked at that address, where it listens at no other', check: 'it listens at the pod\'s address' };

/** By the field that is changed. What is not here, no program is known to need. */
const NEEDS: ReadonlyMap<string, Need> = new Map(Object.entries({
  'allowPrivilegeEscalation': { needs: 'programs that gain privileges, such as sudo and ping', check: 'it starts none that is set-user-ID or has file capabilities' },
  'appArmorProfile': { needs: 'what the runtime\'s AppArmor profile forbids, such as mounts', check: 'the node\'s log has no denials' },
  'automountServiceAccountToken': { needs: 'a token for the Kubernetes API', check: 'pods of the account that call the API mount one themselves' },
  'capabilities': { needs: 'capabilities, such as to change owners or to listen below port 1024', check: 'it starts and runs without them' },
  'except': { needs: 'the addresses that are left out', check: 'it calls none of them' },
  'hostIPC': { needs: 'shared memory of the node', check: 'it shares none with programs outside the pod' },
  'hostNetwork': { needs: 'the node\'s interfaces and addresses', check: 'it serves and measures the pod\'s network only' },
  'hostPID': { needs: 'to see the node\'s processes', check: 'it looks at its own only' },
  'hostPort': { needs: 'to be reached at the node\'s address', check: 'its callers use a Service' },
  'hostProcess': { needs: 'the Windows node\'s files and services', check: 'it runs in a container' },
  'hostUsers': { needs: 'to be root on the node, or volumes without id-mapped mounts', check: 'it can read and write its volumes' },
  'httpGet.host': PROBED,
  'priorityClassName': { needs: 'to stay when its node is full', check: 'it may be evicted' },
  'privileged': { needs: 'devices and kernel settings of the node', check: 'it starts and runs without them' },
  'procMount': { needs: 'to write below /proc, as nested containers do', check: 'it starts no containers' },
  'readOnlyRootFilesystem': { needs: 'to write to its own file system', check: 'it writes to mounted volumes only' },
  'runAsNonRoot': { needs: 'root, or a user that is stated', check: 'the image states a user other than root, by number, or state runAsUser' },
  'runAsUser': { needs: 'root', check: 'the image\'s own user is not root and can read and write its files' },
  'runAsUserName': { needs: 'to be the node\'s administrator', check: 'the other user can read and write its files' },
  'seLinuxOptions': { needs: 'what the runtime\'s SELinux label forbids', check: 'the node\'s audit log has no denials' },
  'seccompProfile': { needs: 'system calls that the runtime\'s profile blocks', check: 'it starts and runs without them' },
  'shareProcessNamespace': { needs: 'to see or signal processes of other containers', check: 'each container does with its own' },
  'sysctls': { needs: 'the kernel setting', check: 'it works with the node\'s own' },
  'tcpSocket.host': PROBED,
}));

const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const CONTAINERS: readonly unknown[] = ['containers', 'ephemeralContainers', 'initContainers'];

/**
 * What a program may need of what a change takes away, for reports.
 * @param place of the change
 * @param at what the object has at a place before the change
 */
export function mayNeedOf(place: Place, at: (place: Place) => unknown): string | undefined {
  const need = place.map((_, i) => NEEDS.get(nameOf(place, i))).filter((each) => each !== undefined).at(-1);
  if (need === undefined || (place.at(-1) === 'runAsNonRoot' && hasKnownUser(place, at))) {
    return undefined;
  }
  return `${need.needs}: check that ${need.check}`;
}

function nameOf(place: Place, index: number): string {
  const name = String(place[index]);
  if (name.startsWith(APP_ARMOR_ANNOTATION)) {
    return 'appArmorProfile';
  }
  return name === 'host' ? `${place[index - 1]}.host` : name;
}

/** Whether the user is stated, at the container or for the pod, and isn't root. */
function hasKnownUser(place: Place, at: (place: Place) => unknown): boolean {
  const holder = place.slice(0, -2);
  const list = holder.findIndex((step) => CONTAINERS.includes(step));
  const users = [holder, ...(list < 0 ? [] : [holder.slice(0, list)])].map((each) => at([...each, 'securityContext', 'runAsUser']));
  const user = users.find((each) => each !== undefined && each !== null);
  return typeof user === 'number' && user > 0;
}
