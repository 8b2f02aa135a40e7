/** Where the control plane's files lie on its nodes. */
export const PKI = '/etc/kubernetes/pki';
export const AUDIT_POLICY = '/etc/kubernetes/audit/policy.yaml';
export const KUBEADM_INIT = '/etc/kubernetes/kubeadm/init.yaml';
export const PKI_PLAN = '/etc/kubernetes/pki-plan.yaml';
/** Mounted as a whole. */
export const AUTHENTICATION = {
  folder: '/etc/kubernetes/authentication',
  config: '/etc/kubernetes/authentication/config.yaml',
  certificateAuthority: '/etc/kubernetes/authentication/oidc-ca.crt',
} as const;
/** Mounted as a whole. */
export const AUTHORIZATION = { folder: '/etc/kubernetes/authorization', config: '/etc/kubernetes/authorization/config.yaml' } as const;

/** The folder with the configuration is mounted as a whole; keys lie in another, which no pod sees. */
export const ENCRYPTION = {
  folder: '/etc/kubernetes/encryption',
  config: '/etc/kubernetes/encryption/config.yaml',
  keys: '/etc/kubernetes/encryption-keys',
  template: '/etc/kubernetes/encryption-template.yaml',
  script: '/usr/local/sbin/secrets-encryption',
} as const;

/** Where the certificates of etcd on machines of its own, and what makes them, lie. */
export const ETCD_PKI = {
  script: '/usr/local/sbin/etcd-pki',
  requestConfigs: '/etc/etcd/openssl',
  authorities: '/etc/etcd/ca',
  leaves: '/etc/etcd/pki',
  requests: '/etc/etcd/requests',
  plan: '/etc/etcd/pki-plan.yaml',
} as const;
