import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import * as ts from 'typescript';

const ROOT = path.resolve(__dirname, '..');
const LAZY_EXPORTS = path.join(ROOT, 'scripts/lazy-exports.js');

/** Loads a module where cdktf and its providers can't be found, and tells what was loaded. */
const PROBE = `
  const Module = require('module');
  const resolve = Module._resolveFilename;
  const sought = [];
  Module._resolveFilename = function (request, ...rest) {
    if (request === 'cdktf' || request.startsWith('cdktf/') || request.startsWith('@cdktf/')) {
      sought.push(request);
      throw Object.assign(new Error('not installed: ' + request), { code: 'MODULE_NOT_FOUND' });
    }
    return resolve.call(this, request, ...rest);
  };
  const root = require(process.argv[1]);
  const soughtByRoot = [...sought];
  let touched = 'loaded';
  try { root.terraform; } catch (error) { touched = error.message; }
  console.log(JSON.stringify({ names: Object.keys(root), soughtByRoot, touched }));
`;

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'root-import-'));
});

afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function transpile(file: string): string {
  const compilerOptions = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(fs.readFileSync(file, 'utf8'), { fileName: file, compilerOptions }).outputText;
}

/** Compiles src/ into the folder, types unchecked, as `lib/` would be. */
function transpileSources(): string {
  for (const entry of fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.ts')) {
      const source = path.join(entry.parentPath, entry.name);
      const target = path.join(folder, path.relative(path.join(ROOT, 'src'), source)).replace(/\.ts$/, '.js');
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, transpile(source));
    }
  }
  return path.join(folder, 'index.js');
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

function run(args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, NODE_PATH: path.join(ROOT, 'node_modules') } });
}

function probe(index: string): { names: string[]; soughtByRoot: string[]; touched: string } {
  const { status, stdout, stderr } = run(['-e', PROBE, index]);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('loading the package root', () => {
  let index: string;
  beforeAll(() => {
    index = transpileSources();
  }, 60000);

  test('with eager exports it would fail without cdktf: the check can tell', () => {
    const { status, stderr } = run(['-e', PROBE, index]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('not installed: ');
  });

  test('neither loads nor seeks cdktf and its provider, until terraform is touched', () => {
    expect(run([LAZY_EXPORTS, index, 'terraform']).stderr).toBe('');
    const result = probe(index);
    expect(result.names).toEqual(expect.arrayContaining(['HardenedApp', 'ClusterProfile', 'terraform']));
    expect(result.soughtByRoot).toEqual([]);
    expect(result.touched).toMatch(/^not installed: (cdktf|@cdktf\/)/);
  });

  test('loads nothing of the command line but the class that cdk8s.yaml names', () => {
    const script = 'require(process.argv[1]); console.log(JSON.stringify(Object.keys(require.cache).filter((file) => /[/\\\\](cli|commander)[/\\\\]/.test(file))))';
    expect(run([LAZY_EXPORTS, index, 'terraform']).stderr).toBe('');
    const loaded: string[] = JSON.parse(run(['-e', script, index]).stdout);
    expect(loaded.map((file) => path.relative(folder, file)).sort()).toEqual(['cli/checking/packs.js', 'cli/hardened-validation.js', 'cli/near-choice.js']);
  });
});

describe('making exports lazy', () => {
  const EAGER = ts.transpile('export * as heavy from \'./heavy\';\nexport { a } from \'./light\';\n', { module: ts.ModuleKind.CommonJS, esModuleInterop: true });

  beforeAll(() => {
    write('heavy.js', 'globalThis.loads = (globalThis.loads ?? 0) + 1; exports.b = 2;');
    write('light.js', 'exports.a = 1;');
  });

  test('the submodule loads once, when it is first touched', () => {
    const index = write('small.js', EAGER);
    expect(run([LAZY_EXPORTS, index, 'heavy']).status).toBe(0);
    const script = 'const m = require(process.argv[1]); console.log(globalThis.loads, m.a, m.heavy.b, m.heavy === m.heavy, globalThis.loads)';
    expect(run(['-e', script, index]).stdout).toBe('undefined 1 2 true 1\n');
  });

  test('an ES module can import it by name', () => {
    const index = write('small.js', EAGER);
    run([LAZY_EXPORTS, index, 'heavy']);
    const entry = write('entry.mjs', 'import { a, heavy } from \'./small.js\'; console.log(a, heavy.b);');
    expect(run([entry]).stdout).toBe('1 2\n');
  });

  test('doing it twice changes nothing more', () => {
    const index = write('small.js', EAGER);
    run([LAZY_EXPORTS, index, 'heavy']);
    const once = fs.readFileSync(index, 'utf8');
    expect(once).not.toBe(EAGER);
    expect(run([LAZY_EXPORTS, index, 'heavy']).status).toBe(0);
    expect(fs.readFileSync(index, 'utf8')).toBe(once);
  });

  test('a name that is not exported is an error, and the file stays as it was', () => {
    const index = write('small.js', EAGER);
    const { status, stderr } = run([LAZY_EXPORTS, index, 'heavy', 'nosuch']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('found no "export * as nosuch" to make lazy');
    expect(fs.readFileSync(index, 'utf8')).toBe(EAGER);
  });
});

describe('declarations of a lazy submodule', () => {
  const DECLARATION = 'import { TerraformStack } from \'cdktf\';\nimport { Vpc } from \'@cdktf/provider-aws/lib/vpc\';\nimport { Chart } from \'cdk8s\';\n'
    + 'export declare class Heavy extends TerraformStack {\n    readonly vpc: Vpc;\n    readonly chart: Chart;\n}\n';
  const file = () => path.join(folder, 'typed/heavy/index.d.ts');

  beforeEach(() => {
    fs.mkdirSync(path.join(folder, 'typed/heavy'), { recursive: true });
    write('typed/index.js', 'exports.heavy = require("./heavy");\n');
    write('typed/index.d.ts', 'export * as heavy from \'./heavy\';\n');
    fs.writeFileSync(file(), DECLARATION);
    expect(run([LAZY_EXPORTS, path.join(folder, 'typed/index.js'), 'heavy'])).toMatchObject({ status: 0, stderr: '' });
  });

  test('compile without optional peers: their imports are marked, and no others', () => {
    const mark = '// @ts-ignore: an optional peer\n';
    expect(fs.readFileSync(file(), 'utf8')).toBe(DECLARATION.replace(/^(?=.*cdktf)/gm, mark));
  });

  test('marking twice changes nothing more', () => {
    const once = fs.readFileSync(file(), 'utf8');
    expect(run([LAZY_EXPORTS, path.join(folder, 'typed/index.js'), 'heavy']).status).toBe(0);
    expect(fs.readFileSync(file(), 'utf8')).toBe(once);
  });
});
