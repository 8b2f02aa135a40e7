import { KubernetesVersion } from '../../core/kubernetes-version';
import { NodeKind } from '../../core/node-kind';
import { has } from '../availability';
import { ComponentFlags } from '../component/component-flags';

/** kubeadm's API as a version's kubeadm reads it. Up to 1.30 that is v1beta3, whose extra arguments are maps; from 1.31 on v1beta4, whose are lists. */
export class KubeadmApi {
  public readonly apiVersion: string;
  /** Whether it is v1beta4, which also knows how long certificates live, and the algorithm of their keys. */
  public readonly isV1beta4: boolean;

  constructor(version: KubernetesVersion) {
    this.isV1beta4 = has(version, 'kubeadm v1beta4');
    this.apiVersion = `kubeadm.k8s.io/${this.isV1beta4 ? 'v1beta4' : 'v1beta3'}`;
  }

  public extraArgs(flags: ComponentFlags): unknown {
    return this.isV1beta4 ? flags.all : Object.fromEntries(flags.all.map(({ name, value }) => [name, value]));
  }

  /** How a kubelet of such a node registers it. What a kubelet may do stands in its configuration, which kubeadm hands to every node. */
  public nodeRegistration(kind: NodeKind): Record<string, unknown> {
    return {
      imagePullPolicy: 'IfNotPresent',
      ...(kind === NodeKind.CONTROL_PLANE && { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
    };
  }
}
