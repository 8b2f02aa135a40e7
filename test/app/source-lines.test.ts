import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import { Construct, Node } from 'constructs';
import { useTempFolder } from './temp-folder';
import { HardenedApp } from '../../src/app/hardened-app';
import { sourceLineAt, traceConstructs } from '../../src/app/source-lines';

/** The line of the caller, which stands on the line that is asked about. */
function thisLine(): number {
  return Number(/source-lines\.test\.ts:(\d+):\d+/.exec(new Error().stack!.split('\n')[2])![1]);
}

const HERE = path.relative(process.cwd(), __filename).split(path.sep).join('/');

function traced(): App {
  const app = new App();
  traceConstructs(app);
  return app;
}

function pod(scope: Construct, id: string): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'Pod' });
}

describe('in this process', () => {
  test('a construct remembers the line of the program that made it', () => {
    const app = traced();
    const chart = new Chart(app, 'chart'); const line = thisLine();
    expect(sourceLineAt(app, 'chart')).toEqual({ file: HERE, line });
    new ApiObject(chart, 'web', { apiVersion: 'v1', kind: 'Pod' }); const objectLine = thisLine();
    expect(sourceLineAt(app, 'chart/web')).toEqual({ file: HERE, line: objectLine });
  });

  test('one made by somebody else\'s construct remembers the line that made that', () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'source-')), 'all.yaml');
    fs.writeFileSync(file, 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n');
    const app = traced();
    new Include(new Chart(app, 'chart'), 'all', { url: file }); const line = thisLine();
    fs.rmSync(path.dirname(file), { recursive: true });
    expect(sourceLineAt(app, 'chart/all/web-pod')).toEqual({ file: HERE, line });
  });

  test('one below which nothing is known has the line of the nearest above', () => {
    const app = traced();
    new Chart(app, 'chart'); const line = thisLine();
    expect(sourceLineAt(app, 'chart/not/there')).toEqual({ file: HERE, line });
    expect(sourceLineAt(app, 'not/there')).toBeUndefined();
    expect(sourceLineAt(app, '')).toBeUndefined();
  });

  test('what was made before is not known, what is made below it is', () => {
    const app = new App();
    const before = new Chart(app, 'before');
    traceConstructs(app);
    pod(before, 'web');
    expect(sourceLineAt(app, 'before/web')).toBeUndefined();
    pod(new Chart(app, 'after'), 'web');
    expect(sourceLineAt(app, 'after/web')).toMatchObject({ file: HERE });
  });

  test('other trees, and what programs see of this one, are left as they are', () => {
    const app = traced();
    const other = new App();
    expect(Object.getOwnPropertyNames(other.node)).not.toContain('addChild');
    expect(Object.getOwnPropertyNames(Node.prototype)).toContain('addChild');
    const web = pod(new Chart(app, 'chart'), 'web');
    const plain = pod(new Chart(other, 'chart'), 'web');
    expect(Object.keys(web)).toEqual(Object.keys(plain));
    expect(web.node.path).toBe('chart/web');
    expect(web.toJson()).toEqual(plain.toJson());
    expect(app.node.findAll()).toHaveLength(3);
    expect(() => pod(web.node.scope as Chart, 'web')).toThrow('There is already a Construct with name \'web\' in Chart [chart]');
  });

  test('the limit of stack traces stays what it was', () => {
    const before = Error.stackTraceLimit;
    new Chart(traced(), 'chart');
    expect(Error.stackTraceLimit).toBe(before);
  });
});

