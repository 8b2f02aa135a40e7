/** Where the control plane's files lie on its nodes. */
export const PKI = '/etc/kubernetes/pki';
export const AUDIT_POLICY = '/etc/kubernetes/audit/policy.yaml';
export const KUBEADM_INIT = '/etc/kubernetes/kubeadm/init.yaml';
export const PKI_PLAN = '/etc/kubernetes/pki-plan.yaml';

/** Where the certificates of etcd on machines of its own, and what makes them, lie. */
export const ETCD_PKI = {
  script: '/usr/local/sbin/etcd-pki',
  requestConfigs: '/etc/etcd/openssl',
  authorities: '/etc/etcd/ca',
  leaves: '/etc/etcd/pki',
  requests: '/etc/etcd/requests',
  plan: '/etc/etcd/pki-plan.yaml',
} as const;
