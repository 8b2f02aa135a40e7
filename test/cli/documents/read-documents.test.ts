import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { outcome, read } from './reading';
import { LIMITS, Reading } from '../../../src/cli/documents/document';
import { readDocuments } from '../../../src/cli/documents/read-documents';
import { FOREIGN_MANIFESTS, manifestPath } from '../../support/foreign-manifests';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function file(path: string, content: string | Buffer = 'a: 1\n'): string {
  const place = join(folder, path);
  mkdirSync(join(place, '..'), { recursive: true });
  writeFileSync(place, content);
  return place;
}

function readAll(paths: readonly string[], stdin?: Buffer): Reading[] {
  return [...readDocuments(paths, { cwd: folder, stdin })];
}

function filesOf(readings: readonly Reading[]): string[] {
  return readings.map(reading => 'document' in reading ? reading.document.file : reading.problem.file);
}

describe('documents of a file', () => {
  test('are counted and have the line on which their text starts', () => {
    const documents = [...readAll([file('a.yaml', '# head\n---\n# comment\n\na: 1\n---\n---\n# nothing\n---   # third\nb: 2\r\n--- \r\nc: 3')])];
    expect(documents.map(reading => 'document' in reading && [reading.document.index, reading.document.line, reading.document.object])).toEqual([
      [0, 5, { a: 1 }], [1, 10, { b: 2 }], [2, 12, { c: 3 }],
    ]);
  });

  test('are JSON objects one after another, with or without lines between them', () => {
    expect(read('{"a": 1}\n{"b": [2, "}{"]}{"c": {"d": null}}\n')).toEqual({ objects: [{ a: 1 }, { b: [2, '}{'] }, { c: { d: null } }], errors: [], warnings: [] });
  });

  test('may be YAML after one JSON object, as for kubectl', () => {
    expect(read('{"a": 1}\n---\nb: yes\n').objects).toEqual([{ a: 1 }, { b: true }]);
  });

  test('may be YAML that begins with a brace', () => {
    expect(read('{a: yes, b: [1]}\n---\n{"c": 2}\n').objects).toEqual([{ a: true, b: [1] }, { c: 2 }]);
  });

  test('end at three dashes in the first column, even in quotes, and not at indented ones', () => {
    expect(read('a: |\n  x\n  ---\n  y\n---\nb: 1\n').objects).toEqual([{ a: 'x\n---\ny\n' }, { b: 1 }]);
    expect(read('a: "x\n---\ny"\n').errors).toHaveLength(2);
  });

  test.each(['', '\n\n', '# only a comment\n', '---\n---\n', '\ufeff', '~\n', 'null\n', '...\n'])('of the empty file %j there are none, without a problem', text => {
    expect(read(text)).toEqual({ objects: [], errors: [], warnings: [] });
  });
});

