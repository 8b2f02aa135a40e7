/** Where the control plane's files lie on its nodes. */
export const PKI = '/etc/kubernetes/pki';
export const AUDIT_POLICY = '/etc/kubernetes/audit/policy.yaml';
/** Mounted as a whole. */
export const AUDIT_WEBHOOK = '/etc/kubernetes/audit-webhook';
export const PKI_PLAN = '/etc/kubernetes/pki-plan.yaml';
/** `discovery` holds a token: it is made and deleted on the nodes. */
export const KUBEADM = {
  init: '/etc/kubernetes/kubeadm/init.yaml',
  join: '/etc/kubernetes/kubeadm/join.yaml',
  discovery: '/etc/kubernetes/kubeadm/discovery.conf',
  nodeJoin: '/usr/local/sbin/node-join',
  here: '/usr/local/sbin/kubeadm-here',
} as const;
/** Mounted as a whole. */
export const AUTHENTICATION = {
  folder: '/etc/kubernetes/authentication',
  config: '/etc/kubernetes/authentication/config.yaml',
  certificateAuthority: '/etc/kubernetes/authentication/oidc-ca.crt',
} as const;
/** Mounted as a whole. */
export const AUTHORIZATION = { folder: '/etc/kubernetes/authorization', config: '/etc/kubernetes/authorization/config.yaml' } as const;

/** Mounted as a whole. */
export const ADMISSION = { folder: '/etc/kubernetes/admission', config: '/etc/kubernetes/admission/config.yaml' } as const;
/** Below the folder of admission, which is mounted: the API server takes a folder for each of its two plugins. */
export const STATIC_POLICIES = { validating: `${ADMISSION.folder}/validating`, mutating: `${ADMISSION.folder}/mutating` } as const;

/** The folder with the configuration is mounted as a whole; keys lie in another, which no pod sees. */
export const ENCRYPTION = {
  folder: '/etc/kubernetes/encryption',
  config: '/etc/kubernetes/encryption/config.yaml',
  keys: '/etc/kubernetes/encryption-keys',
  template: '/etc/kubernetes/encryption-template.yaml',
  script: '/usr/local/sbin/secrets-encryption',
} as const;

/** Where the scripts `cluster-pki` and `pki-check`, and what they read, lie: the same on every machine that has them. */
export const CLUSTER_PKI = {
  script: '/usr/local/sbin/cluster-pki',
  checkScript: '/usr/local/sbin/pki-check',
  requestConfigs: '/etc/cluster-pki/openssl',
  authorities: '/etc/cluster-pki/ca',
  offlineConfigs: '/etc/cluster-pki/openssl-authorities',
  asked: '/etc/cluster-pki/asked',
  requests: '/etc/cluster-pki/requests',
  certificates: '/etc/cluster-pki/certificates',
  sharedKeys: '/etc/cluster-pki/shared-keys',
  checked: '/etc/cluster-pki/checked',
} as const;

/** Where the certificates of etcd on machines of its own lie. */
export const ETCD_PKI = { leaves: '/etc/etcd/pki', plan: '/etc/etcd/pki-plan.yaml' } as const;
export const BOOTSTRAP_RBAC = '/etc/kubernetes/bootstrap-rbac.yaml';
