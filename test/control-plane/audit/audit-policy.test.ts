import { parse } from 'yaml';
import { request } from './audit-requests';
import { levelOf } from './audit-simulator';
import { AuditPolicy, AuditPolicyProps } from '../../../src/control-plane/audit/audit-policy';
import { AuditLevel, AuditResources, AuditRule, AuditStage } from '../../../src/control-plane/audit/audit-rule';
import { messageOf } from '../../core/message-of';

const { NONE, METADATA } = AuditLevel;

describe('a policy of one\'s own', () => {
  test('renders Kubernetes\' field names, the core group as an empty text, and nothing that was not said', () => {
    const policy = AuditPolicy.of({
      rules: [
        { level: NONE, users: ['system:kube-proxy'], verbs: ['watch'], resources: [{ resources: ['endpoints'], resourceNames: ['web'] }], namespaces: ['', 'shop'] },
        { level: NONE, nonResourceUrls: ['/livez*'], userGroups: ['system:unauthenticated'] },
        { level: METADATA, userGroups: ['dev'], omitStages: [AuditStage.RESPONSE_STARTED], omitManagedFields: false },
      ],
      omitStages: [],
      omitManagedFields: false,
    });

    expect(parse(policy.toYaml())).toEqual({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitManagedFields: false,
      rules: [
        {
          level: 'None', users: ['system:kube-proxy'], verbs: ['watch'], resources: [{ group: '', resources: ['endpoints'], resourceNames: ['web'] }], namespaces: ['', 'shop'],
        },
        { level: 'None', userGroups: ['system:unauthenticated'], nonResourceURLs: ['/livez*'] },
        { level: 'Metadata', userGroups: ['dev'], omitStages: ['ResponseStarted'], omitManagedFields: false },
        { level: 'Metadata' },
      ],
    });
  });

  test('ends with a rule for everything else, so that nothing goes unlogged by omission', () => {
    const policy = AuditPolicy.of({ rules: [{ level: NONE, nonResourceUrls: ['/livez'] }] });

    expect(policy.rules.at(-1)).toEqual({ level: METADATA });
    expect(levelOf(policy.rules, request({ resource: 'widgets' }))).toBe(METADATA);
  });

  test('keeps a last rule of its own that matches everything', () => {
    expect(AuditPolicy.of({ rules: [{ level: METADATA, omitStages: [] }] }).rules).toEqual([{ level: METADATA, omitStages: [] }]);
  });

  test('does not change with what it was made from, nor with what it hands out', () => {
    const rules: AuditRule[] = [{ level: METADATA, resources: [{ resources: ['secrets'] }] }];
    const policy = AuditPolicy.of({ rules });
    const before = policy.toYaml();
    (rules[0].resources as AuditResources[]).pop();
    (policy.rules[0].resources as AuditResources[]).pop();

    expect(policy.toYaml()).toBe(before);
  });

  test('is the same text every time', () => {
    expect(AuditPolicy.recommended().toYaml()).toBe(AuditPolicy.recommended().toYaml());
  });
});

