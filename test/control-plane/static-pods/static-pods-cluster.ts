import { parse } from 'yaml';
import { ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { ControlPlaneInstaller } from '../../../src/control-plane/static-pods/control-plane-installer';
import { ClusterProfileProps } from '../../../src/core/cluster-profile';
import { Cluster, cluster, contentOf } from '../cluster';

export const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** A control plane of static pods, of Kubernetes 1.36 unless said otherwise. */
export function staticPods(profile: Partial<ClusterProfileProps> = {}, props: Partial<ControlPlaneProps> = {}, external = false): Cluster {
  const minor = profile.kubernetesVersion?.toString() ?? '1.36';
  return cluster(profile, { installer: ControlPlaneInstaller.STATIC_PODS, kubernetesRelease: `${minor}.1`, ...props }, external);
}

/** A manifest as the kubelet reads it. */
export function pod(made: Cluster, program: string): any {
  return parse(contentOf(made.nodes, `/etc/kubernetes/manifests/${program}.yaml`));
}

/** Flags of a manifest by name, without dashes. */
export function flags(made: Cluster, program: string): Record<string, string> {
  const [, ...words]: string[] = pod(made, program).spec.containers[0].command;
  return Object.fromEntries(words.map((word) => /^--([a-z0-9-]+)=([^]*)$/.exec(word)!.slice(1)));
}
