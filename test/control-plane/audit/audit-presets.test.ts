import { parse, parseAllDocuments } from 'yaml';
import { CONFIDENTIAL, request } from './audit-requests';
import { AuditRequest, levelOf } from './audit-simulator';
import { AuditPolicy } from '../../../src/control-plane/audit/audit-policy';
import { AuditLevel } from '../../../src/control-plane/audit/audit-rule';

const { NONE, METADATA, REQUEST, REQUEST_RESPONSE } = AuditLevel;
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const READS = ['get', 'list', 'watch'];
const PRESETS = { recommended: AuditPolicy.recommended(), minimal: AuditPolicy.minimal(), forensic: AuditPolicy.forensic() };
const REMOTE: Partial<AuditRequest>[] = [
  ...['exec', 'attach', 'portforward', 'proxy'].map((subresource) => ({ resource: 'pods', subresource })), { resource: 'services', subresource: 'proxy' },
  { resource: 'nodes', subresource: 'proxy' },
];
const SENSITIVE: Partial<AuditRequest>[] = [...CONFIDENTIAL.map(([, target]) => target), ...REMOTE];

describe.each(Object.entries(PRESETS))('the %s policy', (_, policy) => {
  const level = (overrides: Partial<AuditRequest>) => levelOf(policy.rules, request(overrides));

  test.each(CONFIDENTIAL)('logs that somebody came near %s and never its body, whatever the verb', (__, target) => {
    for (const verb of [...WRITES, ...READS]) {
      for (const groups of [['system:authenticated'], ['system:unauthenticated'], ['system:masters', 'system:authenticated'], []]) {
        expect(level({ ...target, verb, groups })).toBe(METADATA);
      }
    }
  });

  test('logs remote commands and proxying, which a rule for pods alone would miss', () => {
    for (const target of REMOTE) {
      expect(level({ ...target, verb: 'create' })).toBe(METADATA);
      expect(level({ ...target, verb: 'get' })).toBe(METADATA);
    }
  });

  test.each(['system:masters', 'system:nodes', 'system:serviceaccounts:kube-system'])('is never silent on %s for who they are', (group) => {
    for (const target of SENSITIVE) {
      expect(level({ ...target, groups: [group, 'system:authenticated'], verb: 'get' })).toBe(METADATA);
    }
    expect(policy.rules.filter((rule) => rule.level === NONE).flatMap((rule) => rule.userGroups ?? [])).not.toContain(group);
  });

  test('logs every change, but for events and leases, and every deletion of events', () => {
    for (const [group, resource] of [['', 'pods'], ['', 'nodes'], ['apps', 'deployments'], ['rbac.authorization.k8s.io', 'roles'], ['example.com', 'widgets']]) {
      for (const verb of WRITES) {
        expect(level({ group, resource, verb })).not.toBe(NONE);
      }
    }
    expect(level({ resource: 'events', verb: 'delete' })).toBe(METADATA);
    expect(level({ resource: 'events', verb: 'deletecollection' })).toBe(METADATA);
  });

  test('logs anonymous users and refused credentials everywhere but on health and version paths', () => {
    for (const groups of [['system:unauthenticated'], []]) {
      for (const target of [{ resource: 'pods', verb: 'list' }, { resource: 'events' }, { group: 'coordination.k8s.io', resource: 'leases', verb: 'get' },
        { resource: '', path: '/api', verb: 'get' }, { resource: '', path: '/metrics', verb: 'get' }]) {
        expect(level({ ...target, groups, user: 'system:anonymous' })).not.toBe(NONE);
      }
    }
    expect(level({ resource: '', path: '/livez', verb: 'get', groups: ['system:unauthenticated'] })).toBe(NONE);
  });

  test('is one YAML document without a key twice, and the same text every time', () => {
    const documents = parseAllDocuments(policy.toYaml(), { uniqueKeys: true, strict: true });

    expect(documents).toHaveLength(1);
    expect(documents[0].errors).toEqual([]);
    expect(Object.keys(parse(policy.toYaml()))).toEqual(expect.arrayContaining(['apiVersion', 'kind', 'omitManagedFields', 'rules']));
    expect(AuditPolicy.of({ rules: policy.rules, omitStages: parse(policy.toYaml()).omitStages ?? [] }).toYaml()).toBe(policy.toYaml());
  });
});

