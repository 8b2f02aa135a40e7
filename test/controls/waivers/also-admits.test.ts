import * as fs from 'fs';
import { ApiObject, Chart } from 'cdk8s';
import { HardenedApp } from '../../../src/app/hardened-app';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { Controls } from '../../../src/controls/controls';
import { Requirement } from '../../../src/controls/requirement';
import { useTempFolder } from '../../app/temp-folder';
import { container, control, DAY, outcomeOf, pack, PRIVILEGED, sampleChart, waiver } from '../results/sample-app';

const PROBES = control('probes', Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.present('readinessProbe'))));
const PATHS = control('paths', Requirement.each('spec.volumes', Requirement.absent('hostPath.path')));
const POLICIES = pack(PRIVILEGED, PROBES, PATHS);

interface Workload {
  readonly name: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly account?: string;
  readonly containers?: object[];
  readonly volumes?: object[];
}

const BAD = [container('app', { securityContext: { privileged: true } })];

function add(chart: Chart, { name, kind = 'Deployment', namespace = 'shop', account, containers = BAD, volumes }: Workload): void {
  const spec = { ...(account && { serviceAccountName: account }), containers, ...(volumes && { volumes }) };
  new ApiObject(chart, `${namespace}-${kind}-${name}`, kind === 'Pod'
    ? { apiVersion: 'v1', kind, metadata: { name, namespace }, spec }
    : { apiVersion: 'apps/v1', kind, metadata: { name, namespace }, spec: { template: { spec } } });
}

/** What policies let through besides, for the finding of `PRIVILEGED` in a Deployment `web`. */
function alsoAdmits(others: Workload[], { web = {}, declared = waiver({ control: 'privileged', container: 'app', value: true }), bound = true }: { web?: Partial<Workload>; declared?: ReturnType<typeof waiver>; bound?: boolean } = {}): string | undefined {
  const chart = sampleChart();
  Controls.of(chart).warn(pack(PRIVILEGED, PROBES, PATHS)).waive(declared);
  if (bound) {
    new AdmissionPolicies(chart, 'policies', { pack: POLICIES, phase: PolicyPhase.DENY });
  }
  [{ name: 'web', ...web }, ...others].forEach((each) => add(chart, each));
  const [outcome, ...rest] = outcomeOf(chart).waivers;
  expect([outcome.state, rest]).toEqual(['used', []]);
  return outcome.alsoAdmits;
}

describe('whose Pods a waiver lets through besides', () => {
  test('are those with the same service account, container and value', () => {
    expect(alsoAdmits([{ name: 'api' }, { name: 'db', kind: 'StatefulSet' }, { name: 'one', kind: 'Pod' }])).toBe(
      'Pods of Deployment/shop/api, Pod/shop/one, StatefulSet/shop/db (service account "default", container "app")');
  });

  test('wherever the container is in the list', () => {
    expect(alsoAdmits([{ name: 'api', containers: [container('first'), ...BAD] }])).toContain('Pods of Deployment/shop/api (');
  });

  test.each<[string, Workload]>([
    ['another service account', { name: 'api', account: 'api' }],
    ['another namespace', { name: 'api', namespace: 'other' }],
    ['a container of another name', { name: 'api', containers: [container('proxy', { securityContext: { privileged: true } })] }],
    ['nothing that is found', { name: 'api', containers: [container('app')] }],
  ])('are not those with %s', (_what, other) => {
    expect(alsoAdmits([other])).toBeUndefined();
  });

  test('are nobody\'s where the object is a Pod itself, which is let through by its name', () => {
    const declared = waiver({ control: 'privileged', resource: 'Pod/shop/web', container: 'app', value: true });
    expect(alsoAdmits([{ name: 'api' }], { web: { kind: 'Pod' }, declared })).toBeUndefined();
  });

  test('are nobody\'s where no policy is bound', () => {
    expect(alsoAdmits([{ name: 'api' }], { bound: false })).toBeUndefined();
  });

  test('outside containers are those with the same value, at any position', () => {
    const volumes = (...paths: string[]) => paths.map((path, i) => ({ name: `v${i}`, hostPath: { path } }));
    const declared = waiver({ control: 'paths', path: 'spec.template.spec.volumes[0].hostPath.path', value: '/proc' });
    expect(alsoAdmits([{ name: 'api', volumes: volumes('/sys', '/proc') }, { name: 'db', volumes: volumes('/sys') }], { web: { volumes: volumes('/proc') }, declared }))
      .toBe('Pods of Deployment/shop/api (service account "default")');
  });

  test('are all those with a value that is concealed: nobody compares it', () => {
    const secret = (value: string) => [container('app', { env: [{ name: 'A', value }] })];
    expect(alsoAdmits([{ name: 'api', containers: secret('letmein') }, { name: 'db', containers: [container('app')] }], {
      web: { containers: secret('hunter2') }, declared: waiver({ control: 'probes', container: 'app' }),
    })).toBe('Pods of Deployment/shop/api (service account "default", container "app")');
  });
});

describe('in the evidence', () => {
  useTempFolder();

  test('the waiver\'s row names them', () => {
    const app = new HardenedApp({ quiet: true, date: DAY });
    const chart = new Chart(app, 'chart');
    Controls.of(app).warn(pack(PRIVILEGED)).waive(waiver({ control: 'privileged', container: 'app', value: true }));
    new AdmissionPolicies(new Chart(app, 'policies'), 'policies', { pack: pack(PRIVILEGED), phase: PolicyPhase.DENY });
    ['web', 'api'].forEach((name) => add(chart, { name }));
    app.synth();
    const text = 'Pods of Deployment/shop/api (service account "default", container "app")';
    expect(JSON.parse(fs.readFileSync('evidence.out/report.json', 'utf8')).checks.waivers.map(({ alsoAdmits: each }: { alsoAdmits?: string }) => each)).toEqual([text]);
    expect(fs.readFileSync('evidence.out/report.md', 'utf8')).toContain(`| ${text} |`);
  });
});
