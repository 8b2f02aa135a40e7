/** For tests of what runs on nodes: who has a certificate of the cluster may do everything. */
export const OPEN_KUBELET = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: { anonymous: { enabled: false }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  enforceNodeAllocatable: ['pods'],
  clusterDomain: 'cluster.local',
  protectKernelDefaults: true,
};
