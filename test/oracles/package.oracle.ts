import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.resolve(__dirname, '../..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const PROGRAM = `
const { Chart } = require('cdk8s');
const hardened = require('cdk8s-hardened');
const app = new hardened.HardenedApp({ quiet: true });
const namespace = new hardened.HardenedNamespace(new Chart(app, 'shop'), 'shop');
new hardened.SecureWorkload(namespace, 'web', { image: 'nginx@sha256:' + '0'.repeat(64), port: 8080 });
new hardened.NodeRole(app, 'worker', { kind: hardened.NodeKind.WORKER }).addFile({ path: '/etc/motd', content: 'x' });
app.synth();
const loaded = Object.keys(require.cache).filter((file) => /node_modules.(cdktf|@cdktf)/.test(file));
console.log(JSON.stringify({ loaded, outputs: require('fs').readdirSync('.').filter((entry) => entry.endsWith('.out') || entry === 'dist').sort() }));
`;

/** The tarball as it would be published, in a folder with its required peers alone. */
function install(): void {
  if (!fs.existsSync(path.join(ROOT, 'lib/index.js')) || !fs.existsSync(path.join(ROOT, '.jsii'))) {
    throw new Error('There is no compiled package to pack. Run `npx projen assemble` first.');
  }
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed) as any[];
  const dev = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies;
  fs.writeFileSync(path.join(scratch, 'package.json'), JSON.stringify({
    name: 'fresh',
    private: true,
    dependencies: { 'cdk8s-hardened': `file:${path.basename(filename)}`, 'cdk8s': dev.cdk8s, 'cdk8s-plus-28': dev['cdk8s-plus-28'], 'constructs': dev.constructs },
  }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: scratch, stdio: 'pipe' });
}

const TYPED = `
import { Chart } from 'cdk8s';
import { ClusterProfile, ControlPack, Controls, HardenedApp, HardenedNamespace, NodeKind, NodeRole, SecureWorkload } from 'cdk8s-hardened';
const app = new HardenedApp({ quiet: true, cluster: new ClusterProfile({ name: 'prod' }) });
const namespace = new HardenedNamespace(new Chart(app, 'shop'), 'shop');
new SecureWorkload(namespace, 'web', { image: 'nginx@sha256:' + '0'.repeat(64), port: 8080 });
new NodeRole(app, 'worker', { kind: NodeKind.WORKER }).addFile({ path: '/etc/motd', content: 'x' });
Controls.of(app).enforce(ControlPack.pssRestricted());
app.synth();
`;
const TERRAFORM = `
import { HardenedApp, terraform } from 'cdk8s-hardened';
const stack = new terraform.PrivateNetworkStack(new HardenedApp(), 'network', {
  state: terraform.StateBackend.local(), cidr: '10.0.0.0/16', azs: ['eu-central-1a', 'eu-central-1b'],
});
stack.addOverride('terraform.required_version', '>= 1.10');
`;
/** Nothing is global but the language: since version 6 the compiler takes no types of Node.js by itself. */
const COMPILER_OPTIONS = ['--noEmit', '--strict', '--target', 'es2022'];

/** What the compiler says of a program in a folder; empty if it takes it. Declarations of packages are checked too, unless told otherwise. */
function compile(folder: string, program: string, ...options: string[]): string {
  fs.writeFileSync(path.join(folder, 'main.ts'), program);
  const { stdout, status } = spawnSync('node', [require.resolve('typescript/bin/tsc'), ...COMPILER_OPTIONS, ...options, 'main.ts'], { cwd: folder, encoding: 'utf8' });
  expect(stdout === '').toBe(status === 0);
  return stdout;
}

const declarations = () => fs.readdirSync(path.join(scratch, 'node_modules/cdk8s-hardened/lib'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.d.ts')).map((file) => path.join(scratch, 'node_modules/cdk8s-hardened/lib', file));

describe('the packed tarball, installed with cdk8s, cdk8s-plus-28 and constructs alone', () => {
  beforeAll(install);

  test('cdktf and its provider are not there', () => {
    expect(fs.existsSync(path.join(scratch, 'node_modules/cdktf'))).toBe(false);
    expect(fs.existsSync(path.join(scratch, 'node_modules/@cdktf'))).toBe(false);
  });

  test('it synthesizes manifests, node files and evidence, and never looks for cdktf', () => {
    const printed = execFileSync('node', ['-e', PROGRAM], { cwd: scratch, encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual({ loaded: [], outputs: ['dist', 'evidence.out', 'nodes.out'] });
  });

  test('Terraform without cdktf fails, saying what is missing', () => {
    expect(() => execFileSync('node', ['-e', 'require("cdk8s-hardened").terraform'], { cwd: scratch, stdio: 'pipe' })).toThrow(/Cannot find module .*cdktf/);
  });

  test.each([['node16'], ['commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'], ['esnext', '--moduleResolution', 'bundler']])(
    'programs compile with every declaration checked, as modules of kind %s', (...kind) => {
      expect(compile(scratch, TYPED, '--module', ...kind)).toBe('');
      expect(compile(scratch, TYPED.replace('\'web\'', '7'), '--module', ...kind)).toMatch(/^main\.ts.*TS2345/);
    });

  test('without the marks at imports of optional peers they would not', () => {
    const marked = declarations().filter((file) => fs.readFileSync(file, 'utf8').includes('// @ts-ignore'));
    const texts = marked.map((file) => fs.readFileSync(file, 'utf8'));
    expect(marked.length).toBeGreaterThan(0);
    try {
      marked.forEach((file, i) => fs.writeFileSync(file, texts[i].replace(/^\/\/ @ts-ignore.*\n/gm, '')));
      expect(compile(scratch, TYPED, '--module', 'node16')).toMatch(/TS2307: Cannot find module 'cdktf'/);
    } finally {
      marked.forEach((file, i) => fs.writeFileSync(file, texts[i]));
    }
  });

  test('where cdktf is there, stacks have its types', () => {
    const folder = path.join(scratch, 'with-cdktf');
    fs.mkdirSync(path.join(folder, 'node_modules/@cdktf'), { recursive: true });
    for (const name of ['cdktf', '@cdktf/provider-aws', 'cdk8s', 'cdk8s-plus-28', 'constructs']) {
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(folder, 'node_modules', name));
    }
    fs.cpSync(path.join(scratch, 'node_modules/cdk8s-hardened'), path.join(folder, 'node_modules/cdk8s-hardened'), { recursive: true });
    const options = ['--module', 'node16', '--skipLibCheck'];
    expect(compile(folder, TERRAFORM, ...options)).toBe('');
    expect(compile(folder, TERRAFORM.replace('addOverride', 'noSuchMethod'), ...options)).toMatch(/^main\.ts.*TS2339: Property 'noSuchMethod'/);
  });

  test('it holds the compiled library, its API for other languages, its pages and its licence, and no sources or tests', () => {
    const files = fs.readdirSync(path.join(scratch, 'node_modules/cdk8s-hardened'));
    expect(files).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'docs', 'lib', 'package.json']));
    expect(files.filter((file) => /^(src|test|examples|bench|scripts|\..*|.*\.tgz)$/.test(file) && file !== '.jsii')).toEqual([]);
    expect(fs.existsSync(path.join(scratch, 'node_modules/cdk8s-hardened/docs/pipelines/github-actions.yaml'))).toBe(true);
  });
});
