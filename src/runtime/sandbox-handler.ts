import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { lock } from '../core/immutable';
import { checkProps, KnownProps } from '../core/known-props';
import { markAs } from '../core/made-by';

/** What a pod costs its node besides what its containers ask for. */
export interface SandboxOverhead {
  /**
   * CPU time.
   * @default - none
   */
  readonly cpu?: Cpu;
  /**
   * Memory.
   * @default - none
   */
  readonly memory?: Size;
}

/** A runtime that containerd starts pods with. */
export interface SandboxHandlerOptions {
  /** Name of the handler in containerd's configuration, a DNS label. */
  readonly name: string;
  /** The runtime's type in containerd, for instance `io.containerd.runsc.v1`. */
  readonly runtimeType: string;
  /**
   * Absolute path of its shim on the nodes.
   * @default - containerd finds it by its type: `containerd-shim-runsc-v1` for `io.containerd.runsc.v1`
   */
  readonly shimPath?: string;
  /**
   * Absolute path of the shim's own configuration.
   * @default - the shim's default
   */
  readonly configPath?: string;
  /**
   * What a pod costs besides its containers.
   * @default - nothing
   */
  readonly overhead?: SandboxOverhead;
}

const OPTIONS: KnownProps<SandboxHandlerOptions> = { name: true, runtimeType: true, shimPath: true, configPath: true, overhead: true };
const KATA = '/opt/kata';

/** The virtual machine monitors that Kata Containers comes with. */
export enum KataHypervisor {
  /** QEMU. */
  QEMU = 'qemu',
  /** Cloud Hypervisor. */
  CLOUD_HYPERVISOR = 'clh',
  /** Firecracker. It shares no directories with the node: it needs a block device snapshotter. */
  FIRECRACKER = 'fc',
}

/** A runtime that gives each pod a kernel of its own, as containerd knows it. */
export class SandboxHandler {
  /** gVisor: a kernel in user space, handler `runsc`. It needs no virtualisation. */
  public static gvisor(): SandboxHandler {
    return SandboxHandler.of({ name: 'runsc', runtimeType: 'io.containerd.runsc.v1' });
  }

  /**
   * Kata Containers, below `/opt/kata` as its releases are packed: a virtual machine for each pod, handler `kata-qemu`, `kata-clh` or `kata-fc`. Nodes
   * have to offer virtualisation.
   */
  public static kata(hypervisor: KataHypervisor = KataHypervisor.QEMU): SandboxHandler {
    const known = Object.values(KataHypervisor);
    if (!known.includes(hypervisor)) {
      throw invalid({ at: 'SandboxHandler.kata', property: 'hypervisor', got: hypervisor, allowed: known.join(', '), fix: 'Take a value of KataHypervisor.' });
    }
    return SandboxHandler.of({
      name: `kata-${hypervisor}`,
      runtimeType: 'io.containerd.kata.v2',
      shimPath: `${KATA}/bin/containerd-shim-kata-v2`,
      configPath: `${KATA}/share/defaults/kata-containers/configuration-${hypervisor}.toml`,
      // Those that Kata Containers deploys with.
      overhead: hypervisor === KataHypervisor.QEMU
        ? { cpu: Cpu.millis(250), memory: Size.mebibytes(160) } : { cpu: Cpu.millis(250), memory: Size.mebibytes(130) },
    });
  }

  /**
   * Another one.
   * @throws if its name is no DNS label, its type isn't `io.containerd.<name>.v<number>`, or a path isn't absolute and plain
   */
  public static of(options: SandboxHandlerOptions): SandboxHandler {
    const at = 'SandboxHandler.of';
    checkProps(options, OPTIONS, { at });
    checkDnsLabel(options.name, 'name', at);
    if (options.name === 'runc') {
      throw invalid({ at, property: 'name', got: 'runc', allowed: 'another name: runc starts all other pods', fix: 'Choose another name.' });
    }
    if (typeof options.runtimeType !== 'string' || !/^io\.containerd\.[a-z][a-z0-9-]*\.v\d+$/.test(options.runtimeType)) {
      throw invalid({ at, property: 'runtimeType', got: options.runtimeType, allowed: 'a type such as io.containerd.runsc.v1', fix: 'Copy it from the runtime\'s documentation.' });
    }
    for (const property of ['shimPath', 'configPath'] as const) {
      const path = options[property];
      if (path !== undefined && (typeof path !== 'string' || !/^(\/[A-Za-z0-9_][A-Za-z0-9._+-]*)+$/.test(path))) {
        throw invalid({ at, property, got: path, allowed: 'an absolute path of letters, digits, -, _, + and dots', fix: 'Give the path on the nodes.' });
      }
    }
    return new SandboxHandler(options);
  }

  /** Name of the handler in containerd's configuration. */
  public readonly name: string;
  /** What a pod costs besides its containers. */
  public readonly overhead?: SandboxOverhead;
  /** @internal */
  public readonly _options: SandboxHandlerOptions;

  private constructor(options: SandboxHandlerOptions) {
    this.name = options.name;
    this.overhead = options.overhead;
    this._options = { ...options };
    lock(this);
    markAs('SandboxHandler', this);
  }
}
