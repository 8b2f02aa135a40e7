import { KubernetesVersion } from '../core/kubernetes-version';

/**
 * The first minor version that has something in a state that this library uses: stable, or beta and on by default. One table for all parts of the
 * control plane; where a row is a configuration's API version, the newest one that a version has is rendered.
 */
const SINCE = {
  'KMS v2': KubernetesVersion.V1_29,
  'admin without system:masters': KubernetesVersion.V1_29,
  'AuthenticationConfiguration v1beta1': KubernetesVersion.V1_30,
  'AuthorizationConfiguration v1beta1': KubernetesVersion.V1_30,
  'kubeadm v1beta4': KubernetesVersion.V1_31,
  'kube-scheduler livez': KubernetesVersion.V1_31,
  'AuthorizationConfiguration v1': KubernetesVersion.V1_32,
  'anonymous conditions': KubernetesVersion.V1_32,
  'AuthenticationConfiguration v1': KubernetesVersion.V1_34,
  'etcd 3.6': KubernetesVersion.V1_34,
  'kubeadm ECDSA-P384': KubernetesVersion.V1_34,
  'etcd 3.7': KubernetesVersion.V1_37,
  'policies from files': KubernetesVersion.V1_37,
  /** A stable API for what the API server needs of itself: without it, priority and fairness would wait forever. */
  'flowcontrol v1': KubernetesVersion.V1_29,
  'kubelet failCgroupV1': KubernetesVersion.V1_31,
  'kube-proxy nftables': KubernetesVersion.V1_31,
  'kube-proxy primary node port addresses': KubernetesVersion.V1_31,
  'kubelet userNamespaces': KubernetesVersion.V1_33,
  'kube-proxy nftables as a stable mode': KubernetesVersion.V1_33,
  'image pull credential verification': KubernetesVersion.V1_35,
} as const;

/** What may or may not exist in a version. */
export type Feature = keyof typeof SINCE;

/** Whether a version has it. */
export function has(version: KubernetesVersion, feature: Feature): boolean {
  return version.atLeast(SINCE[feature]);
}

/** The first version that has it, for messages. */
export function since(feature: Feature): KubernetesVersion {
  return SINCE[feature];
}

/** The first minor version that no longer has something that older ones have, and that a program of it would not start with. */
const REMOVED = {
  'admission plugin PersistentVolumeLabel': KubernetesVersion.V1_31,
} as const;

/** What is gone from some version on. */
export type RemovedFeature = keyof typeof REMOVED;

/** Whether a version no longer has it. */
export function isRemoved(version: KubernetesVersion, feature: RemovedFeature): boolean {
  return version.atLeast(REMOVED[feature]);
}

/** The first version that no longer has it, for messages. */
export function removedIn(feature: RemovedFeature): KubernetesVersion {
  return REMOVED[feature];
}
