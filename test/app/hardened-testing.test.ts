import * as fs from 'fs';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { useTempFolder } from './temp-folder';
import { HardenedApp, HardenedAppProps } from '../../src/app/hardened-app';
import { HardenedTesting } from '../../src/app/hardened-testing';
import { ControlPlane } from '../../src/control-plane/control-plane';
import { PolicyPhase } from '../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../src/controls/admission-policies';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { Requirement } from '../../src/controls/requirement';
import { addFindings } from '../../src/core/construct-findings';
import { NodeKind } from '../../src/core/node-kind';
import { Severity } from '../../src/core/severity';
import { setToday } from '../../src/core/today';
import { findingsTable } from '../../src/evidence/findings-table';
import { NodeRole } from '../../src/nodes/node-role';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { BAD_SPEC, control as sampleControl, DAY, errorOf, GOOD_SPEC, pack, waiver, workload } from '../controls/results/sample-app';

// With ids that no control of the catalog has: HardenedApp attaches what is recommended.
const HOST_NETWORK = sampleControl('node-network', Requirement.absentOrOneOf('spec.hostNetwork', false));
const PRIVILEGED = sampleControl('node-rights', Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)), { severity: Severity.CRITICAL });
const NAMED = sampleControl('named-container', Requirement.eachContainer(Requirement.present('name')));
const DIGEST = sampleControl('pinned-image', Requirement.eachContainer(Requirement.matches('image', '@sha256:')), { severity: Severity.MEDIUM });
const HOST = pack(HOST_NETWORK);
const ALL = pack(HOST_NETWORK, PRIVILEGED, DIGEST);
const IMAGE = `ghcr.io/acme/web@sha256:${'0'.repeat(64)}`;

useTempFolder();

function hardenedApp(props: HardenedAppProps = {}): HardenedApp {
  return new HardenedApp({ date: DAY, ...props });
}

function plainApp(): App {
  const app = new App();
  setToday(app, DAY);
  return app;
}

const APPS: [string, () => App][] = [['HardenedApp', () => hardenedApp()], ['a plain App', plainApp]];

/** Findings as `control resource path`. */
function found(scope: Construct, ...packs: ControlPack[]): string[] {
  return HardenedTesting.of(scope).findings(...packs).map(({ control, resource, path }) => [control, resource, path].join(' '));
}

function satisfied(scope: Construct, ...packs: ControlPack[]): () => void {
  return () => HardenedTesting.of(scope).toSatisfy(...packs);
}

const HOST_OF = (name: string) => `node-network Deployment/shop/${name} spec.template.spec.hostNetwork`;

