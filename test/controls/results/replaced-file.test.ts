import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { isReadOnly, putInPlace, replaceFile } from '../../../src/controls/results/replaced-file';

let folder: string;
const at = (name: string) => join(folder, name);
const codeOf = (work: () => void) => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'replaced-file-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a symbolic link that leads to nothing', () => {
  test('stays, and what it leads to is made, over as many links as there are', () => {
    mkdirSync(at('real'));
    symlinkSync('second', at('first'));
    symlinkSync('real/new.json', at('second'));
    replaceFile(at('first'), 'new');
    expect(readFileSync(at('real/new.json'), 'utf8')).toBe('new');
    expect([readlinkSync(at('first')), readlinkSync(at('second'))]).toEqual(['second', 'real/new.json']);
    expect([...readdirSync(folder), ...readdirSync(at('real'))].sort()).toEqual(['first', 'new.json', 'real', 'second']);
  });

  test('is refused where the folder is missing, and where links form a loop; nothing is made', () => {
    symlinkSync('missing/new.json', at('link'));
    symlinkSync('loop', at('loop'));
    expect(codeOf(() => replaceFile(at('link'), 'new'))).toBe('ENOENT');
    expect(codeOf(() => replaceFile(at('loop'), 'new'))).toBe('ELOOP');
    expect(readdirSync(folder).sort()).toEqual(['link', 'loop']);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  });
});

test('what is put in place keeps the mode of what was there', () => {
  writeFileSync(at('a'), 'old');
  chmodSync(at('a'), 0o604);
  expect(putInPlace(at('a'), 'new', statSync(at('a')))).toBe(true);
  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(statSync(at('a')).mode % 0o1000).toBe(0o604);
});

test('nothing is put in place where it is not meant any more, or asking fails; nothing is left beside it', () => {
  writeFileSync(at('a'), 'old');
  expect(putInPlace(at('a'), 'new', statSync(at('a')), () => false)).toBe(false);
  expect(() => putInPlace(at('a'), 'new', statSync(at('a')), () => { throw new Error('gone'); })).toThrow('gone');
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

test.each([[0o444, true], [0o555, true], [0o100444, true], [0o644, false], [0o464, false], [0o446, false]])('the mode %o is read-only: %s', (mode, expected) => {
  expect(isReadOnly(mode)).toBe(expected);
});

test('a file that is read-only stays', () => {
  writeFileSync(at('a'), 'old', { mode: 0o444 });
  expect(codeOf(() => replaceFile(at('a'), 'new'))).toBe('EACCES');
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
});
