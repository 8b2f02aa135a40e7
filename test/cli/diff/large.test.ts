import { compared, told } from './comparing';
import { compareFacts, grant, Grant, guard } from '../../../src/cli/diff/facts';
import { Severity } from '../../../src/core/severity';

type Fields = Record<string, any>;

const words = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);
const role = (...rules: Fields[]) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a' }, rules });
const core = (resources: string[], verbs: string[]) => ({ apiGroups: [''], resources, verbs });
const rights = (before: object, after: object) => told(compared([before], [after])).filter((each) => each.includes('rbac-rules'));

describe('a role', () => {
  const wide = core(words('thing', 60), words('verb', 100));
  const huge = core(words('thing', 400), words('verb', 100));

  test('hides no right behind thousands of others', () => {
    expect(rights(role(wide), role(wide, core(['secrets'], ['get'])))).toEqual(['weaker rbac-rules: allows get on secrets']);
    expect(rights(role(wide, core(['secrets'], ['get'])), role(wide))).toEqual(['stronger rbac-rules: no longer allows get on secrets']);
  });

  test('that grants too much to compare one by one is compared by its rules, and still hides nothing', () => {
    expect(rights(role(huge), role(huge, core(['secrets'], ['get'])))).toEqual(['weaker rbac-rules: allows all that one rule grants: get on secrets']);
    expect(rights(role(huge, core(['secrets'], ['get'])), role(huge))).toEqual(['stronger rbac-rules: no longer allows all that one rule grants: get on secrets']);
    expect(rights(role(core(['thing-1'], ['get'])), role(core([...huge.resources, 'secrets'], huge.verbs)))).toEqual([
      'weaker rbac-rules: allows all that one rule grants: verb-0, verb-1, verb-2, verb-3, verb-4, verb-5 and 94 more on secrets, thing-0, thing-1, thing-2, thing-3, thing-4 and 395 more',
      'stronger rbac-rules: no longer allows all that one rule grants: get on thing-1',
    ]);
  });

  test('of rules gains nothing by a part of what it grants', () => {
    expect(rights(role(huge), role(huge, core(['thing-1', 'thing-2'], ['verb-1'])))).toEqual([]);
    expect(rights(role(huge, core(['*'], ['*'])), role(huge, core(['*'], ['*']), core(['pods/exec'], ['create'])))).toEqual([]);
    expect(rights(role(huge, core(['pods'], ['*'])), role(huge, core(['pods/exec'], ['create'])))).toHaveLength(2);
  });

  test.each([
    [{ nonResourceURLs: ['/healthz*'], verbs: ['get'] }, { nonResourceURLs: ['/healthz/ready'], verbs: ['get'] }],
    [core(['*/scale'], ['update']), core(['deployments/scale'], ['update'])],
    [core(['pods'], ['*']), core(['pods'], ['get'])],
    [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { apiGroups: ['a'], resources: ['b'], resourceNames: ['c'], verbs: ['d'] }],
  ])('has with %j also %j', (general, special) => {
    for (const others of [[], [huge]]) {
      expect(rights(role(general, ...others), role(general, special, ...others))).toEqual([]);
      expect(rights(role(special, ...others), role(general, ...others)).filter((each) => each.startsWith('weaker'))).toHaveLength(1);
    }
  });

  test('with the name of an object that looks like a pattern has no other object', () => {
    const named = (name: string) => ({ ...core(['secrets'], ['get']), resourceNames: [name] });
    expect(rights(role(named('*')), role(named('*'), named('a')))).toHaveLength(1);
  });
});

