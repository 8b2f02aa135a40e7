/** Who runs a cluster where nobody said otherwise: administrators by certificate, and the controllers of the control plane. */
export const PLATFORM_GROUPS = ['system:masters', 'kubeadm:cluster-admins', 'system:serviceaccounts:kube-system'];

/** Namespaces that every cluster has for itself. */
export const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];