describe.each(APPS)('under %s', (_name, makeApp) => {
  test('a scope satisfies a pack that what is below it meets, and no other', () => {
    const app = makeApp();
    const good = new Chart(app, 'good');
    const bad = new Chart(app, 'bad');
    workload(good, 'web', GOOD_SPEC);
    workload(bad, 'agent', BAD_SPEC);
    expect(satisfied(good, ALL)).not.toThrow();
    expect(satisfied(bad, ALL)).toThrow('[bad] not satisfied: samples');
    expect(satisfied(app, ALL)).toThrow('[<root>] not satisfied: samples');
  });

  test('a pack is demanded whether or not it is attached, and attached ones that are not named are not', () => {
    const chart = new Chart(makeApp(), 'chart');
    Controls.of(chart).enforce(pack(PRIVILEGED)).warn(HOST);
    workload(chart, 'web', BAD_SPEC);
    expect(found(chart, pack(DIGEST))).toEqual(['pinned-image Deployment/shop/web spec.template.spec.containers[0].image']);
    expect(found(chart, HOST)).toEqual([HOST_OF('web')]);
    expect(satisfied(chart, HOST)).toThrow('not satisfied');
  });

  test('several packs are demanded together', () => {
    const chart = new Chart(makeApp(), 'chart');
    workload(chart, 'web', BAD_SPEC);
    expect(errorOf(satisfied(chart, ControlPack.of('one', HOST_NETWORK), ControlPack.of('two', DIGEST)))).toMatch(/^\[chart\] not satisfied: one, two\n[^]*node-network[^]*pinned-image/);
  });

  test('only what is below the scope is found, down to a single object', () => {
    const chart = new Chart(makeApp(), 'chart');
    const one = workload(chart, 'web', BAD_SPEC);
    workload(chart, 'web-2', BAD_SPEC);
    const group = new Construct(chart, 'group');
    workload(group, 'inner', BAD_SPEC);
    expect(found(one, HOST)).toEqual([HOST_OF('web')]);
    expect(found(group, HOST)).toEqual([HOST_OF('inner')]);
    expect(found(chart, HOST)).toEqual([HOST_OF('inner'), HOST_OF('web'), HOST_OF('web-2')]);
  });

  test('without packs the modes hold that were stated: what is only reported passes, what is enforced fails', () => {
    const app = makeApp();
    const warned = new Chart(app, 'warned');
    const enforced = new Chart(app, 'enforced');
    Controls.of(app).warn(HOST);
    Controls.of(warned).enforce(pack(NAMED));
    Controls.of(enforced).enforce(HOST);
    workload(warned, 'web', BAD_SPEC);
    workload(enforced, 'api', BAD_SPEC);
    expect(satisfied(warned)).not.toThrow();
    expect(errorOf(satisfied(enforced))).toMatch(/^\[enforced\] what is enforced isn't met\n\nHIGH/);
    expect(found(app)).toEqual([HOST_OF('api'), HOST_OF('web')]);
  });

  test('without packs a scope where nothing is enforced is refused: the test could never fail', () => {
    const chart = new Chart(makeApp(), 'chart');
    workload(chart, 'web', BAD_SPEC);
    const refusal = '[chart] packs: got []; allowed: one or more packs, where Controls.of enforces none for what is below the scope. ' +
      'Nothing could fail: name a pack, as in toSatisfy(ControlPack.recommended()), or enforce one.';
    expect(errorOf(satisfied(chart))).toBe(refusal);
    Controls.of(chart).warn(HOST);
    expect(errorOf(satisfied(chart))).toBe(refusal);
    expect(errorOf(satisfied(chart, HOST))).toContain('not satisfied');
  });

  test('failOn leaves findings to reports, but not from a pack that a test names', () => {
    const chart = new Chart(makeApp(), 'chart');
    Controls.of(chart).enforce(pack(DIGEST)).failOn(Severity.HIGH);
    workload(chart, 'web', BAD_SPEC);
    expect(satisfied(chart)).not.toThrow();
    expect(satisfied(chart, pack(DIGEST))).toThrow('pinned-image: Not met: Pods meet pinned-image');
  });

  test('what is waived passes, and other values do not', () => {
    const chart = new Chart(makeApp(), 'chart');
    Controls.of(chart).enforce(HOST).waive(waiver({ control: 'node-network', value: true }));
    workload(chart, 'web', BAD_SPEC);
    expect(satisfied(chart)).not.toThrow();
    expect(satisfied(chart, HOST)).not.toThrow();
    expect(found(chart, HOST)).toEqual([]);
    workload(chart, 'api', BAD_SPEC);
    expect(found(chart, HOST)).toEqual([HOST_OF('api')]);
    expect(satisfied(chart, HOST)).toThrow();
  });

  test('a waiver of no use fails the app, as it would fail the synth, and no scope below it', () => {
    const app = makeApp();
    const chart = new Chart(app, 'chart');
    Controls.of(chart).enforce(HOST).waive(waiver({ control: 'node-network', value: true }));
    workload(chart, 'web', GOOD_SPEC);
    expect(satisfied(chart)).not.toThrow();
    expect(errorOf(satisfied(app))).toBe('[<root>] what is enforced isn\'t met\n\n'
      + 'waiver of node-network for Deployment/shop/web (chart) accepts nothing: Deployment/shop/web meets it. Correct or remove it.');
    expect(satisfied(app, HOST)).not.toThrow();
  });

  test('what a baseline lists passes', () => {
    const chart = new Chart(makeApp(), 'chart');
    Controls.of(chart.node.root).enforce(HOST).baselineFrom('baseline.json');
    workload(chart, 'web', BAD_SPEC);
    process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
    try {
      (chart.node.root as App).synth();
    } finally {
      delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
    }
    expect(satisfied(chart, HOST)).not.toThrow();
    expect(found(chart)).toEqual([]);
    workload(chart, 'api', BAD_SPEC);
    expect(found(chart)).toEqual([HOST_OF('api')]);
  });

  test('what is hardened is judged and shown as it is written', () => {
    const chart = new Chart(makeApp(), 'chart');
    const other = workload(chart, 'web', BAD_SPEC);
    expect(satisfied(chart, HOST)).toThrow();
    Controls.of(other).harden(HOST);
    expect(satisfied(chart, HOST)).not.toThrow();
    expect(HardenedTesting.of(chart).manifests()).toMatchObject([{ kind: 'Deployment', spec: { template: { spec: { containers: [{ image: 'app:1' }] } } } }]);
    expect(HardenedTesting.of(chart).manifests()[0].spec.template.spec).not.toHaveProperty('hostNetwork');
  });

  test('manifests are those that a synth writes, of the scope alone', () => {
    const app = makeApp();
    const chart = new Chart(app, 'chart');
    const namespace = new HardenedNamespace(chart, 'shop');
    new SecureWorkload(namespace, 'web', { image: IMAGE });
    new kplus.ConfigMap(new Chart(app, 'other'), 'settings', { metadata: { name: 'settings', namespace: 'shop' } });
    const all = HardenedTesting.of(app).manifests();
    expect([...HardenedTesting.of(chart).manifests(), ...HardenedTesting.of(app.node.findChild('other')).manifests()]).toEqual(all);
    expect(HardenedTesting.of(chart).manifests()).toEqual(Testing.synth(chart));
    expect(all).toHaveLength(app.charts.flatMap((each) => Testing.synth(each)).length);
  });

  test('a namespace and a workload of the library satisfy what is recommended', () => {
    const namespace = new HardenedNamespace(new Chart(makeApp(), 'chart'), 'shop');
    const web = new SecureWorkload(namespace, 'web', { image: IMAGE });
    expect(satisfied(namespace, ControlPack.pssRestricted(), ControlPack.nsa())).not.toThrow();
    expect(satisfied(web, ControlPack.pssRestricted())).not.toThrow();
    expect(HardenedTesting.of(web).manifests().map(({ kind }) => kind)).toContain('Deployment');
    expect(HardenedTesting.of(web).manifests().map(({ kind }) => kind)).not.toContain('Namespace');
  });

  test('asking changes nothing: asked again, and synthesized, all is the same', () => {
    const app = makeApp();
    const chart = new Chart(app, 'chart');
    Controls.of(app).warn(ALL);
    workload(chart, 'web', BAD_SPEC);
    const before = Testing.synth(chart);
    const testing = HardenedTesting.of(app);
    expect([testing.findings(), testing.manifests()]).toEqual([testing.findings(), testing.manifests()]);
    expect(Testing.synth(chart)).toEqual(before);
  });

  test('no file is written', () => {
    const app = makeApp();
    workload(new Chart(app, 'chart'), 'web', BAD_SPEC);
    const testing = HardenedTesting.of(app);
    testing.findings();
    testing.findings(ALL);
    testing.manifests();
    testing.nodeFiles();
    expect(() => testing.toSatisfy(ALL)).toThrow();
    expect(fs.readdirSync('.')).toEqual([]);
  });

  test('a failing validation fails the test, as it fails the synth', () => {
    const chart = new Chart(makeApp(), 'chart');
    workload(chart, 'web', GOOD_SPEC);
    chart.node.addValidation({ validate: () => ['not today'] });
    expect(satisfied(chart, ALL)).toThrow('[chart] not today');
  });
});

describe('messages', () => {
  test('a failing assertion shows what the findings table shows', () => {
    const app = hardenedApp();
    const chart = new Chart(app, 'chart');
    workload(chart, 'web', BAD_SPEC);
    const testing = HardenedTesting.of(chart);
    expect(errorOf(() => testing.toSatisfy(ALL))).toBe(`[chart] not satisfied: samples\n\n${findingsTable(testing.findings(ALL))}`);
    expect(errorOf(() => testing.toSatisfy(HOST))).toBe(`[chart] not satisfied: samples

HIGH

  Deployment/shop/web
  made by chart/web

    node-network: Not met: Pods meet node-network
      at        spec.template.spec.hostNetwork
      got       true
      expected  absent or false
      fix       Mend node-network.

1 finding in 1 object: 1 high`);
  });

  test('a value that may be a secret is shown by no message and in no finding', () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    const chart = new Chart(hardenedApp(), 'chart');
    workload(chart, 'web', { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'TOKEN', value: token }] }] });
    const testing = HardenedTesting.of(chart);
    const message = errorOf(() => testing.toSatisfy(ControlPack.recommended()));
    expect(message).toContain('a value that is not shown');
    expect(message).not.toContain(token);
    expect(JSON.stringify(testing.findings(ControlPack.recommended()))).not.toContain(token);
  });

  test('a scope without objects satisfies nothing: a test that can\'t fail is none', () => {
    const app = hardenedApp();
    workload(new Chart(app, 'chart'), 'web', GOOD_SPEC);
    expect(errorOf(satisfied(new Construct(app, 'empty'), ALL))).toBe('[empty] scope: allowed: a construct with Kubernetes objects below it. '
      + 'Nothing would be judged: give the scope that makes the objects.');
    expect(found(app.node.findChild('empty') as Construct, ALL)).toEqual([]);
  });

  test.each([
    [undefined, '[HardenedTesting.of] scope: got undefined'],
    [{}, '[HardenedTesting.of] scope: got {}'],
    [new Construct(undefined as never, ''), '[HardenedTesting.of] scope: got ""'],
  ])('no construct below an App is refused: %s', (scope, beginning) => {
    expect(errorOf(() => HardenedTesting.of(scope as Construct))).toBe(`${beginning}; allowed: an App, or a construct below one. `
      + 'Give the app, a chart, a namespace, a workload or an object.');
  });

  test('what is no pack is refused', () => {
    const chart = new Chart(hardenedApp(), 'chart');
    workload(chart, 'web', GOOD_SPEC);
    expect(errorOf(satisfied(chart, 'nsa' as never))).toBe('[chart] pack: got "nsa"; allowed: a ControlPack. Give, for instance, ControlPack.pssRestricted().');
  });
});

