import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { changeFile } from '../../../src/cli/harden/changed-file';
import { scratchFolder } from '../run';

const folder = scratchFolder();
const path = join(folder, 'web.yaml');

test('a file that holds what was read is changed', () => {
  writeFileSync(path, 'old\n');
  expect(changeFile(path, 'new\n', Buffer.from('old\n'))).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('new\n');
});

test('a file that somebody changed since it was read stays as it is', () => {
  writeFileSync(path, 'edited\n');
  expect(changeFile(path, 'new\n', Buffer.from('old\n'))).toBe('it was changed meanwhile: harden it again');
  expect(readFileSync(path, 'utf8')).toBe('edited\n');
  expect(readdirSync(folder)).toEqual(['web.yaml']);
});

test('a symbolic link that leads to nothing any more stays so', () => {
  symlinkSync('gone.yaml', join(folder, 'link.yaml'));
  expect(changeFile(join(folder, 'link.yaml'), 'new\n', Buffer.from('old\n'))).toBe('it is no longer there');
  expect(readdirSync(folder)).not.toContain('gone.yaml');
});