describe('in a program', () => {
  useTempFolder();

  const src = (file: string) => JSON.stringify(path.resolve(__dirname, '../../src', file));
  const PROGRAM = [
    `import { Chart } from ${JSON.stringify(require.resolve('cdk8s'))};`,
    `import { HardenedApp } from ${src('app/hardened-app')};`,
    `import { Controls } from ${src('controls/controls')};`,
    `import { ControlPack } from ${src('controls/pack')};`,
    'import { agent } from \'./lib/agent\';',
    '',
    'interface Unused {',
    '  readonly text: string;',
    '}',
    '',
    'const app = new HardenedApp({ quiet: true, captureSourceLines: CAPTURE });',
    'Controls.of(app).enforce(ControlPack.pssBaseline());',
    'const chart = new Chart(app, \'infra\');',
    'export const unused: Unused[] = [];',
    'agent(',
    '  chart,',
    ');',
    'try { app.synth(); } catch (error) { console.log((error as Error).message); }',
  ];
  const LIBRARY = [
    `import { ApiObject, Chart } from ${JSON.stringify(require.resolve('cdk8s'))};`,
    '',
    'export function agent(scope: Chart): ApiObject {',
    '  return new ApiObject(scope, \'agent\', {',
    '    apiVersion: \'v1\', kind: \'Pod\', metadata: { name: \'agent\' }, spec: { hostNetwork: true, containers: [{ name: \'agent\', image: \'agent\' }] },',
    '  });',
    '}',
  ];

  function run(capture: string, env: Record<string, string> = {}): { stdout: string; finding: any; sarif: any } {
    fs.mkdirSync('program/lib', { recursive: true });
    fs.writeFileSync('program/main.ts', PROGRAM.join('\n').replace('CAPTURE', capture));
    fs.writeFileSync('program/lib/agent.ts', LIBRARY.join('\n'));
    const tsx = path.join(path.dirname(require.resolve('tsx/package.json')), 'dist/cli.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [tsx, 'program/main.ts'], { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1', ...env } });
    expect(stderr).toBe('');
    const read = (file: string) => JSON.parse(fs.readFileSync(path.join('evidence.out', file), 'utf8'));
    const [finding] = read('findings.json').findings.filter(({ control }: { control: string }) => control === 'host-network');
    return { stdout, finding, sarif: read('findings.sarif').runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === 'host-network').locations[0].physicalLocation };
  }

  test('findings, the table and SARIF name the line of its TypeScript', () => {
    const { stdout, finding, sarif } = run('true');
    expect(finding.source).toEqual({ file: 'program/lib/agent.ts', line: 4 });
    expect(stdout).toContain('made by infra/agent at program/lib/agent.ts:4');
    expect(sarif).toMatchObject({ artifactLocation: { uri: 'program/lib/agent.ts', uriBaseId: '%SRCROOT%' }, region: { startLine: 4 } });
  });

  test('so they do where the environment asks for it', () => {
    expect(run('undefined', { CDK8S_HARDENED_CAPTURE_SOURCE: '1' }).finding.source).toEqual({ file: 'program/lib/agent.ts', line: 4 });
  });

  test('else SARIF names the manifest, and nothing is captured', () => {
    const { finding, sarif, stdout } = run('undefined');
    expect(finding.source).toBeUndefined();
    expect(sarif).toMatchObject({ artifactLocation: { uri: 'dist/infra.k8s.yaml' } });
    expect(stdout).toContain('made by infra/agent\n');
    expect(run('false', { CDK8S_HARDENED_CAPTURE_SOURCE: '1' }).finding.source).toBeUndefined();
  });
});

test('an app captures nothing unless it is told to', () => {
  const has = (app: HardenedApp) => Object.getOwnPropertyNames(app.node).includes('addChild');
  expect(has(new HardenedApp())).toBe(false);
  expect(has(new HardenedApp({ captureSourceLines: true }))).toBe(true);
  process.env.CDK8S_HARDENED_CAPTURE_SOURCE = '1';
  try {
    expect(has(new HardenedApp())).toBe(true);
    expect(has(new HardenedApp({ captureSourceLines: false }))).toBe(false);
  } finally {
    delete process.env.CDK8S_HARDENED_CAPTURE_SOURCE;
  }
});
