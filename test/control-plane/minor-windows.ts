/** The first minor that has something, and the last one where it is gone since. */
export type Window = readonly [from: number, to?: number];

/*
 * Which minors read what, from the release notes and sources of Kubernetes: written down a second time, so that the library's own table isn't held
 * to itself. What is missing here fails the test: whoever renders something new says here since when it exists.
 */

export const KINDS: Readonly<Record<string, Window>> = {
  'admissionregistration.k8s.io/v1 MutatingAdmissionPolicy': [36],
  'admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding': [36],
  'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy': [30],
  'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding': [30],
  'apiserver.config.k8s.io/v1 AdmissionConfiguration': [28],
  'apiserver.config.k8s.io/v1 AuthenticationConfiguration': [34],
  'apiserver.config.k8s.io/v1 AuthorizationConfiguration': [32],
  'apiserver.config.k8s.io/v1 EncryptionConfiguration': [28],
  'apiserver.config.k8s.io/v1 MutatingAdmissionPolicyConfiguration': [37],
  'apiserver.config.k8s.io/v1 ValidatingAdmissionPolicyConfiguration': [37],
  'apiserver.config.k8s.io/v1beta1 AuthenticationConfiguration': [30],
  'apiserver.config.k8s.io/v1beta1 AuthorizationConfiguration': [30],
  'audit.k8s.io/v1 Policy': [28],
  'eventratelimit.admission.k8s.io/v1alpha1 Configuration': [28],
  'kubeadm.k8s.io/v1beta3 ClusterConfiguration': [28, 36],
  'kubeadm.k8s.io/v1beta3 InitConfiguration': [28, 36],
  'kubeadm.k8s.io/v1beta3 JoinConfiguration': [28, 36],
  'kubeadm.k8s.io/v1beta4 ClusterConfiguration': [31],
  'kubeadm.k8s.io/v1beta4 InitConfiguration': [31],
  'kubeadm.k8s.io/v1beta4 JoinConfiguration': [31],
  'kubelet.config.k8s.io/v1beta1 KubeletConfiguration': [28],
  'kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration': [28],
  'pod-security.admission.config.k8s.io/v1 PodSecurityConfiguration': [28],
  'rbac.authorization.k8s.io/v1 ClusterRole': [28],
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': [28],
  'rbac.authorization.k8s.io/v1 Role': [28],
  'rbac.authorization.k8s.io/v1 RoleBinding': [28],
  'v1 Config': [28],
  'v1 Pod': [28],
  'v1 ServiceAccount': [28],
};

/** Flags that every minor from 1.28 on has; for etcd, every release that goes with one of them. */
const FLAGS_OF_ALL: Readonly<Record<string, readonly string[]>> = {
  'kube-apiserver': [
    'admission-control-config-file', 'advertise-address', 'allow-privileged', 'audit-log-compress', 'audit-log-maxage', 'audit-log-maxbackup',
    'audit-log-maxsize', 'audit-log-path', 'audit-policy-file', 'audit-webhook-batch-buffer-size', 'audit-webhook-batch-max-size',
    'audit-webhook-batch-max-wait', 'audit-webhook-batch-throttle-burst', 'audit-webhook-batch-throttle-enable',
    'audit-webhook-batch-throttle-qps', 'audit-webhook-config-file', 'audit-webhook-initial-backoff', 'audit-webhook-mode',
    'audit-webhook-truncate-enabled', 'audit-webhook-truncate-max-batch-size', 'audit-webhook-truncate-max-event-size', 'authorization-mode',
    'client-ca-file', 'enable-admission-plugins', 'enable-bootstrap-token-auth', 'encryption-provider-config',
    'encryption-provider-config-automatic-reload', 'etcd-cafile', 'etcd-certfile', 'etcd-keyfile', 'etcd-servers', 'feature-gates',
    'kubelet-certificate-authority', 'kubelet-client-certificate', 'kubelet-client-key', 'kubelet-preferred-address-types', 'oidc-ca-file',
    'oidc-client-id', 'oidc-groups-claim', 'oidc-groups-prefix', 'oidc-issuer-url', 'oidc-required-claim', 'oidc-username-claim',
    'oidc-username-prefix', 'profiling', 'proxy-client-cert-file', 'proxy-client-key-file', 'requestheader-allowed-names',
    'requestheader-client-ca-file', 'requestheader-extra-headers-prefix', 'requestheader-group-headers', 'requestheader-username-headers',
    'runtime-config', 'secure-port', 'service-account-extend-token-expiration', 'service-account-issuer', 'service-account-key-file',
    'service-account-signing-key-file', 'service-cluster-ip-range', 'tls-cert-file', 'tls-min-version', 'tls-private-key-file',
  ],
  'kube-controller-manager': [
    'allocate-node-cidrs', 'authentication-kubeconfig', 'authorization-kubeconfig', 'bind-address', 'client-ca-file', 'cluster-cidr',
    'cluster-name', 'cluster-signing-cert-file', 'cluster-signing-duration', 'cluster-signing-key-file', 'controllers', 'feature-gates',
    'kubeconfig', 'leader-elect', 'profiling', 'requestheader-allowed-names', 'requestheader-client-ca-file', 'root-ca-file',
    'service-account-private-key-file', 'service-cluster-ip-range', 'terminated-pod-gc-threshold', 'tls-min-version',
    'use-service-account-credentials',
  ],
  'kube-scheduler': [
    'authentication-kubeconfig', 'authorization-kubeconfig', 'bind-address', 'client-ca-file', 'feature-gates', 'kubeconfig', 'leader-elect',
    'profiling', 'requestheader-allowed-names', 'requestheader-client-ca-file', 'tls-min-version',
  ],
  'etcd': [
    'advertise-client-urls', 'auto-tls', 'cert-file', 'client-cert-auth', 'data-dir', 'initial-advertise-peer-urls', 'initial-cluster',
    'initial-cluster-state', 'initial-cluster-token', 'key-file', 'listen-client-urls', 'listen-metrics-urls', 'listen-peer-urls', 'name',
    'peer-auto-tls', 'peer-cert-allowed-hostname', 'peer-cert-file', 'peer-client-cert-auth', 'peer-key-file', 'peer-trusted-ca-file',
    'tls-min-version', 'trusted-ca-file',
  ],
  // Of kubeadm's nodeRegistration.
  'kubelet': ['node-ip'],
};

