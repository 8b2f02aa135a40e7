import { ApiObject, Chart } from 'cdk8s';
import { HardenedApp } from '../../src/app/hardened-app';
import { PolicyPhase } from '../../src/controls/admission/policy-binding';
import { AdmissionPolicies, AdmissionPoliciesProps } from '../../src/controls/admission-policies';
import { Control, ControlLayer } from '../../src/controls/control';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { PodTemplateKind } from '../../src/controls/pod-template-kind';
import { Requirement } from '../../src/controls/requirement';
import { judgeTree } from '../../src/controls/results/judge-tree';
import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Severity } from '../../src/core/severity';
import { messageOf } from '../core/message-of';

const HOST_NETWORK = new Control({
  id: 'no-host-network',
  title: 'Pods keep to their own network',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'The host\'s network passes every policy by.',
  remediation: 'Remove hostNetwork.',
  requirement: Requirement.absentOrOneOf('spec.hostNetwork', false),
});

function policies(props: Partial<AdmissionPoliciesProps> = {}, profile: Partial<ClusterProfileProps> = {}) {
  const app = new HardenedApp({ date: '2026-11-21', cluster: new ClusterProfile({ name: 'test', kubernetesVersion: KubernetesVersion.V1_36, ...profile }) });
  const chart = new Chart(app, 'policies');
  const set = new AdmissionPolicies(chart, 'set', { pack: ControlPack.of('own', HOST_NETWORK), phase: PolicyPhase.DENY, ...props });
  return { app, chart, set, objects: () => chart.toJson() as any[] };
}

const ofKind = (objects: any[], kind: string) => objects.filter((each) => each.kind === kind);

test('each control becomes one policy and one binding that carries the pack\'s name', () => {
  const objects = policies().objects();
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ValidatingAdmissionPolicy hardened-no-host-network', 'ValidatingAdmissionPolicyBinding hardened-no-host-network.own',
  ]);
});

test('a binding leaves out the namespaces of the system, those of the distribution too', () => {
  const { set, objects } = policies({ excludedNamespaces: ['legacy'] }, { distribution: Distribution.GKE });
  expect(set.excludedNamespaces).toEqual(expect.arrayContaining(['kube-system', 'kube-public', 'kube-node-lease', 'gmp-system', 'legacy']));
  const [{ spec }] = ofKind(objects(), 'ValidatingAdmissionPolicyBinding');
  expect(spec.matchResources.namespaceSelector.matchExpressions).toEqual([
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: set.excludedNamespaces },
  ]);
});

test('one pack can be bound twice under two names', () => {
  const { chart, objects } = policies({ phase: PolicyPhase.WARN });
  new AdmissionPolicies(chart, 'shop', {
    pack: ControlPack.of('own', HOST_NETWORK), phase: PolicyPhase.DENY, namespaces: ['shop'], bindingName: 'own-shop',
  });
  expect(ofKind(objects(), 'ValidatingAdmissionPolicyBinding').map(({ metadata, spec }) => [metadata.name, spec.validationActions])).toEqual([
    ['hardened-no-host-network.own', ['Warn', 'Audit']], ['hardened-no-host-network.own-shop', ['Deny', 'Audit']],
  ]);
});

test('a kind that the tree names later is judged too', () => {
  const { app, objects } = policies();
  Controls.of(app).podTemplatesOf(PodTemplateKind.of({
    group: 'acme.example', versions: ['v1'], kind: 'Farm', resource: 'farms', templates: ['spec.template'],
  }));
  const [{ spec }] = ofKind(objects(), 'ValidatingAdmissionPolicy');
  expect(spec.matchConstraints.resourceRules).toContainEqual(expect.objectContaining({ apiGroups: ['acme.example'], resources: ['farms'] }));
});

test('a waived volume is let through by its path, not by its type', () => {
  const app = new HardenedApp({ date: '2026-11-21', quiet: true });
  const chart = new Chart(app, 'agents');
  const volume = { name: 'proc', hostPath: { path: '/proc' } };
  new ApiObject(chart, 'agent', {
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'monitoring' },
    spec: { selector: {}, template: { metadata: {}, spec: { serviceAccountName: 'agent', containers: [{ name: 'agent' }], volumes: [volume] } } },
  });
  const pack = ControlPack.of('volumes', ...ControlPack.pssRestricted().controls.filter(({ id }) => id === 'restricted-volumes'));
  const policyChart = new Chart(app, 'policies');
  new AdmissionPolicies(policyChart, 'set', { pack, phase: PolicyPhase.DENY });
  Controls.of(app).enforce(pack).waive({
    control: 'restricted-volumes', resource: 'DaemonSet/monitoring/agent', path: 'spec.template.spec.volumes[0]', value: volume,
    reason: 'Reads metrics of the node.', owner: 'observability', expires: '2027-01-31',
  });
  const [{ spec }] = ofKind(policyChart.toJson(), 'ValidatingAdmissionPolicy');
  expect(JSON.stringify(spec)).toContain('== \'/proc\'');
  expect(JSON.stringify(spec)).toContain('request.namespace == \'monitoring\'');
});

