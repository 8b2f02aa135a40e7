import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { run, scratchFolder } from './run';
import { NODE_PORT } from './sample-manifests';

const folder = scratchFolder();
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return name;
};
const check = (argv: readonly string[], options = {}) => run(['check', ...argv], { cwd: folder, ...options });

const binding = (name: string, role: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${name}
subjects:
  - kind: ServiceAccount
    name: bot
    namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${role}
`;
const GOOD = binding('reader', 'view');
const BAD = binding('owner', 'cluster-admin');

beforeAll(() => {
  file('good.yaml', GOOD);
  file('bad.yaml', BAD);
  file('service.yaml', NODE_PORT);
});

describe('what was found', () => {
  test('nothing: says so and how much was looked at, and ends with 0', async () => {
    expect(await check(['good.yaml'])).toEqual({
      code: 0, stderr: '', stdout: 'No findings. 1 object held to 92 controls of recommended for Kubernetes 1.35.\n',
    });
  });

  test('a finding: names the object, file, line, field and fix, and ends with 1', async () => {
    expect(await check(['bad.yaml'])).toEqual({
      code: 1,
      stderr: '',
      stdout: `CRITICAL

  ClusterRoleBinding/owner
  at bad.yaml:1

    binding-cluster-admin: Not met: Nobody is given the role cluster-admin
      at        roleRef.name, line 12
      got       "cluster-admin"
      expected  a role with the permissions that are needed
      fix       Bind a role with the permissions that are needed.

1 finding in 1 object: 1 critical. 1 object held to 92 controls of recommended
for Kubernetes 1.35.
`,
    });
  });

  test('the worst come first, and of many the worst only, unless all are asked for', async () => {
    file('many.yaml', Array.from({ length: 120 }, (_, i) => NODE_PORT.replace('name: shop', `name: shop-${i}`)).join('---\n') + `---\n${BAD}`);
    const { stdout } = await check(['many.yaml']);
    expect(stdout.indexOf('CRITICAL')).toBe(0);
    expect(stdout.match(/^ {2}Service\/shop\//gm)).toHaveLength(99);
    expect(stdout).toContain(`The 100 worst of 121 findings are above; --all shows the rest. All by control:

    1  CRITICAL  binding-cluster-admin
  120  MEDIUM    service-node-port
`);
    const { stdout: all } = await check(['many.yaml', '--all']);
    expect(all.match(/^ {2}Service\/shop\//gm)).toHaveLength(120);
    expect(all).not.toContain('--all');
  });

  test('an object that is there twice is named', async () => {
    const { stderr } = await check(['bad.yaml', file('again.yaml', `---\n${BAD}`)]);
    expect(stderr).toBe('warning: ClusterRoleBinding/owner is in bad.yaml:1 and again in again.yaml:2: the one that is applied last wins\n');
  });

  test('every line fits 80 columns in a pipe, and as many as a terminal has', async () => {
    const widest = (text: string) => Math.max(...text.split('\n').filter((line) => !/^ +at /.test(line)).map((line) => line.length));
    const { stdout } = await check([join(__dirname, 'manifests'), '--all']);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(widest(stdout)).toBeGreaterThan(70);
    expect(widest((await check([join(__dirname, 'manifests'), '--all'], { isTTY: true, columns: 120, env: { NO_COLOR: '1' } })).stdout)).toBeGreaterThan(100);
  });
});

describe('options', () => {
  test.each([
    ['critical', 0], ['high', 0], ['medium', 1], ['low', 1], ['info', 1],
  ])('--fail-on %s ends with %i for a finding of medium severity', async (severity, code) => {
    const result = await check(['service.yaml', '--fail-on', severity]);
    expect(result.code).toBe(code);
    expect(result.stdout).toContain('service-node-port');
    expect(result.stdout.includes(`1 finding below ${severity} is reported only.`)).toBe(code === 0);
  });

  test('--pack chooses what is asked, several of them by repeating it or with commas', async () => {
    const held = async (...argv: string[]) => (await check(['good.yaml', ...argv])).stdout.replace(/\s+/g, ' ');
    expect(await held('--pack', 'pss-baseline')).toContain('of pss-baseline for');
    expect(await held('-p', 'pss-restricted', '-p', 'nsa')).toContain('of pss-restricted, nsa for');
    expect(await held('-p', 'pss-restricted,nsa')).toBe(await held('-p', 'pss-restricted', '-p', 'nsa'));
    expect((await check(['service.yaml', '--pack', 'pss-restricted'])).code).toBe(0);
  });

  test('--kubernetes-version judges as that version does', async () => {
    const old = file('old.yaml', 'apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: a}\nspec: {}\n');
    expect((await check([old, '-k', '1.32'])).stdout).toContain('api-version-served');
    expect((await check([old, '-k', '1.31'])).stdout).not.toContain('api-version-served');
  });

  test('standard input is read for -, and named in what is found', async () => {
    const { code, stdout } = await check(['-'], { stdin: `# rendered\n${BAD}` });
    expect(code).toBe(1);
    expect(stdout).toContain('  at <stdin>:2\n');
  });

  test('folders are searched, each file once', async () => {
    mkdirSync(join(folder, 'app/base'), { recursive: true });
    file('app/base/bad.yml', BAD);
    file('app/readme.md', 'no manifest');
    const { stdout, code } = await check(['app', 'app/base/bad.yml', './app']);
    expect(code).toBe(1);
    expect(stdout).toContain('  at app/base/bad.yml:1\n');
    expect(stdout).toContain('1 object held to');
  });
});

