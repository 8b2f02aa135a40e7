import { Json } from '../../controls/path';
import { ReviewedException } from '../../controls/waivers/reviewed-exception';
import { checkChoice } from '../../core/choice';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { markAs } from '../../core/made-by';
import { nearestName } from '../../core/nearest-name';
import { checkPort } from '../../core/port';
import { refuseTerraformToken } from '../../core/terraform-token';
import { HOST_PATH_TYPES, HostPathMount, HostPathType } from '../volumes/host-path';

/** What Linux 6 knows, without the prefix CAP_, as manifests write them. */
const CAPABILITIES = [
  'AUDIT_CONTROL', 'AUDIT_READ', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'BPF', 'CHECKPOINT_RESTORE', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID',
  'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_RAW',
  'PERFMON', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYSLOG', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_CHROOT', 'SYS_MODULE', 'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE',
  'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'WAKE_ALARM',
];

const HOST_PATH: KnownProps<HostPathMount> = { path: true, mountPath: true, readOnly: true, type: true };

/** What a privilege changes of a pod, in the manifest's own terms. */
export interface PrivilegeFacts {
  /** As users write it, for instance `hostNetwork`. */
  readonly name: string;
  /** What it is about, such as the name of a capability. */
  readonly about?: string;
  readonly exception?: ReviewedException;
  /** Fields of the pod's `spec`. */
  readonly podSpec?: Json;
  /** Fields of the `securityContext` of the program's own container. */
  readonly securityContext?: Json;
  readonly capability?: string;
  readonly hostPath?: HostPathMount;
  readonly hostPort?: number;
  readonly sysctl?: { readonly name: string; readonly value: string };
}

/**
 * One thing that a program needs beyond what ordinary programs work under, and why. It gets that much and keeps all other confinement; only its own
 * container gets it, as far as it is a container's.
 *
 * The findings of that one need are accepted until the exception's last day. Pod Security admission knows no exemption for one workload: where it
 * would refuse the pods, the namespace's enforced level drops, and only where AdmissionPolicies refuse all the rest; else the synth fails.
 */
export class Privilege {
  /**
   * All of root's power over the node: every capability, all devices, no seccomp and no AppArmor profile. The program's user stays what it is. Prefer
   * the one capability or path that is needed.
   */
  public static privileged(exception: ReviewedException): Privilege {
    // The API server refuses privileged together with allowPrivilegeEscalation: false.
    return new Privilege({ name: 'privileged', exception, securityContext: { privileged: true, allowPrivilegeEscalation: true } });
  }

