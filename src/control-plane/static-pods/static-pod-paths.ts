/** Where the kubelet that runs the control plane finds and keeps its files. */
export const STATIC_PODS = {
  manifests: '/etc/kubernetes/manifests',
  kubeletConfig: '/var/lib/kubelet/config.yaml',
  kubeletUnit: '/etc/systemd/system/kubelet.service',
  etcdData: '/var/lib/etcd',
} as const;
