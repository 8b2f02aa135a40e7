import * as fs from 'fs';
import { ApiObject, App, Chart } from 'cdk8s';
import { useTempFolder } from './temp-folder';
import { HardenedApp } from '../../src/app/hardened-app';
import { catalogControls } from '../../src/controls/catalog/index.generated';
import { Control } from '../../src/controls/control';
import { Controls } from '../../src/controls/controls';
import { exampleTwins } from '../../src/controls/example-twins';
import { ControlPack } from '../../src/controls/pack';
import { Requirement } from '../../src/controls/requirement';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { ALL, BAD_SPEC, container, control, DAY, DIGEST, errorOf, HOST_NETWORK, pack, workload } from '../controls/results/sample-app';

const VERSION = KubernetesVersion.V1_37;

useTempFolder();

type Waive = (app: HardenedApp) => void;

/** An app whose controls only report, so that every run writes all. */
function synth(build: (chart: Chart) => void, checks: ControlPack, waive: Waive = () => undefined, kubernetesVersion = VERSION): void {
  const app = new HardenedApp({ quiet: true, date: DAY, cluster: new ClusterProfile({ name: 'cluster', kubernetesVersion }) });
  Controls.of(app).warn(checks);
  build(new Chart(app, 'chart'));
  waive(app);
  app.synth();
}

/** The lines of the report that are to be pasted. */
function drafts(): string[] {
  return fs.readFileSync('evidence.out/report.md', 'utf8').split('\n').filter((line) => line.startsWith('Controls.of(app).waive('));
}

/** Runs a line as it was pasted and filled in. */
function pasted(draft: string): (app: HardenedApp) => void {
  return (app) => new Function('app', 'Controls', filledIn(draft))(app, Controls);
}

function filledIn(draft: string): string {
  return draft.replace('reason: "", owner: "", expires: ""', 'reason: "It has to.", owner: "platform", expires: "2026-07-31"');
}

/** Findings that are waived, as the places that they name; and how many there are in all. */
function outcome(): { waived: string[]; all: number } {
  const { findings } = JSON.parse(fs.readFileSync('evidence.out/findings.json', 'utf8'));
  return { waived: findings.filter((each: any) => each.status === 'waived').map((each: any) => JSON.stringify(each.toWaive)), all: findings.length };
}

/** Every finding's waiver accepts that finding, and no other. */
function checkEach(build: (chart: Chart) => void, checks: ControlPack, version = VERSION): number {
  synth(build, checks, undefined, version);
  const { all } = outcome();
  const lines = drafts();
  for (const line of lines) {
    synth(build, checks, pasted(line), version);
    expect(outcome()).toEqual({ waived: [expect.any(String)], all });
    expect(drafts()).toEqual(lines.filter((each) => each !== line));
  }
  expect(new Set(lines).size).toBe(lines.length);
  return lines.length;
}

const TWO = { ...BAD_SPEC, containers: [...BAD_SPEC.containers, { ...(BAD_SPEC.containers[0] as object), name: 'twin' }, container('good')] };

test('a pasted waiver accepts its finding alone, among those of other controls, containers and objects', () => {
  expect(checkEach((chart) => {
    workload(chart, 'web', TWO);
    workload(chart, 'api', TWO);
  }, ALL)).toBe(10);
});

test('so it does behind a dash, in a waiver file', () => {
  const build = (chart: Chart) => workload(chart, 'web', TWO);
  synth(build, ALL);
  const lines = drafts();
  fs.writeFileSync('waivers.yaml', `waivers:\n${lines.map((line) => `- ${filledIn(line).slice('Controls.of(app).waive('.length, -');'.length)}\n`).join('')}`);
  synth(build, ALL, (app) => Controls.of(app).waiversFrom('waivers.yaml'));
  expect(outcome().waived).toHaveLength(lines.length);
  expect(drafts()).toEqual([]);
});

test('it is refused until it is filled in', () => {
  synth((chart) => workload(chart, 'web', BAD_SPEC), ALL);
  const [draft] = drafts();
  const run = new Function('app', 'Controls', draft);
  expect(errorOf(() => run(new HardenedApp({ quiet: true }), Controls))).toContain('reason: got ""');
});

