import { invalid } from '../../core/errors';

/** A file or folder of the node that a static pod sees at the same path. */
export interface StaticPodMount {
  /** Name of the volume, a DNS label. */
  readonly name: string;
  /** Path on the node and in the pod. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly pathType: 'File' | 'Directory' | 'DirectoryOrCreate';
}

/** The mounts of one static pod, gathered like its flags. */
export class StaticPodMounts {
  private readonly byName = new Map<string, StaticPodMount>();

  constructor(private readonly program: string, private readonly at: string) {}

  public add(mount: StaticPodMount): this {
    const clash = this.byName.get(mount.name) ?? [...this.byName.values()].find((other) => other.path === mount.path);
    if (clash) {
      throw invalid({
        at: this.at,
        property: `${this.program} mounts`,
        got: `${mount.name} at ${mount.path}`,
        allowed: `a name and a path other than those of ${clash.name} at ${clash.path}`,
        fix: 'Mount it once, or rename one of the two.',
      });
    }
    this.byName.set(mount.name, mount);
    return this;
  }

  /** The mounts by name. */
  public get all(): StaticPodMount[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
