import { spawn } from 'child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { parseAllDocuments } from 'yaml';
import { installProgram } from './installed';
import { lines, plain, Program, scratchFolder, Terminal, tooLong } from './started';
import { EXPECTED, SECRETS } from '../../cli/manifests/expected';
import { describeWith } from '../programs';

const MANIFESTS = resolve(__dirname, '../../cli/manifests');
const NOBODY = 65534;
const scratch = scratchFolder();
const work = join(scratch, 'work');
let program: Program;
const start = (...args: Parameters<Program['start']>) => program.start(...args);
const shell = (command: string) => program.shell(command);

const BAD = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: owner}
subjects: [{kind: ServiceAccount, name: bot, namespace: shop}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
`;

beforeAll(() => {
  chmodSync(scratch, 0o755);
  mkdirSync(work);
  cpSync(MANIFESTS, join(work, 'k8s'), { recursive: true, filter: (from) => !from.endsWith('.ts') });
  writeFileSync(join(work, 'bad.yaml'), BAD);
  program = new Program(installProgram(scratch), work);
});

describe('the program of the packed tarball', () => {
  test('says its version and how it is used', () => {
    const { version } = JSON.parse(readFileSync(join(scratch, 'node_modules/cdk8s-hardened/package.json'), 'utf8'));
    expect(start(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    for (const argv of [['--help'], ['check', '--help'], ['explain', '--help'], ['policies', '--help'], ['help', 'check']]) {
      const { code, stdout, stderr } = start(argv);
      expect({ argv, code, stderr, tooLong: tooLong(stdout) }).toEqual({ argv, code: 0, stderr: '', tooLong: [] });
      expect(stdout).toContain('Examples:');
    }
    expect(start([])).toEqual({ code: 2, stdout: '', stderr: start(['--help']).stdout });
  });

  test('explains controls, and refuses ids that are none with the nearest', () => {
    const { code, stdout, stderr } = start(['explain', 'host-pid', 'secret-in-env']);
    expect({ code, stderr, tooLong: tooLong(stdout) }).toEqual({ code: 0, stderr: '', tooLong: [] });
    expect(stdout).toMatch(/^host-pid\n.*^ {2}why .*^secret-in-env\n/ms);
    expect(start(['explain', 'hostpid'])).toEqual({ code: 2, stdout: '', stderr: 'cdk8s-hardened: IDS: got "hostpid"; allowed: ids of controls. Say host-pid.\n' });
  });

  test('finds what is expected of manifests of all kinds, and shows none of their secrets', () => {
    const { code, stdout, stderr } = start(['check', 'k8s', '-o', 'json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Pods of 3 objects can't be judged before they exist: .*\n$/);
    const found: Record<string, Record<string, Set<string>>> = {};
    for (const { control, resource, container, source } of JSON.parse(stdout).findings) {
      const objects = found[source.file.replace('k8s/', '')] ??= {};
      (objects[resource] ??= new Set()).add(container === undefined ? control : `${control}@${container}`);
    }
    const sorted = (names: Iterable<string>) => [...names].sort();
    const names = (files: Record<string, Record<string, Iterable<string>>>) => Object.fromEntries(Object.entries(files).map(([file, objects]) => (
      [file, Object.fromEntries(Object.entries(objects).map(([resource, controls]) => [resource, sorted(controls)]))]
    )));
    expect(names(found)).toEqual(names(EXPECTED as Record<string, Record<string, string[]>>));
    for (const output of ['table', 'json', 'sarif', 'junit']) {
      const { stdout: shown } = start(['check', 'k8s', '--all', '-o', output]);
      expect(SECRETS.filter((secret) => shown.includes(secret))).toEqual([]);
    }
  });

  test.each<[string[], number, string]>([
    [['bad.yaml'], 1, 'binding-cluster-admin'],
    [['bad.yaml', '--pack', 'pss-restricted'], 0, 'No findings. 1 object held to'],
    [['bad.yaml', '-p', 'pss-restricted,nsa', '--pack=cis-workloads'], 1, 'of pss-restricted, nsa, cis-workloads for'],
    [['bad.yaml', '--kubernetes-version', '1.37'], 1, 'for Kubernetes 1.37.'],
    [['bad.yaml', '--fail-on', 'critical'], 1, 'binding-cluster-admin'],
    [['k8s/edge.yaml', '--fail-on', 'critical'], 0, 'below critical are reported only.'],
    [['bad.yaml', '-o', 'sarif'], 1, '"version": "2.1.0"'],
    [['bad.yaml', '-o', 'junit'], 1, '<testsuites name="cdk8s-hardened"'],
    [['bad.yaml', '--output-file', 'found.txt'], 1, '1 finding in 1 object: 1 critical.'],
    [['bad.yaml', '--baseline', 'accepted.json', '--update-baseline'], 0, 'accepted.json: written with 1 finding.'],
    [['bad.yaml', '--baseline', 'accepted.json'], 0, 'Accepted: 1 finding in the baseline.'],
    [['k8s', '--all'], 1, 'findings in '],
    [['bad.yaml', '--severity', 'critical'], 1, 'binding-cluster-admin'],
    [['k8s/edge.yaml', '-s', 'critical'], 0, 'below critical are left out.'],
    [['bad.yaml', '--control', 'privileged,host-pid'], 0, 'No findings. 1 object held to 2 controls for Kubernetes'],
    [['bad.yaml', '--pack', 'all'], 1, 'controls of all for'],
    [['k8s/edge.yaml', '--exclude-namespaces', 'shop'], 1, 'of shop are left out.'],
  ])('check %j ends with %i', (argv, code, said) => {
    const result = start(['check', ...argv]);
    expect(result).toMatchObject({ code, stderr: '' });
    expect(result.stdout.replace(/\n(?=\S)/g, ' ')).toContain(said);
  });

  test('waivers are read from a file', () => {
    const expires = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
    const waiver = { control: 'binding-cluster-admin', resource: 'ClusterRoleBinding/owner', path: 'roleRef.name', value: 'cluster-admin', reason: 'r', owner: 'o', expires };
    writeFileSync(join(work, 'waivers.json'), JSON.stringify({ waivers: [waiver] }));
    const result = start(['check', 'bad.yaml', '--waivers', 'waivers.json']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('Accepted: 1 finding waived.');
  });

  test.each<[string[], string]>([
    [['chekc'], 'cdk8s-hardened: there is no command chekc (check?). See: cdk8s-hardened --help\n'],
    [['check', '--pakc', 'nsa', 'bad.yaml'], 'cdk8s-hardened check: there is no option --pakc (--pack?). See: cdk8s-hardened check --help\n'],
    [['check'], 'cdk8s-hardened: FILES: allowed: files, folders, or - for standard input. Say what to check, for instance: cdk8s-hardened check k8s/\n'],
    [['check', 'bad.yaml', '-p', 'recomended'], 'cdk8s-hardened: --pack: got "recomended"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Say --pack recommended.\n'],
    [['check', 'bad.yaml', '-f', 'severe'], 'cdk8s-hardened: --fail-on: got "severe"; allowed: info, low, medium, high, critical. Choose one of them.\n'],
    [['check', 'bad.yaml', '-o', 'xml'], 'cdk8s-hardened: --output: got "xml"; allowed: table, json, sarif, junit. Choose one of them.\n'],
    [['check', 'nowhere.yaml'], 'nowhere.yaml: there is no such file or folder\n'],
    [['policies', '--phase', 'refuse'], 'cdk8s-hardened: --phase: got "refuse"; allowed: audit, warn, deny. Choose one of them.\n'],
  ])('%j is refused', (argv, stderr) => {
    expect(start(argv)).toMatchObject({ code: 2, stderr });
  });

  test('files and folders without permission are named; other files are checked, and nothing is left behind', () => {
    writeFileSync(join(work, 'locked.yaml'), BAD);
    chmodSync(join(work, 'locked.yaml'), 0o600);
    mkdirSync(join(work, 'locked'), { recursive: true });
    const before = readdirSync(work);
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    if (uid === undefined) {
      chmodSync(join(work, 'locked.yaml'), 0);
      chmodSync(join(work, 'locked'), 0o500);
    }
    const read = start(['check', 'locked.yaml', 'bad.yaml'], { uid });
    expect(read).toMatchObject({ code: 2, stderr: 'locked.yaml: the permission to read it is missing\n' });
    expect(read.stdout).toContain('binding-cluster-admin');
    expect(start(['check', 'bad.yaml', '--output-file', 'locked/found.txt'], { uid })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cdk8s-hardened: --output-file: got "locked/found.txt"; allowed: a file that can be written (the permission to write there is missing). Make its folder, or correct the path.\n',
    });
    expect(readdirSync(work)).toEqual(before);
  });

  test('policies are what kubectl takes, and the list of controls is for people', () => {
    const { code, stdout } = start(['policies', '--pack', 'pss-baseline', '--phase', 'deny', '--exclude-namespaces', 'legacy', '--kubernetes-version', '1.36']);
    expect(code).toBe(0);
    const kinds = parseAllDocuments(stdout, { strict: true }).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS().kind;
    });
    expect(kinds.filter((kind) => kind === 'ValidatingAdmissionPolicy').length).toBe(kinds.filter((kind) => kind === 'ValidatingAdmissionPolicyBinding').length);
    expect(stdout).toContain('- legacy\n');
    expect(start(['policies', '--list'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('pipes', () => {
  test('standard input is read to its end, whoever writes slowly', () => {
    expect(shell('(echo "# begins"; sleep 0.3; cat bad.yaml) | "$PROGRAM" check - ; echo "ended with $?"').stdout).toMatch(/ClusterRoleBinding\/owner\n {2}at <stdin>:2\n[^]*ended with 1\n$/);
    expect(start(['check', '-', 'bad.yaml'], { stdin: BAD }).stderr).toContain('is in <stdin>:1 and again in bad.yaml:1');
    expect(start(['check', '-'], { stdin: Buffer.from([0xff, 0xfe, 0, 0]) })).toMatchObject({ code: 2, stdout: expect.any(String) });
  });

  test.each(['table', 'json', 'sarif'])('whoever reads %s may go away: it ends quietly, with what was found', (output) => {
    const { stdout, stderr } = shell(`"$PROGRAM" check k8s --all -o ${output} | head -c 20 >/dev/null; echo "\${PIPESTATUS[0]}"`);
    expect({ stdout, stderr: stderr.replace(/^Pods of .*\n$/, '') }).toEqual({ stdout: '1\n', stderr: '' });
  });

  test('nobody reads standard error: it ends all the same', () => {
    expect(shell('"$PROGRAM" check nowhere.yaml 2>&1 >/dev/null | true; echo "${PIPESTATUS[0]}"').stdout).toBe('2\n');
  });

  test('a disk that is full is said in one line', () => {
    expect(shell('"$PROGRAM" check k8s >/dev/full')).toEqual({ code: 2, stdout: '', stderr: 'cdk8s-hardened: the output can\'t be written (ENOSPC).\n' });
  });

  test('in a pipe there are 80 columns and no colours', () => {
    const { stdout } = start(['check', 'k8s', '--all']);
    expect(stdout).toBe(plain(stdout));
    expect(tooLong(stdout)).toEqual([]);
  });

  test('Ctrl-C ends it, and leaves no half of a file', async () => {
    const child = spawn(program.path, ['check', '-', '--output-file', 'interrupted.txt'], { cwd: work, stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
    await new Promise((done) => setTimeout(done, 1500));
    child.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(readdirSync(work).filter((name) => name.includes('interrupted'))).toEqual([]);
  });
});

describeWith(['script'], 'a terminal', ({ script }) => {
  const terminal = (command: string, options?: Terminal) => program.terminal(script, command, options);

  test('of 80 columns shows coloured findings that fit', () => {
    const { code, stdout } = terminal('"$PROGRAM" check k8s --all');
    expect(code).toBe(1);
    expect(stdout).toContain('\x1b[31mHIGH\x1b[39m');
    expect(tooLong(stdout)).toEqual([]);
    expect(lines(plain(stdout)).join('\n')).toBe(start(['check', 'k8s', '--all']).stdout);
  });

  test('of 120 columns is used', () => {
    const widest = Math.max(...lines(plain(terminal('"$PROGRAM" check k8s --all', { columns: 120 }).stdout)).filter((line) => !/^ +at /.test(line)).map((line) => line.length));
    expect(widest).toBeGreaterThan(100);
    expect(widest).toBeLessThanOrEqual(120);
  });

  test('NO_COLOR leaves colours out', () => {
    const { stdout } = terminal('"$PROGRAM" check k8s', { env: { NO_COLOR: '1' } });
    expect(stdout).toBe(plain(stdout));
  });

  test('a long run says on standard error how far it is, and takes the line away', () => {
    if (!existsSync(join(work, 'many.yaml'))) {
      writeFileSync(join(work, 'many.yaml'), Array.from({ length: 100_001 }, (_, i) => `${BAD.replace('owner', `owner-${i}`)}`).join('---\n'));
    }
    const { stdout } = terminal('"$PROGRAM" check many.yaml >found.txt');
    expect(stdout).toMatch(/\r[\d,]+ documents …\x1b\[K/);
    expect(stdout).toMatch(/\r\x1b\[K$/);
    expect(start(['check', 'many.yaml', '-o', 'json'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cdk8s-hardened: --output: got "json"; allowed: table: there are more than 100000 findings. Check fewer files at a time.\n',
    });
    expect(readFileSync(join(work, 'found.txt'), 'utf8')).toContain('100001 findings in 100001 objects');
  });
});
