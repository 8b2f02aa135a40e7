import { ACCESS_TOKEN, control, finding, reversed, sampleChecks, waiver } from './sample-checks';
import { findingsJson } from '../../src/evidence/findings-json';

const read = (checks = sampleChecks()) => JSON.parse(findingsJson(checks, 'prod'));

test('a program learns all about a finding, and references as people cite them', () => {
  expect(read().findings[0]).toEqual({
    control: 'privileged', severity: 'critical', status: 'enforced', fingerprint: 'f0', message: 'The container is privileged.', fix: 'Remove privileged.',
    constructPath: 'app/shop/web/Resource', resource: 'Deployment/shop/web', path: 'spec.template.spec.containers[0].securityContext.privileged', got: 'true',
    expected: 'absent or false', manifest: 'dist/shop.k8s.yaml', references: ['PSS baseline/privileged'],
  });
});

test('a waived finding carries its waiver, nothing else of it', () => {
  expect(read().findings[1]).toMatchObject({
    status: 'waived', waiver: { reason: 'It measures the host\'s network', owner: 'platform', approver: 'ciso', ticket: 'SEC-12', expires: '2027-01-31' },
  });
  expect(Object.keys(read().findings[1].waiver)).toHaveLength(5);
});

test('a captured line is named', () => {
  expect(read().findings[2].source).toEqual({ file: 'src/my shop.ts', line: 41 });
});

test('the summary counts by status and by severity', () => {
  expect(read().formatVersion).toBe(1);
  expect(read().summary).toEqual({
    objectsChecked: 7, controls: 5, findings: 4,
    byStatus: { enforced: 1, warned: 1, waived: 1, baselined: 1 },
    bySeverity: { critical: 1, high: 1, medium: 1, low: 0, info: 1 },
  });
});

test('every waiver is there, with its state', () => {
  expect(read().waivers.map(({ covers, state }: any) => [covers, state])).toEqual([
    ['DaemonSet/infra/agent', 'used'], ['Deployment/shop/gone', 'unused'], ['Deployment/shop/late', 'expired'], ['Deployment/shop/old', 'expiring'],
  ]);
});

test('every control that was evaluated is there, also if it found nothing', () => {
  const controls = read().controls;
  expect(controls.map(({ id, findings }: any) => [id, findings])).toEqual([
    ['host-network', { waived: 1 }], ['image-digest', { warned: 1 }], ['privileged', { enforced: 1 }], ['read-only-root', {}], ['service-links', { baselined: 1 }],
  ]);
});

test('the same results give the same bytes in any order, also of a finding\'s fields', () => {
  const checks = sampleChecks();
  const turned = { ...reversed(checks), findings: checks.findings.map((each) => Object.fromEntries(Object.entries(each).reverse()) as any) };
  expect(findingsJson(turned, 'prod')).toBe(findingsJson(checks, 'prod'));
});

test('no field holds a secret', () => {
  const json = findingsJson({
    ...sampleChecks(), controls: [control('a', { title: ACCESS_TOKEN })], findings: [finding({ got: ACCESS_TOKEN })], waivers: [waiver({ reason: ACCESS_TOKEN })],
  }, 'prod');
  expect(json).not.toContain(ACCESS_TOKEN);
  expect(json.match(/left out: it holds an access token/g)).toHaveLength(3);
});