describe('formats for programs stand alone on standard output', () => {
  test('json has the findings of the table, with lines', async () => {
    const { stdout, stderr, code } = await check(['bad.yaml', '-o', 'json']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
    const { findings, summary } = JSON.parse(stdout);
    expect(summary).toMatchObject({ objectsChecked: 1, findings: 1, byStatus: { enforced: 1 } });
    expect(findings).toMatchObject([{
      control: 'binding-cluster-admin', status: 'enforced', resource: 'ClusterRoleBinding/owner', source: { file: 'bad.yaml', line: 12 }, manifestLine: 1,
    }]);
    expect(findings[0].fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(findings[0]).not.toHaveProperty('constructPath');
  });

  test('sarif points at the line of the field', async () => {
    const { runs: [{ results }] } = JSON.parse((await check(['bad.yaml', '-o', 'sarif'])).stdout);
    expect(results[0].locations[0].physicalLocation).toMatchObject({ artifactLocation: { uri: 'bad.yaml' }, region: { startLine: 12 } });
  });

  test('junit fails the control that isn\'t met', async () => {
    const { stdout } = await check(['bad.yaml', '-o', 'junit']);
    expect(stdout).toContain('<testsuites name="cdk8s-hardened" tests="99" failures="1" errors="0">');
    expect(stdout).toContain('source: bad.yaml:12');
  });

  test('--output-file takes it, and standard output a summary', async () => {
    const { stdout, code } = await check(['bad.yaml', '-o', 'sarif', '--output-file', 'findings.sarif']);
    expect(code).toBe(1);
    expect(stdout).toBe('1 finding in 1 object: 1 critical. 1 object held to 92 controls of recommended\nfor Kubernetes 1.35.\n');
    expect(readFileSync(join(folder, 'findings.sarif'), 'utf8')).toBe((await check(['bad.yaml', '-o', 'sarif'])).stdout);
  });

  test('the table in a file is the one of the terminal, without the summary and without colours', async () => {
    await check(['bad.yaml', '--output-file', 'findings.txt'], { isTTY: true, columns: 80 });
    expect(readFileSync(join(folder, 'findings.txt'), 'utf8')).toMatch(/^CRITICAL\n\n {2}ClusterRoleBinding\/owner\n/);
  });
});

describe('colours', () => {
  const isColoured = async (options: object) => (await check(['bad.yaml'], options)).stdout.includes('\x1b[');

  test('are on a terminal, and not in a pipe', async () => {
    expect(await isColoured({ isTTY: true, columns: 80 })).toBe(true);
    expect(await isColoured({})).toBe(false);
  });

  test('are left out where NO_COLOR or TERM=dumb says so, and come in a pipe where FORCE_COLOR does', async () => {
    expect(await isColoured({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await isColoured({ isTTY: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' } })).toBe(false);
    expect(await isColoured({ isTTY: true, env: { TERM: 'dumb' } })).toBe(false);
    expect(await isColoured({ isTTY: true, env: { NO_COLOR: '' } })).toBe(true);
    expect(await isColoured({ env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await isColoured({ isTTY: true, env: { FORCE_COLOR: '0' } })).toBe(false);
  });

  test('change nothing but themselves', async () => {
    const coloured = await check(['bad.yaml'], { isTTY: true, columns: 80 });
    // eslint-disable-next-line no-control-regex
    expect(coloured.stdout.replace(/\x1b\[\d+m/g, '')).toBe((await check(['bad.yaml'])).stdout);
  });
});

describe('a baseline', () => {
  test('accepts what was there, and nothing else', async () => {
    const accepted = await check(['bad.yaml', '--baseline', 'accepted.json', '--update-baseline']);
    expect(accepted.code).toBe(0);
    expect(accepted.stdout).toMatch(/Accepted: 1 finding in the baseline\.\n.*accepted\.json: written with 1 finding\.\n$/);
    const second = await check(['bad.yaml', '-b', 'accepted.json']);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('No findings. 1 object held to');
    const more = await check(['bad.yaml', 'service.yaml', '-b', 'accepted.json']);
    expect(more.code).toBe(1);
    expect(more.stdout).toContain('service-node-port');
    expect(more.stdout).not.toContain('binding-cluster-admin');
  });

  test('is to lose what is fixed', async () => {
    await check(['bad.yaml', '-b', 'stale.json', '--update-baseline']);
    const fixed = await check(['good.yaml', '-b', 'stale.json']);
    expect(fixed.code).toBe(1);
    expect(fixed.stderr).toMatch(/stale\.json: binding-cluster-admin ClusterRoleBinding\/owner roleRef\.name is fixed or waived, or its file was not given\. Remove it from the baseline, so that it can't come back \(--update-baseline writes it anew\)\.\n$/);
  });

  test('is not written where something could not be read', async () => {
    const result = await check(['bad.yaml', 'nowhere.yaml', '-b', 'partial.json', '--update-baseline']);
    expect(result.code).toBe(2);
    expect(result.stderr).toBe('nowhere.yaml: there is no such file or folder\ncdk8s-hardened check: the baseline was not written, because something could not be read.\n');
    expect(existsSync(join(folder, 'partial.json'))).toBe(false);
  });

  test('that is missing, or is none, is refused with the option that writes it', async () => {
    const missing = await check(['bad.yaml', '-b', 'missing.json']);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toBe(`cdk8s-hardened: [${join(folder, 'missing.json')}] baseline: allowed: a file that can be read. Write it once with --update-baseline, and commit it.\n`);
    const none = await check(['bad.yaml', '-b', 'bad.yaml']);
    expect(none.stderr).toBe(`cdk8s-hardened: [${join(folder, 'bad.yaml')}] baseline: allowed: JSON. Restore it from version control, or delete it and write it anew with --update-baseline.\n`);
    expect(none.code).toBe(2);
  });
});

describe('waivers', () => {
  const waivers = (expires: string, resource = 'ClusterRoleBinding/owner') => `waivers:
  - control: binding-cluster-admin
    resource: ${resource}
    path: roleRef.name
    value: cluster-admin
    reason: Breaks glass.
    owner: team-platform
    expires: '${expires}'
`;
  const soon = () => new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);

  test('accept the finding that they name, and say when they end', async () => {
    const ends = soon();
    const result = await check(['bad.yaml', '-w', file('waivers.yaml', waivers(ends))]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.replace(/\s+/g, ' ')).toContain(`Accepted: 1 finding waived. The waiver of binding-cluster-admin for ClusterRoleBinding/owner ends on ${ends}.`);
  });

  test('that have ended, or accept nothing, fail', async () => {
    const ended = await check(['bad.yaml', '-w', file('ended.yaml', waivers('2026-01-01'))]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('binding-cluster-admin');
    expect(ended.stderr).toContain('ended on 2026-01-01');
    const unused = await check(['good.yaml', '-w', file('unused.yaml', waivers(soon()))]);
    expect(unused.code).toBe(1);
    expect(unused.stderr).toContain('accepts nothing: there is no ClusterRoleBinding/owner');
  });

  test('change nothing about other findings', async () => {
    const manifests = join(__dirname, 'manifests');
    const found = async (...argv: string[]) => (
      JSON.parse((await check([manifests, 'bad.yaml', ...argv, '-o', 'json'])).stdout).findings.map(({ status: _status, waiver: _waiver, ...finding }: any) => finding)
    );
    expect(await found('-w', file('one.yaml', waivers(soon())))).toEqual(await found());
  });
});

describe('what can\'t be used ends with 2', () => {
  test.each([
    [[], 'cdk8s-hardened: FILES: allowed: files, folders, or - for standard input. Say what to check, for instance: cdk8s-hardened check k8s/\n'],
    [['bad.yaml', '--pack', 'pss-restrcted'],
      'cdk8s-hardened: --pack: got "pss-restrcted"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Say --pack pss-restricted.\n'],
    [['bad.yaml', '--pack', 'mine'],
      'cdk8s-hardened: --pack: got "mine"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Choose one of them.\n'],
    [['bad.yaml', '--fail-on', 'crit'], 'cdk8s-hardened: --fail-on: got "crit"; allowed: info, low, medium, high, critical. Say --fail-on critical.\n'],
    [['bad.yaml', '-o', 'xml'], 'cdk8s-hardened: --output: got "xml"; allowed: table, json, sarif, junit. Choose one of them.\n'],
    [['bad.yaml', '--fail-on', 'hihg'], 'cdk8s-hardened: --fail-on: got "hihg"; allowed: info, low, medium, high, critical. Say --fail-on high.\n'],
    [['bad.yaml', '--output', 'jsno'], 'cdk8s-hardened: --output: got "jsno"; allowed: table, json, sarif, junit. Say --output json.\n'],
    [['bad.yaml', '-k', '1.2'],
      'cdk8s-hardened: --kubernetes-version: got "1.2"; allowed: a Kubernetes version from 1.28 on (1.37 is the newest known). Upgrade the cluster: 1.2 gets no security fixes any more.\n'],
    [['bad.yaml', '--update-baseline'],
      'cdk8s-hardened: --update-baseline: allowed: together with --baseline. Name the file: --baseline accepted.json --update-baseline\n'],
    [['bad.yaml', '--output-file', 'nowhere/findings.txt'],
      'cdk8s-hardened: --output-file: got "nowhere/findings.txt"; allowed: a file that can be written (its folder is missing). Make its folder, or correct the path.\n'],
    [['bad.yaml', '--output-file', '.'],
      'cdk8s-hardened: --output-file: got "."; allowed: a file that can be written (it is a folder). Make its folder, or correct the path.\n'],
    [['bad.yaml', '-p', ''],
      'cdk8s-hardened: --pack: got ""; allowed: names, with commas between them. Leave out what is empty, or --pack itself.\n'],
    [['bad.yaml', '-p', ','],
      'cdk8s-hardened: --pack: got ","; allowed: names, with commas between them. Leave out what is empty, or --pack itself.\n'],
    [['bad.yaml', '-p', 'nsa,'],
      'cdk8s-hardened: --pack: got "nsa,"; allowed: names, with commas between them. Leave out what is empty, or --pack itself.\n'],
    [['bad.yaml', ''], 'cdk8s-hardened: FILES: got ""; allowed: files, folders, or - for standard input. Leave out the empty path; the folder that you are in is "."\n'],
    [['bad.yaml', '-b', ''], 'cdk8s-hardened: --baseline: got ""; allowed: the path of a file. Name the file, or leave out --baseline.\n'],
    [['bad.yaml', '-w', ''], 'cdk8s-hardened: --waivers: got ""; allowed: the path of a file. Name the file, or leave out --waivers.\n'],
    [['bad.yaml', '--output-file', ''], 'cdk8s-hardened: --output-file: got ""; allowed: the path of a file. Name the file, or leave out --output-file.\n'],
  ])('%j', async (argv, stderr) => {
    expect(await check(argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('a missing file is named, and the others are checked', async () => {
    const result = await check(['nowhere.yaml', 'bad.yaml']);
    expect(result).toMatchObject({ code: 2, stderr: 'nowhere.yaml: there is no such file or folder\n' });
    expect(result.stdout).toContain('binding-cluster-admin');
  });

  test('a file that doesn\'t parse is named with the line, and the others are checked', async () => {
    const result = await check([file('broken.yaml', 'kind: A\nb: [1, 2\n'), 'bad.yaml']);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^broken\.yaml, document 1, line \d+, column \d+: .+\n$/);
    expect(result.stdout).toContain('binding-cluster-admin');
  });

  (process.getuid?.() === 0 ? test.skip : test)('an unreadable file is named', async () => {
    chmodSync(join(folder, file('secret.yaml', BAD)), 0);
    expect((await check(['secret.yaml'])).stderr).toBe('secret.yaml: the permission to read it is missing\n');
  });

  test.each([
    ['an empty file', 'empty.yaml', ''],
    ['a file of comments', 'comments.yaml', '# nothing\n---\n# here\n'],
  ])('%s, alone or beside others', async (_what, name, text) => {
    expect(await check([file(name, text)])).toEqual({ code: 2, stdout: 'Nothing was checked.\n', stderr: `${name}: it holds no objects\n` });
    const beside = await check([name, 'good.yaml']);
    expect(beside).toMatchObject({ code: 2, stderr: `${name}: it holds no objects\n` });
    expect(beside.stdout).toContain('1 object held to');
  });

  test('standard input that holds nothing, and a folder of nothing', async () => {
    expect(await check(['-'], { stdin: '' })).toEqual({ code: 2, stdout: 'Nothing was checked.\n', stderr: '<stdin>: it holds no objects\n' });
    mkdirSync(join(folder, 'nothing'));
    expect(await check(['nothing'])).toEqual({
      code: 2, stdout: '', stderr: 'cdk8s-hardened: FILES: got "nothing"; allowed: files that hold objects. There was nothing to check: correct the path.\n',
    });
  });

  test('an object that is malformed is a finding, not an error', async () => {
    const result = await check([file('odd.yaml', 'apiVersion: v1\nkind: Pdo\nmetadata: {name: a}\n')]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('malformed-object');
  });
});
