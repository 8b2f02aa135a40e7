import { invalid, InvalidInput } from '../../core/errors';
import { lock } from '../../core/immutable';
import { markAs } from '../../core/made-by';

/** What the kernel's AppArmor module keeps a program from. */
export class AppArmorProfile {
  /**
   * The runtime's profile, required: a node without AppArmor refuses the pod. Without it, the runtime confines programs by the same profile on nodes
   * that have AppArmor, and starts them without one elsewhere. Before Kubernetes 1.30 it is required for the program's own container alone.
   */
  public static runtimeDefault(): AppArmorProfile {
    return new AppArmorProfile();
  }

  /**
   * A profile of your own, for the program's own container. Nodes on which it isn't loaded refuse the pod.
   * @param name of the profile as it is loaded on the nodes
   * @throws if it is no name, or the one that means none
   */
  public static localhost(name: string): AppArmorProfile {
    const isName = typeof name === 'string' && name.length <= 4095 && /^[\x21-\x7e]+$/.test(name);
    if (!isName || name === 'unconfined') {
      throw invalid({
        at: 'AppArmorProfile.localhost', property: 'name', got: name, allowed: 'the name of a profile that is loaded on the nodes, without spaces',
        fix: 'Give the name that its text begins with; see /sys/kernel/security/apparmor/profiles.', source: 'PSS baseline/appArmorProfile',
      });
    }
    return new AppArmorProfile(name);
  }

  /** @internal */
  public readonly _localhost?: string;

  private constructor(localhost?: string) {
    this._localhost = localhost;
    lock(this);
    markAs('AppArmorProfile', this);
  }
}

/** Which system calls the kernel takes from a program. */
export class SeccompProfile {
  /** The runtime's profile, which programs rarely meet. */
  public static runtimeDefault(): SeccompProfile {
    return new SeccompProfile();
  }

  /**
   * A profile of your own, for the program's own container; all others have the runtime's. Nodes that lack the file don't start the program.
   * @param path of the profile below the kubelet's folder for them, `/var/lib/kubelet/seccomp`
   * @throws if it leads out of that folder
   */
  public static localhost(path: string): SeccompProfile {
    const parts = typeof path === 'string' ? path.split('/') : [''];
    if (parts.some((part) => part === '.' || part === '..' || !/^[A-Za-z0-9._-]+$/.test(part))) {
      throw invalid({
        at: 'SeccompProfile.localhost', property: 'path', got: path, allowed: 'a relative path of letters, digits, -, _ and dots, without ".."',
        fix: 'Give it below the kubelet\'s folder, for instance profiles/web.json.', source: 'PSS baseline/seccompProfile',
      });
    }
    return new SeccompProfile(path);
  }

  /** @internal */
  public readonly _localhost?: string;

  private constructor(localhost?: string) {
    this._localhost = localhost;
    lock(this);
    markAs('SeccompProfile', this);
  }
}

/** The SELinux types that Pod Security Standards let pods choose. */
export enum SeLinuxType {
  /** A container: what runtimes give by themselves. */
  CONTAINER = 'container_t',
  /** A container that runs systemd. */
  CONTAINER_INIT = 'container_init_t',
  /** A container in a virtual machine of its own, such as Kata Containers'. */
  CONTAINER_KVM = 'container_kvm_t',
  /** A container engine in a container. From Kubernetes 1.31 on. */
  CONTAINER_ENGINE = 'container_engine_t',
}

/** The SELinux label of a pod, on nodes that have SELinux. User and role stay the runtime's. */
export interface SeLinuxOptions {
  /**
   * The type of its processes.
   * @default - the runtime's, `container_t`
   */
  readonly type?: SeLinuxType;
  /**
   * The level of its processes and volumes, for instance `s0:c123,c456`: pods of one level can read each other's files.
   * @default - one of its own for each pod, which the runtime chooses
   */
  readonly level?: string;
}

/** Checks the level of a label: sensitivity and categories, or a range of them. */
export function checkSeLinuxLevel(level: string, property: string, at: InvalidInput['at']): string {
  const one = 's\\d{1,4}(:c\\d{1,4}([.,]c\\d{1,4})*)?';
  if (typeof level !== 'string' || !new RegExp(`^${one}(-${one})?$`).test(level)) {
    throw invalid({ at, property, got: level, allowed: 'a level of SELinux: a sensitivity and categories', fix: 'Write it like s0:c123,c456.' });
  }
  return level;
}
