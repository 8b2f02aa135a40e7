import { spawnSync } from 'child_process';
import * as path from 'path';
import { run } from './run';

const VERSION = require('../../package.json').version;

describe('the program', () => {
  test('says its version and how it is used, and nothing on standard error', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const help = await run(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('helm template shop | cdk8s-hardened check -');
    expect(await run([])).toEqual({ code: 2, stdout: '', stderr: help.stdout });
    expect(await run(['help'])).toEqual(help);
  });

  test.each([['--help'], ['check', '--help'], ['policies', '--help']])('help of %s fits 80 columns and has examples', async (...argv) => {
    const { stdout, code } = await run(argv);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain('Examples:\n  cdk8s-hardened ');
  });

  test('help of a command is the same both ways', async () => {
    expect(await run(['help', 'check'])).toEqual(await run(['check', '--help']));
  });

  test.each([
    [['chekc'], 'cdk8s-hardened: there is no command chekc (check?). See: cdk8s-hardened --help\n'],
    [['frobnicate', 'x'], 'cdk8s-hardened: there is no command frobnicate. See: cdk8s-hardened --help\n'],
    [['help', 'polices'], 'cdk8s-hardened: there is no command polices (policies?). See: cdk8s-hardened --help\n'],
    [['--verison'], 'cdk8s-hardened: there is no option --verison (--version?). See: cdk8s-hardened --help\n'],
    [['check', '--pakc=nsa', 'x'], 'cdk8s-hardened check: there is no option --pakc=nsa (--pack?). See: cdk8s-hardened check --help\n'],
    [['check', 'x', '--frobnicate'], 'cdk8s-hardened check: there is no option --frobnicate. See: cdk8s-hardened check --help\n'],
    [['check', 'x', '--pack'], 'cdk8s-hardened check: the option --pack needs a value. See: cdk8s-hardened check --help\n'],
    [['policies', 'x'], 'cdk8s-hardened policies: there are too many arguments. See: cdk8s-hardened policies --help\n'],
  ])('%j is refused with the nearest name', async (argv, stderr) => {
    expect(await run(argv)).toEqual({ code: 2, stdout: '', stderr });
  });
});

describe('starting', () => {
  /** The packages that a run of the program loads, and how many modules. */
  const loadedBy = (...argv: string[]): { packages: string[]; modules: number } => {
    const program = `
      const { main } = require(${JSON.stringify(path.resolve(__dirname, '../../src/cli/main'))});
      const nowhere = { write: () => undefined };
      main(${JSON.stringify(argv)}, { stdout: nowhere, stderr: nowhere, cwd: process.cwd(), env: {} }).then(() => {
        const files = Object.keys(require.cache);
        const packages = files.map((file) => /node_modules.((@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)).filter(Boolean).map((match) => match[1]);
        const own = files.filter((file) => !file.includes('node_modules'));
        console.log(JSON.stringify({ packages: [...new Set(packages)].filter((name) => !/^(tsx|esbuild)$/.test(name)).sort(), modules: own.length }));
      });`;
    const { stdout, stderr } = spawnSync('node', ['--require', 'tsx/cjs', '-e', program], { encoding: 'utf8', cwd: path.resolve(__dirname, '../..') });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };

  test('loads the parser of arguments and no command', () => {
    const { packages, modules } = loadedBy('--version');
    expect(packages).toEqual(['commander']);
    expect(modules).toBeLessThan(12);
  });

  test('check loads neither cdk8s, nor cdk8s-plus, nor cdktf', () => {
    const { packages, modules } = loadedBy('check', 'test/cli/manifests');
    expect(packages).toEqual(['commander', 'constructs', 'yaml']);
    expect(modules).toBeLessThan(280);
  });
});