describe('the recommended policy', () => {
  const policy = AuditPolicy.recommended();
  const level = (overrides: Partial<AuditRequest>) => levelOf(policy.rules, request(overrides));

  test.each(WRITES)('logs request and response of RBAC and admission configuration on %s', (verb) => {
    expect(level({ verb, group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' })).toBe(REQUEST_RESPONSE);
    expect(level({ verb, group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations' })).toBe(REQUEST_RESPONSE);
  });

  test('logs the request of a workload\'s change, and only metadata of its reading', () => {
    expect(level({ group: 'apps', resource: 'deployments' })).toBe(REQUEST);
    expect(level({ group: 'apps', resource: 'deployments', subresource: 'scale', verb: 'patch' })).toBe(REQUEST);
    expect(level({ resource: 'pods', subresource: 'ephemeralcontainers', verb: 'patch' })).toBe(REQUEST);
    expect(level({ group: 'apps', resource: 'deployments', verb: 'list' })).toBe(METADATA);
  });

  test('logs metadata of what no rule names', () => {
    expect(level({ group: 'example.com', resource: 'widgets' })).toBe(METADATA);
    expect(level({ group: '', resource: '', path: '/apis', verb: 'get' })).toBe(METADATA);
  });

  test('is silent on health paths, leases, the making of events, and kube-proxy\'s watches, but not on other users\' watches', () => {
    expect(level({ resource: '', path: '/livez', verb: 'get' })).toBe(NONE);
    expect(level({ resource: '', path: '/readyz/etcd', verb: 'get' })).toBe(NONE);
    expect(level({ group: 'coordination.k8s.io', resource: 'leases', verb: 'update' })).toBe(NONE);
    expect(level({ resource: 'events' })).toBe(NONE);
    expect(level({ user: 'system:kube-proxy', resource: 'services', verb: 'watch' })).toBe(NONE);
    expect(level({ resource: 'services', verb: 'watch' })).toBe(METADATA);
  });

  test('logs who deletes events, which hides tracks', () => {
    expect(level({ resource: 'events', verb: 'delete' })).toBe(METADATA);
    expect(level({ resource: 'events', verb: 'deletecollection' })).toBe(METADATA);
  });

  test('leaves out the first stage, which the last repeats, and managed fields', () => {
    expect(parse(policy.toYaml())).toMatchObject({
      apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], omitManagedFields: true,
    });
  });
});

describe('the minimal policy', () => {
  const policy = AuditPolicy.minimal();
  const level = (overrides: Partial<AuditRequest>) => levelOf(policy.rules, request(overrides));

  test('holds no bodies at all', () => {
    expect(policy.rules.filter((rule) => ![NONE, METADATA].includes(rule.level))).toEqual([]);
  });

  test('is silent on what users with a name only read, and on discovery', () => {
    for (const verb of READS) {
      expect(level({ verb })).toBe(NONE);
      expect(level({ verb, group: 'apps', resource: 'deployments' })).toBe(NONE);
      expect(level({ verb, group: 'discovery.k8s.io', resource: 'endpointslices' })).toBe(NONE);
    }
    for (const path of ['/api', '/apis/apps/v1', '/openapi/v3']) {
      expect(level({ resource: '', path, verb: 'get' })).toBe(NONE);
      expect(level({ resource: '', path, verb: 'post' })).toBe(METADATA);
    }
  });

  test('logs reading of RBAC, admission, container logs and custom resources', () => {
    for (const target of [{ group: 'rbac.authorization.k8s.io', resource: 'roles' }, { group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations' },
      { resource: 'pods', subresource: 'log' }, { group: 'example.com', resource: 'widgets' }, { resource: '', path: '/metrics' }]) {
      expect(level({ ...target, verb: 'get' })).toBe(METADATA);
    }
  });
});

describe('the forensic policy', () => {
  const policy = AuditPolicy.forensic();
  const level = (overrides: Partial<AuditRequest>) => levelOf(policy.rules, request(overrides));

  test.each(WRITES)('holds request and response of every %s, custom resources included', (verb) => {
    for (const [group, resource] of [['', 'pods'], ['', 'serviceaccounts'], ['apps', 'deployments'], ['rbac.authorization.k8s.io', 'roles'], ['example.com', 'widgets']]) {
      expect(level({ group, resource, verb })).toBe(REQUEST_RESPONSE);
    }
  });

  test('is silent on health paths alone', () => {
    const silent = policy.rules.filter((rule) => rule.level === NONE);

    expect(silent).toEqual([{ level: NONE, nonResourceUrls: ['/healthz*', '/livez*', '/readyz*'] }]);
    expect(level({ resource: '', path: '/version', verb: 'get' })).toBe(METADATA);
    expect(level({ user: 'system:kube-proxy', resource: 'services', verb: 'watch' })).toBe(METADATA);
    expect(level({ group: 'coordination.k8s.io', resource: 'leases', verb: 'update' })).toBe(METADATA);
  });

  test('holds the beginning of every request, in case the API server does not come to its end', () => {
    expect(parse(policy.toYaml()).omitStages).toBeUndefined();
  });

  test('can be had without the bodies of a custom resource', () => {
    const ours = AuditPolicy.of({
      rules: [{ level: METADATA, resources: [{ group: 'example.com', resources: ['vaults'] }] }, ...policy.rules], omitStages: [],
    });

    expect(levelOf(ours.rules, request({ group: 'example.com', resource: 'vaults' }))).toBe(METADATA);
    expect(levelOf(ours.rules, request({ group: 'example.com', resource: 'widgets' }))).toBe(REQUEST_RESPONSE);
  });
});
