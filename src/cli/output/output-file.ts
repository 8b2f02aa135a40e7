import { resolve } from 'path';
import { replaceFile } from '../../controls/results/replaced-file';
import { invalid } from '../../core/errors';
import { CommandIo } from '../command';

const REASONS: Record<string, string> = {
  ENOENT: 'its folder is missing',
  EACCES: 'the permission to write there is missing',
  EPERM: 'the permission to write there is missing',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  ELOOP: 'its symbolic links form a loop',
};
const STDOUT = /^\/(dev\/stdout|dev\/fd\/1|proc\/self\/fd\/1)$/;
const STDERR = /^\/(dev\/stderr|dev\/fd\/2|proc\/self\/fd\/2)$/;

/**
 * Writes a file, whole or not at all; standard output, other devices and pipes as it comes.
 * @throws if it can't be written
 */
export function writeOutputFile(path: string, content: string, { cwd, stdout, stderr }: Pick<CommandIo, 'cwd' | 'stdout' | 'stderr'>): void {
  const target = resolve(cwd, path);
  if (STDOUT.test(target) || STDERR.test(target)) {
    (STDOUT.test(target) ? stdout : stderr).write(content);
    return;
  }
  try {
    replaceFile(target, content);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw invalid({ property: '--output-file', got: path, allowed: `a file that can be written (${REASONS[code] ?? code})`, fix: 'Make its folder, or correct the path.' });
  }
}
