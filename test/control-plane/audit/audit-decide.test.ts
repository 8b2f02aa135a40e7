import * as fc from 'fast-check';
import { ruleOf } from './audit-simulator';
import { AuditRecordStage } from '../../../src/control-plane/audit/audit-decision';
import { AuditPolicy } from '../../../src/control-plane/audit/audit-policy';
import { AuditRequest } from '../../../src/control-plane/audit/audit-request';
import { AuditLevel, AuditRule, AuditStage } from '../../../src/control-plane/audit/audit-rule';
import { messageOf } from '../../core/message-of';

const { NONE, METADATA, REQUEST } = AuditLevel;
const { REQUEST_RECEIVED, RESPONSE_STARTED, RESPONSE_COMPLETE } = AuditRecordStage;
const JANE = { user: 'jane', groups: ['system:authenticated'] };

describe('which rule decides', () => {
  const index = (rule: Partial<AuditRule>, request: Partial<AuditRequest>) =>
    AuditPolicy.of({ rules: [{ level: METADATA, ...rule }] }).decide({ ...JANE, verb: 'get', ...(request.path === undefined ? { resource: 'pods' } : {}), ...request }).ruleIndex;
  const hit = (rule: Partial<AuditRule>, request: Partial<AuditRequest>) => expect(index(rule, request)).toBe(0);
  const miss = (rule: Partial<AuditRule>, request: Partial<AuditRequest>) => expect(index(rule, request)).toBe(1);

  test('the first that matches, of several', () => {
    const policy = AuditPolicy.of({ rules: [{ level: METADATA, verbs: ['get'] }, { level: METADATA, resources: [{ resources: ['pods'] }] }] });

    expect(policy.decide({ ...JANE, verb: 'get', resource: 'pods' }).ruleIndex).toBe(0);
    expect(policy.decide({ ...JANE, verb: 'list', resource: 'pods' }).ruleIndex).toBe(1);
    expect(policy.decide({ ...JANE, verb: 'list', resource: 'nodes' })).toMatchObject({ ruleIndex: 2, level: METADATA });
  });

  test('pods is not pods/exec, pods/* is both, a star is all of the group, */exec is every exec and no pod', () => {
    const of = (resource: string) => ({ resources: [{ resources: [resource] }] });

    hit(of('pods'), {});
    miss(of('pods'), { subresource: 'exec' });
    hit(of('pods/exec'), { subresource: 'exec' });
    miss(of('pods/exec'), {});
    hit(of('pods/*'), {});
    hit(of('pods/*'), { subresource: 'exec' });
    hit(of('*'), { subresource: 'exec' });
    hit(of('*/exec'), { subresource: 'exec' });
    miss(of('*/exec'), {});
    miss(of('*'), { group: 'apps', resource: 'deployments' });
    hit({ resources: [{ group: 'apps' }] }, { group: 'apps', resource: 'deployments', subresource: 'scale' });
  });

  test('a name matches what the URL names, and nothing that is being made', () => {
    const rule = { resources: [{ resources: ['pods'], resourceNames: ['web'] }] };

    hit(rule, { name: 'web' });
    miss(rule, { name: 'db' });
    miss(rule, { verb: 'create' });
    hit(rule, { verb: 'list', name: 'web' });
  });

  test('the empty namespace stands for what has none, and a path is in no namespace', () => {
    hit({ namespaces: [''] }, { resource: 'nodes' });
    miss({ namespaces: [''] }, { namespace: 'shop' });
    miss({ namespaces: [''] }, { path: '/livez' });
    hit({ namespaces: ['shop'] }, { namespace: 'shop' });
  });

  test('a path matches word for word, or up to a star, and a resource no path', () => {
    hit({ nonResourceUrls: ['/livez'] }, { path: '/livez' });
    miss({ nonResourceUrls: ['/livez'] }, { path: '/livez/etcd' });
    hit({ nonResourceUrls: ['/livez*'] }, { path: '/livez/etcd' });
    hit({ nonResourceUrls: ['/livez*'] }, { path: '/livezoo' });
    miss({ nonResourceUrls: ['/*'] }, {});
    miss({ resources: [{}] }, { path: '/livez' });
  });

  test('whose credentials were refused is neither a user nor in a group', () => {
    miss({ users: ['jane'] }, { user: undefined });
    miss({ userGroups: ['system:unauthenticated'] }, { user: undefined, groups: ['system:unauthenticated'] });
    hit({ verbs: ['get'] }, { user: undefined });
  });
});

