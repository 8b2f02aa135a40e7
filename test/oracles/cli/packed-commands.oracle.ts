import { spawn } from 'child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import { parseAllDocuments } from 'yaml';
import { installProgram } from './installed';
import { lines, plain, Program, scratchFolder, Terminal, tooLong } from './started';
import { SECRETS } from '../../cli/manifests/expected';
import { describeWith } from '../programs';

const NOBODY = 65534;
const scratch = scratchFolder();
const work = join(scratch, 'work');
let program: Program;
const at = (name: string) => join(work, name);
const content = (name: string) => readFileSync(at(name), 'utf8');
const start = (...args: Parameters<Program['start']>) => program.start(...args);

function file(name: string, text: string): string {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
  return name;
}

const HARD = `# The shop's front.
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: web # keep
    image: "ghcr.io/acme/web:1.4"
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`;
const SOFT = HARD.replace('spec:\n', 'spec:\n  hostNetwork: true # nobody knows why\n');
/** It states root, which no program takes away. */
const ROOTS = HARD.replace('runAsNonRoot: true', 'runAsUser: 0');
const LABELLED = HARD.replace('{name: web,', '{name: web, labels: {app: web},');
const BROKEN = 'apiVersion: v1\n  kind: [\n';
const MANY = (pod: string) => Array.from({ length: 15_000 }, (_, i) => pod.replace('name: web,', `name: web-${i},`)).join('---\n');

beforeAll(() => {
  chmodSync(scratch, 0o755);
  mkdirSync(work);
  cpSync(resolve(__dirname, '../../cli/manifests'), at('k8s'), { recursive: true, filter: (from) => !from.endsWith('.ts') });
  file('hard.yaml', HARD);
  file('soft.yaml', SOFT);
  file('root.yaml', ROOTS);
  file('labelled.yaml', LABELLED);
  const folder = join(scratch, 'installed');
  mkdirSync(folder);
  program = new Program(installProgram(folder), work);
});