describe('bad input', () => {
  const refuse = (rule: object, message: string) => {
    expect(() => AuditPolicy.of({ rules: [rule as AuditRule] })).toThrow(new Error(message));
  };

  test('no rules, with which the API server does not start', () => {
    expect(() => AuditPolicy.of({ rules: [] })).toThrow(new Error(
      '[AuditPolicy] rules: got []; allowed: at least one rule. Add a rule, or use AuditPolicy.recommended(): the API server does not start without rules.'));
  });

  test('an unknown level', () => {
    refuse({ level: 'Everything' }, '[AuditPolicy] rules[0].level: got "Everything"; allowed: one of None, Metadata, Request, RequestResponse. Take a value of AuditLevel.');
  });

  test('a stage without which there is no record', () => {
    const message = 'got "ResponseComplete"; allowed: RequestReceived, ResponseStarted: the end of a request and a panic always leave their record. '
      + 'Leave the stage in the log.';
    refuse({ level: METADATA, omitStages: ['ResponseComplete'] }, `[AuditPolicy] rules[0].omitStages: ${message}`);
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA }], omitStages: ['ResponseComplete' as AuditStage] })).toThrow(new Error(`[AuditPolicy] omitStages: ${message}`));
  });

  test('group and resource in one word', () => {
    const fix = 'Write group and resource apart, as in { group: \'authentication.k8s.io\', resources: [\'tokenreviews\'] }: together they load and match nothing.';
    refuse({ level: METADATA, resources: [{ resources: ['authentication.k8s.io/tokenreviews'] }] },
      `[AuditPolicy] rules[0].resources[0].resources: got "authentication.k8s.io/tokenreviews"; allowed: a resource without its API group. ${fix}`);
    refuse({ level: METADATA, resources: [{ resources: ['tokenreviews.authentication.k8s.io'] }] },
      `[AuditPolicy] rules[0].resources[0].resources: got "tokenreviews.authentication.k8s.io"; allowed: a resource without its API group. ${fix}`);
  });

  test('a wildcard as the group', () => {
    refuse({ level: METADATA, resources: [{ group: '*' }] }, '[AuditPolicy] rules[0].resources[0].group: got "*"; allowed: one API group. '
      + 'Name each group: the API server refuses the wildcard before 1.36, and it hides what the rule covers.');
  });

  test.each(['core', 'v1'])('the group "%s", which matches nothing', (group) => {
    refuse({ level: METADATA, resources: [{ group }] }, `[AuditPolicy] rules[0].resources[0].group: got "${group}"; allowed: an API group. `
      + 'Leave group out for the core group: this one loads and matches nothing.');
  });

  test('a group with a version', () => {
    refuse({ level: METADATA, resources: [{ group: 'apps/v1' }] },
      '[AuditPolicy] rules[0].resources[0].group: got "apps/v1"; allowed: an API group in lower case, without a version. Write it as in rbac.authorization.k8s.io.');
  });

  test.each(['Secret', '*/*', 'pods/exec/x', ''])('the resource "%s"', (resource) => {
    refuse({ level: METADATA, resources: [{ resources: [resource] }] },
      `[AuditPolicy] rules[0].resources[0].resources: got "${resource}"; allowed: a resource in lower-case plural, such as pods, pods/exec, pods/* or */scale. `
      + 'Correct the name: a wrong one loads and matches nothing.');
  });

  test('empty lists, which the API server reads as everything', () => {
    const message = (property: string) => `[AuditPolicy] rules[0].${property}: got []; allowed: at least one entry. `
      + 'Leave the property out to match all: the API server reads an empty list so.';
    refuse({ level: METADATA, resources: [] }, message('resources'));
    refuse({ level: METADATA, resources: [{ resources: [] }] }, message('resources[0].resources'));
    for (const property of ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceUrls']) {
      refuse({ level: METADATA, [property]: [] }, message(property));
    }
  });

  test.each(['users', 'userGroups', 'verbs', 'namespaces'])('a wildcard in %s, which matches nothing', (property) => {
    refuse({ level: METADATA, [property]: ['*'] },
      `[AuditPolicy] rules[0].${property}: got "*"; allowed: whole names: there are no wildcards here. Leave the property out to match all.`);
  });

  test.each(['users', 'userGroups', 'verbs', 'namespaces'])('%s that are no list of names', (property) => {
    refuse({ level: METADATA, [property]: 'jane' }, `[AuditPolicy] rules[0].${property}: got "jane"; allowed: a list of names. Put it in a list: rules[0].${property}: [ … ].`);
    refuse({ level: METADATA, [property]: null }, `[AuditPolicy] rules[0].${property}: got null; allowed: a list of names. Put it in a list: rules[0].${property}: [ … ].`);
    for (const [given, shown] of [[7, '7'], [null, 'null'], ['a\nb', '"a\\nb"']]) {
      refuse({ level: METADATA, [property]: ['get', given] }, `[AuditPolicy] rules[0].${property}[1]: got ${shown}; allowed: text without control characters. Correct or remove it.`);
    }
  });

  test('resources and paths that are no lists, or not of text', () => {
    refuse({ level: METADATA, resources: 'pods' },
      '[AuditPolicy] rules[0].resources: got "pods"; allowed: a list of resources with their groups. Put it in a list: rules[0].resources: [ … ].');
    refuse({ level: METADATA, resources: [{ resources: 'pods' }] },
      '[AuditPolicy] rules[0].resources[0].resources: got "pods"; allowed: a list of resources. Put it in a list: rules[0].resources[0].resources: [ … ].');
    refuse({ level: METADATA, resources: [{ resources: [7] }] }, '[AuditPolicy] rules[0].resources[0].resources[0]: got 7; allowed: text without control characters. Correct or remove it.');
    refuse({ level: METADATA, resources: [{ resources: ['pods'], resourceNames: [{}] }] },
      '[AuditPolicy] rules[0].resources[0].resourceNames[0]: got {}; allowed: text without control characters. Correct or remove it.');
    refuse({ level: METADATA, resources: [{ group: 7 }] },
      '[AuditPolicy] rules[0].resources[0].group: got 7; allowed: an API group in lower case, without a version. Write it as in rbac.authorization.k8s.io.');
    refuse({ level: METADATA, nonResourceUrls: '/livez' }, '[AuditPolicy] rules[0].nonResourceUrls: got "/livez"; allowed: a list of paths. Put it in a list: rules[0].nonResourceUrls: [ … ].');
    refuse({ level: METADATA, nonResourceUrls: [null] }, '[AuditPolicy] rules[0].nonResourceUrls[0]: got null; allowed: text without control characters. Correct or remove it.');
  });

  test('text where a truth value is meant: the API server would not read the file, or take it for another', () => {
    refuse({ level: METADATA, omitManagedFields: 'no' }, '[AuditPolicy] rules[0].omitManagedFields: got "no"; allowed: true or false. Leave it out for true.');
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA }], omitManagedFields: 'no' as never })).toThrow(new Error(
      '[AuditPolicy] omitManagedFields: got "no"; allowed: true or false. Leave it out for true.'));
  });

  test('a rule that is no object', () => {
    refuse(null as never, '[AuditPolicy] rules[0]: got null; allowed: an object with level, users, userGroups, verbs, resources, namespaces, nonResourceUrls, '
      + 'omitStages, omitManagedFields. Write it like { level: … }.');
  });

  test('an unknown verb, which matches nothing', () => {
    refuse({ level: METADATA, resources: [{}], verbs: ['read'] }, '[AuditPolicy] rules[0].verbs: got "read"; allowed: get, list, watch, create, update, patch, '
      + 'delete, deletecollection. Correct the verb: an unknown one loads and matches nothing.');
    refuse({ level: METADATA, nonResourceUrls: ['/x'], verbs: ['watch'] }, '[AuditPolicy] rules[0].verbs: got "watch"; allowed: get, head, post, put, patch, '
      + 'delete, options. Correct the verb: an unknown one loads and matches nothing.');
  });

  test('paths and resources in one rule, and a malformed path', () => {
    refuse({ level: METADATA, nonResourceUrls: ['/livez'], resources: [{}] }, '[AuditPolicy] rules[0].nonResourceUrls: got ["/livez"]; allowed: paths alone, '
      + 'without resources and namespaces. Make two rules of it.');
    for (const path of ['livez', '/li*vez', '*', '']) {
      refuse({ level: METADATA, nonResourceUrls: [path] }, `[AuditPolicy] rules[0].nonResourceUrls: got "${path}"; allowed: a path from / on, with no wildcard but `
        + 'a * at its end. Correct the path, for instance /livez*.');
    }
  });

  test('names without their resource', () => {
    refuse({ level: METADATA, resources: [{ resourceNames: ['db'] }] },
      '[AuditPolicy] rules[0].resources[0].resourceNames: got ["db"]; allowed: names together with resources. Name the resources too.');
  });

  test.each(['system:masters', 'system:nodes', 'system:serviceaccounts:kube-system'])('silence on %s', (group) => {
    refuse({ level: NONE, userGroups: [group], resources: [{ resources: ['nodes'] }] },
      `[AuditPolicy] rules[0].userGroups: got "${group}"; allowed: with the level None, groups other than system:masters, system:nodes, `
      + 'system:serviceaccounts:kube-system. Log them at Metadata at least: what an attacker does with their rights would leave no trace.');
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA, userGroups: [group] }] })).not.toThrow();
  });

  test('a misspelt property, without which the rule would match everything', () => {
    const FIX = 'Correct the name: without it the rule would match more than it seems to.';
    refuse({ level: METADATA, resource: [{ resources: ['secrets'] }] }, '[AuditPolicy] rules[0].resource: allowed: level, users, userGroups, '
      + `verbs, resources, namespaces, nonResourceUrls, omitStages, omitManagedFields. ${FIX} Did you mean "resources"?`);
    refuse({ level: METADATA, resources: [{ resource: ['secrets'] }] }, `[AuditPolicy] rules[0].resources[0].resource: allowed: group, resources, resourceNames. ${FIX} `
      + 'Did you mean "resources"?');
    refuse(null as unknown as object, '[AuditPolicy] rules[0]: got null; allowed: an object with level, users, userGroups, verbs, resources, namespaces, nonResourceUrls, omitStages, '
      + 'omitManagedFields. Write it like { level: … }.');
  });

  test('misspelt properties of the policy itself, and no list of rules', () => {
    expect(messageOf(() => AuditPolicy.of({ rules: [{ level: METADATA }], omitStage: [] } as AuditPolicyProps))).toBe(
      '[AuditPolicy] omitStage: allowed: rules, omitStages, omitManagedFields. Correct or remove it: nobody reads it. Did you mean "omitStages"?');
    expect(messageOf(() => AuditPolicy.of(null as unknown as AuditPolicyProps))).toBe(
      '[AuditPolicy] props: got null; allowed: an object with rules, omitStages, omitManagedFields. Write it like { rules: … }.');
    expect(messageOf(() => AuditPolicy.of({} as AuditPolicyProps))).toBe(
      '[AuditPolicy] rules: got undefined; allowed: a list of rules. Put it in a list: rules: [ … ].');
  });

  test('silence on everything that somebody does', () => {
    refuse({ level: NONE, users: ['jane'] }, '[AuditPolicy] rules[0]: got {"level":"None","users":["jane"]}; allowed: with the level None, a rule that names resources or '
      + 'nonResourceUrls. Say what is not worth a record: otherwise everything that these users do leaves no trace.');
  });

  test('a rule that is never reached', () => {
    expect(() => AuditPolicy.of({ rules: [{ level: METADATA }, { level: NONE, nonResourceUrls: ['/livez'] }] })).toThrow(new Error(
      '[AuditPolicy] rules[1]: got {"level":"None","nonResourceUrls":["/livez"]}; allowed: no rule after rules[0], which matches every request. '
      + 'Move the rule that matches everything to the end: the first match decides.'));
  });
});