describe('which records there are', () => {
  const decide = (request: Partial<AuditRequest>, policy = AuditPolicy.of({ rules: [{ level: METADATA }], omitStages: [] })) =>
    policy.decide({ ...JANE, verb: 'get', ...(request.path === undefined ? { resource: 'pods' } : {}), ...request }).stages;

  test('beginning and end', () => {
    expect(decide({})).toEqual([REQUEST_RECEIVED, RESPONSE_COMPLETE]);
    expect(decide({ path: '/livez' })).toEqual([REQUEST_RECEIVED, RESPONSE_COMPLETE]);
  });

  test('the start of the response of requests that last', () => {
    for (const request of [{ verb: 'watch' }, { subresource: 'exec' }, { subresource: 'log' }, { resource: 'services', subresource: 'proxy' }, { path: '/debug/pprof/heap' }]) {
      expect(decide(request)).toEqual([REQUEST_RECEIVED, RESPONSE_STARTED, RESPONSE_COMPLETE]);
    }
  });

  test('that alone where the credentials were refused', () => {
    expect(decide({ user: undefined, groups: undefined })).toEqual([RESPONSE_STARTED]);
  });

  test('without those that policy or rule leave out, and none where nothing is kept', () => {
    const policy = AuditPolicy.of({
      rules: [
        { level: NONE, verbs: ['list'], resources: [{ resources: ['pods'] }] },
        { level: METADATA, users: ['jane'], omitStages: [AuditStage.RESPONSE_STARTED] },
      ],
    });

    expect(decide({ verb: 'watch' }, policy)).toEqual([RESPONSE_COMPLETE]);
    expect(decide({ verb: 'watch', user: 'joe' }, policy)).toEqual([RESPONSE_STARTED, RESPONSE_COMPLETE]);
    expect(decide({ verb: 'list' }, policy)).toEqual([]);
  });
});

test('two simulators that were written apart agree on random policies and requests', () => {
  const some = (...values: string[]) => fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), { nil: undefined });
  const resources = fc.record({
    group: fc.constantFrom(undefined, 'apps'),
    resources: fc.constantFrom(undefined, ['*'], ['pods'], ['pods/exec'], ['pods/*'], ['*/exec', 'nodes'], ['nodes', 'pods/log']),
    resourceNames: fc.constantFrom(undefined, undefined, ['web']),
  }).filter((entry) => entry.resources !== undefined || entry.resourceNames === undefined);
  const who = { users: some('jane', 'joe'), userGroups: some('dev', 'ops') };
  const rule: fc.Arbitrary<object> = fc.oneof(
    fc.record({ ...who, verbs: some('get', 'create', 'list'), namespaces: some('shop', ''), resources: fc.option(fc.array(resources, { minLength: 1, maxLength: 2 }), { nil: undefined }) }),
    fc.record({ ...who, verbs: some('get', 'post'), nonResourceUrls: fc.constantFrom(['/livez'], ['/livez*'], ['/version', '/api*']) }),
  ).map((candidate) => Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined)))
    .filter((candidate) => Object.keys(candidate).length > 0);
  const common = { user: fc.constantFrom('jane', 'joe', 'eve'), groups: fc.uniqueArray(fc.constantFrom('dev', 'ops')) };
  const request = fc.oneof(
    fc.record({
      ...common, verb: fc.constantFrom('get', 'create', 'list'), group: fc.constantFrom('', 'apps'), resource: fc.constantFrom('pods', 'nodes'),
      subresource: fc.constantFrom(undefined, 'exec', 'log'), name: fc.constantFrom(undefined, 'web', 'db'), namespace: fc.constantFrom('', 'shop'),
    }),
    fc.record({ ...common, verb: fc.constantFrom('get', 'post'), path: fc.constantFrom('/livez', '/livez/etcd', '/version', '/api/v1') }),
  );
  const decided = new Map<number, number>();
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.array(request, { minLength: 10, maxLength: 10 }), (rules, requests) => {
    const policy = AuditPolicy.of({ rules: rules.map((candidate) => ({ level: METADATA, ...candidate })) });
    for (const asked of requests) {
      const { ruleIndex, level } = policy.decide(asked);
      const second = ruleOf(policy.rules, { namespace: '', group: '', resource: '', ...asked });
      expect({ ruleIndex, level }).toEqual({ ruleIndex: second, level: policy.rules[second].level });
      decided.set(ruleIndex, (decided.get(ruleIndex) ?? 0) + 1);
    }
  }), { numRuns: 1500, seed: 11 });
  expect(decided.get(0)).toBeGreaterThan(500);
  expect(decided.get(1)).toBeGreaterThan(100);
});

describe('bad input', () => {
  const policy = AuditPolicy.of({ rules: [{ level: METADATA, resources: [{ resources: ['secrets'] }] }, { level: REQUEST, resources: [{ resources: ['pods'] }] }] });
  const message = (request: object) => messageOf(() => policy.decide(request as AuditRequest));

  test('a request for a path and a resource, or for neither', () => {
    const words = 'allowed: either a path, or a resource with what belongs to it. Give path or resource: a request is for one of the two.';

    expect(message({ verb: 'get' })).toBe(`[AuditPolicy] request: got {"verb":"get"}; ${words}`);
    expect(message({ verb: 'get', resource: '' })).toBe(`[AuditPolicy] request: got {"verb":"get","resource":""}; ${words}`);
    expect(message({ verb: 'get', path: '/livez', namespace: 'shop' })).toBe(`[AuditPolicy] request: got {"verb":"get","path":"/livez","namespace":"shop"}; ${words}`);
  });

  test('a misspelt property', () => {
    expect(message({ verb: 'get', resources: 'pods' })).toBe('[AuditPolicy] request.resources: allowed: user, groups, verb, path, group, resource, subresource, name, '
      + 'namespace. Correct the name: the answer would be about another request. Did you mean "resource"?');
  });
});