test('a waiver for an object without a namespace fails the synth, since policies would let it through everywhere', () => {
  const { app } = policies();
  new ApiObject(new Chart(app, 'agents'), 'agent', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'agent' }, spec: { hostNetwork: true, containers: [{ name: 'a' }] } });
  Controls.of(app).enforce(ControlPack.of('own', HOST_NETWORK)).waive({
    control: 'no-host-network', resource: 'Pod/agent', value: true, reason: 'Reads the node.', owner: 'observability', expires: '2026-12-31',
  });
  const { waiverFailures } = judgeTree(app, app.charts.flatMap((chart) => chart.node.findAll().filter(ApiObject.isApiObject)).map((object: any) => (
    { json: object.toJson(), construct: object })), { version: KubernetesVersion.V1_36 });
  expect(waiverFailures).toEqual([
    'waiver of no-host-network for Pod/agent: the object states no namespace, and policies would let it through in all of them. State metadata.namespace.',
  ]);
});

test('mutating policies come with mutate, from 1.36 on', () => {
  expect(ofKind(policies().objects(), 'MutatingAdmissionPolicy')).toEqual([]);
  expect(ofKind(policies({ mutate: true }).objects(), 'MutatingAdmissionPolicy')).toHaveLength(1);
  expect(messageOf(() => policies({ mutate: true }, { kubernetesVersion: KubernetesVersion.V1_35 }))).toBe(
    '[policies/set] mutate: got true; allowed: false: this is Kubernetes 1.35, and MutatingAdmissionPolicy is there from 1.36 on. '
    + 'Leave it out: Controls.harden fixes objects as they are written.',
  );
});

test('before 1.30 there are no policies, and the error says so', () => {
  expect(messageOf(() => policies({}, { kubernetesVersion: KubernetesVersion.V1_29 }))).toBe(
    '[policies/set] pack: got "own"; allowed: a pack with a control that has a policy in this cluster. '
    + 'no-host-network: Kubernetes has ValidatingAdmissionPolicy in v1 from 1.30 on, and this is 1.29',
  );
});

test.each<[Partial<AdmissionPoliciesProps>, string]>([
  [{ phase: 'enforce' as PolicyPhase }, '[policies/set] phase: got "enforce"; allowed: audit, warn, deny. Take a value of PolicyPhase.'],
  [{ phase: undefined as any }, '[policies/set] phase: got undefined; allowed: audit, warn, deny. Take a value of PolicyPhase.'],
  [{ pack: 'nsa' as any }, '[policies/set] pack: got "nsa"; allowed: a ControlPack. Give, for instance, ControlPack.pssRestricted().'],
  [{ namespaces: [] }, '[policies/set] namespaces: got []; allowed: one or more namespaces but kube-node-lease, kube-public, kube-system. Name the namespaces, or leave it out.'],
  [{ namespaces: ['kube-system'] }, '[policies/set] namespaces: got ["kube-system"]; allowed: one or more namespaces but kube-node-lease, kube-public, kube-system. '
    + 'Name the namespaces, or leave it out.'],
  [{ phase: PolicyPhase.AUDIT, mutate: true }, '[policies/set] mutate: got true; allowed: false in phase audit: a mutating policy changes Pods in any phase. '
    + 'Set PolicyPhase.DENY, or leave mutate out until then.'],
  [{ namespaces: 'shop' as any }, '[policies/set] namespaces: got "shop"; allowed: a list of names. Put it in a list: namespaces: [ … ].'],
  [{ namepsaces: ['shop'] } as any, '[policies/set] namepsaces: allowed: pack, phase, namespaces, excludedNamespaces, bindingName, mutate, podTemplatesOf. '
    + 'Correct or remove it: nobody reads it. Did you mean "namespaces"?'],
  [{ podTemplatesOf: [{ kind: 'Farm' }] as any }, '[policies/set] podTemplatesOf[0]: got {"kind":"Farm"}; allowed: a PodTemplateKind. Give what PodTemplateKind.of makes.'],
  [{ podTemplatesOf: null as any, excludedNamespaces: null as any, pack: null as any }, '[policies/set] pack: got null; allowed: a ControlPack. Give, for instance, ControlPack.pssRestricted().'],
])('%j is refused', (props, message) => {
  expect(messageOf(() => policies(props))).toBe(message);
});

test('no properties at all are refused', () => {
  const { chart } = policies();
  expect(messageOf(() => new AdmissionPolicies(chart, 'x', null as unknown as AdmissionPoliciesProps))).toBe(
    '[policies/x] props: got null; allowed: an object with pack, phase, namespaces, excludedNamespaces, bindingName, mutate, podTemplatesOf. Write it like { pack: … }.');
});

test('a pack from another copy of the library is taken', () => {
  jest.isolateModules(() => {
    const { ControlPack: CopyOfPack } = require('../../src/controls/pack') as typeof import('../../src/controls/pack');
    expect(CopyOfPack).not.toBe(ControlPack);
    const { chart } = policies();
    expect(new AdmissionPolicies(chart, 'copy', { pack: CopyOfPack.pssBaseline(), phase: PolicyPhase.AUDIT }).controls.map(({ id }) => id)).toContain('host-network');
  });
});
