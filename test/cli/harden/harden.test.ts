import { execFileSync } from 'child_process';
import fs, { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { text } from './editing';
import { run, scratchFolder } from '../run';
import { webDeployment } from '../sample-manifests';

const folder = scratchFolder();
const at = (name: string) => join(folder, name);
const harden = (argv: readonly string[], options = {}) => run(['harden', ...argv], { cwd: folder, ...options });
const content = (name: string) => readFileSync(at(name), 'utf8');

function file(name: string, body: string): string {
  mkdirSync(join(at(name), '..'), { recursive: true });
  writeFileSync(at(name), body);
  return name;
}

const POD_SPEC = text`
  hostNetwork: true # nobody knows why
  containers:
  - name: web
    image: "ghcr.io/acme/web:1.4"
    securityContext:
      runAsNonRoot: true
      allowPrivilegeEscalation: false
      seccompProfile: {type: RuntimeDefault}
      capabilities: {drop: [ALL]}
`;
const WEB = `# The shop's front.\n${webDeployment(POD_SPEC)}`;
const HARDENED_WEB = WEB.replace('      hostNetwork: true # nobody knows why\n', '');
const ROOT = text`
  apiVersion: v1
  kind: Pod
  metadata: {name: root, namespace: shop}
  spec:
    containers:
    - name: root
      image: busybox
      securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}
`;
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n';
const BROKEN = 'apiVersion: v1\n  kind: [\n';
const NEED = text`
  Changed, though programs may need it:
    host-network: the node's interfaces and addresses: check that it serves and
    measures the pod's network only.
        Deployment/shop/web
`;

describe('to standard output', () => {
  test('goes every document, hardened, and nothing else', async () => {
    file('out/web.yaml', WEB);
    expect(await harden(['out/web.yaml'])).toEqual({
      code: 0, stdout: HARDENED_WEB, stderr: `${NEED}1 change in 1 object of 1 file; nothing is left. Held to pss-restricted.\n`,
    });
    expect(content('out/web.yaml')).toBe(WEB);
  });

  test('also from standard input, with what needs nothing', async () => {
    const { code, stdout } = await harden(['-'], { stdin: `${SERVICE}---\n${WEB}` });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${SERVICE}---\n${HARDENED_WEB}` });
  });

  test('several files become one stream, JSON beside YAML, too', async () => {
    const pod = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    file('stream/a.json', `${pod('a')}\n${pod('b')}`);
    file('stream/b.yaml', SERVICE.trimEnd());
    file('stream/c.yaml', `---\n${SERVICE}`);
    file('stream/d.json', pod('d'));
    expect((await harden(['stream/a.json', 'stream/d.json'])).stdout).toBe(`${pod('a')}\n${pod('b')}\n---\n${pod('d')}`.replace('---\n', ''));
    expect((await harden(['stream'])).stdout).toBe(`---\n${pod('a')}\n---\n${pod('b')}\n---\n${SERVICE}---\n${SERVICE}---\n${pod('d')}\n`);
  });

  test('what is left to a person is named with its file, line, field and reason, and ends with 1', async () => {
    file('left/root.yaml', `# first\n${ROOT}`);
    expect(await harden(['left/root.yaml'])).toEqual({
      code: 1,
      stdout: `# first\n${ROOT}`,
      stderr: text`
        Left to you:
          left/root.yaml:2 Pod/shop/root
            It states user 0: which other user it can run as has to be known. State the
            user, or waive it.
              run-as-non-root at spec.containers[0].securityContext.runAsNonRoot
              run-as-user at spec.containers[0].securityContext.runAsUser
        Nothing to change; 2 findings left. Held to pss-restricted.
      `,
    });
  });

  test('a root filesystem that becomes read-only gets a writable /tmp', async () => {
    const { stdout } = await harden(['-', '--pack', 'recommended'], { stdin: HARDENED_WEB });
    expect(stdout).toContain('readOnlyRootFilesystem: true');
    expect(stdout).toContain('- mountPath: /tmp\n');
    expect(stdout).toContain('emptyDir: {}');
  });
});

describe('--fail-on', () => {
  test('never ends with 0 where something is left, and with --diff where something would change', async () => {
    const pipe = await harden(['-', '--fail-on', 'never'], { stdin: ROOT });
    expect(pipe).toMatchObject({ code: 0, stdout: ROOT });
    expect(pipe.stderr).toContain('Left to you:\n');
    expect((await harden(['-', '-f', 'never', '--diff'], { stdin: WEB })).code).toBe(0);
    expect((await harden(['-', '-f', 'left'], { stdin: ROOT })).code).toBe(1);
    expect((await harden(['-', '-f', 'left', '--diff'], { stdin: WEB })).code).toBe(1);
  });

  test('never ends with 2 still where something cannot be read', async () => {
    expect((await harden(['-', '--fail-on', 'never'], { stdin: `${BROKEN}---\n${ROOT}` })).code).toBe(2);
    expect((await harden(['nowhere.yaml', '--fail-on', 'never'])).code).toBe(2);
  });
});

describe('files of a folder that hold no object', () => {
  const KUSTOMIZATION = 'resources: [web.yaml]\nimages: []\n';
  const said = 'left out: it has neither apiVersion nor kind; what Kustomize or Helm makes of it can be given for - (kustomize build, helm template)';

  test.each([[], ['--diff'], ['--write']])('are left out with a warning %s', async (...option) => {
    file('chart/web.yaml', WEB);
    file('chart/kustomization.yaml', KUSTOMIZATION);
    file('chart/values.yaml', 'web:\n  hostNetwork: true\n---\nmore: 1\n');
    file('chart/construct-metadata.json', '{"version": "1.0.0", "resources": {}}');
    const { code, stdout, stderr } = await harden(['chart', ...option]);
    expect(code).toBe(option[0] === '--diff' ? 1 : 0);
    expect(stderr).toMatch(`warning: chart/kustomization.yaml: ${said}\nwarning: chart/values.yaml: ${said}\n`);
    expect(stderr).toContain('1 change in 1 object of 1 file');
    expect(stderr).toContain('nothing is left');
    expect(stderr).not.toContain('construct-metadata');
    expect(`${stdout}${stderr.replace(/^warning.*/gm, '')}`).not.toMatch(/kustomization|values/);
    expect(content('chart/kustomization.yaml')).toBe(KUSTOMIZATION);
  });

  test('are findings where they are given by name, or say what one of their documents is', async () => {
    file('named/kustomization.yaml', KUSTOMIZATION);
    const named = await harden(['named/kustomization.yaml']);
    expect(named).toMatchObject({ code: 1, stdout: KUSTOMIZATION });
    expect(named.stderr).toContain('malformed-object at apiVersion');
    file('partly/a.yaml', `spec: {}\n---\n${WEB}`);
    const partly = await harden(['partly']);
    expect(partly).toMatchObject({ code: 1, stdout: `spec: {}\n---\n${HARDENED_WEB}` });
    expect(partly.stderr).toContain('partly/a.yaml:1 ');
  });

  test('are nothing to harden where there is nothing else', async () => {
    file('only/values.yaml', 'a: 1\n');
    const { code, stderr } = await harden(['only']);
    expect(code).toBe(2);
    expect(stderr).toContain('There was nothing to harden: correct the path.');
  });
});

describe('the report', () => {
  const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {hostPID: true, containers: [{name: c, image: x}]}\n`;
  const deployment = (i: number) => WEB.replace('{name: web, namespace: shop}', `{name: web-${i}, namespace: shop}`);

  test('names thirty objects that may need what was changed, and counts the others', async () => {
    const many = Array.from({ length: 32 }, (_, i) => deployment(i));
    const { stderr } = await harden(['-'], { stdin: many.join('---\n') });
    expect(stderr.replace(/\n +/g, ' ')).toContain(`${Array.from({ length: 30 }, (_, i) => `Deployment/shop/web-${i}`).join(', ')} and 2 more\n`);
    expect(stderr.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  test('says with --diff that it would change', async () => {
    const { stderr } = await harden(['-', '--diff'], { stdin: WEB });
    expect(stderr).toContain(NEED.replace('Changed,', 'Would change,'));
  });

  test('says which objects cannot be changed in the cluster', async () => {
    const job = pod('j').replace('v1\nkind: Pod', 'batch/v1\nkind: Job').replace('spec: {hostPID', 'spec: {template: {spec: {restartPolicy: Never, hostPID').replace(/\}\n$/, '}}}\n');
    const one = (await harden(['-'], { stdin: `${pod('a')}---\n${WEB}` })).stderr.replace(/\n/g, ' ');
    expect(one).toContain('Pod/a can\'t be changed in place: where the cluster has it, delete it before you apply.');
    const two = (await harden(['-', '--diff'], { stdin: `${pod('a')}---\n${job}` })).stderr.replace(/\n/g, ' ');
    expect(two).toContain('Pod/a and 1 more can\'t be changed in place: where the cluster has them, delete them before you apply.');
    const none = await harden(['-'], { stdin: (await harden(['-'], { stdin: `${pod('a')}---\n${WEB}` })).stdout });
    expect(none.stderr).not.toContain('in place');
  });

  test('also in lists', async () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { hostPID: true, containers: [{ name: 'c', image: 'x' }] } }] });
    expect((await harden(['-'], { stdin: list })).stderr.replace(/\n/g, ' ')).toContain('Pod/a can\'t be changed in place');
  });
});

describe('--diff', () => {
  test('shows what would change, changes nothing, and ends with 1', async () => {
    file('diff/web.yaml', WEB);
    const { code, stdout } = await harden(['diff', '--diff']);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: text`
        diff --git a/diff/web.yaml b/diff/web.yaml
        --- a/diff/web.yaml
        +++ b/diff/web.yaml
        @@ -7,7 +7,6 @@
           template:
             metadata: {labels: {app: web}}
             spec:
        -      hostNetwork: true # nobody knows why
               containers:
               - name: web
                 image: "ghcr.io/acme/web:1.4"
      `.replace(/^ {2}/gm, (space) => space),
    });
    expect(content('diff/web.yaml')).toBe(WEB);
  });

  test('ends with 0 where nothing would change, also where something is left', async () => {
    expect(await harden(['-', '--diff'], { stdin: HARDENED_WEB })).toEqual({ code: 0, stdout: '', stderr: 'Nothing to change; nothing is left. Held to pss-restricted.\n' });
    expect((await harden(['-', '--diff'], { stdin: ROOT })).code).toBe(0);
  });

  test('is coloured on a terminal, unless NO_COLOR is set', async () => {
    const coloured = await harden(['-', '--diff'], { stdin: WEB, isTTY: true });
    expect(coloured.stdout).toContain('\x1b[31m-      hostNetwork: true # nobody knows why\x1b[39m\n');
    expect((await harden(['-', '--diff'], { stdin: WEB, isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\x1b');
    expect((await harden(['-', '--diff'], { stdin: WEB })).stdout).not.toContain('\x1b');
  });

  test('shows no argument, no literal of a variable and nothing of other documents', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: swordfish-1}\n';
    const pod = text`
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec:
        hostPID: true
        containers:
        - {name: p, image: x, args: ["--password", "swordfish-2"], env: [{name: TOKEN, value: swordfish-3}]}
    `;
    const { stdout, stderr } = await harden(['-', '--diff'], { stdin: `${secret}---\n${pod}---\n${secret}` });
    expect(stdout).toContain('-  hostPID: true');
    expect(stdout).toContain('{name: TOKEN, value: (not shown)}');
    expect(stdout + stderr).not.toContain('swordfish');
    expect(stderr).toContain('What may be secret is not shown, so that the diff can\'t be applied as a patch:\nuse --write.\n');
  });
});

describe('--write', () => {
  test('changes what has to change, says which files, and leaves all others alone', async () => {
    file('write/web.yaml', WEB);
    file('write/service.yaml', SERVICE);
    chmodSync(at('write/web.yaml'), 0o640);
    const stamp = () => [lstatSync(at('write/service.yaml')).ino, lstatSync(at('write/service.yaml')).mtimeMs];
    const before = stamp();
    expect(await harden(['write', '--write'])).toEqual({
      code: 0, stdout: 'write/web.yaml: 1 change\n', stderr: `${NEED}1 change in 1 object of 1 file; nothing is left. Held to pss-restricted.\n`,
    });
    expect(content('write/web.yaml')).toBe(HARDENED_WEB);
    expect((statSync(at('write/web.yaml')).mode & 0o777).toString(8)).toBe('640');
    expect(stamp()).toEqual(before);
    expect(readdirSync(at('write'))).toEqual(['service.yaml', 'web.yaml']);
    expect(await harden(['write', '--write'])).toEqual({ code: 0, stdout: '', stderr: 'Nothing to change; nothing is left. Held to pss-restricted.\n' });
  });

  test('changes the file that a symbolic link leads to', async () => {
    file('linked/real/web.yaml', WEB);
    symlinkSync('real/web.yaml', at('linked/link.yaml'));
    expect((await harden(['linked/link.yaml', '--write'])).code).toBe(0);
    expect(lstatSync(at('linked/link.yaml')).isSymbolicLink()).toBe(true);
    expect(content('linked/real/web.yaml')).toBe(HARDENED_WEB);
  });

  test('changes nothing outside of the given folders that a link in them leads to', async () => {
    file('elsewhere/web.yaml', WEB);
    file('elsewhere/more/web.yaml', WEB);
    file('inside/real/web.yaml', WEB);
    symlinkSync('../elsewhere/web.yaml', at('inside/a.yaml'));
    symlinkSync('../elsewhere/more', at('inside/b'));
    symlinkSync('real/web.yaml', at('inside/c.yaml'));
    const left = (name: string, target: string) => `warning: inside/${name}: left as it is: a link leads out of the given folder, to ${at(target)}; give that path to change it, too\n`;
    for (const option of ['--diff', '--write']) {
      const { code, stderr } = await harden(['inside', option]);
      expect(code).toBe(option === '--diff' ? 1 : 0);
      expect(stderr).toContain(left('a.yaml', 'elsewhere/web.yaml') + left('b/web.yaml', 'elsewhere/more/web.yaml'));
      expect(content('elsewhere/web.yaml') + content('elsewhere/more/web.yaml')).toBe(WEB + WEB);
    }
    expect(content('inside/real/web.yaml')).toBe(HARDENED_WEB);
    // What is only read may come from anywhere.
    expect((await harden(['inside'])).stdout).toBe(`${HARDENED_WEB}---\n${HARDENED_WEB}---\n${HARDENED_WEB}`);
  });

  test('says it where nothing but such links is there, and where a given path leads nowhere', async () => {
    file('beyond/web.yaml', WEB);
    mkdirSync(at('only-links'));
    symlinkSync('../beyond/web.yaml', at('only-links/web.yaml'));
    symlinkSync('loop', at('loop'));
    const { code, stdout, stderr } = await harden(['only-links', '--write']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^warning: only-links\/web\.yaml: left as it is: .*\nNothing was hardened\.\n$/);
    expect((await harden(['loop', 'beyond/web.yaml/x', '--write'])).stderr).toContain('loop: its symbolic links form a loop\nbeyond/web.yaml/x: a part of the path is no folder\n');
  });

  test('changes what a link leads to where it is given itself, or lies in a given folder, too', async () => {
    file('target/a.yaml', WEB);
    file('target/b.yaml', WEB);
    file('links/own.yaml', WEB);
    symlinkSync('../target/a.yaml', at('links/a.yaml'));
    symlinkSync('../target/b.yaml', at('links/b.yaml'));
    expect((await harden(['links', './links/a.yaml', '--write'])).stdout).toBe('links/a.yaml: 1 change\nlinks/own.yaml: 1 change\n');
    expect((await harden(['links', 'target', '--write'])).stdout).toBe('links/b.yaml: 1 change\n');
    symlinkSync('target', at('folder-link'));
    file('target/a.yaml', WEB);
    expect((await harden(['folder-link', '--write'])).stdout).toBe('folder-link/a.yaml: 1 change\n');
  });

  (process.platform === 'win32' ? test.skip : test)('opens no pipe, which may never end', async () => {
    execFileSync('mkfifo', [at('pipe.yaml')]);
    const { code, stdout, stderr } = await harden(['pipe.yaml', '--write']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('pipe.yaml: not written: it is not a regular file\n');
  });

  test('makes nothing through a symbolic link that leads to nothing, and names it', async () => {
    mkdirSync(at('dangling'));
    symlinkSync('new.yaml', at('dangling/link.yaml'));
    for (const path of ['dangling', 'dangling/link.yaml']) {
      const { code, stdout, stderr } = await harden([path, '--write']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('dangling/link.yaml: there is no such file or folder\n');
    }
    expect(readdirSync(at('dangling'))).toEqual(['link.yaml']);
  });

  test('keeps a byte order mark, line ends of Windows and a missing line feed at the end', async () => {
    const windows = (body: string) => `\ufeff${body.replace(/\n/g, '\r\n').replace(/\r\n$/, '')}`;
    file('windows.yaml', windows(WEB));
    expect((await harden(['windows.yaml', '--write'])).code).toBe(0);
    expect(content('windows.yaml')).toBe(windows(HARDENED_WEB));
  });
});

describe('what a terminal would obey is shown as an escape', () => {
  test('in the names of files', async () => {
    file('names/\x1b[2J.yaml', BROKEN);
    file('names/a\nb.yaml', ROOT);
    file('names/c\u009bm.yaml', WEB);
    for (const options of [['--diff'], ['--write'], []]) {
      const { stdout, stderr } = await harden(['names', ...options]);
      const shown = stderr + (options.length > 0 ? stdout : '');
      expect(shown.replace(/^\n/gm, '')).not.toMatch(/[\x1b\u009b]|a\nb/);
      expect(stderr).toContain('names/\\u001b[2J.yaml, document 1, line 1');
    }
  });

  test('in what objects say', async () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a\u009b2Jb\u202e' }, spec: { hostPID: true, containers: [{ name: 'c', image: 'x' }] } }, undefined, 2);
    const { stdout, stderr } = await harden(['-', '--diff'], { stdin: json });
    expect(stdout).toContain('     "name": "a\\u009b2Jb\\u202e"\n');
    expect(stdout + stderr).not.toMatch(/[\u009b\u202e]/);
    expect(stderr.replace(/\n/g, ' ')).toContain('What can\'t be seen is shown as escapes, so that the diff can\'t be applied as a patch: use --write.');
  });

  test('but tabs and line ends of Windows, which patches need', async () => {
    const { stdout, stderr } = await harden(['-', '--diff'], { stdin: WEB.replace(' # nobody', '\t# nobody').replace(/\n/g, '\r\n') });
    expect(stdout).toContain('-      hostNetwork: true\t# nobody knows why\r\n       containers:\r\n');
    expect(stderr).not.toContain('escapes');
  });
});

describe('what cannot be used', () => {
  test('a folder as standard input is named as one', async () => {
    const reading = jest.spyOn(fs, 'readSync').mockImplementation(() => {
      throw Object.assign(new Error('EISDIR: illegal operation on a directory, read'), { code: 'EISDIR' });
    });
    const { code, stdout, stderr } = await harden(['-']);
    reading.mockRestore();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^<stdin>: standard input is a folder/);
  });

  test('a malformed file is left as it is, and the others are done', async () => {
    file('mixed/a.yaml', `${WEB}---\n${BROKEN}`);
    file('mixed/b.yaml', WEB);
    const { code, stdout, stderr } = await harden(['mixed', '--write']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: 'mixed/b.yaml: 1 change\n' });
    expect(stderr).toContain('mixed/a.yaml, document 2, line 20, column 13: a key and its value are expected: does a ":" in a value need quotes, or is a key indented wrongly?\nwarning: mixed/a.yaml: left as it is\n');
    expect(stderr).toContain('1 change in 1 object of 1 file; nothing is left. Held to pss-restricted. 1\nproblem: see above.\n');
    expect(content('mixed/a.yaml')).toBe(`${WEB}---\n${BROKEN}`);
    expect(content('mixed/b.yaml')).toBe(HARDENED_WEB);
  });

  test('a malformed file is left out of the output', async () => {
    file('omitted/a.yaml', BROKEN);
    file('omitted/b.yaml', WEB);
    const { code, stdout, stderr } = await harden(['omitted']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: HARDENED_WEB });
    expect(stderr).toContain('warning: omitted/a.yaml: left out of the output\n');
  });

  test('a Helm template that is not rendered is named', async () => {
    const { code, stderr } = await harden(['-'], { stdin: 'kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n' });
    expect(code).toBe(2);
    expect(stderr).toContain('<stdin>, document 1, line 3, column 9: this looks like a Helm template that is not rendered ({{ }}): give the output of "helm template" instead\n');
  });

  test('a document in which a change would reach other places is left as it is, and its findings are listed', async () => {
    const shared = `${text`
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: shop}
      spec:
        securityContext: &shared
          runAsUser: 1000
        containers:
        - {name: p, image: x, securityContext: *shared}
    `}---\n${WEB}`;
    const { code, stdout, stderr } = await harden(['-'], { stdin: shared });
    expect({ code, stdout }).toEqual({ code: 2, stdout: shared.replace(WEB, HARDENED_WEB) });
    expect(stderr).toContain('<stdin>, document 1, line 6, column 5: left as it is: what has to change here has an anchor (&) or is an alias (*), and would change in several places: write the value out there\n');
    expect(stderr).toContain('<stdin>:1 Pod/shop/p');
  });

  test('a file or a folder that is read-only stays', async () => {
    file('read-only/web.yaml', WEB);
    chmodSync(at('read-only/web.yaml'), 0o444);
    expect(await harden(['read-only/web.yaml', '--write'])).toEqual({
      code: 2, stdout: '', stderr: 'read-only/web.yaml: not written: the file is read-only\nNothing to change; nothing is left. Held to pss-restricted. 1 problem: see\nabove.\n',
    });
    chmodSync(at('read-only/web.yaml'), 0o644);
    chmodSync(at('read-only'), 0o555);
    const { code, stderr } = await harden(['read-only/web.yaml', '--write']);
    chmodSync(at('read-only'), 0o755);
    expect(code).toBe(2);
    expect(stderr).toContain('read-only/web.yaml: not written: its folder is read-only\n');
    expect(content('read-only/web.yaml')).toBe(WEB);
    expect(readdirSync(at('read-only'))).toEqual(['web.yaml']);
  });

  test.each([
    [['a', '--diff', '--write'], '--diff: allowed: without --write. Look with --diff first, then change the files with --write.'],
    [['-', '--write'], '--write: got "-"; allowed: with files and folders. Leave out --write: what standard input holds is hardened to standard output.'],
    [[], 'FILES: allowed: files, folders, or - for standard input. Say what to harden, for instance: cdk8s-hardened harden k8s/ --diff'],
    [['-', '--pack', 'pss-restrictd'], '--pack: got "pss-restrictd"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Say --pack pss-restricted.'],
    [['-', '--fail-on', 'nevr'], '--fail-on: got "nevr"; allowed: left, never. Say --fail-on never.'],
  ])('%j', async (argv, message) => {
    expect(await harden(argv, { stdin: '' })).toEqual({ code: 2, stdout: '', stderr: `cdk8s-hardened: ${message}\n` });
  });

  test('what holds nothing is named, and what is beside it is hardened', async () => {
    expect(await harden(['-'], { stdin: '# nothing\n' })).toEqual({ code: 2, stdout: '', stderr: '<stdin>: it holds no objects\nNothing was hardened.\n' });
    file('empty.yaml', '');
    file('beside.yaml', WEB);
    const beside = await harden(['empty.yaml', 'beside.yaml']);
    expect(beside).toMatchObject({ code: 2, stdout: HARDENED_WEB });
    expect(beside.stderr).toContain('empty.yaml: it holds no objects\n');
  });

  test('a missing file is named', async () => {
    const { code, stderr } = await harden(['nowhere.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere.yaml: there is no such file or folder\n');
  });

  test('an unknown option is named with the one that was probably meant', async () => {
    expect(await harden(['a', '--dif'])).toEqual({ code: 2, stdout: '', stderr: 'cdk8s-hardened harden: there is no option --dif (--diff?). See: cdk8s-hardened harden --help\n' });
  });
});
