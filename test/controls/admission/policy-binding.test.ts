import { sample } from './fixtures';
import { policyBinding, PolicyBindingOptions, PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { Requirement } from '../../../src/controls/requirement';
import { SYSTEM_NAMESPACES } from '../../../src/core/distribution';
import { messageOf } from '../../core/message-of';

const CONTROL = sample(Requirement.absent('spec.hostNetwork'));

interface BindingJson {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly policyName: string;
    readonly validationActions: string[];
    readonly matchResources: { readonly namespaceSelector: Record<string, unknown>; readonly matchPolicy: string; readonly objectSelector: unknown };
  };
}

const bind = (options: Partial<PolicyBindingOptions> = {}) => policyBinding(CONTROL, { phase: PolicyPhase.DENY, suffix: 'pss-baseline', ...options }) as unknown as BindingJson;

test('a binding is named after its policy and its pack', () => {
  expect(bind().metadata.name).toBe('hardened-sample.pss-baseline');
  expect(bind().spec.policyName).toBe('hardened-sample');
});

test.each<[PolicyPhase, string[]]>([[PolicyPhase.AUDIT, ['Audit']], [PolicyPhase.WARN, ['Warn', 'Audit']], [PolicyPhase.DENY, ['Deny', 'Audit']]])(
  'the phase %s does %j, which the API server takes together', (phase, actions) => {
    expect(bind({ phase }).spec.validationActions).toEqual(actions);
  },
);

test('system namespaces are left out, by the label that the API server itself sets', () => {
  expect([...SYSTEM_NAMESPACES].sort()).toEqual(['kube-node-lease', 'kube-public', 'kube-system']);
  expect(bind().spec.matchResources).toEqual({
    matchPolicy: 'Equivalent',
    namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-node-lease', 'kube-public', 'kube-system'] }] },
    objectSelector: {},
  });
});

test('other namespaces may be left out, in an order that does not depend on theirs', () => {
  expect(bind({ excludedNamespaces: ['kube-system', 'gmp-system'] }).spec.matchResources.namespaceSelector).toEqual({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['gmp-system', 'kube-system'] }],
  });
});

test('nothing is left out where the list is empty', () => {
  expect(bind({ excludedNamespaces: [] }).spec.matchResources.namespaceSelector).toEqual({});
});

test('it may hold in some namespaces only, of some labels, and the excluded ones stay excluded', () => {
  expect(bind({
    namespaces: ['shop', 'blog'], namespaceSelector: { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
  }).spec.matchResources.namespaceSelector).toEqual({
    matchLabels: { team: 'a' },
    matchExpressions: [
      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-node-lease', 'kube-public', 'kube-system'] },
      { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['blog', 'shop'] },
      { key: 'tier', operator: 'Exists' },
    ],
  });
});

test('an unknown phase is refused', () => {
  expect(messageOf(() => bind({ phase: 'enforce' as PolicyPhase }))).toBe('[Control sample] phase: got "enforce"; allowed: audit, warn or deny. Begin with audit.');
});
