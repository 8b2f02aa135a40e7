import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import * as fc from 'fast-check';
import { ACCESS_TOKEN, control, finding, noChecks, reversed, sampleChecks, waiver } from './sample-checks';
import { Severity } from '../../src/core/severity';
import { CheckResults, ReportedFinding } from '../../src/evidence/check-results';
import { sarif } from '../../src/evidence/sarif';

/**
 * The schema of the OASIS standard with errata 01, as published at
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json, unchanged. It is of draft 4, of which it uses nothing
 * that draft 7 doesn't have: only its own name is spelt differently.
 */
const { id, ...schema } = JSON.parse(readFileSync(join(__dirname, 'sarif-schema-2.1.0.json'), 'utf8'));
const REFERENCE = /^([A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const ajv = new Ajv({
  allErrors: true,
  formats: { 'uri': (text: string) => REFERENCE.test(text) && /^[a-z][a-z0-9+.-]*:/i.test(text), 'uri-reference': REFERENCE, 'date-time': true },
});
const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#', $id: id });

function faults(log: unknown): string[] {
  return validate(log) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function run(checks: CheckResults): any {
  return JSON.parse(sarif(checks, 'prod')).runs[0];
}

function only(more: Partial<ReportedFinding>): any {
  const { results: [result] } = run({ ...noChecks(), findings: [finding(more)] });
  return { ...result, region: result.locations[0].physicalLocation.region, uri: result.locations[0].physicalLocation.artifactLocation.uri };
}

test('the standard\'s own schema takes it', () => {
  expect(faults(JSON.parse(sarif(sampleChecks(), 'prod')))).toEqual([]);
  expect(faults(JSON.parse(sarif(noChecks(), 'prod')))).toEqual([]);
});

test.each<[string, (log: any) => void, string]>([
  ['a misspelt property', (log) => Object.assign(log.runs[0].results[0], { rule_id: 'x' }), '/runs/0/results/0 must NOT have additional properties'],
  ['an unknown level', (log) => Object.assign(log.runs[0].results[0], { level: 'critical' }), '/runs/0/results/0/level must be equal to one of the allowed values'],
  ['an unknown level of a rule', (log) => Object.assign(log.runs[0].tool.driver.rules[0].defaultConfiguration, { level: 'high' }), '/runs/0/tool/driver/rules/0/defaultConfiguration/level must be equal to one of the allowed values'],
  ['a suppression without a kind', (log) => delete log.runs[0].results[1].suppressions[0].kind, '/runs/0/results/1/suppressions/0 must have required property \'kind\''],
  ['a line 0', (log) => Object.assign(log.runs[0].results[0].locations[0].physicalLocation.region, { startLine: 0 }), '/runs/0/results/0/locations/0/physicalLocation/region/startLine must be >= 1'],
  ['a blank in a file\'s address', (log) => Object.assign(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation, { uri: 'my shop.ts' }), '/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri must match format "uri-reference"'],
  ['another version', (log) => Object.assign(log, { version: '2.2' }), '/version must be equal to one of the allowed values'],
])('the schema refuses %s', (_, spoil, fault) => {
  const log = JSON.parse(sarif(sampleChecks(), 'prod'));
  spoil(log);
  expect(faults(log)).toContain(fault);
});

test('whatever the texts are, the schema takes them and no secret or control character is left', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(fc.property(text, text, text, text, (message, file, path, got) => {
    const log = sarif({ ...sampleChecks(), findings: [finding({ message, manifest: file, path, got: `${got} ${ACCESS_TOKEN}` })] }, message);
    expect(faults(JSON.parse(log))).toEqual([]);
    expect(log).not.toContain(ACCESS_TOKEN);
  }));
});

test('every result points to its rule, by id and by place', () => {
  const { results, tool: { driver: { rules } } } = run(sampleChecks());
  expect(results).toHaveLength(4);
  for (const result of results) {
    expect(rules[result.ruleIndex].id).toBe(result.ruleId);
  }
});

test('a rule says what, why and how, and which standards ask for it', () => {
  const { tool: { driver: { rules } } } = run(sampleChecks());
  expect(rules.find((each: any) => each.id === 'host-network')).toEqual({
    id: 'host-network',
    name: 'HostNetwork',
    shortDescription: { text: 'host-network holds' },
    fullDescription: { text: 'Without host-network a node is open.' },
    help: { text: 'Without host-network a node is open.\n\nSet host-network.\n\nSee PSS baseline/privileged.' },
    defaultConfiguration: { level: 'error' },
    properties: {
      'tags': ['security', 'kubernetes', 'pod-security', 'PSS baseline/privileged'],
      'precision': 'high',
      'problem.severity': 'error',
      'security-severity': '8.0',
      'references': ['PSS baseline/privileged'],
      'packs': ['pss-baseline'],
    },
  });
});

test('a rule whose name would be its id again has none', () => {
  const { tool: { driver: { rules } } } = run(sampleChecks());
  expect(rules.map((each: any) => each.name)).toEqual(['HostNetwork', 'ImageDigest', undefined, 'ReadOnlyRoot', 'ServiceLinks']);
});

test.each([
  [Severity.CRITICAL, 'error', 9.1, 10], [Severity.HIGH, 'error', 7, 8.9], [Severity.MEDIUM, 'warning', 4, 6.9], [Severity.LOW, 'note', 0.1, 3.9],
])('code scanning shows %s as such', (severity, level, from, to) => {
  const { tool: { driver: { rules: [rule] } }, results: [result] } = run({ ...sampleChecks(), controls: [control('privileged', { severity })], findings: [finding({ severity })] });
  expect(result.level).toBe(level);
  expect(typeof rule.properties['security-severity']).toBe('string');
  expect(Number(rule.properties['security-severity'])).toBeGreaterThanOrEqual(from);
  expect(Number(rule.properties['security-severity'])).toBeLessThanOrEqual(to);
});

test('what is only worth knowing is no security matter', () => {
  const { tool: { driver: { rules } } } = run(sampleChecks());
  const { properties, defaultConfiguration } = rules.find((each: any) => each.id === 'service-links');
  expect(defaultConfiguration.level).toBe('note');
  expect(properties['security-severity']).toBeUndefined();
  expect(properties.tags).not.toContain('security');
});

test('no rule has more tags than code scanning takes, and no description is longer', () => {
  const references = Array.from({ length: 30 }, (_, i) => `CIS cis-1.12 5.2.${i}`);
  const { tool: { driver: { rules: [rule] } } } = run({ ...sampleChecks(), controls: [control('a', { references, rationale: 'x'.repeat(2000) })], findings: [] });
  expect(rule.properties.tags).toHaveLength(20);
  expect(rule.properties.references).toEqual(references);
  expect(rule.fullDescription.text).toHaveLength(1024);
});

test('a finding of a check that is no control gets a rule of its own', () => {
  const { tool: { driver: { rules } } } = run({ ...sampleChecks(), findings: [finding({ control: 'kubernetes-end-of-life' })] });
  expect(rules.find((each: any) => each.id === 'kubernetes-end-of-life').fullDescription.text).toBe('The container is privileged.');
});

test('the message begins with what is the matter and holds place, value and fix', () => {
  expect(only({}).message.text).toBe('The container is privileged. Deployment/shop/web spec.template.spec.containers[0].securityContext.privileged: got true, expected absent or false. Remove privileged.');
  expect(only({ resource: undefined, path: undefined, got: undefined, expected: undefined }).message.text).toBe('The container is privileged. Remove privileged.');
});

test('braces and brackets in a value are no placeholders and no links', () => {
  expect(only({ got: '{"a":"[x](https://evil.example)"}' }).message.text).toContain('got {{"a":"[x] (https://evil.example)"}}');
});

test('with capture, the location is the line of the user\'s program', () => {
  const { uri, region } = only({ source: { file: 'src/main.ts', line: 12 } });
  expect({ uri, region }).toEqual({ uri: 'src/main.ts', region: { startLine: 12, startColumn: 1, endLine: 12, endColumn: 1 } });
});

test('without capture, it is the object in its manifest', () => {
  expect(only({ manifestLine: 30 })).toMatchObject({ uri: 'dist/shop.k8s.yaml', region: { startLine: 30 } });
  expect(only({})).toMatchObject({ uri: 'dist/shop.k8s.yaml', region: { startLine: 1 } });
});

test('a finding about no file has a location all the same, or code scanning would refuse the whole upload', () => {
  expect(only({ manifest: undefined })).toMatchObject({ uri: 'evidence.out/report.md', region: { startLine: 1 } });
});

test('a file\'s address is relative and escaped', () => {
  expect(only({ manifest: './dist/a b#1?%.yaml' }).uri).toBe('dist/a%20b%231%3F%25.yaml');
});

test('construct, object and path are logical locations', () => {
  expect(only({}).locations[0].logicalLocations).toEqual([
    { name: 'Resource', fullyQualifiedName: 'app/shop/web/Resource', kind: 'construct' },
    { name: 'web', fullyQualifiedName: 'Deployment/shop/web', kind: 'object' },
    { name: 'privileged', fullyQualifiedName: 'spec.template.spec.containers[0].securityContext.privileged', kind: 'property' },
  ]);
});

test('findings of one manifest are told apart by the fingerprint that code scanning reads', () => {
  const { results } = run(sampleChecks());
  expect(new Set(results.map((each: any) => each.partialFingerprints.primaryLocationLineHash)).size).toBe(4);
});

test('a waived finding is suppressed, with its reason; the others say that they are not', () => {
  const { results } = run(sampleChecks());
  expect(results.map((each: any) => [each.ruleId, each.suppressions])).toEqual([
    ['privileged', []],
    ['host-network', [{ kind: 'external', status: 'accepted', justification: 'It measures the host\'s network (owner: platform, approved by: ciso, ticket: SEC-12, expires: 2027-01-31)' }]],
    ['image-digest', []],
    ['service-links', []],
  ]);
});

test('a baselined finding was there before, the others are new; without a baseline nothing is said', () => {
  const checks = sampleChecks();
  const states = (findings: ReportedFinding[]) => run({ ...checks, findings }).results.map((each: any) => each.baselineState);
  expect(states(checks.findings)).toEqual(['new', 'new', 'new', 'unchanged']);
  expect(states(checks.findings.slice(0, 3))).toEqual([undefined, undefined, undefined]);
});

test('a waiver that does nothing, or not for long, and whatever else fails is told to who runs the tool', () => {
  const { toolConfigurationNotifications: told } = run(sampleChecks()).invocations[0];
  expect(told.map((each: any) => [each.level, each.message.text.slice(0, 55)])).toEqual([
    ['error', 'Waiver of host-network for Deployment/shop/gone: unused'],
    ['error', 'Waiver of host-network for Deployment/shop/late: expire'],
    ['warning', 'Waiver of host-network for Deployment/shop/old: expirin'],
    ['error', 'baseline: host-ports is no longer found in Deployment/s'],
  ]);
  expect(run({ ...sampleChecks(), waivers: [waiver()], failures: [] }).invocations).toEqual([{ executionSuccessful: true }]);
});

test('clusters are categories of their own', () => {
  expect(run(sampleChecks()).automationDetails.id).toBe('cdk8s-hardened/prod/');
});

test('the same results give the same bytes in any order', () => {
  expect(sarif(reversed(sampleChecks()), 'prod')).toBe(sarif(sampleChecks(), 'prod'));
});

test('no field holds a secret', () => {
  const log = sarif({
    ...sampleChecks(), controls: [control('privileged', { rationale: ACCESS_TOKEN })], findings: [finding({ got: ACCESS_TOKEN, fix: ACCESS_TOKEN })], waivers: [waiver({ state: 'unused', reason: ACCESS_TOKEN })],
  }, 'prod');
  expect(log).not.toContain(ACCESS_TOKEN);
  expect(log.match(/left out: it holds an access token/g)!.length).toBeGreaterThanOrEqual(4);
});
