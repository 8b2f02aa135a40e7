import { Duration } from 'cdk8s';
import { Node, NodeLabelQuery, NodeTaintQuery, TaintEffect } from 'cdk8s-plus-28';
import { ControlPack } from '../../../src/controls/pack';
import { Cloud } from '../../../src/core/cloud';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { Distribution } from '../../../src/core/distribution';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodePool } from '../../../src/core/node-pool';
import { NetworkPeer } from '../../../src/network/network-peer';
import { SandboxHandler } from '../../../src/runtime/sandbox-handler';
import { SandboxRuntime } from '../../../src/runtime/sandbox-runtime';
import { WorkloadIdentity } from '../../../src/workloads/access/workload-identity';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { Placement } from '../../../src/workloads/pod/placement';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../../support/twins';
import { find, needed, refusal, shop, templateOf, written } from '../fixtures';

const POOL = NodePool.of({ labels: { 'example.com/pool': 'shop' }, taints: [{ key: 'example.com/pool', value: 'shop' }, { key: 'gpu', effect: TaintEffect.NO_EXECUTE }] });

function podOf(placement: Placement, props: Partial<SecureWorkloadProps> = {}) {
  const { app, workload } = shop();
  workload('web', { placement, ...props });
  return templateOf(find(app, props.kind ?? 'Deployment')).spec;
}

const refused = (placement: unknown, props: object = {}) => refusal(() => shop().workload('web', { placement: placement as Placement, ...props }));

test('pods are placed anywhere without taints by default', () => {
  const pod = podOf({});
  expect(['nodeSelector', 'tolerations', 'affinity', 'priorityClassName'].filter((field) => field in pod)).toEqual([]);
});

test('pods of a pool run on its nodes alone, and tolerate its taints and no others', () => {
  const { nodeSelector, tolerations } = podOf({ nodePool: POOL });
  expect(nodeSelector).toEqual({ 'example.com/pool': 'shop' });
  expect(tolerations).toEqual([
    { key: 'example.com/pool', operator: 'Equal', value: 'shop', effect: 'NoSchedule' }, { key: 'gpu', operator: 'Exists', effect: 'NoExecute' },
  ]);
});

test('labels that nodes must have come on top of those of the pool', () => {
  expect(podOf({ nodePool: POOL, nodeLabels: { 'kubernetes.io/arch': 'arm64' } }).nodeSelector).toEqual({ 'example.com/pool': 'shop', 'kubernetes.io/arch': 'arm64' });
});

test('nodes that are preferred are tried first', () => {
  expect(podOf({ preferredNodeLabels: { 'example.com/disk': 'ssd' } }).affinity.nodeAffinity).toEqual({
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 50, preference: { matchExpressions: [{ key: 'example.com/disk', operator: 'In', values: ['ssd'] }] } }],
  });
});

test('single taints are tolerated, for as long as is stated', () => {
  const evicted = NodeTaintQuery.exists('node.kubernetes.io/unreachable', { effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.minutes(1) });
  expect(podOf({ tolerations: [NodeTaintQuery.is('team', 'a'), evicted] }).tolerations).toEqual([
    { key: 'team', operator: 'Equal', value: 'a' }, { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
  ]);
});

test('what people say to cdk8s-plus holds as well, and undoes nothing', () => {
  const { app, workload } = shop();
  const web = workload('web', { placement: { nodePool: POOL, preferredNodeLabels: { disk: 'ssd' } } });
  web.resource.scheduling.tolerate(Node.tainted(NodeTaintQuery.exists('extra')));
  web.resource.scheduling.attract(Node.labeled(NodeLabelQuery.is('zone', 'a')));
  web.resource.scheduling.attract(Node.labeled(NodeLabelQuery.is('disk', 'hdd')), { weight: 1 });
  const { nodeSelector, tolerations, affinity: { nodeAffinity } } = find(app, 'Deployment').spec.template.spec;
  // Node affinity's terms are alternatives, and the selector holds whichever is taken.
  expect(nodeSelector).toEqual({ 'example.com/pool': 'shop' });
  expect(nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toHaveLength(1);
  expect(nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.map(({ weight }: any) => weight)).toEqual([1, 50]);
  expect(tolerations.map(({ key }: any) => key)).toEqual(['extra', 'example.com/pool', 'gpu']);
});

describe('other workloads', () => {
  test('are kept at a distance, on other nodes unless another place is named', () => {
    const { app, workload } = shop();
    const db = workload('db');
    workload('web', { placement: { apartFrom: [{ workload: db }, { workload: db, topologyKey: 'topology.kubernetes.io/zone', required: false }] } });
    const labelSelector = { matchLabels: { 'app.kubernetes.io/name': 'db' } };
    expect(find(app, 'Deployment', 'web').spec.template.spec.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }],
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 50, podAffinityTerm: { topologyKey: 'topology.kubernetes.io/zone', labelSelector } }],
      },
    });
  });

  test('are found in their own namespace', () => {
    const { app, chart, workload } = shop();
    const db = new SecureWorkload(new HardenedNamespace(chart, 'data'), 'db', { image: `x@sha256:${'0'.repeat(64)}` });
    workload('web', { placement: { nearTo: [{ workload: db }, { workload: NetworkPeer.pods({ namespaceName: 'cache' }) }] } });
    expect(find(app, 'Deployment', 'web').spec.template.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'db' } }, namespaces: ['data'] },
      { topologyKey: 'kubernetes.io/hostname', labelSelector: {}, namespaces: ['cache'] },
    ]);
  });
});

