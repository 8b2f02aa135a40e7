import { execFileSync } from 'child_process';
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

  test('it holds the compiled library, its API for other languages and its licence, and no sources or tests', () => {
    const files = fs.readdirSync(path.join(scratch, 'node_modules/cdk8s-hardened'));
    expect(files).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'lib', 'package.json']));
    expect(files.filter((file) => /^(src|test|examples|bench|scripts|docs|\..*)$/.test(file) && file !== '.jsii')).toEqual([]);
  });
});
