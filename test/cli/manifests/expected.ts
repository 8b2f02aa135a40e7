/** What `recommended` finds in the manifests beside this file: by object, `control` or `control@container`, in alphabetical order. */
const CONTAINER = ['allow-privilege-escalation', 'capabilities-restricted', 'image-digest', 'memory-limit', 'memory-request', 'read-only-root-filesystem'];
const BARE = [...CONTAINER, 'cpu-request', 'run-as-non-root', 'seccomp-profile-restricted'];

const at = (container: string, controls: readonly string[]) => controls.map((control) => `${control}@${container}`);

export const EXPECTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'access.yaml': {
    'ClusterRoleBinding/dashboard': ['binding-authenticated', 'binding-cluster-admin'],
    'PodDisruptionBudget/shop/shop': ['api-version-served', 'disruption-budget-blocks'],
    'Role/shop/deployer': ['role-pod-exec'],
    'RoleBinding/shop/deployer': ['binding-default-service-account'],
    'Secret/shop/database': ['literal-secret'],
  },
  'cronjob.yaml': {
    'CronJob/shop/backup': [...at('backup', [...BARE, 'secret-in-env']), 'automount-token', 'default-service-account'],
  },
  'daemonset-privileged.yaml': {
    'DaemonSet/monitoring/node-exporter': [
      ...at('exporter', [...BARE, 'host-ports', 'privileged', 'readiness-probe']),
      'automount-token', 'control-plane-toleration', 'default-service-account', 'host-network', 'host-pid', 'restricted-volumes', 'sensitive-host-paths',
    ],
  },
  'edge.yaml': {
    'Ingress/shop/api': ['ingress-tls-hosts'],
    'Ingress/shop/shop': ['ingress-snippets', 'ingress-tls'],
    'Service/edge/edge': ['service-load-balancer'],
  },
  // Windows knows neither capabilities nor seccomp.
  'exported.json': {
    'ReplicaSet/default/legacy-5d8f': [
      ...at('iis', ['cpu-request', 'image-digest', 'memory-limit', 'memory-request', 'run-as-non-root']),
      'automount-token', 'default-namespace', 'default-service-account',
    ],
  },
  'helm-rendered.yaml': {
    'Deployment/shop/release-shop': [...at('shop', BARE), 'automount-token'],
    'Pod/shop/release-shop-test-connection': [...at('wget', BARE), 'automount-token', 'default-service-account'],
    'ServiceAccount/shop/release-shop': ['service-account-automount'],
  },
  'job-hooks.yaml': {
    'Job/shop/migrate': [...at('migrate', [...BARE, 'secret-after-flag']), 'automount-token', 'default-service-account'],
  },
  // Its Deployment meets everything.
  'kustomize-rendered.yaml': {
    'Namespace/orders': ['namespace-limit-range', 'namespace-resource-quota'],
  },
  'list.yaml': {
    'Pod/shop/debug': [...at('shell', BARE), 'automount-token', 'default-service-account', 'share-process-namespace'],
    'Service/shop/legacy': ['service-node-port'],
  },
  'operator.yaml': {
    'ClusterRole/cache-operator': ['role-secrets', 'role-wildcard-resources', 'role-wildcard-verbs'],
    'Deployment/cache-system/cache-operator': [...at('manager', ['image-digest', 'read-only-root-filesystem']), 'automount-token'],
    'ServiceAccount/cache-system/cache-operator': ['service-account-automount'],
  },
  'service-monitor.yaml': {
    'Rollout.argoproj.io/shop/web': [
      ...at('web', [...BARE.filter((control) => control !== 'image-digest'), 'run-as-user']), 'automount-token', 'default-service-account',
    ],
  },
  'statefulset.yaml': {
    'StatefulSet/data/postgres': [
      ...at('permissions', [...CONTAINER, 'cpu-request', 'run-as-non-root', 'run-as-user']),
      ...at('postgres', ['image-digest', 'read-only-root-filesystem']),
      'disruption-budget', 'replica-spread',
    ],
  },
};

/** What can't be judged before it exists, by file. */
export const NOT_COVERED: Readonly<Record<string, readonly string[]>> = {
  'edge.yaml': ['Gateway.gateway.networking.k8s.io/edge/edge'],
  'operator.yaml': ['Cache.example.com/shop/sessions'],
  'service-monitor.yaml': ['Prometheus.monitoring.coreos.com/monitoring/main'],
};

/** Secrets that the manifests hold: no output may. */
export const SECRETS: readonly string[] = ['wJalrXUtnFEMI', 'correct-horse-battery-9'];
