import { validatingPolicy } from '../../../src/controls/admission/validating-policy';
import { control as anonymous } from '../../../src/controls/catalog/rbac/binding-anonymous';
import { control as authenticated } from '../../../src/controls/catalog/rbac/binding-authenticated';
import { control as clusterAdmin } from '../../../src/controls/catalog/rbac/binding-cluster-admin';
import { control as defaultAccount } from '../../../src/controls/catalog/rbac/binding-default-service-account';
import { control as masters } from '../../../src/controls/catalog/rbac/binding-system-masters';
import { control as admission } from '../../../src/controls/catalog/rbac/role-admission-configuration';
import { control as aggregation } from '../../../src/controls/catalog/rbac/role-aggregation-to-view';
import { control as certificates } from '../../../src/controls/catalog/rbac/role-certificate-approval';
import { control as escalation } from '../../../src/controls/catalog/rbac/role-escalation-verbs';
import { control as impersonation } from '../../../src/controls/catalog/rbac/role-impersonation';
import { control as nodeProxy } from '../../../src/controls/catalog/rbac/role-node-proxy';
import { control as nodes } from '../../../src/controls/catalog/rbac/role-nodes';
import { control as podCreation } from '../../../src/controls/catalog/rbac/role-pod-creation';
import { control as podExec } from '../../../src/controls/catalog/rbac/role-pod-exec';
import { control as secrets } from '../../../src/controls/catalog/rbac/role-secrets';
import { control as tokens } from '../../../src/controls/catalog/rbac/role-token-requests';
import { control as unsafeDeletion } from '../../../src/controls/catalog/rbac/role-unsafe-deletion';
import { control as wildcardResources } from '../../../src/controls/catalog/rbac/role-wildcard-resources';
import { control as webhooks } from '../../../src/controls/catalog/rbac/webhook-failure-policy';
import { ActsAt, Control } from '../../../src/controls/control';
import { ControlSet } from '../../../src/controls/control-set';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

type Rule = [group: string, resource: string, verb: string];

const clusterRole = (...rules: object[]) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'app' }, rules });
const ruleOf = ([group, resource, verb]: Rule) => ({ apiGroups: [group], resources: [resource], verbs: [verb] });
const found = (control: Control, object: unknown, version = KubernetesVersion.V1_36) => findings([control], version, object).map((each) => each.replace(/^.*: /, ''));
const isFound = (control: Control, rule: object, version?: KubernetesVersion) => found(control, clusterRole(rule), version).length > 0;

