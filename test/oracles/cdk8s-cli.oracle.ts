import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parseAllDocuments, stringify } from 'yaml';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/production-cluster');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-cli-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A validation plugin that has something against every object of one kind. */
const PLUGIN = `exports.Forbid = class {
  constructor({ kind }) { this.kind = kind; }
  async validate(context) {
    for (const manifestPath of context.manifests) {
      for (const object of context.parseManifest(manifestPath).filter(({ kind }) => kind === this.kind)) {
        context.report.addViolation({
          ruleName: 'forbid-kind', recommendation: 'none', fix: 'leave it out',
          violatingResources: [{ resourceName: object.metadata.name, locations: ['kind'], manifestPath }],
        });
      }
    }
    context.report.submit(context.report.violations?.length ? 'failure' : 'success');
  }
};`;

/** The real command line, with a program that is the example's. */
function cdk8s(folder: string, config: object, ...args: string[]): { stdout: string; cwd: string } {
  const cwd = path.join(scratch, folder);
  fs.mkdirSync(cwd, { recursive: true });
  fs.writeFileSync(path.join(cwd, 'cdk8s.yaml'), stringify({
    language: 'typescript',
    app: `${path.join(ROOT, 'node_modules/.bin/tsx')} --tsconfig ${path.join(ROOT, 'examples/tsconfig.json')} ${path.join(EXAMPLE, 'main.ts')}`,
    output: 'dist',
    ...config,
  }));
  return { stdout: run(cwd, ...args), cwd };
}

