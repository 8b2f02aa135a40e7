import { spawnSync } from 'child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { join, relative } from 'path';
import { run, scratchFolder } from './run';
import { NODE_PORT } from './sample-manifests';

const folder = scratchFolder();
let current = 0;
let work: string;
const file = (name: string, text: string) => {
  writeFileSync(join(work, name), text);
  return name;
};
const text = (name: string) => readFileSync(join(work, name), 'utf8');
const check = (argv: readonly string[], options = {}) => run(['check', ...argv], { cwd: work, ...options });

beforeEach(() => {
  work = join(folder, String(current++));
  mkdirSync(work);
  file('service.yaml', NODE_PORT);
});

describe('--output-file', () => {
  test('keeps the mode of a file, and a symbolic link', async () => {
    chmodSync(join(work, file('real.txt', 'old')), 0o600);
    symlinkSync('real.txt', join(work, 'link.txt'));
    await check(['service.yaml', '--output-file', 'link.txt']);
    expect(text('real.txt')).toContain('service-node-port');
    expect(lstatSync(join(work, 'link.txt')).isSymbolicLink()).toBe(true);
    expect(statSync(join(work, 'real.txt')).mode % 0o1000).toBe(0o600);
    expect(readdirSync(work).sort()).toEqual(['link.txt', 'real.txt', 'service.yaml']);
  });

  test('makes the file that a symbolic link leads to', async () => {
    symlinkSync('new.txt', join(work, 'link.txt'));
    await check(['service.yaml', '--output-file', 'link.txt']);
    expect(text('new.txt')).toContain('service-node-port');
    expect(lstatSync(join(work, 'link.txt')).isSymbolicLink()).toBe(true);
  });

  test('leaves a file that is read-only', async () => {
    chmodSync(join(work, file('fixed.txt', 'old')), 0o444);
    expect(await check(['service.yaml', '--output-file', 'fixed.txt'])).toEqual({
      code: 2, stdout: '',
      stderr: 'cdk8s-hardened: --output-file: got "fixed.txt"; allowed: a file that can be written (the permission to write there is missing). Make its folder, or correct the path.\n',
    });
    expect(text('fixed.txt')).toBe('old');
  });

  test('writes to devices, and does not take their place', async () => {
    const { stdout } = await check(['service.yaml', '-o', 'json', '--output-file', '/dev/stdout']);
    expect(stdout).toContain('"control": "service-node-port"');
    expect(stdout).toContain('1 finding in 1 object');
    expect((await check(['service.yaml', '-o', 'json', '--output-file', '/dev/stderr'])).stderr).toContain('"control": "service-node-port"');
    await check(['service.yaml', '--output-file', '/dev/null']);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true);
  });

  const REFUSED = (name: string) => ({
    code: 2, stdout: '',
    stderr: `cdk8s-hardened: --output-file: got ${JSON.stringify(name)}; allowed: a file that is not among those to check: it would be overwritten. Name another file.\n`,
  });

  test('refuses what is to be checked, given by name or in a folder, and by whatever way it leads there', async () => {
    expect(await check(['service.yaml', '--output-file', './service.yaml'])).toEqual(REFUSED('./service.yaml'));
    expect(await check(['.', '--output-file', 'service.yaml'])).toEqual(REFUSED('service.yaml'));
    symlinkSync('service.yaml', join(work, 'link.txt'));
    expect(await check(['.', '--output-file', 'link.txt'])).toEqual(REFUSED('link.txt'));
    expect(text('service.yaml')).toBe(NODE_PORT);
  });

  test('refuses the baseline and the waivers', async () => {
    for (const option of ['--baseline', '--waivers']) {
      expect(await check(['service.yaml', option, file('own.json', '{}'), '--output-file', 'own.json'])).toEqual({
        code: 2, stdout: '', stderr: 'cdk8s-hardened: --output-file: got "own.json"; allowed: a file of its own: this one is the baseline, or has the waivers. Name another file.\n',
      });
    }
  });
});