test.each<[string, Control, Rule, Rule]>([
  ['reading Secrets, not ConfigMaps', secrets, ['', 'secrets', 'get'], ['', 'configmaps', 'get']],
  ['listing Secrets, not making them', secrets, ['', 'secrets', 'list'], ['', 'secrets', 'create']],
  ['watching Secrets of the core group, not another group\'s', secrets, ['', 'secrets', 'watch'], ['example.com', 'secrets', 'watch']],
  ['every verb on Secrets', secrets, ['', 'secrets', '*'], ['', 'secrets', 'create']],
  ['changing Secrets, which is answered with them', secrets, ['', 'secrets', 'update'], ['', 'configmaps', 'update']],
  ['patching Secrets, which is answered with them', secrets, ['', 'secrets', 'patch'], ['', 'configmaps', 'patch']],
  ['deleting Secrets, which is answered with them', secrets, ['', 'secrets', 'delete'], ['', 'configmaps', 'delete']],
  ['deleting all Secrets at once, which is answered with them', secrets, ['', 'secrets', 'deletecollection'], ['', 'configmaps', 'deletecollection']],
  ['deleting nodes', nodes, ['', 'nodes', 'delete'], ['', 'pods', 'delete']],
  ['deleting all nodes at once', nodes, ['', 'nodes', 'deletecollection'], ['', 'nodes', 'list']],
  ['every group\'s Secrets', secrets, ['*', 'secrets', 'get'], ['apps', 'secrets', 'get']],
  ['commands in pods', podExec, ['', 'pods/exec', 'create'], ['', 'pods/log', 'create']],
  ['commands in whatever has a subresource exec', podExec, ['', '*/exec', 'create'], ['', '*/log', 'create']],
  ['attaching to pods', podExec, ['', 'pods/attach', 'create'], ['', 'pods/status', 'create']],
  ['ports of pods', podExec, ['', 'pods/portforward', 'create'], ['', 'pods/portforward', 'delete']],
  ['new containers in running pods, not reading which there are', podExec, ['', 'pods/ephemeralcontainers', 'patch'], ['', 'pods/ephemeralcontainers', 'get']],
  ['kubelets, not their metrics', nodeProxy, ['', 'nodes/proxy', 'get'], ['', 'nodes/metrics', 'get']],
  ['tokens of service accounts', tokens, ['', 'serviceaccounts/token', 'create'], ['', 'serviceaccounts', 'create']],
  ['approving certificates, not asking for them', certificates,
    ['certificates.k8s.io', 'certificatesigningrequests/approval', 'update'], ['certificates.k8s.io', 'certificatesigningrequests', 'create']],
  ['signing certificates', certificates, ['certificates.k8s.io', 'signers', 'sign'], ['certificates.k8s.io', 'signers', 'get']],
  ['issuing certificates', certificates,
    ['certificates.k8s.io', 'certificatesigningrequests/status', 'patch'], ['certificates.k8s.io', 'certificatesigningrequests/status', 'get']],
  ['changing webhooks', admission,
    ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'update'], ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'get']],
  ['deleting policies', admission,
    ['admissionregistration.k8s.io', 'validatingadmissionpolicybindings', 'delete'], ['other.k8s.io', 'validatingadmissionpolicybindings', 'delete']],
  ['making Deployments, not scaling them', podCreation, ['apps', 'deployments', 'patch'], ['apps', 'deployments/scale', 'patch']],
  ['escalating roles', escalation, ['rbac.authorization.k8s.io', 'clusterroles', 'escalate'], ['rbac.authorization.k8s.io', 'clusterroles', 'get']],
  ['binding roles', escalation, ['rbac.authorization.k8s.io', 'clusterroles', 'bind'], ['rbac.authorization.k8s.io', 'clusterroles', 'create']],
  ['impersonation', impersonation, ['', 'users', 'impersonate'], ['', 'users', 'get']],
  ['constrained impersonation of a kind', impersonation, ['authentication.k8s.io', 'users', 'impersonate:user-info'], ['', 'users', 'impersonated']],
  ['constrained impersonation for an action', impersonation, ['', 'pods', 'impersonate-on:user-info:list'], ['', 'pods', 'list']],
  ['deletion of what can\'t be read', unsafeDeletion, ['', 'secrets', 'unsafe-delete-ignore-read-errors'], ['', 'secrets', 'delete']],
])('a role is found that gives %s', (_what, control, given, harmless) => {
  expect([isFound(control, ruleOf(given)), isFound(control, ruleOf(harmless))]).toEqual([true, false]);
});

test('a role that names the Secrets it reads is not found', () => {
  expect(isFound(secrets, { ...ruleOf(['', 'secrets', 'get']), resourceNames: ['db'] })).toBe(false);
  expect(isFound(secrets, { ...ruleOf(['', 'secrets', 'get']), resourceNames: [] })).toBe(true);
});

test('one that names the node whose kubelet it reaches is', () => {
  expect(isFound(nodeProxy, { ...ruleOf(['', 'nodes/proxy', 'get']), resourceNames: ['node-1'] })).toBe(true);
});

test('a rule is found only where one and the same gives group, resource and verb', () => {
  const role = clusterRole(ruleOf(['', 'configmaps', 'get']), ruleOf(['', 'secrets', 'create']), ruleOf(['example.com', 'secrets', 'get']));
  expect(found(secrets, role)).toEqual([]);
});

test('each resource that gives something away is named at its place', () => {
  const role = clusterRole(
    ruleOf(['', 'configmaps', 'get']),
    { apiGroups: ['apps', ''], resources: ['pods', 'pods/exec', 'pods/attach'], verbs: ['get', 'create'] },
  );
  expect(found(podExec, role)).toEqual(['rules[1].resources[1]', 'rules[1].resources[2]']);
});

test('a bare wildcard among resources is said once, by its own control', () => {
  const role = clusterRole(ruleOf(['', '*', 'get']));
  expect(findings([wildcardResources, secrets, podExec, nodeProxy], KubernetesVersion.V1_36, role)).toEqual(['role-wildcard-resources: rules[0].resources[0]']);
});

test('reading pods/exec is a way in until 1.35 asks for create', () => {
  const get = ruleOf(['', 'pods/exec', 'get']);
  expect(isFound(podExec, get, KubernetesVersion.V1_34)).toBe(true);
  expect(isFound(podExec, get, KubernetesVersion.V1_35)).toBe(false);
  expect(isFound(podExec, ruleOf(['', 'pods/exec', 'create']), KubernetesVersion.V1_35)).toBe(true);
});

