import { Folders } from './comparing';
import { main } from '../../../src/cli/main';

const folders = new Folders();

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function diff(...args: string[]): Promise<Run> {
  return diffOn({}, {}, ...args);
}

async function diffOn(terminal: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ ...terminal, write: (text: string) => { written[name] += text; } });
  const code = await main(['diff', ...args], { stdout: output('stdout'), stderr: output('stderr'), cwd: '/', env });
  return { code, ...written };
}

const pod = (privileged: boolean, more: string = '') => `apiVersion: v1
kind: Pod
metadata: {name: app, namespace: shop}
spec:
  containers:
    - name: app
      image: registry.example.com/app:1
      securityContext: {privileged: ${privileged}}
${more}`;

const STRONG = folders.make('strong', { 'dist/a.yaml': pod(false) });
const WEAK = folders.make('weak', { 'dist/a.yaml': pod(true) });
const OTHER = folders.make('other', { 'dist/a.yaml': pod(false, '  nodeSelector: {zone: a}\n') });

const TEXT = `OLD → NEW: 1 weaker, 1 recreated

WEAKER (1)
Pod/shop/app
  CRITICAL privileged: no longer met: Containers aren't privileged
    container app, spec.containers[0].securityContext.privileged: false → true

RECREATED (1)
Pod/shop/app
  immutable-field: spec.containers cannot be changed: applying it is refused
    until the object is deleted and made anew
    spec.containers
`;