describe('admission', () => {
  const rule = (resources: string[], more: Fields = {}) => ({ operations: ['CREATE', 'UPDATE'], apiGroups: [''], apiVersions: ['v1'], resources, ...more });
  const webhook = (...rules: Fields[]) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'a' }, webhooks: [{ name: 'a.example.com', rules }] });
  const policy = (field: string, ...rules: Fields[]) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: 'a' }, spec: { matchConstraints: { [field]: rules } } });
  const looks = (before: object, after: object) => told(compared([before], [after])).filter((each) => each.includes('admission-'));
  const huge = rule(words('thing', 200), { apiGroups: words('group', 200), apiVersions: words('v', 20) });

  test('that looks at too much to compare word by word is compared by its rules, and hides nothing', () => {
    expect(looks(webhook(huge, rule(['pods'])), webhook(huge))).toEqual(['weaker admission-webhook: loses the look at all that one rule names: CREATE, UPDATE of pods']);
    expect(looks(webhook(huge), webhook(huge, rule(['pods'])))).toEqual(['stronger admission-webhook: gains the look at all that one rule names: CREATE, UPDATE of pods']);
    expect(looks(policy('excludeResourceRules', huge), policy('excludeResourceRules', huge, rule(['pods'])))).toEqual([
      'weaker admission-policy: allows what it excludes: all that one rule names: CREATE, UPDATE of pods',
    ]);
    expect(looks(webhook(huge), webhook({ ...huge, resources: words('other', 200) }))).toEqual([
      expect.stringMatching(/^weaker .*: CREATE, UPDATE of thing-0, .* and 194 more of group-0, .* and 194 more \(v-0, .* and 14 more\)$/),
      expect.stringMatching(/^stronger .* of other-0, /),
    ]);
  });

  test('of thousands of rules is compared word by word', () => {
    const many = words('thing', 5000).map((name) => rule([name]));
    expect(looks(webhook(...many, rule(['pods'])), webhook(...many))).toEqual([
      'weaker admission-webhook: loses the look at CREATE of pods', 'weaker admission-webhook: loses the look at UPDATE of pods',
    ]);
    expect(looks(webhook(...many), webhook(rule(['*'])))).toEqual([
      'stronger admission-webhook: gains the look at CREATE of *', 'stronger admission-webhook: gains the look at UPDATE of *',
    ]);
  });

  test.each([
    [rule(['*/*']), rule(['pods/log'])],
    [rule(['pods/*']), rule(['pods', 'pods/log'])],
    [rule(['*/scale']), rule(['deployments/scale'])],
    [rule(['pods'], { operations: ['*'] }), rule(['pods'])],
    [rule(['pods'], { apiGroups: ['*'], apiVersions: ['*'] }), rule(['pods'])],
    [rule(['pods']), rule(['pods'], { resourceNames: ['a'] })],
    [rule(['pods']), rule(['pods'], { scope: 'Namespaced' })],
  ])('that looks at %j looks also at %j', (general, special) => {
    for (const others of [[], [huge]]) {
      expect(looks(webhook(general, ...others), webhook(general, special, ...others))).toEqual([]);
      expect(looks(webhook(special, ...others), webhook(general, ...others)).filter((each) => !each.startsWith('stronger'))).toEqual([]);
      expect(looks(webhook(general, ...others), webhook(special, ...others)).filter((each) => each.startsWith('weaker')).length).toBeGreaterThan(0);
    }
  });

  test.each([
    [rule(['*']), rule(['pods/log'])],
    [rule(['pods'], { resourceNames: ['*'] }), rule(['pods'], { resourceNames: ['a'] })],
    [rule(['pods'], { scope: 'Cluster' }), rule(['pods'], { scope: 'Namespaced' })],
  ])('that looks at %j does not look at %j', (one, other) => {
    for (const others of [[], [huge]]) {
      expect(looks(webhook(one, ...others), webhook(other, ...others)).filter((each) => each.startsWith('weaker')).length).toBeGreaterThan(0);
    }
  });

  test('by one webhook is none by another one', () => {
    const both = (first: Fields, second: Fields) => ({ ...webhook(), webhooks: [{ name: 'a.example.com', rules: [first] }, { name: 'b.example.com', rules: [second] }] });
    expect(looks(both(rule(['pods']), rule(['*'])), both(rule(['services']), rule(['*']))).filter((each) => each.startsWith('weaker'))).toHaveLength(2);
  });
});