function run(cwd: string, ...args: string[]): string {
  const program = path.join(ROOT, 'node_modules/.bin/cdk8s');
  const env = { ...process.env, CDK8S_OUTDIR: undefined };
  return execFileSync(program, ['synth', '--check-upgrade=false', ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function documentsOf(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJSON()).filter((document) => document !== null);
}

test('cdk8s synth --stdout prints manifests only, and writes the other outputs to the working directory', () => {
  const { stdout, cwd } = cdk8s('stdout', {}, '--stdout');
  const documents = documentsOf(stdout);
  expect(documents.length).toBeGreaterThan(40);
  const manifest = { apiVersion: expect.any(String), kind: expect.any(String), metadata: { name: expect.any(String) } };
  documents.forEach((document) => expect(document).toMatchObject(manifest));
  expect(fs.readdirSync(cwd).sort()).toEqual(['cdk8s.yaml', 'cdktf.out', 'evidence.out', 'nodes.out']);
});

test('in the example itself, with its own cdk8s.yaml, the same manifests come out', () => {
  expect(documentsOf(run(EXAMPLE, '--stdout'))).toEqual(documentsOf(cdk8s('same', {}, '--stdout').stdout));
});

test('cdk8s synth writes what the program writes by itself', () => {
  const { cwd } = cdk8s('plain', {});
  const { stdout } = cdk8s('printed', {}, '--stdout');
  const written = fs.readdirSync(path.join(cwd, 'dist')).sort();
  expect(written).toEqual(['bank.k8s.yaml', 'policies.k8s.yaml']);
  expect(stdout).toContain(fs.readFileSync(path.join(cwd, 'dist/bank.k8s.yaml'), 'utf8').trim());
});

describe('validations of cdk8s.yaml', () => {
  beforeAll(() => {
    fs.mkdirSync(path.join(scratch, 'plugin'));
    fs.writeFileSync(path.join(scratch, 'plugin/index.js'), PLUGIN);
  });
  const forbid = (kind: string) => ({ validations: [{ package: path.join(scratch, 'plugin'), version: '0.0.0', class: 'Forbid', properties: { kind } }] });

  test('a plugin that finds nothing lets the synthesis pass', () => {
    expect(fs.existsSync(path.join(cdk8s('passes', forbid('Pod')).cwd, 'dist/bank.k8s.yaml'))).toBe(true);
  });

  test('a plugin that finds something fails it, and names the construct', () => {
    let failure: { stdout?: string; message?: string } = {};
    try {
      cdk8s('fails', forbid('ResourceQuota'));
    } catch (error) {
      failure = error as typeof failure;
    }
    expect(failure.message).toContain('Validation failed');
    expect(failure.stdout).toContain('bank/bank/ResourceQuota');
  });
});

/** A program of cdk8s alone: what it states of the pod is the first argument. */
const PROGRAM = `const { ApiObject, App, Chart } = require('cdk8s');
const app = new App();
new ApiObject(new Chart(app, 'shop'), 'web', {
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: JSON.parse(process.argv[2]),
});
app.synth();`;
const RESTRICTED = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'web', image: 'web:1', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const WAIVERS = `waivers:
  - {control: host-network, resource: Pod/shop/web, value: true, reason: it routes, owner: net, expires: '2026-12-31'}
`;
const PROPERTIES = { packs: ['pss-restricted'], kubernetesVersion: '1.36' };

describe('HardenedValidation in cdk8s.yaml', () => {
  const plugin = path.join(scratch, 'package');
  beforeAll(() => {
    fs.mkdirSync(plugin);
    // The package as tsx compiles it.
    fs.writeFileSync(path.join(plugin, 'index.js'), `require(${JSON.stringify(path.join(ROOT, 'node_modules/tsx/dist/cjs/index.cjs'))});
exports.HardenedValidation = require(${JSON.stringify(path.join(ROOT, 'src/index.ts'))}).HardenedValidation;`);
  });

  /** What the command line says, and the report that it writes for programs. */
  function validated(folder: string, spec: object, properties?: object, files: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}) {
    const cwd = path.join(scratch, folder);
    fs.mkdirSync(cwd, { recursive: true });
    Object.entries({ 'main.js': PROGRAM, ...files }).forEach(([name, text]) => fs.writeFileSync(path.join(cwd, name), text));
    fs.writeFileSync(path.join(cwd, 'cdk8s.yaml'), stringify({
      language: 'typescript', app: `node main.js '${JSON.stringify(spec)}'`, output: 'dist',
      validations: [{ package: plugin, version: '0.0.0', class: 'HardenedValidation', ...(properties && { properties }) }],
    }));
    fs.rmSync(path.join(cwd, 'report.json'), { force: true });
    const { status, stdout, stderr } = spawnSync(path.join(ROOT, 'node_modules/.bin/cdk8s'), [
      'synth', '--check-upgrade=false', '--validation-reports-output-file', 'report.json',
    ], {
      cwd, encoding: 'utf8',
      env: { ...process.env, CDK8S_OUTDIR: undefined, NODE_PATH: path.join(ROOT, 'node_modules'), SOURCE_DATE_EPOCH: String(Date.parse('2026-11-21') / 1000), ...env },
    });
    const file = path.join(cwd, 'report.json');
    const [report] = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).reports : [];
    return { cwd, status, text: `${stdout}${stderr}`, report, rules: report?.violations.map(({ ruleName }: { ruleName: string }) => ruleName) };
  }

  test('a good app passes, and the report says what it was held to', () => {
    const { status, text, report } = validated('good', RESTRICTED, PROPERTIES);
    expect({ status, violations: report.violations }).toEqual({ status: 0, violations: [] });
    expect(text).toContain('Validations ended succesfully');
    expect(report.summary.metadata).toEqual({ 'Held to': expect.stringMatching(/^\d+ controls of pss-restricted for Kubernetes 1\.36$/), 'Objects': '1', 'Findings': 'none' });
  });

  test('a bad app fails with our findings in the report, each at its construct', () => {
    const { status, text, report } = validated('bad', { ...RESTRICTED, hostNetwork: true }, PROPERTIES);
    expect(status).toBe(2);
    expect(report.violations).toEqual([{
      ruleName: 'host-network', recommendation: expect.stringMatching(/^HIGH: /), fix: expect.stringContaining('hostNetwork'),
      violatingConstructs: [{
        resourceName: 'web', constructPath: 'shop/web', manifestPath: expect.stringMatching(/dist\/shop\.k8s\.yaml$/),
        locations: ['Pod/shop/web spec.hostNetwork: true; expected: absent or false'],
      }],
    }]);
    ['Validation failed', 'host-network (1 occurrences)', 'Construct Path: shop/web', 'spec.hostNetwork: true; expected: absent or false']
      .forEach((words) => expect(text).toContain(words));
  });

  test('without properties it is held to what is recommended', () => {
    const { status, rules } = validated('defaults', RESTRICTED);
    expect(status).toBe(2);
    expect(rules).toEqual(expect.arrayContaining(['image-digest', 'memory-limit']));
  });

  test('packs, failOn and the version are honoured', () => {
    const bad = { ...RESTRICTED, hostNetwork: true };
    expect(validated('version', { ...RESTRICTED, hostUsers: false, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, PROPERTIES).status).toBe(0);
    expect(validated('version', { ...RESTRICTED, hostUsers: false, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, { ...PROPERTIES, kubernetesVersion: '1.34' }).rules)
      .toEqual(['run-as-non-root']);
    const reported = validated('fail-on', bad, { ...PROPERTIES, failOn: 'critical' });
    expect([reported.status, reported.rules]).toEqual([0, ['host-network']]);
    expect(reported.text).toContain('HIGH, reported only:');
  });

  test('waivers and a baseline are honoured, and the baseline is written where the environment asks for it', () => {
    const bad = { ...RESTRICTED, hostNetwork: true };
    const waived = validated('waivers', bad, { ...PROPERTIES, waivers: 'waivers.yaml' }, { 'waivers.yaml': WAIVERS });
    expect([waived.status, waived.report.summary.metadata.Accepted]).toEqual([0, '1 waived']);
    expect(validated('waivers', RESTRICTED, { ...PROPERTIES, waivers: 'waivers.yaml' }).rules).toEqual(['accepted-findings']);

    const properties = { ...PROPERTIES, baseline: 'accepted.json' };
    const missing = validated('baseline', bad, properties);
    expect([missing.status, missing.text]).toEqual([1, expect.stringContaining('baseline: allowed: a file that can be read')]);
    expect(validated('baseline', bad, properties, {}, { CDK8S_HARDENED_UPDATE_BASELINE: '1' }).status).toBe(0);
    expect(validated('baseline', bad, properties).report.summary.metadata.Accepted).toBe('1 in the baseline');
    expect(validated('baseline', { ...bad, hostPID: true }, properties).rules).toEqual(['host-pid']);
  });

  test('an unknown property is refused by its name', () => {
    const { status, text } = validated('unknown', RESTRICTED, { ...PROPERTIES, failon: 'high' });
    expect(status).not.toBe(0);
    expect(text).toContain('[HardenedValidation] failon: allowed: packs, failOn, kubernetesVersion, baseline, waivers. Correct or remove it: nobody reads it. Did you mean "failOn"?');
  });

  test('a version without quotes in YAML is refused: 1.30 would be 1.3', () => {
    const { status, text } = validated('number', RESTRICTED, { kubernetesVersion: 1.3 });
    expect(status).not.toBe(0);
    expect(text).toContain('Write it in quotes');
  });
});
