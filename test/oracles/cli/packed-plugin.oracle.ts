import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { stringify } from 'yaml';
import { installProgram } from './installed';
import { Program, scratchFolder } from './started';

const ROOT = resolve(__dirname, '../../..');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const scratch = scratchFolder();
/** Where the cdk8s command line puts plugins; it installs none that is there already. */
const plugins = join(scratch, 'plugins');
let program: Program;

beforeAll(() => {
  const folder = join(plugins, 'cdk8s-hardened', VERSION);
  mkdirSync(folder, { recursive: true });
  program = new Program(installProgram(folder), scratch);
});

/** A program of cdk8s alone. */
const APP = `const { ApiObject, App, Chart } = require('cdk8s');
const app = new App();
new ApiObject(new Chart(app, 'shop'), 'web', JSON.parse(process.argv[2]));
app.synth();`;

describe('the packed package as a plugin of the cdk8s command line', () => {
  const pod = (hostNetwork?: boolean) => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' },
    spec: {
      hostNetwork, securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'web', image: 'web:1', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
    },
  });

  function synth(object: object, { properties, byPath = false }: { readonly properties?: object; readonly byPath?: boolean }) {
    const modules = join(plugins, 'cdk8s-hardened', VERSION, 'node_modules');
    const cwd = join(scratch, 'app');
    rmSync(cwd, { recursive: true, force: true });
    mkdirSync(cwd);
    symlinkSync(modules, join(cwd, 'node_modules'));
    writeFileSync(join(cwd, 'main.js'), APP);
    writeFileSync(join(cwd, 'cdk8s.yaml'), stringify({
      language: 'typescript', app: `node main.js '${JSON.stringify(object)}'`, output: 'dist',
      validations: [{ package: byPath ? './node_modules/cdk8s-hardened' : 'cdk8s-hardened', version: VERSION, class: 'HardenedValidation', ...(properties && { properties }) }],
    }));
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/cdk8s'), [
      'synth', '--check-upgrade=false', '--plugins-dir', plugins, '--validation-reports-output-file', 'report.json',
    ], { cwd, encoding: 'utf8', env: { ...process.env, CDK8S_OUTDIR: undefined } });
    const report = existsSync(join(cwd, 'report.json')) ? JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')).reports[0] : undefined;
    return { status, text: `${stdout}${stderr}`, report, rules: report?.violations.map(({ ruleName }: { ruleName: string }) => ruleName) };
  }
  const properties = { packs: ['pss-restricted'], kubernetesVersion: '1.36' };

  test.each([false, true])('is found (by its path: %s), lets a good app pass and refuses a bad one', (byPath) => {
    const good = synth(pod(), { properties, byPath });
    expect(good).toMatchObject({ status: 0, rules: [] });
    expect(good.text).not.toContain('Installing validation plugin');
    const bad = synth(pod(true), { properties, byPath });
    expect(bad).toMatchObject({ status: 2, rules: ['host-network'] });
    ['Validation failed', 'host-network (1 occurrences)', 'Construct Path: shop/web', 'Pod/shop/web spec.hostNetwork: true; expected: absent or false']
      .forEach((words) => expect(bad.text).toContain(words));
  });

  test('finds what the program finds in what the app wrote', () => {
    const { rules } = synth(pod(true), {});
    const { stdout } = program.start(['check', 'app/dist/shop.k8s.yaml', '-o', 'json']);
    const found = JSON.parse(stdout).findings.map(({ control }: { control: string }) => control);
    expect([...new Set(rules)].sort()).toEqual([...new Set(found)].sort());
    expect(rules).toContain('image-digest');
  });

  test('refuses an unknown property by its name', () => {
    const { status, text } = synth(pod(), { properties: { ...properties, pack: 'nsa' } });
    expect(status).not.toBe(0);
    expect(text).toContain('[HardenedValidation] pack: allowed: packs, failOn, kubernetesVersion, baseline, waivers. Correct or remove it: nobody reads it. Did you mean "packs"?');
  });
});
