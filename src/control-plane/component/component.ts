import { ComponentFlags } from './component-flags';
import { StaticPodMounts } from './static-pod-mounts';
import { NodeFileProps } from '../../core/node-file';

/** A program of the control plane, as whatever starts it is told: its flags, and what of the node it sees. */
export class Component {
  public readonly flags: ComponentFlags;
  public readonly mounts: StaticPodMounts;
  /** What it reads, as far as parts of its configuration wrote it. */
  public readonly files: NodeFileProps[] = [];

  /** @param program for instance `kube-apiserver` */
  constructor(public readonly program: string, at: string) {
    this.flags = new ComponentFlags(program, at);
    this.mounts = new StaticPodMounts(program, at);
  }
}
