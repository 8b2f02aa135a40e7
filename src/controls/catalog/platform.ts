export { SYSTEM_NAMESPACES } from '../../core/distribution';

/** Who runs a cluster where nobody said otherwise: administrators by certificate, of kubeadm's and of this library's, and the controllers of the control plane. */
export const PLATFORM_GROUPS = ['system:masters', 'kubeadm:cluster-admins', 'cluster-pki:cluster-admins', 'system:serviceaccounts:kube-system'];
