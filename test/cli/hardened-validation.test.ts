import * as fs from 'fs';
import { Validation, ValidationContext } from 'cdk8s-cli/plugins';
import { webDeployment } from './sample-manifests';
import { HardenedValidation, HardenedValidationProps } from '../../src/cli/hardened-validation';
import { main } from '../../src/cli/main';
import { useTempFolder } from '../app/temp-folder';
import { errorOf } from '../controls/results/sample-app';

useTempFolder();

const GOOD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {a: b}\n';
const BAD = webDeployment(`hostNetwork: true
containers: [{name: web, image: web:1, securityContext: {privileged: true}}]
`);
const WAIVERS = `waivers:
  - {control: host-network, resource: Deployment/shop/web, value: true, reason: it routes, owner: net, expires: '2026-12-01'}
`;

/** What the command line's own report says after a validation of files. */
async function validated(files: Record<string, string>, props: HardenedValidationProps = {}, metadata = {}) {
  Object.entries(files).forEach(([name, text]) => fs.writeFileSync(name, text));
  const manifests = Object.keys(files).filter((name) => /\.yaml$/.test(name) && !name.startsWith('waivers'));
  const context = new ValidationContext(manifests, 'cdk8s-hardened', '1.0.0', metadata);
  // The compiler holds the class to the interface.
  const plugin: Validation = new HardenedValidation(props);
  await plugin.validate(context);
  const { violations, summary } = context.report.toJson();
  return { success: context.report.success, violations, summary, text: context.report.toString(), rules: violations.map(({ ruleName }) => ruleName) };
}

/** Controls that `check` finds, with a severity, in the order of its JSON. */
async function checked(...args: string[]): Promise<{ code: number; found: string[] }> {
  const out: string[] = [];
  const stdout = { write: (text: string) => out.push(text) };
  const code = await main(['check', ...args, '--output', 'json'], { stdout, stderr: { write: () => true }, cwd: process.cwd(), env: {} });
  const { findings } = JSON.parse(out.join('')) as { findings: { control: string; resource: string; path?: string; status: string }[] };
  return { code, found: findings.filter(({ status }) => /enforced|warned/.test(status)).map(({ control, resource, path }) => [control, resource, path].join(' ')) };
}

beforeAll(() => { process.env.SOURCE_DATE_EPOCH = String(Date.parse('2026-11-21') / 1000); });
afterAll(() => { delete process.env.SOURCE_DATE_EPOCH; });

test('manifests that meet the packs pass, and the summary says what they were held to', async () => {
  const { success, violations, summary } = await validated({ 'app.yaml': GOOD });
  expect([success, violations]).toEqual([true, []]);
  expect(summary.metadata).toEqual({
    'Held to': expect.stringMatching(/^\d+ controls of recommended for Kubernetes 1\.35$/), 'Objects': '1', 'Findings': 'none',
  });
});

test('each control that isn\'t met is a violation with object, place, value, what is expected and the fix', async () => {
  const { success, violations, text } = await validated({ 'app.yaml': GOOD, 'web.yaml': BAD }, { packs: ['pss-baseline'] }, { web: { path: 'shop/web' } });
  expect(success).toBe(false);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['privileged', 'host-network']);
  expect(violations[1]).toEqual({
    ruleName: 'host-network',
    recommendation: expect.stringMatching(/^HIGH: Pods .*\. .+/),
    fix: expect.stringContaining('hostNetwork'),
    violatingConstructs: [{
      resourceName: 'web', constructPath: 'shop/web', manifestPath: 'web.yaml',
      locations: ['Deployment/shop/web spec.template.spec.hostNetwork: true; expected: absent or false'],
    }],
  });
  expect(text).toContain('Construct Path: shop/web');
});

test('several objects and places of one control are one violation', async () => {
  const { violations } = await validated({ 'a.yaml': `${BAD}---\n${BAD.replace(/name: web, namespace/, 'name: api, namespace')}`, 'b.yaml': BAD.replace('shop}', 'other}') }, { packs: ['pss-baseline'] });
  const network = violations.find(({ ruleName }) => ruleName === 'host-network')!;
  expect(network.violatingConstructs.map(({ manifestPath, locations }) => [manifestPath, locations[0].split(' ')[0]])).toEqual([
    ['b.yaml', 'Deployment/other/web'], ['a.yaml', 'Deployment/shop/api'], ['a.yaml', 'Deployment/shop/web'],
  ]);
});