describe('refused', () => {
  const CONTROL_PLANE = 'allowed: the key of a taint that isn\'t the control plane\'s (control-plane-toleration). Leave it out: the way out of a container on such a node leads to '
    + 'etcd. An agent that has to run on every node adds it to its resource (resource.scheduling.tolerate), and its finding of control-plane-toleration needs a waiver with '
    + 'reason, owner and expiry.';

  test.each(['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'])('to run beside the control plane: %s', (key) => {
    expect(refused({ tolerations: [NodeTaintQuery.exists('ok'), NodeTaintQuery.exists(key)] })).toBe(`[c/shop/web] placement.tolerations[1]: got "${key}"; ${CONTROL_PLANE}`);
    expect(refusal(() => NodePool.of({ labels: { a: 'b' }, taints: [{ key }] }))).toBe(`[NodePool] taints[0].key: got "${key}"; ${CONTROL_PLANE}`);
  });

  test('to tolerate every taint, which tolerates those of the control plane', () => {
    expect(refused({ tolerations: [NodeTaintQuery.any()] }, { kind: WorkloadKind.DAEMON_SET })).toBe(`[c/shop/web] placement.tolerations[0]: got undefined; ${CONTROL_PLANE}`);
  });

  test.each<[string, object, string]>([
    ['a toleration that cdk8s-plus doesn\'t know', { tolerations: [{ key: 'a' }] },
      'placement.tolerations[0]: got {"key":"a"}; allowed: a NodeTaintQuery of cdk8s-plus. Write NodeTaintQuery.is(\'key\', \'value\') or NodeTaintQuery.exists(\'key\').'],
    ['a key that is none', { tolerations: [NodeTaintQuery.exists('a b')] },
      'placement.tolerations[0]: got "a b"; allowed: the key of a taint: a name, or a DNS prefix and a name. Copy it from the node: kubectl describe node.'],
    ['one toleration in place of a list', { tolerations: NodeTaintQuery.exists('a') },
      'placement.tolerations: got {"operator":"Exists","key":"a"}; allowed: a list of NodeTaintQuery. Put it in a list: placement.tolerations: [ … ].'],
    ['a priority of the system\'s', { priorityClassName: 'system-node-critical' },
      'placement.priorityClassName: got "system-node-critical"; allowed: a PriorityClass of your own (system-priority). '
      + 'Name another one: pods of the system\'s priority evict others, up to what keeps the node running.'],
    ['no label', { nodeLabels: {} }, 'placement.nodeLabels: got {}; allowed: at least one label of nodes. Name a label that these nodes have and others don\'t.'],
    ['a label with spaces', { preferredNodeLabels: { a: 'b c' } },
      'placement.preferredNodeLabels: got {"a":"b c"}; allowed: labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 letters, digits, -, _ and dots. '
      + 'Copy the labels from the nodes: kubectl get nodes --show-labels.'],
    ['a pool that is none', { nodePool: { labels: {} } }, 'placement.nodePool: got {"labels":{}}; allowed: a NodePool. Make it by NodePool.of({ labels: { … } }).'],
    ['two values of one label', { nodePool: POOL, nodeLabels: { 'example.com/pool': 'other' } },
      'placement.nodeLabels: got {"example.com/pool":"other"}; allowed: {"example.com/pool":"shop"}, as placement.nodePool asks for. Name nodes that exist: no node has both values.'],
    ['addresses for a place', { nearTo: [{ workload: NetworkPeer.internet() }] },
      'placement.nearTo[0].workload: allowed: a SecureWorkload, or NetworkPeer.pods({ … }). Name pods: addresses are in no place.'],
    ['a workload itself for a peer', { apartFrom: [{}] },
      'placement.apartFrom[0].workload: allowed: a SecureWorkload, or NetworkPeer.pods({ … }). Name pods: addresses are in no place.'],
    ['a topology key that is none', { apartFrom: [{ workload: NetworkPeer.pods({ namespaceName: 'a' }), topologyKey: '' }] },
      'placement.apartFrom[0].topologyKey: got ""; allowed: the key of a label of nodes. Take topology.kubernetes.io/zone, for instance.'],
    ['a name that nobody reads', { nodepool: POOL }, 'placement.nodepool: allowed: nodePool, nodeLabels, preferredNodeLabels, tolerations, nearTo, apartFrom, priorityClassName. '
      + 'Correct or remove it: nobody reads it. Did you mean "nodePool"?'],
  ])('%s', (_, placement, message) => {
    expect(refused(placement)).toBe(`[c/shop/web] ${message}`);
  });

  test.each(['preferredNodeLabels', 'nearTo', 'apartFrom'])('%s for a DaemonSet, which has no choice', (property) => {
    expect(refused({ [property]: [] }, { kind: WorkloadKind.DAEMON_SET })).toBe(
      `[c/shop/web] placement.${property}: allowed: none for a DaemonSet, which has one pod on each node that fits. Say which nodes fit by nodePool or nodeLabels.`);
  });

  test('nodes that don\'t have the sandbox', () => {
    const { chart, workload } = shop();
    const runtime = new SandboxRuntime(chart, 'gvisor', { handler: SandboxHandler.gvisor(), nodePool: NodePool.of({ labels: { sandbox: 'gvisor' } }) });
    expect(refusal(() => workload('web', { runtime, placement: { nodeLabels: { sandbox: 'none' } } }))).toBe(
      '[c/shop/web] placement.nodeLabels: got {"sandbox":"none"}; allowed: {"sandbox":"gvisor"}, as the nodes of runtime asks for. Name nodes that exist: no node has both values.');
    expect(() => workload('worker', { runtime, placement: { nodeLabels: { sandbox: 'gvisor' } } })).not.toThrow();
  });

  test('nodes that the namespace keeps its pods off, where the server would make none', () => {
    const { chart } = shop();
    const data = new HardenedNamespace(chart, 'data', { nodeSelector: { pool: 'data' } });
    const image = `x@sha256:${'0'.repeat(64)}`;
    expect(refusal(() => new SecureWorkload(data, 'web', { image, placement: { nodeLabels: { pool: 'shop' } } }))).toBe(
      '[c/data/web] placement.nodeLabels: got {"pool":"shop"}; allowed: {"pool":"data"}, as the namespace asks for. Name nodes that exist: no node has both values.');
    expect(() => new SecureWorkload(data, 'worker', { image, placement: { nodeLabels: { pool: 'data' } } })).not.toThrow();
  });

  test('nodes that the workload\'s identity doesn\'t work on', () => {
    const key = 'iam.gke.io/gke-metadata-server-enabled';
    const { workload } = shop(new ClusterProfile({
      name: 'prod', distribution: Distribution.GKE, cloud: Cloud.GOOGLE, podCidrs: ['10.4.0.0/14'], serviceCidrs: ['10.8.0.0/20'],
    }));
    const exception = { reason: 'The metadata server answers there.', owner: 'shop', expires: '2027-01-01' };
    expect(refusal(() => workload('web', { workloadIdentity: WorkloadIdentity.gke({ exception }), placement: { nodeLabels: { [key]: 'false' } } }))).toBe(
      `[c/shop/web] placement.nodeLabels: got {"${key}":"false"}; allowed: {"${key}":"true"}, as another property of the workload asks for. Name nodes that exist: no node has both values.`);
  });

  test.each<[string, object, string]>([
    ['no labels', {}, '[NodePool] labels: got undefined; allowed: at least one label of nodes. Name a label that these nodes have and others don\'t.'],
    ['a taint with a bad key', { labels: { a: 'b' }, taints: [{ key: 'a b' }] },
      '[NodePool] taints[0].key: got "a b"; allowed: the key of a taint: a name, or a DNS prefix and a name. Copy it from the node: kubectl describe node.'],
    ['a taint with a bad value', { labels: { a: 'b' }, taints: [{ key: 'a', value: 'b c' }] },
      '[NodePool] taints[0].value: got "b c"; allowed: at most 63 letters, digits, -, _ and dots. Copy it from the node: kubectl describe node.'],
    ['a taint with an unknown effect', { labels: { a: 'b' }, taints: [{ key: 'a', effect: 'No' }] },
      '[NodePool] taints[0].effect: got "No"; allowed: NoSchedule, PreferNoSchedule, NoExecute. Take a value of TaintEffect.'],
  ])('a pool with %s', (_, options, message) => {
    expect(refusal(() => NodePool.of(options as never))).toBe(message);
  });
});

const PLACEMENTS: [string, () => Placement][] = [
  ['a pool', () => ({ nodePool: POOL, nodeLabels: { 'kubernetes.io/arch': 'amd64' } })],
  ['tolerations', () => ({ tolerations: [NodeTaintQuery.is('team', 'a', { effect: TaintEffect.NO_SCHEDULE })] })],
  ['a priority', () => ({ priorityClassName: 'high' })],
];

test.each(Object.values(WorkloadKind).flatMap((kind) => PLACEMENTS.map(([what, placement]) => [kind, what, placement] as const)))(
  'a %s with %s is found fault with by no control, at any version', (kind, _, placement) => {
    for (const kubernetesVersion of VERSIONS) {
      const { app, workload } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion }));
      workload('web', { kind, ...needed(kind), placement: placement() });
      expect(findings(ControlPack.recommended().controls, kubernetesVersion, written(app))).toEqual([]);
    }
  });

test('a control finds what placement can\'t say', () => {
  const { app, workload } = shop();
  workload('web').resource.scheduling.tolerate(Node.tainted(NodeTaintQuery.any()));
  expect(findings(ControlPack.recommended().controls, KubernetesVersion.V1_35, written(app))).toEqual([expect.stringContaining('control-plane-toleration: ')]);
});
