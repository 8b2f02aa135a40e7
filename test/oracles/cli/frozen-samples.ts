type Fields = Record<string, any>;
type Edit = (object: Fields) => void;

/** An object, updates of it that the table says are refused, by the path that it names, and updates that it says nothing of. */
export interface FrozenSample {
  readonly object: Fields;
  /** Set on the stored object by way of its status, where the API server decides by it. */
  readonly status?: Fields;
  readonly refused: Readonly<Record<string, Edit>>;
  readonly accepted: Readonly<Record<string, Edit>>;
  /** The first minor that has what the sample needs. */
  readonly since?: number;
}

const LABELS = { app: 'app' };
const POD = { containers: [{ name: 'app', image: 'registry.example.com/app:1' }] };
const TEMPLATE = { metadata: { labels: LABELS }, spec: POD };
const ONCE = { metadata: { labels: LABELS }, spec: { ...POD, restartPolicy: 'Never' } };
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const RBAC = 'rbac.authorization.k8s.io';

export const label: Edit = (object) => { object.metadata.labels = { ...object.metadata.labels, changed: 'yes' }; };

function named(apiVersion: string, kind: string, content: Fields, name: string = 'app'): Fields {
  return { apiVersion, kind, metadata: { name }, ...structuredClone(content) };
}

function set(path: string, value: unknown): Edit {
  return (object) => {
    const steps = path.split('.');
    const last = steps.pop()!;
    const owner = steps.reduce((item, step) => (item[step] ??= {}), object);
    if (value === undefined) {
      delete owner[last];
    } else {
      owner[last] = structuredClone(value);
    }
  };
}

function all(...edits: Edit[]): Edit {
  return (object) => edits.forEach((edit) => edit(object));
}

const OTHER_SELECTOR = all(set('spec.selector.matchLabels', { app: 'other' }), set('spec.template.metadata.labels', { app: 'other' }));
const IMAGE = set('spec.template.spec.containers.0.image', 'registry.example.com/app:2');

