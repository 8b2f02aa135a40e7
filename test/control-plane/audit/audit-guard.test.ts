import * as fc from 'fast-check';
import { CONFIDENTIAL, request } from './audit-requests';
import { levelOf } from './audit-simulator';
import { AuditPolicy } from '../../../src/control-plane/audit/audit-policy';
import { AuditLevel, AuditRule, AuditStage } from '../../../src/control-plane/audit/audit-rule';

const { NONE, METADATA, REQUEST, REQUEST_RESPONSE } = AuditLevel;

describe('bodies of what is confidential', () => {
  const shield: AuditRule = {
    level: METADATA,
    resources: [
      { resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
      { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
      { group: 'certificates.k8s.io', resources: ['certificatesigningrequests/*'] },
    ],
  };

  test('a rule for everything with bodies is refused before a shield, and fine after it', () => {
    expect(() => AuditPolicy.of({ rules: [{ level: REQUEST }] })).toThrow(
      '[AuditPolicy] rules[0]: got {"level":"Request"}; allowed: a rule that never logs bodies of secrets (CIS cis-1.12 3.2.2). '
      + 'Put a rule of level Metadata for secrets before it, with no narrower users, verbs or namespaces: the log would hold secrets.');
    expect(() => AuditPolicy.of({ rules: [shield, { level: REQUEST }] })).not.toThrow();
  });

  test.each([
    [{ resources: ['secrets'] }, 'secrets'],
    [{ resources: ['*'] }, 'secrets'],
    [{}, 'secrets'],
    [{ resources: ['configmaps'], resourceNames: ['flags'] }, 'configmaps'],
    [{ resources: ['serviceaccounts/token'] }, 'serviceaccounts/token'],
    [{ resources: ['serviceaccounts/*'] }, 'serviceaccounts/token'],
    [{ resources: ['*/token'] }, 'serviceaccounts/token'],
    [{ group: 'authentication.k8s.io' }, 'tokenreviews of authentication.k8s.io'],
    [{ group: 'certificates.k8s.io', resources: ['certificatesigningrequests'] }, 'certificatesigningrequests of certificates.k8s.io'],
    [{ group: 'certificates.k8s.io', resources: ['*/approval'] }, 'certificatesigningrequests/approval of certificates.k8s.io'],
  ])('%j is refused for %s', (resources, what) => {
    for (const level of [REQUEST, REQUEST_RESPONSE]) {
      expect(() => AuditPolicy.of({ rules: [{ level, resources: [resources] }] })).toThrow(`a rule that never logs bodies of ${what} (CIS`);
    }
  });

  test.each([
    ['its users', { users: ['jane'] }],
    ['its groups', { userGroups: ['dev'] }],
    ['its verbs', { verbs: ['get'] }],
    ['its namespaces', { namespaces: ['shop'] }],
  ])('a shield that is narrowed by %s shields only a rule that is as narrow', (_, narrow) => {
    expect(() => AuditPolicy.of({ rules: [{ ...shield, ...narrow }, { level: REQUEST }] })).toThrow('a rule that never logs bodies of secrets');
    expect(() => AuditPolicy.of({ rules: [{ ...shield, ...narrow }, { level: REQUEST, ...narrow }] })).not.toThrow();
  });

  test('a shield for one name only, or after the rule, is none', () => {
    const one: AuditRule = { level: METADATA, resources: [{ resources: ['secrets'], resourceNames: ['db'] }] };
    const bodies: AuditRule = { level: REQUEST, resources: [{ resources: ['secrets'] }] };

    expect(() => AuditPolicy.of({ rules: [one, bodies] })).toThrow('a rule that never logs bodies of secrets');
    expect(() => AuditPolicy.of({ rules: [bodies, shield] })).toThrow('a rule that never logs bodies of secrets');
  });

  test('whatever random policy is accepted, no confidential request is logged with its body, and none that reveals goes unlogged', () => {
    const revealing = [{ resource: 'secrets' }, { subresource: 'exec' }, { resource: 'serviceaccounts', subresource: 'token' }];
    const some = <T>(values: T[]) => fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), { nil: undefined });
    const resources = fc.record({
      group: fc.constantFrom(undefined, 'authentication.k8s.io', 'certificates.k8s.io'),
      resources: some(['*', 'secrets', 'configmaps', 'serviceaccounts/*', '*/token', 'tokenreviews', 'certificatesigningrequests/*', 'pods', 'pods/*']),
    });
    const rule = fc.record({
      level: fc.constantFrom(NONE, METADATA, METADATA, REQUEST, REQUEST_RESPONSE),
      users: some(['jane', 'joe']),
      userGroups: some(['dev', 'ops']),
      verbs: some(['get', 'create']),
      namespaces: some(['shop', '']),
      resources: fc.option(fc.array(resources, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    });
    const who = fc.record({
      user: fc.constantFrom('jane', 'joe', 'eve'),
      groups: fc.uniqueArray(fc.constantFrom('dev', 'ops')),
      verb: fc.constantFrom('get', 'create', 'delete'),
      namespace: fc.constantFrom('shop', '', 'other'),
    });
    let accepted = 0;
    let refused = 0;
    let leaks = 0;
    let silent = 0;
    fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), fc.array(who, { minLength: 8, maxLength: 8 }), (rules, callers) => {
      let policy: AuditPolicy;
      try {
        policy = AuditPolicy.of({ rules: rules.map((candidate) => JSON.parse(JSON.stringify(candidate))) });
      } catch {
        refused += 1;
        return;
      }
      accepted += 1;
      const rulesOf = policy.rules;
      for (const caller of callers) {
        for (const [, target] of CONFIDENTIAL) {
          leaks += [NONE, METADATA].includes(levelOf(rulesOf, request({ ...target, ...caller }))) ? 0 : 1;
        }
        for (const target of revealing) {
          silent += levelOf(rulesOf, request({ ...target, ...caller })) === NONE ? 1 : 0;
        }
      }
    }), { numRuns: 2500, seed: 7 });
    expect(leaks).toBe(0);
    expect(silent).toBe(0);
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
});

describe('access that leaves no trace', () => {
  const refused = (rule: object, target: string, more = '') => expect(() => AuditPolicy.of({ rules: [{ level: NONE, ...rule }] })).toThrow(
    `allowed: with the level None, a rule that leaves out ${target}${more} (CIS cis-1.12 3.2.2). Put a rule of level Metadata for ${target} before it, `
    + 'with no narrower users, verbs or namespaces: an attacker would leave no trace.');

  test.each(['secrets', 'serviceaccounts/token', 'pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'pods/ephemeralcontainers', 'services/proxy', 'nodes/proxy'])(
    '%s may not go unlogged, whoever it is', (resource) => {
      refused({ resources: [{ resources: [resource] }] }, resource);
      refused({ resources: [{ resources: [resource] }], users: ['system:kube-scheduler'], verbs: ['get', 'create', 'patch'] }, resource);
    });

  test('nor certificate signing requests and their approval', () => {
    refused({ resources: [{ group: 'certificates.k8s.io' }] }, 'certificatesigningrequests of certificates.k8s.io');
    refused({ resources: [{ group: 'certificates.k8s.io', resources: ['*/approval'] }] }, 'certificatesigningrequests/approval of certificates.k8s.io');
  });

  test('nor changes of RBAC and admission, whose reading may', () => {
    for (const [group, first] of [['rbac.authorization.k8s.io', 'roles'], ['admissionregistration.k8s.io', 'validatingwebhookconfigurations']]) {
      refused({ resources: [{ group }] }, `${first} of ${group}`, ', but for reading');
      refused({ resources: [{ group }], verbs: ['get', 'delete'] }, `${first} of ${group}`, ', but for reading');
      expect(() => AuditPolicy.of({ rules: [{ level: NONE, resources: [{ group }], verbs: ['get', 'list', 'watch'] }] })).not.toThrow();
      const changes: AuditRule = { level: METADATA, resources: [{ group }], verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] };
      expect(() => AuditPolicy.of({ rules: [changes, { level: NONE, resources: [{ group }] }] })).not.toThrow();
    }
  });

  test('a pattern that hides them is found, and is fine after a rule that logs them', () => {
    const logged: AuditRule = {
      level: METADATA,
      resources: [{ resources: ['secrets', 'serviceaccounts/token', '*/exec', '*/attach', '*/portforward', '*/proxy', '*/ephemeralcontainers'] }],
    };

    refused({ resources: [{}] }, 'secrets');
    refused({ resources: [{ resources: ['pods/*'] }] }, 'pods/exec');
    refused({ resources: [{ resources: ['*/proxy'] }] }, 'pods/proxy');
    expect(() => AuditPolicy.of({ rules: [logged, { level: NONE, resources: [{}], verbs: ['get'] }] })).not.toThrow();
    expect(() => AuditPolicy.of({ rules: [{ ...logged, userGroups: ['dev'] }, { level: NONE, resources: [{}] }] })).toThrow('leaves out secrets');
    expect(() => AuditPolicy.of({ rules: [{ ...logged, level: NONE }, { level: REQUEST }] })).toThrow();
  });

  test('the whole message', () => {
    expect(() => AuditPolicy.of({ rules: [{ level: NONE, resources: [{ resources: ['pods/exec'] }] }] })).toThrow(new Error(
      '[AuditPolicy] rules[0]: got {"level":"None","resources":[{"resources":["pods/exec"]}]}; allowed: with the level None, a rule that leaves out pods/exec '
      + '(CIS cis-1.12 3.2.2). Put a rule of level Metadata for pods/exec before it, with no narrower users, verbs or namespaces: an attacker would leave no trace.'));
  });

  test.each(['/*', '/debug*', '/debug/pprof/heap', '/logs/', '/l*'])('nor the API server\'s memory and logs, which "%s" covers', (url) => {
    expect(() => AuditPolicy.of({ rules: [{ level: NONE, nonResourceUrls: ['/livez', url] }] })).toThrow(new Error(
      `[AuditPolicy] rules[0].nonResourceUrls: got "${url}"; allowed: with the level None, paths other than those below /debug and /logs (CIS cis-1.12 3.2.2). `
      + 'Name the paths that are not worth a record, such as /livez*: an attacker reads memory and logs there.'));
  });
});

describe('requests whose credentials are refused, which belong to nobody and leave one record', () => {
  const message = 'got "ResponseStarted"; allowed: RequestReceived; the other only in rules with users or userGroups. Leave the stage in the log, '
    + 'or give the rule userGroups: [\'system:authenticated\']: it is the only record of a request whose credentials were refused.';
  const omitStages = [AuditStage.RESPONSE_STARTED];

  test('that record can\'t be left out', () => {
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA }], omitStages })).toThrow(new Error(`[AuditPolicy] omitStages: ${message}`));
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA, omitStages }] })).toThrow(new Error(`[AuditPolicy] rules[0].omitStages: ${message}`));
  });

  test('that of users who have a name can', () => {
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA, userGroups: ['system:authenticated'], omitStages }] })).not.toThrow();
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA, users: ['jane'], omitStages }] })).not.toThrow();
  });

  test('something else than a list of stages is refused', () => {
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA }], omitStages: 'RequestReceived' as never })).toThrow(new Error(
      '[AuditPolicy] omitStages: got "RequestReceived"; allowed: a list of stages. Put it in a list: omitStages: [ … ].'));
  });
});