test('only roles that are added to view have to be read-only', () => {
  const role = (labels: object) => ({ ...clusterRole(ruleOf(['example.com', 'orders', 'create'])), metadata: { name: 'app', labels } });
  expect(found(aggregation, role({ 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }))).toEqual(['rules[0].verbs[0]']);
  expect(found(aggregation, role({ 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' }))).toEqual([]);
});

describe('a binding', () => {
  const binding = (subject: object, roleRef: object = { kind: 'Role', name: 'app' }, kind = 'RoleBinding') => (
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: 'app' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...roleRef }, subjects: [subject] }
  );
  const team = { kind: 'Group', name: 'shop-team' };

  test('to cluster-admin is found in a namespace too, a Role of that name is none', () => {
    expect(found(clusterAdmin, binding(team, { kind: 'ClusterRole', name: 'cluster-admin' }))).toEqual(['roleRef.name']);
    expect(found(clusterAdmin, binding(team, { kind: 'ClusterRole', name: 'cluster-admin' }, 'ClusterRoleBinding'))).toEqual(['roleRef.name']);
    expect(found(clusterAdmin, binding(team, { kind: 'Role', name: 'cluster-admin' }))).toEqual([]);
  });

  test.each<[string, Control, object, object]>([
    ['system:masters', masters, { kind: 'Group', name: 'system:masters' }, { kind: 'User', name: 'system:masters' }],
    ['users who are nobody', anonymous, { kind: 'User', name: 'system:anonymous' }, { kind: 'ServiceAccount', name: 'system:anonymous' }],
    ['groups of nobody', anonymous, { kind: 'Group', name: 'system:unauthenticated' }, team],
    ['everybody', authenticated, { kind: 'Group', name: 'system:authenticated' }, { kind: 'User', name: 'system:authenticated' }],
    ['all service accounts', authenticated, { kind: 'Group', name: 'system:serviceaccounts' }, { kind: 'Group', name: 'system:serviceaccounts:shop' }],
    ['a default service account', defaultAccount, { kind: 'ServiceAccount', name: 'default', namespace: 'shop' }, { kind: 'User', name: 'default' }],
  ])('of %s is found', (_who, control, subject, other) => {
    expect(found(control, binding(subject))).toEqual(['subjects[0].name']);
    expect(found(control, binding(other))).toEqual([]);
  });

  test('without subjects binds nobody', () => {
    const empty = { ...binding(team), subjects: undefined };
    expect([masters, anonymous, authenticated, defaultAccount].flatMap((control) => found(control, empty))).toEqual([]);
  });
});

test.each([
  ['a text for groups', { apiGroups: '', resources: ['secrets'], verbs: ['get'] }],
  ['a text for verbs', { apiGroups: [''], resources: ['secrets'], verbs: 'get' }],
  ['a text for resources', { apiGroups: [''], resources: 'secrets', verbs: ['get'] }],
  ['a number among verbs', { apiGroups: [''], resources: ['secrets'], verbs: [7] }],
  ['a text for a rule', 'secrets'],
])('a rule that is malformed doesn\'t pass: %s', (_what, rule) => {
  expect(found(secrets, clusterRole(rule as object)).length).toBeGreaterThan(0);
});

test('a binding to cluster-admin is judged again when its subjects change, and binds nobody without any', () => {
  const binding = (subjects?: object[]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'app' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }, ...(subjects && { subjects }),
  });
  expect(found(clusterAdmin, binding([{ kind: 'User', name: 'eve' }]))).toEqual(['roleRef.name']);
  expect(found(clusterAdmin, binding())).toEqual([]);
  const policy = validatingPolicy(clusterAdmin, { version: KubernetesVersion.V1_36 });
  const { variables } = policy.spec as { variables: { name: string; expression: string }[] };
  expect(variables.find(({ name }) => name === 'changed')?.expression).toContain('variables.object.?subjects != variables.oldObject.?subjects');
});

test('what is expected says how else a rule may be', () => {
  const expected = (control: Control, rule: Rule) => new ControlSet([control], KubernetesVersion.V1_36).violations(clusterRole(ruleOf(rule)))
    .flatMap(({ faults }) => faults.map((fault) => fault.expected));
  expect(expected(secrets, ['', 'secrets', 'get'])).toEqual(['another resource, or none of the verbs get, list, watch, update, patch, delete, deletecollection, or resourceNames']);
  expect(expected(nodeProxy, ['', 'nodes/proxy', 'get'])).toEqual(['another resource, or none of the verbs get, create, update, patch, delete']);
});

test('a webhook that fails open is found, and left to its operator once it is installed: its certificate has to be renewed', () => {
  const configuration = (failurePolicy?: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name: 'app' }, webhooks: [{ name: 'a.example.com', failurePolicy }],
  });
  expect(['Ignore', 'Fail', undefined].map((policy) => found(webhooks, configuration(policy)))).toEqual([['webhooks[0].failurePolicy'], [], []]);
  expect([webhooks.actsAt, webhooks.actsAtReason]).toEqual([ActsAt.SYNTH, expect.stringContaining('caBundle')]);
});
