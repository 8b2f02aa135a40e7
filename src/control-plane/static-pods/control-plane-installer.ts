/** What makes a running control plane of the files on its nodes. */
export enum ControlPlaneInstaller {
  /** `kubeadm init` and `kubeadm join`, from our configuration for them. */
  KUBEADM = 'kubeadm',
  /** The kubelet alone: it runs etcd, API server, controller manager and scheduler from their manifests. */
  STATIC_PODS = 'static-pods',
}
