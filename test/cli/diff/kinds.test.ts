import { compared, told } from './comparing';
import { Change } from '../../../src/cli/diff/change';

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

type Fields = Record<string, any>;

function named(apiVersion: string, kind: string, content: Fields, name: string = 'app', namespace: string | undefined = 'shop'): Fields {
  return { apiVersion, kind, metadata: { name, ...(namespace !== '' && { namespace }) }, ...content };
}

const policy = (spec: Fields, name?: string) => named('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ...spec } }, name);
const role = (...rules: Fields[]) => named(`${RBAC}/v1`, 'Role', { rules });
const binding = (subjects: Fields[], name = 'view') => named(`${RBAC}/v1`, 'RoleBinding', { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name }, subjects });
const group = (name: string) => ({ kind: 'Group', apiGroup: RBAC, name });
const namespace = (labels: Fields) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
const pss = (mode: string) => `pod-security.kubernetes.io/${mode}`;
const rules = { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }] };
const admissionPolicy = (spec: Fields) => named(`${ADMISSION}/v1`, 'ValidatingAdmissionPolicy', { spec: { matchConstraints: rules, validations: [{ expression: 'true' }], ...spec } }, 'p', '');
const admissionBinding = (spec: Fields) => named(`${ADMISSION}/v1`, 'ValidatingAdmissionPolicyBinding', { spec: { policyName: 'p', ...spec } }, 'p', '');
const webhooks = (...hooks: Fields[]) => named(`${ADMISSION}/v1`, 'ValidatingWebhookConfiguration', { webhooks: hooks }, 'w', '');
const hook = (more: Fields) => ({ name: 'a.example.com', rules: rules.resourceRules, ...more });
const service = (spec: Fields) => named('v1', 'Service', { spec: { selector: { app: 'app' }, ports: [{ port: 80 }], ...spec } });
const except = (...names: string[]) => ({ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: names }] } });
const deployment = (labels: Fields) => named('apps/v1', 'Deployment', {
  spec: { selector: { matchLabels: { app: 'app' } }, template: { metadata: { labels: { app: 'app', ...labels } }, spec: { containers: [{ name: 'app', image: 'a' }] } } },
}, 'web');
const quota = (hard: Fields) => named('v1', 'ResourceQuota', { spec: { hard } });
const limits = (max: Fields) => named('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', max }] } });
const budget = (spec: Fields) => named('policy/v1', 'PodDisruptionBudget', { spec: { selector: { matchLabels: { app: 'app' } }, ...spec } });
const account = (content: Fields) => named('v1', 'ServiceAccount', content);
const ingress = (tls: Fields[]) => named('networking.k8s.io/v1', 'Ingress', { spec: { tls, rules: [{ host: 'a.example.com' }] } });

const fromPods = (app: string, port = 80) => ({ from: [{ podSelector: { matchLabels: { app } } }], ports: [{ port }] });
const toBlock = (cidr: string) => ({ to: [{ ipBlock: { cidr } }] });
const DENY = policy({ policyTypes: ['Ingress', 'Egress'] }, 'deny');