describe('what is no manifest', () => {
  test.each([
    ['a: 1\n---\nb: [\n---\nc: 3\n', [{ a: 1 }, { c: 3 }], 'document 2, line 4, column 1: the indentation does not fit the lines above, or a bracket is not closed'],
    ['a: 1\n---\n- x\n---\nc: 3\n', [{ a: 1 }, { c: 3 }], 'document 2, line 3, column 1: the document is a list, not an object with apiVersion and kind'],
    ['# c\ntext\n---\nc: 3\n', [{ c: 3 }], 'document 1, line 2, column 1: the document is text, not an object with apiVersion and kind'],
    ['5\n', [], 'document 1, line 1, column 1: the document is a number, not an object with apiVersion and kind'],
    ['a: 1\n--- {b: 2}\n---\nc: 3\n', [{ a: 1 }, { c: 3 }], 'document 2, line 2, column 1: something follows --- on its line, which kubectl refuses: put it on the next line'],
    ['a: 1\n...\nb: 2\n---\nc: 3\n', [{ a: 1 }, { c: 3 }], 'document 1, line 3, column 1: kubectl does not read what follows a line "...": begin the next document with a line ---'],
    ['{"a": 1}\n{"b": 2}\nc: 3\n', [{ a: 1 }, { b: 2 }], 'document 3, line 3, column 1: neither a JSON object nor a line --- follows the JSON object before: the rest of the file is left out'],
    ['{"a": 1}{"b": 2}\n---\nc: 3\n', [{ a: 1 }, { b: 2 }], 'document 3, line 2, column 1: kubectl reads nothing but JSON after two JSON objects: the rest of the file is left out'],
    ['{"a": 1e999}', [], 'document 1, line 1, column 1: a number is too large'],
    ['a: 1\n---\nname: {{ .Values.name }}\n', [{ a: 1 }], 'document 2, line 3, column 7: this looks like a Helm template that is not rendered ({{ }}): give the output of "helm template" instead'],
    ['{{- if .Values.x }}\na: 1\n{{- end }}\n', [], 'document 1, line 1, column 1: this looks like a Helm template that is not rendered ({{ }}): give the output of "helm template" instead'],
    ['a: 1\nb:\x07 2\n', [], 'document 1, line 2, column 3: a control character, which YAML forbids: use an escape in double quotes'],
    ['a: x\u2028b: 2\n', [], 'document 1, line 1, column 5: a Unicode line separator ends a line for kubectl only: use a line feed, or an escape in double quotes'],
    ['a: 1\n\ufeffb: 2\n', [], 'document 1, line 2, column 1: a byte order mark stands inside the file: remove it'],
    ['a: 1\rb: 2\n', [], 'document 1, line 1, column 5: a carriage return without a line feed ends a line for kubectl only: use line feeds'],
    ['a:\n\tb: 1\n', [], 'document 1, line 2, column 1: tabs cannot indent YAML: use spaces'],
  ])('%j leaves the other documents', (text, objects, error) => {
    expect(read(text)).toEqual({ objects, errors: [`f.yaml, ${error}`], warnings: [] });
  });

  test.each([
    [Buffer.from('a: 1\n', 'utf16le'), 'f.yaml, line 1, column 2: the file holds NUL bytes: it is binary, or encoded as UTF-16 or UTF-32; save it as UTF-8'],
    [Buffer.from('\ufeffa: 1\n', 'utf16le'), 'f.yaml: the file is encoded as UTF-16: save it as UTF-8'],
    [Buffer.from([0xfe, 0xff, 0, 0x61]), 'f.yaml: the file is encoded as UTF-16: save it as UTF-8'],
    [Buffer.from('a: 1\nb: x\0y\n'), 'f.yaml, line 2, column 5: the file holds NUL bytes: it is binary, or encoded as UTF-16 or UTF-32; save it as UTF-8'],
    [Buffer.from('a: 1\nb: é\n', 'latin1'), 'f.yaml, line 2, column 4: the file is not encoded as UTF-8'],
    [Buffer.concat([Buffer.from('ä: 1\nöä'), Buffer.from([0xc3])]), 'f.yaml, line 2, column 3: the file is not encoded as UTF-8'],
  ])('the bytes %j are refused as a whole', (bytes, error) => {
    expect(read(bytes)).toEqual({ objects: [], errors: [error], warnings: [] });
  });

  test('a byte order mark at the start is left out', () => {
    expect(read('\ufeffa: ü\n').objects).toEqual([{ a: 'ü' }]);
    expect(read('\ufeff{"a": "ü"}').objects).toEqual([{ a: 'ü' }]);
  });
});

