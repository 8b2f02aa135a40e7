import type { KubeProxyConfig, KubeProxyMode } from './kube-proxy-config';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';
import { has, since } from '../availability';

/** Where kube-proxy runs. */
export interface KubeProxyPlace {
  /** For errors. */
  readonly at: InvalidInput['at'];
  readonly profile: ClusterProfile;
}

/** Plugins of which it is known that they can't do kube-proxy's work. */
const NEEDS_KUBE_PROXY = ['aws-vpc-cni', 'canal', 'flannel', 'k3s-flannel'];

/** KubeProxyConfiguration, or undefined where the network plugin does its work. */
export function kubeProxyDocument(config: KubeProxyConfig, { at, profile }: KubeProxyPlace): Record<string, unknown> | undefined {
  if (config.replaced) {
    checkReplaceable(profile, at);
    return undefined;
  }
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clusterCIDR: profile.podCidrs.join(','),
    enableProfiling: false,
    featureGates: { AllAlpha: false },
    metricsBindAddress: '127.0.0.1:10249',
    mode: mode(config, profile, at),
    ...nodePortAddresses(config, profile),
  };
}

function mode({ mode: chosen }: KubeProxyConfig, profile: ClusterProfile, at: InvalidInput['at']): string {
  const version = profile.kubernetesVersion;
  const feature = 'kube-proxy nftables';
  const nftables: `${KubeProxyMode}` = 'nftables';
  if (chosen === undefined) {
    return has(version, 'kube-proxy nftables as a stable mode') ? nftables : 'iptables';
  }
  if (chosen === nftables && !has(version, feature)) {
    throw invalid({
      at, property: 'kubeProxy.mode', got: chosen, allowed: `iptables before Kubernetes ${since(feature)}; the profile has ${version}`,
      fix: 'Upgrade the cluster, or leave it out: this kube-proxy has no such mode without an alpha feature.',
    });
  }
  return chosen;
}

function nodePortAddresses(config: KubeProxyConfig, profile: ClusterProfile): Record<string, unknown> {
  if (config.nodePortCidrs.length > 0) {
    return { nodePortAddresses: config.nodePortCidrs.map(String) };
  }
  if (has(profile.kubernetesVersion, 'kube-proxy primary node port addresses')) {
    return { nodePortAddresses: ['primary'] };
  }
  const ranges = [...profile.nodeCidrs, ...profile.controlPlaneCidrs].map(String);
  return ranges.length === 0 ? {} : { nodePortAddresses: ranges };
}

function checkReplaceable({ cni }: ClusterProfile, at: InvalidInput['at']): void {
  if (NEEDS_KUBE_PROXY.includes(cni.name)) {
    throw invalid({
      at, property: 'kubeProxy', got: 'KubeProxyConfig.replacedByCni()', allowed: `a KubeProxyConfig with ${cni.name}, which leaves services to kube-proxy`,
      fix: 'Leave it out, or state another network plugin in the profile\'s cni: without kube-proxy no service would work.',
    });
  }
}