/** Strong and weak, and what is told of the way from one to the other. */
const PAIRS: readonly (readonly [string, Fields[], Fields[], RegExp])[] = [
  ['a NetworkPolicy that goes', [DENY], [], /^weaker network-policy: removed/],
  ['a NetworkPolicy that allows another peer', [policy({ ingress: [fromPods('a')] })], [policy({ ingress: [fromPods('a'), fromPods('b')] })], /network-policy: allows traffic from pods \{app:b\}/],
  ['a NetworkPolicy that allows another port', [policy({ ingress: [fromPods('a')] })], [policy({ ingress: [fromPods('a'), fromPods('a', 81)] })], /allows traffic .* on TCP 81/],
  ['a NetworkPolicy that allows a wider block', [policy({ policyTypes: ['Egress'], egress: [toBlock('10.0.0.0/16')] })], [policy({ policyTypes: ['Egress'], egress: [toBlock('10.0.0.0/8')] })], /allows traffic to 10\.0\.0\.0\/8/],
  ['a NetworkPolicy that allows everybody', [policy({ ingress: [fromPods('a')] })], [policy({ ingress: [{}] })], /allows traffic from anywhere on any port/],
  ['a NetworkPolicy that leaves egress alone', [policy({ policyTypes: ['Ingress', 'Egress'] })], [policy({ policyTypes: ['Ingress'] })], /loses isolation for egress/],
  ['a NetworkPolicy for fewer pods', [policy({})], [policy({ podSelector: { matchLabels: { app: 'app' } } })], /selects fewer pods/],
  ['a NetworkPolicy that misses a workload', [deployment({ tier: 'web' }), policy({ podSelector: { matchLabels: { tier: 'web' } } })], [deployment({ tier: 'db' }), policy({ podSelector: { matchLabels: { tier: 'web' } } })], /no longer selects Deployment\/shop\/web/],
  ['a NetworkPolicy that opens what is denied', [DENY], [DENY, policy({ podSelector: { matchLabels: { app: 'app' } }, ingress: [fromPods('a')] })], /allows traffic from pods \{app:a\}/],
  ['a role with another rule', [role({ apiGroups: [''], resources: ['pods'], verbs: ['get'] })], [role({ apiGroups: [''], resources: ['pods', 'services'], verbs: ['get'] })], /rbac-rules: allows get on services/],
  ['a role without names', [role({ apiGroups: [''], resources: ['configmaps'], resourceNames: ['a'], verbs: ['get'] })], [role({ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] })], /allows get on configmaps/],
  ['a binding with another subject', [binding([group('a')])], [binding([group('a'), group('b')])], /rbac-binding: allows Group b what ClusterRole view grants/],
  ['a binding that is new', [], [binding([group('a')])], /allows Group a/],
  ['a lower level of Pod Security', [namespace({ [pss('enforce')]: 'restricted' })], [namespace({ [pss('enforce')]: 'baseline' })], /^weaker (namespace-)?pod-security/],
  ['an older version of Pod Security', [namespace({ [pss('enforce')]: 'restricted', [pss('enforce-version')]: 'v1.36' })], [namespace({ [pss('enforce')]: 'restricted', [pss('enforce-version')]: 'v1.30' })], /^weaker .*pod-security/],
  ['warnings of Pod Security that go', [namespace({ [pss('enforce')]: 'restricted', [pss('warn')]: 'restricted' })], [namespace({ [pss('enforce')]: 'restricted' })], /pod-security-labels: warns a level/],
  ['an admission policy that goes', [admissionPolicy({})], [], /^weaker admission-policy: removed/],
  ['an admission policy that looks at less', [admissionPolicy({})], [admissionPolicy({ matchConstraints: { resourceRules: [{ ...rules.resourceRules[0], operations: ['CREATE'] }] } })], /loses the look at UPDATE of pods/],
  ['an admission policy that fails open', [admissionPolicy({})], [admissionPolicy({ failurePolicy: 'Ignore' })], /admission-policy: failurePolicy/],
  ['an admission policy with a condition', [admissionPolicy({})], [admissionPolicy({ matchConditions: [{ name: 'x', expression: 'true' }] })], /what does not match the condition x/],
  ['an admission policy with fewer validations', [admissionPolicy({ validations: [{ expression: 'a' }, { expression: 'b' }] })], [admissionPolicy({ validations: [{ expression: 'a' }] })], /validations/],
  ['a binding that only warns', [admissionBinding({ validationActions: ['Deny'] })], [admissionBinding({ validationActions: ['Warn'] })], /admission-policy-binding: validationActions/],
  ['a binding that only audits', [admissionBinding({ validationActions: ['Warn'] })], [admissionBinding({ validationActions: ['Audit'] })], /admission-policy-binding: validationActions/],
  ['a binding that goes', [admissionBinding({ validationActions: ['Deny'] })], [], /admission-policy-binding: removed/],
  ['a binding that excludes more namespaces', [admissionBinding({ matchResources: except('a') })], [admissionBinding({ matchResources: except('a', 'b') })], /selects less/],
  ['a binding that excludes resources', [admissionBinding({})], [admissionBinding({ matchResources: { excludeResourceRules: rules.resourceRules } })], /allows what it excludes/],
  ['a webhook that goes', [webhooks(hook({}))], [], /admission-webhook: removed/],
  ['a webhook that leaves a configuration', [webhooks(hook({}), hook({ name: 'b.example.com' }))], [webhooks(hook({}))], /loses the webhook b\.example\.com/],
  ['a webhook for fewer namespaces', [webhooks(hook({}))], [webhooks(hook(except('a')))], /selects less/],
  ['a service account that mounts its token', [account({ automountServiceAccountToken: false })], [account({})], /^weaker service-account-(token|automount)/],
  ['a quota that goes', [quota({ pods: '10' })], [], /resource-quota: removed/],
  ['a quota that is raised', [quota({ 'limits.memory': '1Gi' })], [quota({ 'limits.memory': '1025Mi' })], /a quota of limits\.memory/],
  ['a quota of less', [quota({ pods: '10', services: '1' })], [quota({ pods: '10' })], /loses a quota of services/],
  ['a limit that is raised', [limits({ memory: '1Gi' })], [limits({ memory: '2Gi' })], /limit-range: a maximum per Container of memory/],
  ['limits that go', [limits({ memory: '1Gi' })], [], /limit-range: removed/],
  ['a disruption budget that goes', [budget({ minAvailable: 1 })], [], /disruption-budget: removed/],
  ['a disruption budget that lets more go', [budget({ maxUnavailable: 1 })], [budget({ maxUnavailable: 2 })], /disruption-budget: maxUnavailable/],
  ['a service that gets a load balancer', [service({})], [service({ type: 'LoadBalancer' })], /^weaker service-(load-balancer|exposure)/],
  ['a service with external addresses', [service({})], [service({ externalIPs: ['192.0.2.7'] })], /^weaker service-ex/],
  ['a load balancer for more addresses', [service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/25'] })], [service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] })], /allows traffic from 192\.0\.2\.0\/24/],
  ['a load balancer with another port', [service({ type: 'LoadBalancer' })], [service({ type: 'LoadBalancer', ports: [{ port: 80 }, { port: 81 }] })], /TCP port 81 from outside/],
  ['an ingress without TLS', [ingress([{ hosts: ['a.example.com'], secretName: 'a' }])], [ingress([])], /^weaker ingress-tls/],
];

describe.each(PAIRS)('%s', (_name, strong, weak, message) => {
  test('is told as weaker, and the way back as stronger', () => {
    const worse = told(compared(strong, weak));
    expect(worse.filter((each) => each.startsWith('weaker '))).toContainEqual(expect.stringMatching(message));
    const better = compared(weak, strong);
    expect(count(better, 'stronger')).toBe(count(compared(strong, weak), 'weaker'));
    expect(count(better, 'weaker')).toBe(count(compared(strong, weak), 'stronger'));
    expect(count(better, 'stronger')).toBeGreaterThan(0);
  });
});

function count(changes: readonly Change[], verdict: string): number {
  return changes.filter((each) => each.verdict === verdict).length;
}

describe('what has no direction', () => {
  test('is told as changed: images, replicas, settings', () => {
    const web = (image: string, replicas: number) => named('apps/v1', 'Deployment', {
      spec: { replicas, selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'app', image }] } } },
    });
    const digest = (char: string) => `registry.example.com/app@sha256:${char.repeat(64)}`;
    expect(compared([web(digest('a'), 2)], [web(digest('b'), 3)])).toMatchObject([
      { verdict: 'neutral', kind: 'changed', rule: 'fields', details: ['spec.replicas: 2 → 3'] },
      { verdict: 'neutral', kind: 'changed', rule: 'image', path: 'spec.template.spec.containers[app].image' },
    ]);
  });

  test('names the keys of a Secret, and never shows what is in them', () => {
    const secret = (data: Fields) => named('v1', 'Secret', { data });
    const changes = compared([secret({ password: 'aHVudGVyMg==', gone: 'eA==' })], [secret({ password: 'aHVudGVyMw==', fresh: 'eQ==' })]);
    expect(changes.flatMap(({ path = '', details = [] }) => [path, ...details]).join('\n')).toMatch(/data\.fresh[^]*data\.password[^]*data\.gone/);
    expect(JSON.stringify(changes)).not.toMatch(/aHVudGVy|hunter|eA==|eQ==/);
  });

  test('is another version of the same kind, not one object that went and one that came', () => {
    const at = (apiVersion: string) => named(apiVersion, 'PodDisruptionBudget', { spec: { minAvailable: 1, selector: {} } });
    expect(compared([at('policy/v1beta1')], [at('policy/v1')]).filter(({ kind }) => kind === 'new' || kind === 'removed')).toEqual([]);
  });

  test('is new or removed where no rule knows more', () => {
    const map = named('v1', 'ConfigMap', { data: { a: 'b' } });
    expect(told(compared([], [map]))).toEqual(['new object: new']);
    expect(told(compared([map], []))).toEqual(['removed object: removed']);
  });
});

