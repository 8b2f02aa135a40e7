import { execFileSync } from 'child_process';
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