describe('findings', () => {
  test('have the fields of a Finding and no others, the worst first', () => {
    const chart = new Chart(hardenedApp(), 'chart');
    workload(chart, 'web', BAD_SPEC);
    const findings = HardenedTesting.of(chart).findings(pack(DIGEST, PRIVILEGED));
    expect(findings.map(({ severity }) => severity)).toEqual([Severity.CRITICAL, Severity.MEDIUM]);
    expect(findings[0]).toEqual({
      control: 'node-rights', severity: Severity.CRITICAL, message: 'Not met: Pods meet node-rights', fix: 'Mend node-rights.', constructPath: 'chart/web',
      resource: 'Deployment/shop/web', container: 'app', path: 'spec.template.spec.containers[0].securityContext.privileged', got: 'true',
      expected: 'absent or false', references: [],
    });
  });

  test('under HardenedApp without controls what is recommended is looked for; under a plain App nothing', () => {
    const [hardened, plain] = [hardenedApp(), plainApp()].map((app) => {
      workload(new Chart(app, 'chart'), 'web', BAD_SPEC);
      return HardenedTesting.of(app).findings();
    });
    expect(hardened.map(({ control }) => control)).toContain('privileged');
    expect(plain).toEqual([]);
  });

  test('what constructs say of themselves is among them, of the scope alone, and fails no assertion', () => {
    const app = hardenedApp();
    const chart = new Chart(app, 'chart');
    workload(chart, 'web', GOOD_SPEC);
    Controls.of(app).enforce(HOST);
    const odd = new Construct(chart, 'odd');
    addFindings(odd, () => [{ control: 'odd', severity: Severity.LOW, message: 'It is odd.', fix: 'Make it even.' }]);
    const finding = { control: 'odd', severity: Severity.LOW, message: 'It is odd.', fix: 'Make it even.', constructPath: 'chart/odd' };
    expect(HardenedTesting.of(odd).findings()).toEqual([finding]);
    expect(HardenedTesting.of(chart).findings()).toEqual([finding]);
    expect(HardenedTesting.of(chart.node.findChild('web')).findings()).toEqual([]);
    expect(satisfied(app)).not.toThrow();
  });

  test('name the line of the program where those are recorded', () => {
    const chart = new Chart(hardenedApp({ captureSourceLines: true }), 'chart');
    new ApiObject(chart, 'web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: BAD_SPEC });
    expect(HardenedTesting.of(chart).findings(HOST)[0].source?.file).toMatch(/hardened-testing\.test\.ts$/);
  });
});

describe('node files', () => {
  test('are those of all roles below a scope, of one role, or none', () => {
    const app = hardenedApp();
    const pool = new Construct(app, 'pool');
    const worker = new NodeRole(pool, 'worker', { kind: NodeKind.WORKER });
    const bastion = new NodeRole(app, 'bastion', { kind: NodeKind.BASTION });
    worker.addFile({ path: '/etc/b.conf', content: 'b\n' });
    worker.addFile({ path: '/etc/a.conf', content: 'a\n' });
    bastion.addFile({ path: '/etc/a.conf', content: 'bastion\n' });
    const files = (scope: Construct) => HardenedTesting.of(scope).nodeFiles().map(({ path, content }) => [path, content.trim()]);
    expect(files(app)).toEqual([['/etc/a.conf', 'bastion'], ['/etc/a.conf', 'a'], ['/etc/b.conf', 'b']]);
    expect(files(pool)).toEqual([['/etc/a.conf', 'a'], ['/etc/b.conf', 'b']]);
    expect(files(bastion)).toEqual([['/etc/a.conf', 'bastion']]);
    expect(files(new Chart(app, 'chart'))).toEqual([]);
  });

  test('are the very files that a synth writes', () => {
    const app = hardenedApp({ quiet: true });
    const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
    new ControlPlane(app, 'kubernetes', { nodes });
    const files = HardenedTesting.of(app).nodeFiles();
    expect(files.length).toBeGreaterThan(3);
    expect(fs.readdirSync('.')).toEqual([]);
    app.synth();
    for (const { path, content } of files) {
      expect(fs.readFileSync(`nodes.out/control-plane/files${path}`, 'utf8')).toBe(content);
    }
  });
});

test('policies and namespaces are shown as waivers make them', () => {
  const app = hardenedApp();
  const chart = new Chart(app, 'chart');
  const namespace = new HardenedNamespace(chart, 'shop');
  Controls.of(app).enforce(ControlPack.pssRestricted());
  new AdmissionPolicies(new Chart(app, 'policies'), 'policies', { pack: ControlPack.pssRestricted(), phase: PolicyPhase.DENY });
  workload(chart, 'web', {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ name: 'web', image: IMAGE, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
    volumes: [{ name: 'proc', hostPath: { path: '/proc' } }],
  });
  const level = () => HardenedTesting.of(namespace).manifests().find(({ kind }) => kind === 'Namespace').metadata.labels['pod-security.kubernetes.io/enforce'];
  expect(level()).toBe('restricted');
  Controls.of(chart).waive(waiver({
    control: 'restricted-volumes', path: 'spec.template.spec.volumes[0]', value: { name: 'proc', hostPath: { path: '/proc' } },
  }));
  expect(level()).toBe('privileged');
  expect(satisfied(app)).not.toThrow();
});