describe('paths', () => {
  test('a folder gives the manifests below it in the order of names, without dot folders and node_modules', () => {
    ['b.yaml', 'a/z.yml', 'a.json', 'a/.git/x.yaml', '.hidden.yaml', 'node_modules/p/x.yaml', 'README.md', 'c.yaml.bak'].forEach(path => file(path, '{"a": 1}'));
    expect(filesOf(readAll(['.']))).toEqual(['a/z.yml', 'a.json', 'b.yaml']);
    expect(filesOf(readAll([folder]))).toEqual(['a/z.yml', 'a.json', 'b.yaml'].map(path => join(folder, path)));
  });

  test('a file that is given is read whatever its name is', () => {
    file('.hidden', 'a: 1\n');
    expect(filesOf(readAll(['.hidden']))).toEqual(['.hidden']);
  });

  test('a file is read once, whatever ways lead to it', () => {
    file('a.yaml');
    symlinkSync(join(folder, 'a.yaml'), join(folder, 'b.yaml'));
    expect(filesOf(readAll(['./a.yaml', 'a.yaml', '.', folder]))).toEqual(['./a.yaml']);
  });

  test('folders that contain themselves by symbolic links end', () => {
    file('a/x.yaml');
    symlinkSync(folder, join(folder, 'a', 'loop'));
    symlinkSync(join(folder, 'self'), join(folder, 'self'));
    expect(filesOf(readAll(['.'])).sort()).toEqual(['a/x.yaml', 'self']);
  });

  test('standard input is read once', () => {
    const readings = readAll(['-', '-'], Buffer.from('a: 1\n'));
    expect(filesOf(readings)).toEqual(['<stdin>']);
  });

  test('what is missing or cannot be read leaves the others', () => {
    file('good.yaml');
    symlinkSync('nowhere', join(folder, 'dead.yaml'));
    symlinkSync('nowhere', join(folder, 'dead.txt'));
    expect(outcome(readAll(['missing.yaml', 'good.yaml/x', '.']))).toEqual({
      objects: [{ a: 1 }], warnings: [],
      errors: ['missing.yaml: there is no such file or folder', 'good.yaml/x: a part of the path is no folder', 'dead.yaml: there is no such file or folder'],
    });
  });

  (process.getuid?.() === 0 ? test.skip : test)('a file without permission leaves the others', () => {
    chmodSync(file('a.yaml'), 0);
    file('b.yaml');
    expect(outcome(readAll(['.']))).toEqual({ objects: [{ a: 1 }], warnings: [], errors: ['a.yaml: the permission to read it is missing'] });
  });

  test('a file above the limit is refused without being read', () => {
    truncateSync(file('big.yaml'), LIMITS.file + 1);
    file('good.yaml');
    expect(outcome(readAll(['.']))).toEqual({ objects: [{ a: 1 }], warnings: [], errors: ['big.yaml: the file is larger than 128 MiB: divide it'] });
  });

  test('standard input above the limit is refused', () => {
    jest.replaceProperty(LIMITS, 'file', 4);
    expect(outcome(readAll(['-'], Buffer.from('a: 1\n'))).errors).toEqual([expect.stringMatching(/^<stdin>: the file is larger than /)]);
  });

  test('files that are too large together are read up to the limit', () => {
    jest.replaceProperty(LIMITS, 'total', 12);
    ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'].forEach(path => file(path));
    expect(outcome(readAll(['.']))).toEqual({
      objects: [{ a: 1 }, { a: 1 }], warnings: [], errors: [expect.stringMatching(/^c\.yaml: all files together are larger than .* MiB: give fewer of them at once$/)],
    });
  });

  test('what has a name that is not UTF-8 is named with escapes, and leaves the others', () => {
    const inFolder = (name: number[]) => Buffer.concat([Buffer.from(join(folder, '/')), Buffer.from(name), Buffer.from('.yaml')]);
    file('good.yaml');
    try {
      writeFileSync(inFolder([0x61, 0xff]), 'a: 2\n');
    } catch {
      // Some systems take no such names.
      return;
    }
    mkdirSync(Buffer.concat([Buffer.from(join(folder, '/')), Buffer.from([0xfe])]));
    writeFileSync(Buffer.concat([Buffer.from(join(folder, '/')), Buffer.from([0xfd]), Buffer.from('.txt')]), '');
    const said = 'its name is not encoded as UTF-8, so that it cannot be read: rename it';
    expect(outcome(readAll(['.']))).toEqual({ objects: [{ a: 1 }], warnings: [], errors: [`\\xfe: ${said}`, `a\\xff.yaml: ${said}`] });
  });

  test('what cdk8s writes of its constructs is no manifest, unless it holds objects', () => {
    const metadata = JSON.stringify({ version: '1.0.0', resources: { a: { path: 'app/a' } } });
    file('dist/construct-metadata.json', metadata);
    expect(readAll(['dist'])).toEqual([]);
    expect(outcome(readAll(['dist/construct-metadata.json'])).objects).toHaveLength(1);
    file('dist/construct-metadata.json', '{"kind": "Pod"}');
    expect(outcome(readAll(['dist'])).objects).toEqual([{ kind: 'Pod' }]);
  });

  test('folders with too many files are read up to the limit', () => {
    jest.replaceProperty(LIMITS, 'files', 2);
    ['a/1.yaml', 'a/2.yaml', 'a/3.yaml', 'b/4.yaml'].forEach(path => file(path));
    expect(outcome(readAll(['.']))).toEqual({
      objects: [{ a: 1 }, { a: 1 }], warnings: [], errors: ['a/3.yaml: the folders hold more than 2 manifest files: give fewer of them at once'],
    });
  });
});

describe('what is told of many places', () => {
  const TWICE = 'this key stands twice in its map: kubectl takes the last one, other programs refuse it or take the first';
  const keys = (count: number) => `m:\n${'  k: v\n'.repeat(count)}`;

  test('is told of the first twenty of a document, and counted for the others', () => {
    const { objects, warnings } = read(`${keys(1000)}---\n${keys(22)}`);
    expect(objects).toEqual([{ m: { k: 'v' } }, { m: { k: 'v' } }]);
    expect(warnings).toHaveLength(42);
    expect(warnings[19]).toBe(`f.yaml, document 1, line 22, column 3: ${TWICE}`);
    expect(warnings[20]).toBe('f.yaml, document 1, line 23, column 3: and 979 more warnings of this kind in this document, from here on');
    // A line that says it is as long as one that counts.
    expect(warnings[41]).toBe(`f.yaml, document 2, line 1025, column 3: ${TWICE}`);
  });

  test('is counted for each kind', () => {
    const merges = Array.from({ length: 25 }, (_, i) => `m${i}:\n  k: 1\n  <<: *a\n`).join('');
    const { warnings } = read(`a: &a {k: 2}\n${merges}${keys(26)}`);
    expect(warnings).toHaveLength(42);
    expect(warnings.filter((each) => each.includes('more warnings of this kind')).map((each) => /and \d+ more/.exec(each)![0])).toEqual(['and 5 more', 'and 5 more']);
  });
});

test('a document of many megabytes that is nested too deeply is said to be so', () => {
  const deep = Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
  expect(deep.length).toBeGreaterThan(LIMITS.rareDocument);
  expect(read(deep).errors).toEqual(['f.yaml, document 1, line 451, column 1: this is nested too deeply to be read']);
});

test('manifests of many styles are read without a word', () => {
  const names = Object.keys(FOREIGN_MANIFESTS);
  const { objects, errors, warnings } = outcome([...readDocuments(names.map(manifestPath))]);
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  expect(objects.length).toBeGreaterThan(names.length);
});