/** Flags that not every minor has. Those that are gone, such as the API server's --cloud-provider, are not written at all. */
const FLAGS: Readonly<Record<string, Window>> = {
  'etcd experimental-initial-corrupt-check': [28, 36],
  'etcd experimental-watch-progress-notify-interval': [28, 36],
  'etcd feature-gates': [34],
  'etcd watch-progress-notify-interval': [34],
  'kube-apiserver authentication-config': [30],
  'kube-apiserver authorization-config': [30],
};

/** Fields of every minor's KubeletConfiguration and KubeProxyConfiguration. Programs of these kinds ignore what they don't know, or don't start. */
const FIELDS_OF_ALL: Readonly<Record<string, readonly string[]>> = {
  KubeletConfiguration: [
    'apiVersion', 'authentication', 'authentication.anonymous', 'authentication.anonymous.enabled', 'authentication.webhook',
    'authentication.webhook.cacheTTL', 'authentication.webhook.enabled', 'authentication.x509', 'authentication.x509.clientCAFile',
    'authorization', 'authorization.mode', 'authorization.webhook', 'authorization.webhook.cacheAuthorizedTTL',
    'authorization.webhook.cacheUnauthorizedTTL', 'cgroupDriver', 'clusterDNS', 'clusterDomain', 'containerLogMaxFiles', 'containerLogMaxSize',
    'enableDebugFlagsHandler', 'enableDebuggingHandlers', 'enableProfilingHandler', 'enableSystemLogHandler', 'enforceNodeAllocatable',
    'eventRecordQPS', 'evictionHard', 'failSwapOn', 'featureGates', 'healthzBindAddress', 'healthzPort', 'kind', 'kubeReserved',
    'makeIPTablesUtilChains', 'maxPods', 'podPidsLimit', 'protectKernelDefaults', 'readOnlyPort', 'registerWithTaints', 'resolvConf',
    'rotateCertificates', 'seccompDefault', 'serverTLSBootstrap', 'shutdownGracePeriod', 'shutdownGracePeriodCriticalPods', 'staticPodPath',
    'streamingConnectionIdleTimeout', 'systemReserved', 'tlsMinVersion',
  ],
  KubeProxyConfiguration: [
    'apiVersion', 'clusterCIDR', 'enableProfiling', 'featureGates', 'kind', 'metricsBindAddress', 'mode', 'nodePortAddresses',
  ],
};

/** Fields that not every minor's strict decoder knows, or that a server refuses where they are off. */
const FIELDS: Readonly<Record<string, Window>> = {
  'AuthenticationConfiguration anonymous': [32],
  'KubeletConfiguration failCgroupV1': [31],
  'KubeletConfiguration imagePullCredentialsVerificationPolicy': [35],
  'KubeletConfiguration userNamespaces': [33],
  'KubeletConfiguration userNamespaces.idsPerPod': [33],
};

export const MINORS = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37];

export interface Flag {
  readonly program: string;
  readonly name: string;
  readonly value: string;
}

/** API versions and kinds that a minor lacks, or of which nothing is known here. */
export function strangeKinds(minor: number, kinds: readonly string[]): string[] {
  return kinds.filter((kind) => !within(minor, KINDS[kind]));
}

/** Flags that a minor's program lacks, or of which nothing is known here. */
export function strangeFlags(minor: number, flags: readonly Flag[]): string[] {
  return flags.filter(({ program, name }) => !FLAGS_OF_ALL[program]?.includes(name) && !within(minor, FLAGS[`${program} ${name}`]))
    .map(({ program, name }) => `${program} --${name}`);
}

/** Fields that a minor's program lacks, or, for the kinds that are listed, of which nothing is known here. */
export function strangeFields(minor: number, object: { readonly kind: string }): string[] {
  const known = FIELDS_OF_ALL[object.kind];
  return pathsOf(object).filter((path) => {
    const window = FIELDS[`${object.kind} ${path}`];
    return window ? !within(minor, window) : known !== undefined && !known.includes(path);
  }).map((path) => `${object.kind} ${path}`);
}

const within = (minor: number, window: Window | undefined) => window !== undefined && minor >= window[0] && minor <= (window[1] ?? Infinity);

/** Maps, whose keys are no fields. */
const MAPS = ['evictionHard', 'featureGates', 'kubeReserved', 'systemReserved'];

function pathsOf(value: unknown, before = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([name, field]) => [before + name, ...(MAPS.includes(name) ? [] : pathsOf(field, `${before}${name}.`))]);
}
