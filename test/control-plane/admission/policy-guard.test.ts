import { PolicyGuard } from '../../../src/control-plane/admission/policy-guard';
import { guardPolicy } from '../../../src/control-plane/admission/policy-guard-render';
import { policyBinding, PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { policyName } from '../../../src/controls/admission/validating-policy';
import { catalogControls } from '../../../src/controls/catalog';
import { messageOf } from '../../core/message-of';

const guarded = (guard: PolicyGuard) => guardPolicy(guard) as any[];

describe('the guard', () => {
  const [policy, binding] = guarded(new PolicyGuard({ users: ['flux', 'argo\'s'], groups: ['oidc:platform', 'oidc:platform'] }));

  test('refuses to create, change and delete policies and bindings of both kinds, in every version of the API', () => {
    expect(policy.spec.failurePolicy).toBe('Fail');
    expect(policy.spec.matchConstraints).toMatchObject({ namespaceSelector: {}, objectSelector: {}, matchPolicy: 'Equivalent' });
    expect(policy.spec.matchConstraints.resourceRules).toEqual([{
      apiGroups: ['admissionregistration.k8s.io'],
      apiVersions: ['*'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
      resources: ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
      scope: '*',
    }]);
    expect(binding.spec).toEqual({ policyName: policy.metadata.name, validationActions: ['Deny', 'Audit'] });
  });

  test('covers the names of all policies and bindings that the library makes', () => {
    expect(policy.spec.validations[0].expression).toContain('startsWith(\'hardened-\')');
    for (const control of catalogControls()) {
      const { metadata } = policyBinding(control, { phase: PolicyPhase.WARN, suffix: 'own' }) as any;
      expect([policyName(control), metadata.name].filter((name) => !name.startsWith('hardened-'))).toEqual([]);
    }
  });

  test('names who is exempt as literals, each once and in one order, and asks for groups only where there are any', () => {
    const variable = ([{ spec }]: any[]) => spec.variables.find(({ name }: any) => name === 'isExempt').expression;
    expect(variable([policy])).toBe(
      'request.userInfo.?username.orValue(\'\') in ["argo\'s", \'flux\'] || request.userInfo.?groups.orValue([]).exists(g, g in [\'oidc:platform\'])',
    );
    expect(variable(guarded(new PolicyGuard({ users: ['flux'] })))).not.toContain('groups');
    expect(variable(guarded(new PolicyGuard({ groups: ['platform'] })))).not.toContain('username');
  });
});

describe('bad input for a guard', () => {
  test('it exempts nobody', () => {
    expect(messageOf(() => new PolicyGuard({}))).toBe(
      '[PolicyGuard] users: got []; allowed: one or more users or groups. Name who applies the policies, for instance the service account of the GitOps '
      + 'controller: nobody else could create or update them.',
    );
  });

  test.each([
    ['system:anonymous', 'whoever has not signed in'],
    ['system:unauthenticated', 'whoever has not signed in'],
    ['system:authenticated', 'everybody who has signed in'],
    ['system:serviceaccounts', 'every program in the cluster'],
    ['system:nodes', 'every node'],
  ])('a group that stands for everybody: %s', (group, who) => {
    expect(messageOf(() => new PolicyGuard({ users: ['flux'], groups: ['platform', group] }))).toBe(
      `[PolicyGuard] groups[1]: got "${group}"; allowed: names that do not stand for ${who}. Name the user, service account or group that applies the policies.`,
    );
  });

  test('the group of all administrators, whom it is there to stop', () => {
    expect(messageOf(() => new PolicyGuard({ groups: ['system:masters'] }))).toBe(
      '[PolicyGuard] groups[0]: got "system:masters"; allowed: names of those who apply the policies. Leave it out: the guard is there for the day that such '
      + 'a certificate is stolen. In an emergency, change the files on the control-plane nodes.',
    );
  });

  test.each(['', ' ', 'a\nb', '*', 'team-*', ' flux', 7, undefined, null])('a name that no user has: %p', (name) => {
    expect(messageOf(() => new PolicyGuard({ users: [name as string] }))).toMatch(
      /^\[PolicyGuard\] users\[0\]: got .*; allowed: a name without wildcards, as the API server sees it after authentication\. Give it with the prefix/,
    );
  });

  test('a name in place of a list, and a property that nobody reads', () => {
    expect(messageOf(() => new PolicyGuard({ users: 'flux' as never }))).toBe('[PolicyGuard] users: got "flux"; allowed: a list of names. Put it in a list: users: [ … ].');
    expect(messageOf(() => new PolicyGuard({ user: ['flux'] } as never))).toBe(
      '[PolicyGuard] user: allowed: users, groups. Correct or remove it: nobody reads it. Did you mean "users"?',
    );
  });
});