/** By group and kind, as the table has them; more than one where the kind has several behaviours. */
export const FROZEN_SAMPLES: Readonly<Record<string, readonly FrozenSample[]>> = {
  'apps/Deployment': [{
    object: named('apps/v1', 'Deployment', { spec: { selector: { matchLabels: LABELS }, template: TEMPLATE } }),
    refused: { 'spec.selector': OTHER_SELECTOR },
    accepted: { replicas: set('spec.replicas', 3), image: IMAGE, strategy: set('spec.strategy', { type: 'Recreate' }) },
  }],
  'apps/ReplicaSet': [{
    object: named('apps/v1', 'ReplicaSet', { spec: { selector: { matchLabels: LABELS }, template: TEMPLATE } }),
    refused: { 'spec.selector': OTHER_SELECTOR },
    accepted: { replicas: set('spec.replicas', 3), image: IMAGE },
  }],
  'apps/DaemonSet': [{
    object: named('apps/v1', 'DaemonSet', { spec: { selector: { matchLabels: LABELS }, template: TEMPLATE } }),
    refused: { 'spec.selector': OTHER_SELECTOR },
    accepted: { image: IMAGE, strategy: set('spec.updateStrategy', { type: 'OnDelete' }), minReadySeconds: set('spec.minReadySeconds', 5) },
  }],
  'apps/StatefulSet': [{
    object: named('apps/v1', 'StatefulSet', {
      spec: { serviceName: 'app', selector: { matchLabels: LABELS }, template: TEMPLATE, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: CLAIM }] },
    }),
    refused: {
      'spec.selector': OTHER_SELECTOR,
      'spec.serviceName': set('spec.serviceName', 'other'),
      'spec.podManagementPolicy': set('spec.podManagementPolicy', 'Parallel'),
      'spec.volumeClaimTemplates': set('spec.volumeClaimTemplates.0.spec.resources.requests.storage', '2Gi'),
    },
    accepted: {
      replicas: set('spec.replicas', 3), image: IMAGE, strategy: set('spec.updateStrategy', { type: 'OnDelete' }), minReadySeconds: set('spec.minReadySeconds', 5),
      ordinals: set('spec.ordinals', { start: 3 }),
      retention: set('spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Delete', whenScaled: 'Retain' }),
    },
  }],
  'apps/ControllerRevision': [{
    object: named('apps/v1', 'ControllerRevision', { revision: 1, data: { a: 1 } }),
    refused: { data: set('data', { a: 2 }) },
    accepted: { revision: set('revision', 2) },
  }],
  'batch/Job': [
    {
      object: named('batch/v1', 'Job', { spec: { template: ONCE } }),
      refused: {
        'spec.template': IMAGE,
        'spec.completionMode': all(set('spec.completionMode', 'Indexed'), set('spec.completions', 1)),
        'spec.completions': set('spec.completions', 5),
        'spec.podFailurePolicy': set('spec.podFailurePolicy', { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }] }),
      },
      accepted: {
        parallelism: set('spec.parallelism', 4), suspend: set('spec.suspend', true), ttl: set('spec.ttlSecondsAfterFinished', 60), backoff: set('spec.backoffLimit', 2),
        deadline: set('spec.activeDeadlineSeconds', 600),
      },
    },
    {
      object: named('batch/v1', 'Job', { spec: { template: ONCE, completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 1 } }, 'indexed'),
      refused: { 'spec.backoffLimitPerIndex': set('spec.backoffLimitPerIndex', 2), 'spec.completions': set('spec.completions', 5) },
      accepted: { elastic: all(set('spec.completions', 4), set('spec.parallelism', 4)) },
    },
    {
      object: named('batch/v1', 'Job', { spec: { template: ONCE, completionMode: 'Indexed', completions: 2, parallelism: 2, managedBy: 'example.com/queue', successPolicy: { rules: [{ succeededCount: 1 }] } } }, 'managed'),
      since: 37,
      refused: {
        'spec.managedBy': set('spec.managedBy', 'example.com/other'),
        'spec.successPolicy': set('spec.successPolicy', { rules: [{ succeededCount: 2 }] }),
      },
      accepted: { label },
    },
    {
      object: named('batch/v1', 'Job', { spec: { template: ONCE, suspend: true } }, 'suspended'),
      refused: { 'spec.template': IMAGE },
      accepted: {
        nodeSelector: set('spec.template.spec.nodeSelector', { zone: 'a' }),
        tolerations: set('spec.template.spec.tolerations', [{ key: 'a', operator: 'Exists' }]),
        annotations: set('spec.template.metadata.annotations', { a: 'b' }),
      },
    },
  ],
  '/Pod': [{
    object: named('v1', 'Pod', { spec: { ...POD, tolerations: [{ key: 'a', operator: 'Exists' }] } }),
    refused: {
      'spec.containers': set('spec.containers.0.env', [{ name: 'A', value: 'b' }]),
      'spec.hostNetwork': set('spec.hostNetwork', true),
      'spec.nodeSelector': set('spec.nodeSelector', { zone: 'a' }),
      'spec.tolerations': set('spec.tolerations', [{ key: 'b', operator: 'Exists' }]),
    },
    accepted: {
      image: set('spec.containers.0.image', 'registry.example.com/app:2'), deadline: set('spec.activeDeadlineSeconds', 60),
      toleration: (object) => { object.spec.tolerations = [...object.spec.tolerations, { key: 'b', operator: 'Exists' }]; },
    },
  }],
  '/Service': [
    {
      object: named('v1', 'Service', { spec: { clusterIP: '10.96.7.7', selector: LABELS, ports: [{ port: 80 }] } }),
      refused: {
        'spec.clusterIP': all(set('spec.clusterIP', '10.96.8.8'), set('spec.clusterIPs', undefined)),
      },
      accepted: {
        type: set('spec.type', 'NodePort'), selector: set('spec.selector', { app: 'other' }), port: set('spec.ports.0.port', 81),
      },
    },
    {
      object: named('v1', 'Service', { spec: { selector: LABELS, ports: [{ port: 80 }] } }, 'plain'),
      refused: { 'spec.clusterIP': all(set('spec.clusterIP', 'None'), set('spec.clusterIPs', undefined)) },
      accepted: { label },
    },
    {
      object: named('v1', 'Service', { spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/a', selector: LABELS, ports: [{ port: 80 }] } }, 'balanced'),
      refused: { 'spec.loadBalancerClass': set('spec.loadBalancerClass', 'example.com/b') },
      accepted: { type: all(set('spec.type', 'ClusterIP'), set('spec.loadBalancerClass', undefined)), ranges: set('spec.loadBalancerSourceRanges', ['192.0.2.0/24']) },
    },
    {
      object: named('v1', 'Service', { spec: { ipFamilies: ['IPv4'], selector: LABELS, ports: [{ port: 80 }] } }, 'family'),
      refused: { 'spec.ipFamilies': all(set('spec.ipFamilies', ['IPv6']), set('spec.clusterIP', undefined), set('spec.clusterIPs', undefined)) },
      accepted: { label },
    },
  ],
  '/PersistentVolumeClaim': [{
    object: named('v1', 'PersistentVolumeClaim', { spec: { ...CLAIM, storageClassName: 'growing', volumeName: 'vol' } }),
    status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
    refused: {
      'spec.accessModes': set('spec.accessModes', ['ReadWriteMany']),
      'spec.storageClassName': set('spec.storageClassName', 'other'),
      'spec.volumeMode': set('spec.volumeMode', 'Block'),
      'spec.selector': set('spec.selector', { matchLabels: LABELS }),
      'spec.volumeName': set('spec.volumeName', 'other'),
      'spec.resources.requests.storage': set('spec.resources.requests.storage', '512Mi'),
    },
    accepted: { growth: set('spec.resources.requests.storage', '2Gi') },
  }],
  '/PersistentVolume': [{
    object: named('v1', 'PersistentVolume', {
      spec: {
        capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], nfs: { server: 'nfs.example.com', path: '/a' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] } },
      },
    }),
    refused: {
      'spec.nfs': set('spec.nfs.path', '/b'),
      'spec.volumeMode': set('spec.volumeMode', 'Block'),
      'spec.nodeAffinity': set('spec.nodeAffinity.required.nodeSelectorTerms.0.matchExpressions.0.values', ['b']),
    },
    accepted: {
      capacity: set('spec.capacity.storage', '2Gi'), policy: set('spec.persistentVolumeReclaimPolicy', 'Delete'), class: set('spec.storageClassName', 'other'),
      modes: set('spec.accessModes', ['ReadWriteMany']),
    },
  }],
  '/ConfigMap': [
    {
      object: named('v1', 'ConfigMap', { immutable: true, data: { a: 'b' } }),
      refused: { data: set('data.a', 'c'), binaryData: set('binaryData', { b: 'YQ==' }), immutable: set('immutable', false) },
      accepted: { label },
    },
    { object: named('v1', 'ConfigMap', { data: { a: 'b' } }, 'free'), refused: {}, accepted: { data: set('data.a', 'c'), immutable: set('immutable', true) } },
  ],
  '/Secret': [
    {
      object: named('v1', 'Secret', { immutable: true, data: { a: 'Yg==' } }),
      refused: { data: set('data.a', 'Yw=='), immutable: set('immutable', false) },
      accepted: { label },
    },
    { object: named('v1', 'Secret', { data: { a: 'Yg==' } }, 'free'), refused: { type: set('type', 'example.com/other') }, accepted: { data: set('data.a', 'Yw==') } },
  ],
  '/ResourceQuota': [{
    object: named('v1', 'ResourceQuota', { spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } }),
    refused: { 'spec.scopes': set('spec.scopes', ['NotBestEffort']) },
    accepted: { hard: set('spec.hard.pods', '2') },
  }, {
    object: named('v1', 'ResourceQuota', { spec: { hard: { pods: '1' }, scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['a'] }] } } }, 'selecting'),
    refused: {},
    accepted: { selector: set('spec.scopeSelector.matchExpressions.0.values', ['b']) },
  }],
  [`${RBAC}/RoleBinding`]: [{
    object: named(`${RBAC}/v1`, 'RoleBinding', { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', apiGroup: RBAC, name: 'a' }] }),
    refused: { roleRef: set('roleRef.name', 'edit') },
    accepted: { subjects: set('subjects', [{ kind: 'Group', apiGroup: RBAC, name: 'b' }]) },
  }],
  [`${RBAC}/ClusterRoleBinding`]: [{
    object: named(`${RBAC}/v1`, 'ClusterRoleBinding', { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', apiGroup: RBAC, name: 'a' }] }),
    refused: { roleRef: set('roleRef.name', 'edit') },
    accepted: { subjects: set('subjects', [{ kind: 'Group', apiGroup: RBAC, name: 'b' }]) },
  }],
  'storage.k8s.io/StorageClass': [{
    object: named('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/disk', parameters: { a: 'b' } }, 'disk'),
    refused: {
      provisioner: set('provisioner', 'example.com/other'), parameters: set('parameters', { a: 'c' }), reclaimPolicy: set('reclaimPolicy', 'Retain'),
      volumeBindingMode: set('volumeBindingMode', 'WaitForFirstConsumer'),
    },
    accepted: { expansion: set('allowVolumeExpansion', true) },
  }],
  'storage.k8s.io/VolumeAttributesClass': [{
    object: named('storage.k8s.io/v1', 'VolumeAttributesClass', { driverName: 'example.com', parameters: { a: 'b' } }),
    since: 34,
    refused: { driverName: set('driverName', 'other.example.com'), parameters: set('parameters', { a: 'c' }) },
    accepted: { label },
  }],
  'storage.k8s.io/CSIDriver': [{
    object: named('storage.k8s.io/v1', 'CSIDriver', { spec: { attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] } }, 'csi.example.com'),
    refused: { 'spec.attachRequired': set('spec.attachRequired', false), 'spec.volumeLifecycleModes': set('spec.volumeLifecycleModes', ['Ephemeral']) },
    accepted: { podInfo: set('spec.podInfoOnMount', true), capacity: set('spec.storageCapacity', true), republish: set('spec.requiresRepublish', true) },
  }],
  'networking.k8s.io/IngressClass': [{
    object: named('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'example.com/a' } }),
    refused: { 'spec.controller': set('spec.controller', 'example.com/b') },
    accepted: { parameters: set('spec.parameters', { kind: 'Settings', name: 'a', scope: 'Cluster' }) },
  }],
  'node.k8s.io/RuntimeClass': [{
    object: named('node.k8s.io/v1', 'RuntimeClass', { handler: 'gvisor' }),
    refused: { handler: set('handler', 'kata') },
    accepted: { scheduling: set('scheduling', { nodeSelector: { a: 'b' } }) },
  }],
  'scheduling.k8s.io/PriorityClass': [{
    object: named('scheduling.k8s.io/v1', 'PriorityClass', { value: 100 }),
    refused: { value: set('value', 200), preemptionPolicy: set('preemptionPolicy', 'Never') },
    accepted: { description: set('description', 'changed') },
  }],
  'discovery.k8s.io/EndpointSlice': [{
    object: named('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [] }),
    refused: { addressType: set('addressType', 'IPv6') },
    accepted: { ports: set('ports', [{ name: 'http', port: 80 }]) },
  }],
  'apiextensions.k8s.io/CustomResourceDefinition': [{
    object: named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
      spec: {
        group: 'example.com', scope: 'Namespaced', names: { kind: 'Shop', plural: 'shops' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    }, 'shops.example.com'),
    refused: { 'spec.scope': set('spec.scope', 'Cluster'), 'spec.names.kind': all(set('spec.names.kind', 'Store'), set('spec.names.listKind', 'StoreList'), set('spec.names.singular', 'store')) },
    accepted: { shortNames: set('spec.names.shortNames', ['sh']) },
  }],
  'resource.k8s.io/ResourceClaim': [{
    object: named('resource.k8s.io/v1', 'ResourceClaim', { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }] } } }),
    since: 34,
    refused: { spec: set('spec.devices.requests.0.exactly.deviceClassName', 'other.example.com') },
    accepted: { label },
  }],
};
