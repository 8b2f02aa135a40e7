import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, sometimes, weighted } from './arbitraries';
import { ORDINARY, SECRETS } from './environment';
import { HOST_PATHS } from './volumes';

const level = oneOf('restricted', 'baseline', 'privileged');
const version = oneOf('latest', 'v1.33', 'v1.28', 'v1.21');

/** Labels of a namespace: those of Pod Security admission, whole, in part or not at all. */
export const namespaceLabels = fields(Object.fromEntries([
  ...['enforce', 'warn', 'audit'].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, sometimes(mode === 'enforce' ? 80 : 60, level)],
    [`pod-security.kubernetes.io/${mode}-version`, sometimes(50, version)],
  ]),
  ['istio-injection', sometimes(10, oneOf('enabled', 'disabled'))],
]));

const key = oneOf('app.conf', 'a_b-c', '.x', 'PASSWORD', 'tls.key', 'config.yaml');
const text = weighted<string>(
  [70, oneOf(...ORDINARY.map(([, value]) => value))],
  [15, oneOf(...SECRETS.map(([, value]) => value))],
  [15, oneOf('server:\n  port: 8080\n', 'db:\n  password: hunter2\n', 'password=${DB_PASSWORD}\n', '{"auths":{"registry.example":{"auth":"YWRtaW46aHVudGVyMg=="}}}')],
);
const base64 = (value: string) => Buffer.from(value).toString('base64');

export const configMap = fc.record({
  data: sometimes(92, fc.dictionary(key, text, { maxKeys: 3 })),
  binaryData: sometimes(8, oneOf<Fields>({ binary: '/w==' }, {})),
  immutable: sometimes(15, fc.boolean()),
}).map(compact);

const SECRET_OF_TYPE: Fields[] = [
  { type: 'Opaque' },
  { type: 'example.com/custom' },
  { type: 'kubernetes.io/tls', data: { 'tls.crt': base64('certificate'), 'tls.key': base64('key') } },
  { type: 'kubernetes.io/basic-auth', stringData: { username: 'admin', password: 'hunter2' } },
  { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': base64('key') } },
  { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': base64('{"auths":{}}') } },
];

export const secret = fc.record({
  ofType: weighted<Fields>([40, {}], [60, oneOf(...SECRET_OF_TYPE)]),
  data: sometimes(40, fc.dictionary(key, text.map(base64), { maxKeys: 2 })),
  stringData: sometimes(40, fc.dictionary(key, text, { maxKeys: 2 })),
  immutable: sometimes(15, fc.boolean()),
}).map(({ ofType, data, stringData, immutable }) => compact({
  ...ofType,
  immutable,
  data: ofType.data || data ? { ...data, ...ofType.data } : undefined,
  stringData: ofType.stringData || stringData ? { ...stringData, ...ofType.stringData } : undefined,
}));

/** A token of a service account that never expires. */
export const legacyToken = { type: 'kubernetes.io/service-account-token' };

export const podDisruptionBudget = fc.record({
  selector: sometimes(92, oneOf<Fields>({ matchLabels: { app: 'app' } }, {}, { matchExpressions: [{ key: 'app', operator: 'Exists' }] })),
  budget: oneOf<Fields>({ maxUnavailable: 1 }, { minAvailable: 1 }, { maxUnavailable: 0 }, { minAvailable: '100%' }, { maxUnavailable: '25%' }, {}),
  unhealthyPodEvictionPolicy: sometimes(20, oneOf('AlwaysAllow', 'IfHealthyBudget')),
}).map(({ budget, ...rest }) => ({ spec: compact({ ...budget, ...rest }) }));

const NODE_AFFINITY = { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] }] } };

export const persistentVolume = fc.record({
  source: weighted<Fields>(
    [40, fields({ hostPath: fields({ path: oneOf(...HOST_PATHS), type: sometimes(30, oneOf('Directory', '')) }) })],
    [30, { csi: { driver: 'csi.example.com', volumeHandle: 'vol-0' } }],
    [15, { nfs: { server: 'nfs.example.com', path: '/exports' } }],
    [15, { local: { path: '/mnt/disks/ssd1' }, nodeAffinity: NODE_AFFINITY }],
  ),
  accessModes: oneOf(['ReadWriteOnce'], ['ReadOnlyMany', 'ReadWriteMany'], ['ReadWriteOncePod']),
  persistentVolumeReclaimPolicy: sometimes(50, oneOf('Retain', 'Delete')),
  storageClassName: sometimes(50, oneOf('manual', '')),
  volumeMode: sometimes(15, fc.constant('Filesystem')),
}).map(({ source, ...rest }) => ({ spec: compact({ capacity: { storage: '1Gi' }, ...source, ...rest }) }));