describe('many grants', () => {
  /** Counts how often grants are compared with each other. */
  function comparisons(make: (i: number, covers: Grant['covers']) => Grant): { calls: number; told: number } {
    let calls = 0;
    const side = (offset: number) => Array.from({ length: 3000 }, (_, i) => make(i + offset, () => { calls++; return false; }));
    const changes = compareFacts(side(0), side(3000));
    return { calls, told: changes.length };
  }

  test('are looked up on their shelves, not each compared with each other one', () => {
    const { calls, told: all } = comparisons((i, covers) => grant(`k${i}`, `k${i}`, Severity.LOW, { covers, shelf: `s${i}`, shelves: () => [`s${i - 3000}`, `s${i + 3000}`] }));
    expect({ calls, all }).toEqual({ calls: 6000, all: 6000 });
  });

  test('are so looked up where they prevent something', () => {
    let calls = 0;
    const side = (offset: number) => Array.from({ length: 3000 }, (_, i) => guard(`k${i + offset}`, 'a', Severity.LOW, undefined, { covers: () => { calls++; return false; }, shelf: `s${i}`, shelves: () => [`s${i}`] }));
    expect(compareFacts(side(0), side(3000))).toHaveLength(6000);
    expect(calls).toBe(6000);
  });

  test('without shelves are told rather than compared for ever', () => {
    const { calls, told: all } = comparisons((i, covers) => grant(`k${i}`, `k${i}`, Severity.LOW, { covers }));
    expect(all).toBe(6000);
    expect(calls).toBeLessThanOrEqual(4_000_000);
  });
});

describe('a NetworkPolicy with many peers', () => {
  const policy = (peers: Fields[], ports: Fields[] = [{ port: 80 }]) => ({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: peers, ports }] },
  });
  const block = (cidr: string) => ({ ipBlock: { cidr } });
  const traffic = (before: object, after: object) => told(compared([before], [after])).filter((each) => each.includes('network-policy'));

  test('gains nothing by parts of the blocks that it allows', () => {
    const wide = Array.from({ length: 256 }, (_, i) => block(`10.${i}.0.0/16`));
    const narrow = Array.from({ length: 2560 }, (_, i) => block(`10.${i % 256}.${i >> 8}.0/24`));
    expect(traffic(policy(wide), policy(narrow)).filter((each) => each.startsWith('weaker'))).toEqual([]);
    expect(traffic(policy(wide), policy([...narrow, block('11.0.0.0/24')])).filter((each) => each.startsWith('weaker'))).toEqual([
      'weaker network-policy: allows traffic from 11.0.0.0/24 on TCP 80',
    ]);
  });

  test.each([
    [policy([block('10.0.0.0/8')], [{ port: 80, endPort: 90 }]), policy([block('10.1.0.0/16')], [{ port: 85 }])],
    [policy([block('::/0')], [{ protocol: 'TCP' }]), policy([block('2001:db8::/64')], [{ port: 85 }])],
    [policy([{ podSelector: { matchLabels: { a: 'b' } } }]), policy([{ podSelector: { matchLabels: { c: 'd', a: 'b' } } }])],
    [policy([{ podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }]), policy([{ podSelector: { matchLabels: { a: 'b' } } }])],
    [policy([{ namespaceSelector: {}, podSelector: {} }]), policy([{ namespaceSelector: { matchLabels: { a: 'b' } }, podSelector: { matchLabels: { c: 'd' } } }])],
  ])('knows what covers what: %#', (wide, narrow) => {
    expect(traffic(wide, narrow)).toEqual([expect.stringMatching(/^stronger /)]);
    expect(traffic(narrow, wide)).toEqual([expect.stringMatching(/^weaker /)]);
  });

  test('knows that one label can be asked for in two forms', () => {
    const forms = [{ matchLabels: { a: 'b' } }, { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }];
    const [labels, expressions] = forms.map((podSelector) => policy([{ podSelector }]));
    expect([...traffic(labels, expressions), ...traffic(expressions, labels)]).toEqual([]);
  });
});