test('no change shows a secret, wherever it stands', () => {
  const objects = (secret: string) => [
    named('v1', 'ConfigMap', { data: { 'app.ini': `password = ${secret}` } }),
    named('v1', 'Secret', { stringData: { password: secret }, immutable: true }),
    {
      ...named('v1', 'Pod', {
        spec: {
          nodeSelector: { password: secret },
          containers: [{ name: 'app', image: `https://user:${secret}@registry.example.com/app`, args: [`--password=${secret}`], env: [{ name: 'A', value: secret }] }],
        },
      }),
      metadata: { name: 'app', annotations: { password: secret, note: `token: ${secret}` } },
    },
    named('example.com/v1', 'Shop', { spec: { password: secret, env: [{ name: 'DB_PASSWORD', value: secret }] } }),
  ];
  const changes = compared(objects('Hunter2-Hunter2'), objects('Hunter3-Hunter3'));
  expect(changes.length).toBeGreaterThan(4);
  expect(JSON.stringify(changes)).not.toMatch(/hunter/i);
});

describe('what protects a namespace', () => {
  test('is only removed where the namespace and all that is in it go, too', () => {
    const all = [namespace({}), DENY, quota({ pods: '1' }), deployment({})];
    const lost = (changes: readonly Change[]) => changes.filter(({ verdict, rule }) => verdict === 'weaker' && /policy|quota/.test(rule)).map(({ rule }) => rule);
    expect(lost(compared(all, []))).toEqual([]);
    expect(lost(compared(all, [deployment({})]))).toEqual(expect.arrayContaining(['network-policy', 'resource-quota']));
  });
});