export const storageClass = fields({
  provisioner: oneOf('csi.example.com', 'ebs.csi.aws.com', 'kubernetes.io/no-provisioner'),
  parameters: sometimes(60, oneOf<Fields>({ encrypted: 'true' }, { encrypted: 'false', type: 'gp3' }, {})),
  reclaimPolicy: sometimes(50, oneOf('Delete', 'Retain')),
  volumeBindingMode: sometimes(50, oneOf('WaitForFirstConsumer', 'Immediate')),
  allowVolumeExpansion: sometimes(30, fc.boolean()),
  mountOptions: sometimes(10, oneOf(['discard'], ['noexec', 'nosuid'])),
});

/** Webhooks of either kind. They call nobody's service: only ever send them as a dry run. */
export const webhooks = (mutating: boolean) => fields({
  webhooks: sometimes(97, fc.uniqueArray(fields({
    name: oneOf('pods.example.com', 'all.example.com', 'secrets.webhook.example.com'),
    clientConfig: weighted<Fields>(
      [70, { service: { name: 'webhook', namespace: 'platform', path: '/validate', port: 8443 } }],
      [20, { url: 'https://webhook.example.com/validate' }],
      [10, { service: { name: 'webhook', namespace: 'platform' }, caBundle: 'Cg==' }],
    ),
    rules: sometimes(94, fc.array(oneOf<Fields>(
      { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'], scope: 'Namespaced' },
      { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] },
      { apiGroups: ['', 'apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods/ephemeralcontainers', 'deployments'] },
    ), { minLength: 1, maxLength: 2 })),
    failurePolicy: weighted<string | undefined>([60, 'Fail'], [20, undefined], [20, 'Ignore']),
    sideEffects: oneOf('None', 'NoneOnDryRun'),
    admissionReviewVersions: fc.constant(['v1']),
    timeoutSeconds: sometimes(50, oneOf(5, 30, 1)),
    matchPolicy: sometimes(20, oneOf('Equivalent', 'Exact')),
    reinvocationPolicy: mutating ? sometimes(30, oneOf('IfNeeded', 'Never')) : fc.constant(undefined),
    namespaceSelector: sometimes(60, oneOf<Fields>(
      { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }] },
      {},
      { matchLabels: { 'example.com/guarded': 'true' } },
    )),
    objectSelector: sometimes(15, oneOf<Fields>({}, { matchLabels: { app: 'app' } })),
  }), { maxLength: 2, selector: ({ name }) => name })),
});

const count = oneOf<string | number>('10', 0, '0', 20, '1e3');
const amount = oneOf<string | number>('10Gi', '0', 20, '1e3', '1.5Gi');

export const resourceQuota = fields({
  spec: fields({
    hard: sometimes(95, fields({
      ...Object.fromEntries(['pods', 'services.nodeports', 'services.loadbalancers', 'count/secrets', 'persistentvolumeclaims'].map((name) => [name, sometimes(35, count)])),
      ...Object.fromEntries(['requests.cpu', 'cpu', 'limits.memory', 'requests.storage'].map((name) => [name, sometimes(35, amount)])),
    })),
  }),
});

const CONTAINER_LIMITS: Fields[] = [
  { default: { cpu: '500m', memory: '256Mi' }, defaultRequest: { cpu: '100m', memory: '128Mi' } },
  { default: { cpu: 0.5 } },
  { max: { cpu: '2', memory: '2Gi' }, min: { cpu: '1m' } },
  { defaultRequest: { 'memory': '64Mi', 'ephemeral-storage': '1Gi' } },
  { maxLimitRequestRatio: { cpu: '4' } },
  {},
];

export const limitRange = fc.record({
  container: sometimes(85, oneOf(...CONTAINER_LIMITS)),
  pod: sometimes(25, oneOf<Fields>({ max: { cpu: '4' } }, { min: { memory: '16Mi' } })),
  claim: sometimes(20, oneOf<Fields>({ max: { storage: '10Gi' } }, { min: { storage: '1Mi' }, max: { storage: '1Ti' } })),
}).map(({ container, pod, claim }) => ({
  spec: {
    limits: [
      ...container ? [{ type: 'Container', ...container }] : [],
      ...pod ? [{ type: 'Pod', ...pod }] : [],
      ...claim ? [{ type: 'PersistentVolumeClaim', ...claim }] : [],
    ],
  },
}));