test.each([
  [{}, []],
  [{ packs: ['pss-restricted'], kubernetesVersion: '1.31' }, ['--pack', 'pss-restricted', '--kubernetes-version', '1.31']],
  [{ packs: ['nsa', 'cis-workloads'], failOn: 'critical' }, ['--pack', 'nsa', '--pack', 'cis-workloads', '--fail-on', 'critical']],
  [{ packs: ['pss-baseline'], waivers: 'waivers.yaml' }, ['--pack', 'pss-baseline', '--waivers', 'waivers.yaml']],
])('with %j it finds what check finds with %j', async (props, args) => {
  const { success, violations } = await validated({ 'app.yaml': GOOD, 'web.yaml': BAD, 'waivers.yaml': WAIVERS }, props as HardenedValidationProps);
  const places = violations.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.flatMap(({ locations }) => (
    locations.map((location) => [ruleName, ...location.replace(/:? ?\(container .*|: .*|; .*/, '').trim().split(' ')].join(' '))
  )));
  const { code, found } = await checked('app.yaml', 'web.yaml', ...args);
  expect(places.sort()).toEqual(found.sort());
  expect(found.length).toBeGreaterThan(0);
  expect(success).toBe(code === 0);
});

test('findings below failOn are reported only', async () => {
  const { success, violations } = await validated({ 'web.yaml': BAD.replace('privileged: true', 'privileged: false') }, { packs: ['pss-baseline'], failOn: 'critical' as never });
  expect(success).toBe(true);
  expect(violations.map(({ ruleName, recommendation }) => [ruleName, recommendation.split(':')[0]])).toEqual([['host-network', 'HIGH, reported only']]);
});

test('the version of the cluster decides', async () => {
  const proc = BAD.replace('      hostNetwork: true\n', '      hostUsers: false\n').replace('privileged: true', 'procMount: Unmasked');
  const [older, newer] = [(await validated({ 'web.yaml': proc }, { packs: ['pss-restricted'], kubernetesVersion: '1.34' })).rules,
    (await validated({ 'web.yaml': proc }, { packs: ['pss-restricted'], kubernetesVersion: '1.35' })).rules];
  expect(newer).not.toEqual(older);
});

test('what is waived passes and is counted, and a waiver of no use fails', async () => {
  const packs = ['pss-baseline'];
  const waived = await validated({ 'web.yaml': BAD, 'waivers.yaml': WAIVERS }, { packs, waivers: 'waivers.yaml' });
  expect(waived.rules).toEqual(['privileged']);
  expect(waived.summary.metadata).toMatchObject({ 'Accepted': '1 waived', 'Waivers that end': 'host-network for Deployment/shop/web on 2026-12-01' });
  fs.rmSync('web.yaml');
  const unused = await validated({ 'app.yaml': GOOD }, { packs, waivers: 'waivers.yaml' });
  expect([unused.success, unused.rules]).toEqual([false, ['accepted-findings']]);
  expect(unused.violations[0].recommendation).toContain('waiver of host-network for Deployment/shop/web');
});

test('a baseline that check has written accepts what it lists, and a finding that is gone has to leave it', async () => {
  const props = { packs: ['pss-baseline'], baseline: 'accepted.json' };
  fs.writeFileSync('web.yaml', BAD);
  await checked('web.yaml', '--pack', 'pss-baseline', '--baseline', 'accepted.json', '--update-baseline');
  const accepted = await validated({ 'web.yaml': BAD }, props);
  expect([accepted.success, accepted.rules, accepted.summary.metadata?.Accepted]).toEqual([true, [], '2 in the baseline']);
  const mended = await validated({ 'web.yaml': BAD.replace('hostNetwork: true', 'hostNetwork: false') }, props);
  expect([mended.success, mended.rules]).toEqual([false, ['accepted-findings']]);
});

test('the environment that has a synth write its baselines anew has this one written, too', async () => {
  process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
  try {
    expect((await validated({ 'web.yaml': BAD }, { packs: ['pss-baseline'], baseline: 'accepted.json' })).success).toBe(true);
  } finally {
    delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
  }
  expect(JSON.parse(fs.readFileSync('accepted.json', 'utf8')).findings).toHaveLength(2);
  expect((await validated({ 'web.yaml': BAD }, { packs: ['pss-baseline'], baseline: 'accepted.json' })).success).toBe(true);
});