describe('--update-baseline', () => {
  test('refuses a file that is no baseline, says nothing else and leaves it', async () => {
    for (const argv of [['service.yaml', '-b', 'service.yaml'], ['.', '-b', 'service.yaml'], ['service.yaml', '-b', file('notes.txt', 'mine')]]) {
      const before = text(argv[2]);
      const { code, stdout, stderr } = await check([...argv, '--update-baseline']);
      expect({ code, stdout, stderr }).toEqual({
        code: 2, stdout: '',
        stderr: `cdk8s-hardened: [${join(work, argv[2])}] baseline: allowed: JSON. Restore it from version control, or delete it and write it anew with --update-baseline.\n`,
      });
      expect(text(argv[2])).toBe(before);
    }
  });

  test('claims nothing where the file can\'t be written', async () => {
    const { code, stdout, stderr } = await check(['service.yaml', '-b', 'nowhere/accepted.json', '--update-baseline']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const shown = relative(process.cwd(), join(work, 'nowhere/accepted.json'));
    expect(stderr).toBe(`cdk8s-hardened: [${shown}] baseline: allowed: a file that can be written (ENOENT). Make its folder, or correct the path.\n`);
  });

  test('does not say that it was written where something could not be read', async () => {
    const { stdout } = await check(['service.yaml', 'nowhere.yaml', '-b', 'accepted.json', '--update-baseline']);
    expect(stdout).not.toContain('written');
    expect(existsSync(join(work, 'accepted.json'))).toBe(false);
  });
});

describe('a folder', () => {
  test('may hold the baseline, the waivers and the output: they are not checked', async () => {
    const argv = ['.', '-b', 'accepted.json', '-o', 'json', '--output-file', 'findings.json'];
    expect(await check([...argv, '--update-baseline'])).toMatchObject({ code: 0, stderr: '' });
    for (const more of [[], [], ['-w', 'waivers.yaml']]) {
      more.slice(1).forEach((name) => file(name, 'waivers: []\n'));
      const { code, stdout, stderr } = await check([...argv, ...more]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('No findings. 1 object held to');
    }
    expect(await check(['service.yaml', 'accepted.json', '-b', 'accepted.json'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('may hold files that are no objects: each is named, and no finding', async () => {
    file('kustomization.yaml', 'resources: [service.yaml]\n');
    file('values.yaml', 'replicas: 2\n---\nimage: a\n');
    file('package.json', '{"name": "shop"}');
    const { code, stdout, stderr } = await check(['.', '--fail-on', 'high']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('malformed-object');
    expect(stderr).toBe(['kustomization.yaml', 'package.json', 'values.yaml'].map((name) => (
      `warning: ${name}: left out: it has neither apiVersion nor kind; what Kustomize or Helm makes of it can be given for - (kustomize build, helm template)\n`
    )).join(''));
  });

  test('does not hide an object that lost what it is, in a file with others, nor one that was given by name, nor half of it', async () => {
    const lost = NODE_PORT.replace('apiVersion: v1\nkind: Service\n', '');
    file('service.yaml', `${lost}---\n${NODE_PORT}`);
    expect((await check(['.'])).stdout).toContain('malformed-object');
    file('service.yaml', lost);
    expect((await check(['service.yaml'])).stdout).toContain('malformed-object');
    file('service.yaml', NODE_PORT.replace('apiVersion: v1\n', ''));
    expect((await check(['.'])).stdout).toContain('malformed-object');
  });

  test('with nothing but such files is refused, as an empty one is', async () => {
    file('service.yaml', 'replicas: 2\n');
    expect((await check(['.'])).code).toBe(2);
  });
});

describe('what manifests and names of files hold reaches a terminal as text', () => {
  const ESC = '\x1b[2J';

  test('in warnings and problems', async () => {
    const named = `${NODE_PORT.replace('name: shop,', `name: ${JSON.stringify(`shop\u009b${ESC}`).replace('\u009b', '\\x9b')},`)}`;
    file('a.yaml', named);
    file(`b${ESC}\nfake.yaml`, named);
    file(`c${ESC}\nfake.yaml`, 'a: [');
    const { stdout, stderr } = await check(['.', `${ESC}nowhere`, '-b', `${ESC}.json`, '--update-baseline']);
    for (const written of [stdout, stderr]) {
      // eslint-disable-next-line no-control-regex
      expect(written).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
    expect(stderr.split('\n').filter((line) => line.startsWith('fake'))).toEqual([]);
    expect(stderr).toContain('\\u001b[2Jnowhere: there is no such file or folder\n');
    expect(stderr).toContain('c\\u001b[2J fake.yaml, document 1, line');
    expect(stderr).toContain('again in b\\u001b[2J fake.yaml:1');
  });

  test('in errors', async () => {
    expect((await check(['service.yaml', '-b', `${ESC}.json`])).stderr).toContain('/\\u001b[2J.json] baseline: allowed: a file that can be read.');
    expect((await check([`--${ESC}`])).stderr).toBe('cdk8s-hardened check: there is no option --\\u001b[2J. See: cdk8s-hardened check --help\n');
  });
});

describe('what is said beside the findings', () => {
  test('fits a terminal, and is one line each elsewhere', async () => {
    const { stderr } = await check(['service.yaml', '-o', 'jsno'], { isTTY: true, columns: 40 });
    expect(stderr).toBe('cdk8s-hardened: --output: got "jsno";\nallowed: table, json, sarif, junit. Say\n--output json.\n');
    file('again.yaml', NODE_PORT);
    expect((await check(['.'], { isTTY: true, columns: 60, env: { NO_COLOR: '1' } })).stderr)
      .toBe('warning: Service/shop/shop is in again.yaml:1 and again in\nservice.yaml:1: the one that is applied last wins\n');
    expect((await check(['.'])).stderr).toBe('warning: Service/shop/shop is in again.yaml:1 and again in service.yaml:1: the one that is applied last wins\n');
  });

  test('a version that is newer than all that are known works as the newest, and that is said', async () => {
    expect((await check(['service.yaml', '-k', '1.99'])).stderr).toBe('warning: Kubernetes 1.99 works as 1.37, the newest that is known here\n');
    expect((await run(['policies', '--list', '-k', '1.99'])).stderr).toBe('warning: Kubernetes 1.99 works as 1.37, the newest that is known here\n');
    expect((await check(['service.yaml', '-k', '1.37'])).stderr).toBe('');
  });
});

describe('input that comes once', () => {
  const PROGRAM = `
    const { run } = require(${JSON.stringify(join(__dirname, '../../src/cli/main'))});
    process.argv.splice(1, 0, 'program');
    run();`;
  const shell = (command: string) => {
    const { status, stdout, stderr, error } = spawnSync('bash', ['-c', command], {
      cwd: work, encoding: 'utf8', timeout: 60_000, env: { ...process.env, PROGRAM, TSX: require.resolve('tsx/cjs') },
    });
    expect(error).toBeUndefined();
    return { code: status, stdout, stderr };
  };

  test('a named pipe is read once: nothing waits for it again', () => {
    const { code, stdout } = shell('mkfifo pipe; cat service.yaml > pipe & node --require "$TSX" -e "$PROGRAM" -- check pipe');
    expect(code).toBe(1);
    expect(stdout).toContain('  at pipe:1\n');
  });

  test.each(['check', 'harden'])('%s of a folder as standard input says so', (command) => {
    expect(shell(`node --require "$TSX" -e "$PROGRAM" -- ${command} - < .`)).toMatchObject({
      code: 2, stderr: expect.stringMatching(/^<stdin>: standard input is a folder: give its path in place of -\n/),
    });
  });
});

describe('what is empty, as a variable of a script may be', () => {
  test('is no folder to harden, and no pack that everything would meet', async () => {
    const before = text('service.yaml');
    expect(await run(['harden', '', '--write'], { cwd: work })).toEqual({
      code: 2, stdout: '',
      stderr: 'cdk8s-hardened: FILES: got ""; allowed: files, folders, or - for standard input. Leave out the empty path; the folder that you are in is "."\n',
    });
    for (const argv of [['harden', '.', '--write', '-p', ''], ['diff', '.', '.', '-p', '']]) {
      expect(await run(argv, { cwd: work })).toEqual({
        code: 2, stdout: '', stderr: 'cdk8s-hardened: --pack: got ""; allowed: names, with commas between them. Leave out what is empty, or --pack itself.\n',
      });
    }
    expect(text('service.yaml')).toBe(before);
  });
});