test.each([[['harden', '--help']], [['help', 'harden']], [['diff', '--help']], [['help', 'diff']]])('%j says how it is used, in 80 columns', (argv) => {
  const { code, stdout, stderr } = start(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [usage] = stdout.split('Examples:');
  expect(tooLong(usage)).toEqual([]);
  expect(stdout).toContain('Exit codes: 0 nothing');
});

describe('harden', () => {
  test.each<[string[], number, string, string]>([
    [['soft.yaml'], 0, HARD, '1 change in 1 object of 1 file; nothing is left. Held to pss-restricted.\n'],
    [['hard.yaml'], 0, HARD, 'Nothing to change; nothing is left. Held to pss-restricted.\n'],
    [['root.yaml'], 1, ROOTS, 'Left to you:\n  root.yaml:2 Pod/shop/web\n    It states user 0'],
    [['soft.yaml', '--pack', 'recommended'], 1, 'readOnlyRootFilesystem: true', 'Held to recommended.\n'],
    [['soft.yaml', '-p', 'pss-baseline,nsa', '--pack=cis-workloads'], 1, 'readOnlyRootFilesystem: true', 'Held to pss-baseline, nsa, cis-workloads.\n'],
    [['soft.yaml', '--kubernetes-version', '1.37'], 0, HARD, '1 change'],
    [['soft.yaml', '--diff'], 1, '-  hostNetwork: true # nobody knows why\n', '1 change in 1 object of 1 file to make; nothing is left.'],
    [['hard.yaml', '-d'], 0, '', 'Nothing to change; nothing is left.'],
    [['root.yaml', '-d'], 0, '', 'Nothing to change; 2 findings left.'],
    [['root.yaml', '-f', 'never'], 0, ROOTS, 'Left to you:\n  root.yaml:2 Pod/shop/web\n'],
    [['soft.yaml', '--diff', '--fail-on=never'], 0, '-  hostNetwork: true # nobody knows why\n', '1 change in 1 object of 1 file to make; nothing is left.'],
  ])('%j ends with %i', (argv, code, stdout, stderr) => {
    const result = start(['harden', ...argv]);
    expect(result.code).toBe(code);
    expect(result.stderr.replace(/\n(?=\S)/g, ' ')).toContain(stderr.trimEnd());
    expect(stdout === '' ? result.stdout : result.stdout.includes(stdout)).toBe(stdout === '' ? '' : true);
  });

  test('--write changes what has to change and nothing else; then nothing changes any more', () => {
    file('write/soft.yaml', SOFT);
    file('write/hard.yaml', HARD);
    chmodSync(at('write/soft.yaml'), 0o640);
    expect(start(['harden', 'write', '-w'])).toMatchObject({ code: 0, stdout: 'write/soft.yaml: 1 change\n' });
    expect([content('write/soft.yaml'), content('write/hard.yaml')]).toEqual([HARD, HARD]);
    expect(program.shell('stat -c %a write/soft.yaml').stdout).toBe('640\n');
    expect(start(['harden', 'write', '--write'])).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing to change; nothing is left. Held to pss-restricted.\n' });
  });

  test('manifests of all kinds are hardened, written and fixed points; what changed is stronger, and nothing weaker', () => {
    cpSync(at('k8s'), at('all'), { recursive: true });
    const shown = start(['harden', 'k8s']);
    expect(shown.code).toBe(1);
    parseAllDocuments(shown.stdout).forEach(({ errors }) => expect(errors).toEqual([]));
    expect(start(['harden', 'all', '--write']).code).toBe(1);
    expect(start(['harden', 'all']).stdout).toBe(shown.stdout);
    expect(start(['harden', 'all', '--diff'])).toMatchObject({ code: 0, stdout: '' });
    const { code, stdout } = start(['diff', 'k8s', 'all', '-o', 'json']);
    expect({ code, counts: JSON.parse(stdout).counts }).toEqual({ code: 0, counts: expect.objectContaining({ weaker: 0, new: 0, removed: 0 }) });
    expect(JSON.parse(stdout).counts.stronger).toBeGreaterThan(20);
    for (const said of [start(['harden', 'k8s', '--diff']), start(['diff', 'all', 'k8s']), start(['diff', 'all', 'k8s', '-o', 'json']), start(['diff', 'all', 'k8s', '-o', 'markdown'])]) {
      expect(SECRETS.filter((secret) => `${said.stdout}${said.stderr}`.includes(secret))).toEqual([]);
    }
  });

  test.each<[string[], string]>([
    [['hardn', 'k8s'], 'cdk8s-hardened: there is no command hardn (harden?). See: cdk8s-hardened --help\n'],
    [['harden', 'k8s', '--dif'], 'cdk8s-hardened harden: there is no option --dif (--diff?). See: cdk8s-hardened harden --help\n'],
    [['harden', 'k8s', '--pack'], 'cdk8s-hardened harden: the option --pack needs a value. See: cdk8s-hardened harden --help\n'],
    [['harden', 'k8s', '-d', '-w'], 'cdk8s-hardened: --diff: allowed: without --write. Look with --diff first, then change the files with --write.\n'],
    [['harden', '-', '--write'], 'cdk8s-hardened: --write: got "-"; allowed: with files and folders. Leave out --write: what standard input holds is hardened to standard output.\n'],
    [['harden'], 'cdk8s-hardened: FILES: allowed: files, folders, or - for standard input. Say what to harden, for instance: cdk8s-hardened harden k8s/ --diff\n'],
    [['harden', '-'], '<stdin>: it holds no objects\nNothing was hardened.\n'],
    [['harden', 'k8s', '-p', 'nssa'], 'cdk8s-hardened: --pack: got "nssa"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Say --pack nsa.\n'],
    [['harden', 'k8s', '-f', 'nevr'], 'cdk8s-hardened: --fail-on: got "nevr"; allowed: left, never. Say --fail-on never.\n'],
    [['harden', 'k8s', '-k', '1.2'], 'cdk8s-hardened: --kubernetes-version: got "1.2"; allowed: a Kubernetes version from 1.28 on (1.37 is the newest known). Upgrade the cluster: 1.2 gets no security fixes any more.\n'],
  ])('%j is refused', (argv, stderr) => {
    expect(start(argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('what cannot be read is named and stays; the rest is hardened', () => {
    file('mixed/broken.yaml', BROKEN);
    file('mixed/soft.yaml', SOFT);
    file('mixed/utf-16.yaml', '\ufffe');
    writeFileSync(at('mixed/utf-16.yaml'), Buffer.from([0xff, 0xfe, 0x61, 0]));
    const { code, stdout, stderr } = start(['harden', 'mixed', 'nowhere.yaml', '--write']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: 'mixed/soft.yaml: 1 change\n' });
    expect(stderr).toMatch(/^mixed\/broken\.yaml, document 1, line 1, column \d+: /);
    ['mixed/utf-16.yaml: the file is encoded as UTF-16: save it as UTF-8\n', 'warning: mixed/broken.yaml: left as it is\n', 'nowhere.yaml: there is no such file or folder\n']
      .forEach((line) => expect(stderr).toContain(line));
    expect([content('mixed/broken.yaml'), content('mixed/soft.yaml')]).toEqual([BROKEN, HARD]);
  });

  test('without permission nothing is written, and nothing is left behind', () => {
    file('theirs/soft.yaml', SOFT);
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    if (uid === undefined) {
      chmodSync(at('theirs'), 0o555);
    }
    expect(start(['harden', 'theirs', '--write'], { uid })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^theirs\/soft\.yaml: not written: /) });
    expect([content('theirs/soft.yaml'), readdirSync(at('theirs'))]).toEqual([SOFT, ['soft.yaml']]);
  });
});

describe('diff', () => {
  test.each<[string[], number, string]>([
    [['hard.yaml', 'soft.yaml'], 1, 'hard.yaml → soft.yaml: 1 weaker'],
    [['soft.yaml', 'hard.yaml'], 0, 'STRONGER (1)\n'],
    [['hard.yaml', 'hard.yaml'], 0, 'hard.yaml → hard.yaml: nothing changed\n'],
    [['hard.yaml', 'labelled.yaml'], 0, 'CHANGED (1)\n'],
    [['hard.yaml', 'labelled.yaml', '--fail-on', 'changed'], 1, 'CHANGED (1)\n'],
    [['hard.yaml', 'hard.yaml', '-f', 'changed'], 0, 'nothing changed'],
    [['hard.yaml', 'soft.yaml', '-f', 'never'], 0, 'WEAKER (1)\n'],
    [['hard.yaml', 'soft.yaml', '--pack', 'pss-baseline'], 1, 'host-network: no longer met'],
    [['hard.yaml', 'soft.yaml', '--kubernetes-version', '1.30'], 1, 'host-network'],
    [['hard.yaml', 'soft.yaml', '-o', 'json'], 1, '"kubernetesVersion": "1.35"'],
    [['hard.yaml', 'soft.yaml', '--output', 'markdown'], 1, '### cdk8s-hardened diff: 1 weaker'],
    [['k8s', 'k8s'], 0, 'k8s → k8s: nothing changed\n'],
  ])('%j ends with %i', (argv, code, said) => {
    const { stdout, ...rest } = start(['diff', ...argv]);
    expect(rest).toEqual({ code, stderr: '' });
    expect(stdout).toContain(said);
  });

  test.each<[string[], string]>([
    [['dif', 'k8s', 'k8s'], 'cdk8s-hardened: there is no command dif (diff?). See: cdk8s-hardened --help\n'],
    [['diff', 'k8s', 'k8s', '--fail-no', 'weaker'], 'cdk8s-hardened diff: there is no option --fail-no (--fail-on?). See: cdk8s-hardened diff --help\n'],
    [['diff'], 'cdk8s-hardened diff: old is missing. See: cdk8s-hardened diff --help\n'],
    [['diff', 'k8s'], 'cdk8s-hardened diff: new is missing. See: cdk8s-hardened diff --help\n'],
    [['diff', 'k8s', 'k8s', 'k8s'], 'cdk8s-hardened diff: there are too many arguments. See: cdk8s-hardened diff --help\n'],
    [['diff', 'k8s', 'k8s', '-o', 'mrkdown'], 'cdk8s-hardened: --output: got "mrkdown"; allowed: text, json, markdown. Say --output markdown.\n'],
    [['diff', 'k8s', 'k8s', '-f', 'weakr'], 'cdk8s-hardened: --fail-on: got "weakr"; allowed: weaker, changed, never. Say --fail-on weaker.\n'],
    [['diff', 'k8s', 'k8s', '-p', 'nssa'], 'cdk8s-hardened: --pack: got "nssa"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Say --pack nsa.\n'],
    ...['nowhere', '-'].map((path): [string[], string] => (
      [['diff', 'k8s', path], `cdk8s-hardened: NEW: got "${path}"; allowed: a folder or a file that exists. Give the folder of an app's outputs, a folder of manifests, or one file.\n`]
    )),
    [['diff', 'loop', 'k8s'], 'cdk8s-hardened: OLD: got "loop"; allowed: a folder or a file that can be read (its symbolic links form a loop). Correct the path, or the permissions.\n'],
  ])('%j is refused', (argv, stderr) => {
    if (!readdirSync(work).includes('loop')) {
      symlinkSync('loop', at('loop'));
    }
    expect(start(argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('an app\'s folder is compared with its node files and Terraform', () => {
    for (const [app, mode, address] of [['before', '0600', '10.0.0.0/8'], ['after', '0644', '0.0.0.0/0']]) {
      file(`${app}/dist/web.yaml`, HARD);
      file(`${app}/nodes.out/worker/manifest.json`, JSON.stringify({ files: [{ path: '/etc/kubernetes/kubelet.conf', mode, owner: 'root', group: 'root' }] }));
      file(`${app}/nodes.out/worker/files/etc/kubernetes/kubelet.conf`, 'a\n');
      file(`${app}/cdktf.out/stacks/cloud/cdk.tf.json`, JSON.stringify({ resource: { aws_security_group: { nodes: { ingress: [{ cidr_blocks: [address], from_port: 22, to_port: 22, protocol: 'tcp' }] } } } }));
    }
    const { code, stdout } = start(['diff', 'before', 'after', '-o', 'json']);
    expect(code).toBe(1);
    const weaker = JSON.parse(stdout).changes.filter(({ section }: { section: string }) => section === 'weaker').map(({ subject }: { subject: string }) => subject);
    expect(weaker).toEqual(expect.arrayContaining([expect.stringContaining('/etc/kubernetes/kubelet.conf'), expect.stringContaining('aws_security_group')]));
  });

  test('what cannot be read is named, and the rest is compared', () => {
    file('partly/a.yaml', SOFT);
    file('partly/b.yaml', BROKEN);
    const { code, stdout, stderr } = start(['diff', 'hard.yaml', 'partly']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^partly\/b\.yaml, document 1, line 1, column \d+: .*\n$/) });
    expect(stdout).toContain('WEAKER (1)\n');
  });

  test('folders and files without permission are named', () => {
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    file('closed/manifests/a.yaml', HARD);
    file('closed/roles/nodes.out/worker/manifest.json', '{}');
    file('closed/files/nodes.out/worker/files/etc/a', 'a');
    file('closed/stacks/cdktf.out/stacks/cloud/cdk.tf.json', '{}');
    const closed = ['manifests', 'roles/nodes.out', 'roles/nodes.out/worker', 'files/nodes.out/worker/files/etc/a', 'stacks/cdktf.out/stacks'].map((name) => at(`closed/${name}`));
    const missing = 'the permission to read it is missing\n';
    const said = (path: string) => start(['diff', 'hard.yaml', path], { uid });
    try {
      [0, 2, 3, 4].forEach((i) => chmodSync(closed[i], 0));
      expect(said('closed/manifests')).toMatchObject({ code: 2, stderr: `closed/manifests: ${missing}` });
      expect(said('closed/roles')).toMatchObject({ code: 2, stderr: expect.stringContaining(`nodes.out/worker: ${missing}`) });
      expect(said('closed/files')).toMatchObject({ code: 2, stderr: expect.stringContaining(`files/etc/a: ${missing}`) });
      expect(said('closed/stacks')).toMatchObject({ code: 2, stderr: expect.stringContaining(`cdktf.out/stacks: ${missing}`) });
      expect(said('closed/manifests/a.yaml')).toEqual({
        code: 2, stdout: '',
        stderr: 'cdk8s-hardened: NEW: got "closed/manifests/a.yaml"; allowed: a folder or a file that can be read (the permission to read it is missing). Correct the path, or the permissions.\n',
      });
    } finally {
      closed.forEach((name) => existsSync(name) && chmodSync(name, 0o755));
    }
  });
});

describe('pipes', () => {
  test('harden reads standard input to its end, whoever writes slowly', () => {
    expect(program.shell('(head -3 soft.yaml; sleep 0.3; tail -n +4 soft.yaml) | "$PROGRAM" harden - 2>/dev/null')).toEqual({ code: 0, stdout: HARD, stderr: '' });
    expect(start(['harden', '-', 'soft.yaml'], { stdin: SOFT }).stdout).toBe(`${HARD}---\n${HARD}`);
  });

  test('diff reads what a shell substitutes', () => {
    expect(program.shell('"$PROGRAM" diff <(cat hard.yaml) <(cat soft.yaml)')).toMatchObject({ code: 1, stdout: expect.stringContaining('WEAKER (1)'), stderr: '' });
  });

  test.each([
    ['harden k8s 2>/dev/null', 1], ['harden k8s --diff 2>/dev/null', 1], ['diff all k8s', 1], ['diff all k8s -o json', 1], ['diff all k8s -o markdown', 1],
  ])('whoever reads what %s says may go away: it ends quietly', (command, code) => {
    expect(program.shell(`"$PROGRAM" ${command} | head -c 20 >/dev/null; echo "\${PIPESTATUS[0]}"`)).toMatchObject({ stdout: `${code}\n`, stderr: '' });
  });

  test('harden --write writes every file, though nobody reads what it says', () => {
    cpSync(at('k8s'), at('unheard'), { recursive: true });
    expect(program.shell('"$PROGRAM" harden unheard --write 2>&1 | true; echo "${PIPESTATUS[0]}"').stdout).toBe('1\n');
    expect(start(['harden', 'unheard', '--diff'])).toMatchObject({ code: 0, stdout: '' });
  });

  test.each(['harden k8s 2>&1 >/dev/full | tail -1', 'diff all k8s 2>&1 >/dev/full'])('%s: a disk that is full is said in one line', (command) => {
    expect(program.shell(`set -o pipefail; "$PROGRAM" ${command}`)).toEqual({ code: 2, stdout: 'cdk8s-hardened: the output can\'t be written (ENOSPC).\n', stderr: '' });
  });

  test('in a pipe there are 80 columns and no colours', () => {
    for (const { stdout, stderr } of [{ ...start(['harden', 'k8s']), stdout: '' }, { ...start(['harden', 'all']), stdout: '' }, start(['diff', 'k8s', 'all']), start(['diff', 'all', 'k8s'])]) {
      const text = stdout + stderr;
      expect(text).toBe(plain(text));
      expect(tooLong(text)).toEqual([]);
    }
    expect(start(['harden', 'k8s', '--diff']).stdout).not.toContain('\x1b');
    expect(start(['diff', 'all', 'k8s'], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\x1b[');
  });

  test('Ctrl-C ends harden, and every file is whole', async () => {
    file('interrupted/many.yaml', Array.from({ length: 300 }, () => SOFT).join('---\n'));
    const before = content('interrupted/many.yaml');
    const child = spawn(program.path, ['harden', 'interrupted', '--write'], { cwd: work, stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
    await new Promise((done) => setTimeout(done, 400));
    child.kill('SIGINT');
    expect(['SIGINT', 0]).toContain(await ended);
    // What had only begun is hidden, and no run looks at it.
    expect(readdirSync(at('interrupted')).filter((name) => !/^\.many\.yaml\.[0-9a-f]+\.tmp$/.test(name))).toEqual(['many.yaml']);
    expect([before, before.replace(/ {2}hostNetwork.*\n/g, '')]).toContain(content('interrupted/many.yaml'));
  });
});

describeWith(['script'], 'a terminal', ({ script }) => {
  const terminal = (command: string, options?: Terminal) => program.terminal(script, command, options);

  test.each<[string, number, string]>([
    ['harden k8s >/dev/null', 1, '\x1b[1mLeft to you:\x1b[22m'],
    ['diff all k8s', 1, '\x1b[31mHIGH\x1b[39m'],
  ])('of 80 columns shows what %s says in colours, and it fits', (command, code, coloured) => {
    const result = terminal(`"$PROGRAM" ${command}`);
    expect(result.code).toBe(code);
    expect(result.stdout).toContain(coloured);
    expect(tooLong(result.stdout)).toEqual([]);
    const { stdout, stderr } = program.shell(`"$PROGRAM" ${command}`);
    expect(lines(plain(result.stdout)).join('\n')).toBe(stdout + stderr);
  });

  test('shows lines that go red, and those that come green', () => {
    const { code, stdout } = terminal('"$PROGRAM" harden soft.yaml --diff 2>/dev/null');
    expect(code).toBe(1);
    expect(stdout).toContain('\x1b[31m-  hostNetwork: true # nobody knows why\x1b[39m');
    expect(terminal('"$PROGRAM" harden k8s --diff 2>/dev/null').stdout).toContain('\x1b[32m+');
  });

  test('of 120 columns is used', () => {
    const widest = (text: string) => Math.max(...lines(plain(text)).filter((line) => !/ at \S+$/.test(line)).map((line) => line.length));
    for (const command of ['harden k8s >/dev/null', 'diff all k8s']) {
      const width = widest(terminal(`"$PROGRAM" ${command}`, { columns: 120 }).stdout);
      expect({ command, wide: width > 95, fits: width <= 120 }).toEqual({ command, wide: true, fits: true });
    }
  });

  test.each(['harden k8s', 'harden k8s --diff', 'diff all k8s'])('NO_COLOR leaves the colours of %s out, and so does TERM=dumb', (command) => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(terminal(`"$PROGRAM" ${command}`, { env }).stdout).not.toContain('\x1b[');
    }
  });

  test('long runs say on standard error how far they are, and take the line away', () => {
    file('old.yaml', MANY(HARD));
    file('new.yaml', MANY(SOFT));
    const hardened = terminal('"$PROGRAM" harden new.yaml >stream.yaml');
    expect(hardened.stdout).toMatch(/\r[\d,]+ documents …\x1b\[K/);
    expect(hardened.stdout).toMatch(/\r\x1b\[K.*Changed, though/);
    expect(content('stream.yaml')).not.toContain('\x1b');
    const compared = terminal('"$PROGRAM" diff old.yaml new.yaml >changes.txt');
    expect(compared.stdout).toMatch(/^(?:\r[\d,]+ (?:documents|objects compared) …\x1b\[K|\r\x1b\[K)+$/);
    expect(compared.stdout).toContain(' objects compared …');
    expect(compared.stdout.endsWith('\r\x1b[K')).toBe(true);
    expect(content('changes.txt')).toContain('15000 weaker, 15000 recreated');
  });
});