  /**
   * The node's network in place of the pod's own. The program reaches what listens on the node's loopback, its ports are the node's, and no
   * NetworkPolicy holds it: to others its connections come from the node's addresses.
   */
  public static hostNetwork(exception: ReviewedException): Privilege {
    // With ClusterFirst, pods on the node's network would ask the node's DNS.
    return new Privilege({ name: 'hostNetwork', exception, podSpec: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } });
  }

  /** The processes of the node. */
  public static hostPid(exception: ReviewedException): Privilege {
    return new Privilege({ name: 'hostPid', exception, podSpec: { hostPID: true } });
  }

  /** Shared memory, semaphores and message queues of the node. */
  public static hostIpc(exception: ReviewedException): Privilege {
    return new Privilege({ name: 'hostIpc', exception, podSpec: { hostIPC: true } });
  }

  /**
   * A capability of Linux. It acts where the program runs as root; another user gets it only from a file of the image that carries it, and then with
   * `privilegeEscalation`. All others stay dropped.
   * @param name without CAP_, for instance `NET_ADMIN`
   * @param exception needed for all but NET_BIND_SERVICE, which "restricted" permits
   * @throws if Linux has no such capability; ALL is none
   */
  public static capability(name: string, exception?: ReviewedException): Privilege {
    if (!CAPABILITIES.includes(name)) {
      const bare = String(name).toUpperCase().replace(/^CAP_/, '');
      const near = CAPABILITIES.includes(bare) ? bare : nearestName(bare, CAPABILITIES);
      throw invalid({
        at: 'Privilege.capability', property: 'name', got: name, allowed: 'one capability of Linux, without CAP_',
        fix: near === undefined ? 'Name the one that the program needs, as capabilities(7) lists them.' : `Write "${near}".`,
      });
    }
    return new Privilege({ name: 'capability', about: name, exception, capability: name });
  }

  /**
   * User 0. Without capabilities it is less than it looks: it reads what root owns, and passes no other permission by. The group stays the program's
   * own, and other containers of the pod run as the user that they would have without it.
   */
  public static root(exception: ReviewedException): Privilege {
    return new Privilege({ name: 'root', exception, securityContext: { runAsNonRoot: false, runAsUser: 0 } });
  }

  /**
   * A file or directory of the node, read-only unless said otherwise.
   * @throws if a path isn't absolute and normalized, or what is missing were to be made on the node by a mount that is read-only
   */
  public static hostPath(mount: HostPathMount, exception: ReviewedException): Privilege {
    const at = 'Privilege.hostPath';
    const { path, mountPath, readOnly = true, type = HostPathType.DIRECTORY } = checkProps(mount, HOST_PATH, { at });
    for (const [property, value] of Object.entries({ path, mountPath })) {
      refuseTerraformToken(value, property, at, 'Give it literally: manifests are written before Terraform runs.');
    }
    if (typeof path !== 'string' || !/^\/([^/\0]+(\/[^/\0]+)*)?$/.test(path) || path.split('/').some((step) => step === '.' || step === '..')) {
      throw invalid({ at, property: 'path', got: path, allowed: 'an absolute, normalized path of the node', fix: 'Give the path on the node, for instance /var/log/pods.' });
    }
    if (typeof readOnly !== 'boolean') {
      throw invalid({ at, property: 'readOnly', got: readOnly, allowed: 'true or false', fix: 'Leave it out where the program only reads.' });
    }
    checkChoice(type, HostPathType, 'HostPathType', 'type', at);
    if (readOnly && HOST_PATH_TYPES[type].makes) {
      throw invalid({ at, property: 'type', got: type, allowed: 'a type that makes nothing, where the mount is read-only', fix: 'Leave it out, or set readOnly: false.' });
    }
    return new Privilege({ name: 'hostPath', about: path, exception, hostPath: { path, mountPath, readOnly, type } });
  }

  /**
   * A TCP port of the node's own addresses that leads to the same port of the program.
   * @param port 1 to 65535
   */
  public static hostPort(port: number, exception: ReviewedException): Privilege {
    checkPort(port, 'port', 'Privilege.hostPort');
    return new Privilege({ name: 'hostPort', about: String(port), exception, hostPort: port });
  }

  /** A root filesystem that the program may write to. Prefer `writablePaths`. */
  public static writableRootFilesystem(exception: ReviewedException): Privilege {
    return new Privilege({ name: 'writableRootFilesystem', exception, securityContext: { readOnlyRootFilesystem: false } });
  }

  /** No seccomp profile. Prefer a profile of your own. */
  public static unconfinedSeccomp(exception: ReviewedException): Privilege {
    return new Privilege({ name: 'unconfinedSeccomp', exception, securityContext: { seccompProfile: { type: 'Unconfined' } } });
  }

  /** More privileges than the program starts with, by set-user-ID files and capabilities of files. */
  public static privilegeEscalation(exception: ReviewedException): Privilege {
    return new Privilege({ name: 'privilegeEscalation', exception, securityContext: { allowPrivilegeEscalation: true } });
  }

  /**
   * A kernel parameter of the pod's namespaces. Those that are not safe have to be allowed on the node, too, by the kubelet's `allowedUnsafeSysctls`.
   * @param name with dots, for instance `net.core.somaxconn`
   * @param exception needed for all but those that Pod Security Standards call safe
   * @throws if the name is none
   */
  public static sysctl(name: string, value: string, exception?: ReviewedException): Privilege {
    const at = 'Privilege.sysctl';
    if (typeof name !== 'string' || name.length > 253 || !/^[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)+$/.test(name)) {
      throw invalid({ at, property: 'name', got: name, allowed: 'the name of a sysctl, with dots', fix: 'Write it like net.core.somaxconn.' });
    }
    if (typeof value !== 'string' || value === '') {
      throw invalid({ at, property: 'value', got: value, allowed: 'text', fix: 'Give it as a string, for instance \'1024\'.' });
    }
    refuseTerraformToken(value, 'value', at, 'Give it literally: manifests are written before Terraform runs.');
    return new Privilege({ name: 'sysctl', about: name, exception, sysctl: { name, value } });
  }

  /** @internal */
  public readonly _facts: PrivilegeFacts;

  private constructor(facts: PrivilegeFacts) {
    this._facts = facts;
    markAs('Privilege', this);
  }
}