describe('a value that changes while its control is still not met', () => {
  const pod = (add: string[]) => named('v1', 'Pod', { spec: { containers: [{ name: 'app', image: 'a', securityContext: { capabilities: { add } } }] } });

  test('is weaker with another capability, stronger with one less, neither where one takes the place of another', () => {
    expect(compared([pod(['SYS_ADMIN'])], [pod(['SYS_ADMIN', 'NET_RAW'])])).toContainEqual(expect.objectContaining({ verdict: 'weaker', rule: 'capabilities-baseline', container: 'app' }));
    expect(compared([pod(['SYS_ADMIN', 'NET_RAW'])], [pod(['SYS_ADMIN'])])).toContainEqual(expect.objectContaining({ verdict: 'stronger', rule: 'capabilities-baseline' }));
    expect(compared([pod(['SYS_ADMIN'])], [pod(['SYS_MODULE'])])).toContainEqual(expect.objectContaining({ verdict: 'neutral', rule: 'capabilities-baseline', message: expect.stringMatching(/^still not met/) }));
  });
});

describe('containers', () => {
  test('are told apart by name, whatever their order', () => {
    const container = (name: string, privileged: boolean) => ({ name, image: 'registry.example.com/a:1', securityContext: { privileged } });
    const pod = (...containers: Fields[]) => named('v1', 'Pod', { spec: { containers } });
    const changes = compared([pod(container('a', true), container('b', false))], [pod(container('b', true), container('a', true))]);
    expect(changes.filter(({ rule }) => rule === 'privileged')).toMatchObject([{ verdict: 'weaker', container: 'b' }]);
  });
});