test('values of every kind survive the way through the report', () => {
  const strange = ['a "b" \\ c', 'line\nbreak', 'tab\tand  two spaces', '```', '`${x}`', 'a|b', ' \u202e ', '#: - {x}', '0x1', 'true', 'ünï'];
  const anything = control('labels', Requirement.absent('metadata.annotations.note'));
  for (const text of strange) {
    expect(checkEach((chart) => {
      new ApiObject(chart, 'web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', annotations: { note: text } }, spec: { containers: [container('app')] } });
    }, pack(anything))).toBe(1);
  }
});

test('a concealed value stays so: the waiver names its place', () => {
  const secret = 'hunter2-and-more';
  const args = control('args', Requirement.eachContainer(Requirement.absent('args')));
  const build = (chart: Chart) => workload(chart, 'web', { containers: [container('app', { args: [secret] }), container('other', { args: [secret] })] });
  expect(checkEach(build, pack(args))).toBe(2);
  synth(build, pack(args));
  expect(drafts()[0]).toBe('Controls.of(app).waive({ control: "args", resource: "Deployment/shop/web", container: "app", path: "spec.template.spec.containers[0].args", reason: "", owner: "", expires: "" });');
  expect(fs.readFileSync('evidence.out/report.md', 'utf8')).not.toContain(secret);
});

test('credentials in an image are concealed, in the evidence and in every error', () => {
  const build = (chart: Chart) => workload(chart, 'web', { containers: [container('app', { image: 'robot:hunter2@ghcr.io/acme/web:1' })] });
  expect(checkEach(build, pack(DIGEST))).toBe(1);
  fs.readdirSync('evidence.out').forEach((file) => expect(fs.readFileSync(`evidence.out/${file}`, 'utf8')).not.toMatch(/hunter2|robot/));
  for (const root of [new HardenedApp({ quiet: true, date: DAY }), new App()]) {
    Controls.of(root).enforce(pack(DIGEST));
    build(new Chart(root, 'chart'));
    expect(errorOf(() => root.synth())).not.toMatch(/hunter2|robot/);
  }
});

test('no waiver is proposed for what has no name that one could state', () => {
  class Nameless extends Chart {
    public override toJson(): any[] {
      return [{ apiVersion: 'v1', kind: 'Pod', spec: BAD_SPEC }, { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'web-', namespace: 'shop' }, spec: BAD_SPEC }];
    }
  }
  const app = new HardenedApp({ quiet: true, date: DAY });
  new Nameless(app, 'chart');
  Controls.of(app).warn(ALL);
  app.synth();
  expect(drafts()).toEqual([]);
  expect(outcome().all).toBeGreaterThan(0);
});

test('findings that one waiver accepts together have one draft', () => {
  const build = (chart: Chart) => new ApiObject(chart, 'build', {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'build', namespace: 'shop' },
    spec: { entrypoint: 'one', hostNetwork: true, templates: ['one', 'two'].map((name) => ({ name, container: container('main') })) },
  });
  const line = 'Controls.of(app).waive({ control: "host-network", resource: "Workflow.argoproj.io/shop/build", path: "spec.hostNetwork", value: true, reason: "", owner: "", expires: "" });';
  synth(build, pack(HOST_NETWORK));
  expect(drafts()).toEqual([line]);
  synth(build, pack(HOST_NETWORK), pasted(line));
  expect(outcome()).toEqual({ waived: [expect.any(String), expect.any(String)], all: 2 });
  const app = new HardenedApp({ quiet: true, date: DAY });
  build(new Chart(app, 'chart'));
  Controls.of(app).enforce(pack(HOST_NETWORK));
  expect(errorOf(() => app.synth()).split(line)).toHaveLength(2);
});

function objectsOf(violating: unknown): unknown[] {
  return Array.isArray(violating) ? violating : [violating];
}

const WITH_EXAMPLES = catalogControls().filter((each) => each.example && each.actsAt !== 'admission');

test.each(WITH_EXAMPLES.map((each): [string, Control] => [each.id, each]))('for a finding of the catalog: %s', (_id, each) => {
  const build = (chart: Chart) => objectsOf(exampleTwins(each).violating).forEach((object, i) => new ApiObject(chart, String(i), object as never));
  const checks = ControlPack.of('one', each);
  // Newer versions of Kubernetes allow what one of the examples has.
  expect(checkEach(build, checks) || checkEach(build, checks, KubernetesVersion.V1_30)).toBeGreaterThan(0);
});
