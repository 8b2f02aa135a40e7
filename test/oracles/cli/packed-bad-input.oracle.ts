import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'fs';
import { join } from 'path';
import { installProgram } from './installed';
import { Program, scratchFolder } from './started';

const scratch = scratchFolder();
const work = join(scratch, 'work');
let program: Program;
const at = (name: string) => join(work, name);

/** What harden has something to do about. */
const SOFT = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostNetwork: true # nobody knows why
  containers:
    - {name: web, image: ghcr.io/acme/web:1.4}
`;
const HARD = SOFT.replace('  hostNetwork: true # nobody knows why\n', '');
const LAUGHS = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join(', ')}]`).join('\n');

/** Files that nobody can read, with what is said of them. */
const BAD: readonly [string, string | Buffer, RegExp][] = [
  ['malformed.yaml', 'apiVersion: v1\n  kind: [\n', /^malformed\.yaml, document 1, line 1, column 13: a key and its value are expected/m],
  ['second.yaml', `${HARD}---\nkind: [\n`, /^second\.yaml, document 2, line \d+, column \d+: /m],
  ['tab.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n', /^tab\.yaml, document 1, line 4, column 1: /m],
  ['broken.json', '{"apiVersion": "v1",\n "kind" "Pod"}\n', /^broken\.json, document 1, line 2, column \d+: /m],
  ['laughs.yaml', `apiVersion: v1\nkind: ConfigMap\na0: &a0 [x, x]\n${LAUGHS}\n`, /^laughs\.yaml, document 1, line \d+, column \d+: aliases \(\*\) stand for more than 100000 values/m],
  ['latin.yaml', Buffer.from('apiVersion: v1\nmetadata: {name: caf\xe9}\n', 'latin1'), /^latin\.yaml, line 2, column 21: the file is not encoded as UTF-8$/m],
  ['nul.yaml', 'apiVersion: v1\nkind: Pod\0\n', /^nul\.yaml, line 2, column 10: the file holds NUL bytes/m],
  ['wide.yaml', Buffer.from('\ufeffapiVersion: v1\n', 'utf16le'), /^wide\.yaml.*: the file .*UTF-16/m],
  ['deep.yaml', `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, /^deep\.yaml, document 1, line 1, column \d+: this is nested too deeply to be read$/m],
  ['text.yaml', 'just words\n', /^text\.yaml, document 1, line 1, column 1: the document is text, not an object with apiVersion and kind$/m],
  ['large.yaml', '', /^large\.yaml: the file is larger than 128 MiB: divide it$/m],
];
const MISSING: [string, RegExp] = ['missing.yaml', /^missing\.yaml: there is no such file or folder$/m];
const EMPTY: [string, RegExp] = ['empty.yaml', /^empty\.yaml: it holds no objects$/m];
const ROWS: [string, RegExp][] = [...BAD.map(([name, , said]): [string, RegExp] => [name, said]), MISSING, EMPTY];

beforeAll(() => {
  mkdirSync(join(work, 'loop'), { recursive: true });
  BAD.forEach(([name, content]) => writeFileSync(at(name), content));
  truncateSync(at('large.yaml'), 129 * 2 ** 20);
  writeFileSync(at('empty.yaml'), '');
  writeFileSync(at('hard.yaml'), HARD);
  writeFileSync(at('soft.yaml'), SOFT);
  writeFileSync(at('loop/soft.yaml'), SOFT);
  symlinkSync('.', at('loop/again'));
  symlinkSync('../loop', at('loop/back'));
  const folder = join(scratch, 'installed');
  mkdirSync(folder);
  program = new Program(installProgram(folder), work);
});

beforeEach(() => writeFileSync(at('soft.yaml'), SOFT));

/** Neither a stack nor a word about where the program is. */
function isPlain(text: string): boolean {
  return !/ at .*\.js:\d|node_modules|this should not happen/.test(text);
}

describe.each(ROWS)('%s', (name, said) => {
  const content = () => (name === 'missing.yaml' || name === 'large.yaml' ? undefined : readFileSync(at(name)));

  test('check names it, checks the others, and ends with 2', () => {
    const { code, stdout, stderr } = program.start(['check', name, 'soft.yaml', '--control', 'host-network']);
    expect(stderr).toMatch(said);
    expect(isPlain(stderr)).toBe(true);
    expect(stdout).toContain('Pod/shop/web');
    expect(code).toBe(2);
  });

  test('harden --write names it, leaves it as it is, writes the others, and ends with 2', () => {
    const before = content();
    const { code, stderr } = program.start(['harden', name, 'soft.yaml', '--write', '--pack', 'pss-baseline']);
    expect(stderr).toMatch(said);
    expect(isPlain(stderr)).toBe(true);
    expect(readFileSync(at('soft.yaml'), 'utf8')).toBe(HARD);
    expect(content()).toEqual(before);
    expect(code).toBe(2);
  });
});

describe.each(BAD.map(([name, , said]): [string, RegExp] => [name, said]))('%s', (name, said) => {
  test('diff names it beside other files, compares the rest, and ends with 2', () => {
    mkdirSync(at('old'), { recursive: true });
    mkdirSync(at(`new-${name}`), { recursive: true });
    writeFileSync(at('old/web.yaml'), HARD);
    writeFileSync(at(`new-${name}/web.yaml`), SOFT);
    symlinkSync(at(name), at(`new-${name}/${name}`));
    const { code, stdout, stderr } = program.start(['diff', 'old', `new-${name}`]);
    expect(stderr).toMatch(new RegExp(said.source.replace('^', `^new-${name}/`.replace('.', '\\.')), 'm'));
    expect(isPlain(stderr)).toBe(true);
    expect(stdout).toContain('host-network');
    expect(code).toBe(2);
  });
});

test('a folder that links to itself is read once', () => {
  const { code, stdout, stderr } = program.start(['check', 'loop', '--control', 'host-network']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain('1 finding in 1 object: 1 high. 1 object held to 1 control');
});

test('what can be read is found in the same way: the file is what makes the difference', () => {
  expect(program.start(['check', 'hard.yaml', '--control', 'host-network'])).toMatchObject({ code: 0, stderr: '' });
  expect(program.start(['check', 'soft.yaml', '--control', 'host-network'])).toMatchObject({ code: 1, stderr: '' });
});