test('a manifest that can\'t be read fails, and the others are judged', async () => {
  const { success, violations } = await validated({ 'broken.yaml': 'a: [b\n', 'web.yaml': BAD }, { packs: ['pss-baseline'] });
  expect(success).toBe(false);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['privileged', 'host-network', 'manifest-not-read']);
  expect(violations[2].recommendation).toMatch(/^broken\.yaml, document 1, line \d+, column \d+: /);
});

test('a value that may be a secret is in no report', async () => {
  const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
  const { text, success } = await validated({ 'web.yaml': BAD.replace('image: web:1', `image: web:1, env: [{name: TOKEN, value: ${token}}]`) });
  expect(success).toBe(false);
  expect(text).toContain('a value that is not shown');
  expect(text).not.toContain(token);
});

test('control characters of a manifest don\'t reach the terminal', async () => {
  const { violations } = await validated({ 'web.yaml': BAD.replace('image: web:1', 'image: "web\\e[31m:1"') });
  expect(JSON.stringify(violations)).not.toContain('\u001b');
});

describe('properties', () => {
  const refusal = (props: object) => errorOf(() => new HardenedValidation(props as HardenedValidationProps));

  test.each<[object, string]>([
    [{ pack: ['nsa'] }, 'pack: allowed: packs, failOn, kubernetesVersion, baseline, waivers. Correct or remove it: nobody reads it. Did you mean "packs"?'],
    [{ packs: 'nsa' }, 'packs: got "nsa"; allowed: a list with one or more of recommended, pss-restricted, pss-baseline, nsa, cis-workloads. Write it like packs: [pss-restricted].'],
    [{ packs: [] }, 'packs: got []; allowed: a list with one or more of recommended, pss-restricted, pss-baseline, nsa, cis-workloads. Write it like packs: [pss-restricted].'],
    [{ packs: ['nsa', 'pss-restrictd'] }, 'packs[1]: got "pss-restrictd"; allowed: one or more of recommended, pss-restricted, pss-baseline, nsa, cis-workloads. Did you mean "pss-restricted"?'],
    [{ failOn: 'severe' }, 'failOn: got "severe"; allowed: info, low, medium, high, critical. Take a value of Severity.'],
    [{ kubernetesVersion: 1.3 }, 'kubernetesVersion: got 1.3; allowed: text. Write it in quotes, like \'1.35\': a number loses the 0 of 1.30.'],
    [{ kubernetesVersion: '1.12' }, 'kubernetesVersion: got "1.12"; allowed: a Kubernetes version from 1.28 on (1.37 is the newest known). Upgrade the cluster: 1.12 gets no security fixes any more.'],
    [{ baseline: '' }, 'baseline: got ""; allowed: the path of a file. Write it like baseline: accepted.json.'],
    [{ waivers: ['a.yaml'] }, 'waivers: got ["a.yaml"]; allowed: the path of a file. Write it like waivers: waivers.yaml.'],
  ])('%j is refused', (props, message) => {
    expect(refusal(props)).toBe(`[HardenedValidation] ${message}`);
  });

  test('null is refused', () => {
    expect(refusal(null as never)).toBe('[HardenedValidation] props: got null; allowed: an object with packs, failOn, kubernetesVersion, baseline, waivers. Write it like { packs: … }.');
  });

  test('a file that isn\'t there fails the validation', async () => {
    await expect(validated({ 'app.yaml': GOOD }, { baseline: 'nowhere.json' })).rejects.toThrow(/nowhere\.json\] baseline: allowed: a file that can be read/);
    await expect(validated({ 'app.yaml': GOOD }, { waivers: 'nowhere.yaml' })).rejects.toThrow(/nowhere\.yaml\] file: allowed: a file that can be read/);
  });

  test.each([undefined, {}, { manifests: [] }, { manifests: [], report: {} }])('a context that is none of the command line is refused: %j', async (context) => {
    await expect(new HardenedValidation().validate(context)).rejects.toThrow('[HardenedValidation] context: allowed: what the cdk8s command line hands to a validation. '
      + 'Name the class in cdk8s.yaml; in a program use Controls.of, and HardenedTesting in tests.');
  });
});