describe('diff', () => {
  test('says what became weaker, for people', async () => {
    const { code, stdout, stderr } = await diff(STRONG, WEAK);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.replace(/^[^:]*?strong\s→\s.*?weak:\s/s, 'OLD → NEW: ')).toBe(TEXT);
    expect(stdout.split('\n').slice(1).every((line) => line.length <= 80)).toBe(true);
  });

  test('colours terminals only, and none where NO_COLOR is set', async () => {
    expect((await diffOn({ isTTY: true, columns: 80 }, {}, STRONG, WEAK)).stdout).toContain('\x1b[');
    expect((await diffOn({ isTTY: true, columns: 80 }, { NO_COLOR: '1' }, STRONG, WEAK)).stdout).not.toContain('\x1b[');
    expect((await diffOn({}, {}, STRONG, WEAK)).stdout).not.toContain('\x1b[');
  });

  test('says it for programs', async () => {
    const { stdout } = await diff(STRONG, WEAK, '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1, old: STRONG, new: WEAK, kubernetesVersion: '1.35', counts: { weaker: 1, recreated: 1, changed: 0 },
      changes: [{ section: 'weaker', rule: 'privileged', severity: 'critical', subject: 'Pod/shop/app', container: 'app', before: 'false', after: 'true' }, { section: 'recreated' }],
    });
  });

  test('says it for a pull request', async () => {
    const { stdout } = await diff(STRONG, WEAK, '-o', 'markdown');
    expect(stdout).toContain('### cdk8s-hardened diff: 1 weaker, 1 recreated\n');
    expect(stdout).toContain('- `Pod/shop/app`: **critical** privileged: no longer met: Containers aren\'t privileged at `container app, spec.containers[0].securityContext.privileged`: `false → true`\n');
  });

  test('keeps a comment below the limit of GitHub, and says what it leaves out', async () => {
    const names = Array.from({ length: 2000 }, (_, i) => `pod-${i}`);
    const [old, next] = [false, true].map((weak) => folders.make(`many-${weak}`, { 'a.yaml': names.map((name) => pod(weak).replace('name: app,', `name: ${name},`)).join('---\n') }));
    const { stdout } = await diff(old, next, '-o', 'markdown');
    expect(stdout.length).toBeLessThan(65_536);
    const [, left] = /\*\*(\d+) more changes left out here/.exec(stdout) ?? [];
    expect(Number(left) + (stdout.match(/^- `/gm) ?? []).length).toBe(4000);
  });

  test('makes neither markup nor mentions of what objects say', async () => {
    const odd = folders.make('odd', { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "`@everyone` <b>|x"}\n' });
    const { stdout } = await diff(folders.make('none', {}), odd, '-o', 'markdown');
    expect(stdout).toContain('- `` ConfigMap/`@everyone` <b>|x ``: object: new');
  });

  test('makes no mention, link or reference of what stands in a sentence', async () => {
    const roles = (...verbs: string[]) => `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules: ${JSON.stringify([{ apiGroups: [''], resources: ['a'], verbs }])}\n`;
    const odd = folders.make('mentions', { 'a.yaml': roles('@everyone', 'shop/web#12', 'https://example.com', 'www.example.com', 'GH-12', '&commat;all') });
    const { stdout } = await diff(folders.make('no-mentions', { 'a.yaml': roles() }), odd, '-o', 'markdown');
    const sentences = stdout.split('\n').filter((line) => line.includes('allows ')).join('\n').replace(/`[^`]*`/g, '');
    expect(sentences).toMatch(/@\u200beveryone[^]*shop\/web/);
    expect(sentences).not.toMatch(/&#|(?<!\\)&commat;|@\w|#\d|:\/\/|www\.|GH-\d/);
  });

  test('keeps lines within 80 columns, and within a narrow terminal', async () => {
    const roles = (...resources: string[]) => `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules: ${JSON.stringify([{ apiGroups: ['apps'], resources, verbs: ['get'] }])}\n`;
    const old = folders.make('narrow', { 'a.yaml': roles() });
    const names = Array.from({ length: 80 }, (_, i) => Array.from({ length: 30 }, (_each, j) => 'x'.repeat((i + j) % 7 + 1)).join(' '));
    const next = folders.make('broad', { 'a.yaml': roles(...names) });
    for (const [columns, { stdout }] of [[80, await diff(old, next)], [50, await diffOn({ isTTY: true, columns: 50 }, { NO_COLOR: '1' }, old, next)]] as const) {
      expect(stdout.split('\n').filter((line) => line.length > columns && line.includes(' x'))).toEqual([]);
    }
  });

  test('shows a terminal no escapes: not those of manifests, nor those of names of files', async () => {
    const verb = '\\u001b[2Jget\\u009b1m';
    const roles = (verbs: string) => `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: "a\\u001b[1m"}\nrules: [{apiGroups: [""], resources: [a], verbs: [${verbs}]}]\n`;
    const old = folders.make('tame', { 'a.yaml': roles('') });
    const wild = folders.make('wild\u001b[31m', { 'a.yaml': roles(`"${verb}"`), '\u001b[2J\nall is well.yaml': 'a: [\n' });
    const { stdout, stderr } = await diff(old, wild);
    const { stderr: empty } = await diff(folders.make('empty\u001b[2J', {}), old);
    expect(stdout).toContain('\\u001b[2Jget\\u009b1m on a');
    expect(stderr).toMatch(/wild\\u001b\[31m\/\\u001b\[2J all is well\.yaml, document 1/);
    expect(empty).toMatch(/^warning: .*empty\\u001b\[2J holds no manifests/);
    expect(stdout + stderr + empty).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test.each([
    [[STRONG, WEAK], 1], [[WEAK, STRONG], 0], [[STRONG, OTHER], 0], [[STRONG, OTHER, '--fail-on', 'changed'], 1], [[STRONG, WEAK, '--fail-on', 'never'], 0],
    [[STRONG, STRONG, '--fail-on', 'changed'], 0], [[STRONG, WEAK, '--pack', 'cis-workloads'], 1], [[STRONG, WEAK, '--kubernetes-version', '1.30'], 1],
  ])('of %j exits with %d', async (args, code) => {
    expect((await diff(...args)).code).toBe(code);
  });

  test('says that nothing changed', async () => {
    expect((await diff(STRONG, STRONG)).stdout.replace(/\s+/g, ' ')).toMatch(/: nothing changed $/);
  });

  test('takes an app\'s folder, its dist, any folder of manifests, and one file', async () => {
    for (const path of [WEAK, `${WEAK}/dist`, `${WEAK}/dist/a.yaml`]) {
      expect((await diff(STRONG, path)).code).toBe(1);
    }
  });

  test('leaves evidence alone: it follows from all the rest', async () => {
    const evidence = (text: string) => folders.make(`evidence-${text}`, { 'dist/a.yaml': pod(false), 'evidence.out/report.json': `{"a": "${text}"}` });
    expect((await diff(evidence('a'), evidence('b'), '--fail-on', 'changed')).code).toBe(0);
  });

  test('warns of a folder that holds nothing to compare', async () => {
    const { code, stderr } = await diff(folders.make('nothing', {}), STRONG);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^warning: .*nothing holds no manifests, no node files and no Terraform\n$/) });
  });
});

describe('a long run', () => {
  const [old, next] = [false, true].map((weak) => folders.make(`long-${weak}`, {
    'a.yaml': Array.from({ length: 640 }, (_, i) => pod(weak).replace('name: app,', `name: app-${i},`)).join('---\n'),
  }));

  beforeEach(() => {
    let time = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => (time += 300));
  });

  afterEach(() => jest.restoreAllMocks());

  test('says on a terminal how far it is, and takes the line away', async () => {
    const { code, stderr } = await diffOn({ isTTY: true, columns: 80 }, {}, old, next);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^(?:\r[\d,]+ documents …\x1b\[K)+\r\x1b\[K(?:\r[\d,]+ objects compared …\x1b\[K)+\r\x1b\[K$/);
    expect(stderr).toContain('\r1,280 documents …');
    expect(stderr).toContain('\r640 objects compared …');
  });

  test('takes the line away also where the other side is missing', async () => {
    const { code, stderr } = await diffOn({ isTTY: true, columns: 80 }, {}, old, '/does/not/exist');
    expect(code).toBe(2);
    expect(stderr).toMatch(/\r640 documents …\x1b\[K\r\x1b\[Kcdk8s-hardened: NEW: /);
  });

  test('says nothing in a pipe', async () => {
    expect((await diff(old, next)).stderr).toBe('');
  });
});

describe('what cannot be used', () => {
  test.each([
    [['/does/not/exist', STRONG], 'OLD: got "/does/not/exist"; allowed: a folder or a file that exists'],
    [[STRONG, `${STRONG}/dist/a.yaml/b`], 'allowed: a folder or a file that can be read (a part of the path is no folder). Correct the path, or the permissions.'],
    [[STRONG, STRONG, '--output', 'jsn'], '--output: got "jsn"; allowed: text, json, markdown. Say --output json.'],
    [[STRONG, STRONG, '--fail-on', 'weak'], '--fail-on: got "weak"; allowed: weaker, changed, never. Say --fail-on weaker.'],
    [[STRONG, STRONG, '--pack', 'pss-restrict'], '--pack: got "pss-restrict"'],
    [[STRONG, STRONG, '--kubernetes-version', '1.2'], '--kubernetes-version: got "1.2"'],
    [[STRONG], 'new is missing'],
    [['', STRONG], 'cdk8s-hardened: OLD: got ""; allowed: a folder or a file that exists. Give the folder of an app\'s outputs, a folder of manifests, or one file; for the working directory, ".".'],
    [[STRONG, ''], 'cdk8s-hardened: NEW: got ""; allowed: '],
  ])('%j exits with 2', async (args, message) => {
    const { code, stdout, stderr } = await diff(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a stack that is no object is named, and not taken for an empty one', async () => {
    const { code, stderr } = await diff(STRONG, folders.make('no-stack', { 'cdktf.out/stacks/a/cdk.tf.json': 'null' }));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/cdk\.tf\.json: this is no JSON object\n$/) });
  });

  test('a file that cannot be read exits with 2, and the rest is compared', async () => {
    const broken = folders.make('broken', { 'dist/a.yaml': pod(true), 'dist/b.yaml': 'a: [\n', 'cdktf.out/stacks/a/cdk.tf.json': '{' });
    const { code, stdout, stderr } = await diff(STRONG, broken);
    expect(code).toBe(2);
    expect(stdout).toContain('CRITICAL privileged');
    expect(stderr).toMatch(/b\.yaml, document 1, line \d+, column \d+: [^]*cdk\.tf\.json: this is no JSON/);
  });
});
