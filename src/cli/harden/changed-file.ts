import { accessSync, constants, readFileSync, realpathSync, statSync } from 'fs';
import { dirname } from 'path';
import { isReadOnly, putInPlace } from '../../controls/results/replaced-file';

const REASONS: Record<string, string> = {
  EACCES: 'the permission to write it is missing',
  EPERM: 'the permission to write it is missing',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'it is no longer there',
};

/**
 * Puts new content in the place of a file's, whole or not at all. Its mode and owner stay, and a symbolic link stays one.
 * @param read what the file has to hold still, so that nobody's change is lost
 * @returns why it could not be done: the file is as it was
 */
export function changeFile(path: string, content: string, read: Buffer): string | undefined {
  try {
    const target = realpathSync(path);
    const stat = statSync(target);
    if (!stat.isFile()) {
      return 'it is not a regular file';
    }
    if (isReadOnly(stat.mode)) {
      return 'the file is read-only';
    }
    if (isReadOnly(statSync(dirname(target)).mode)) {
      return 'its folder is read-only';
    }
    accessSync(target, constants.W_OK);
    const isDone = putInPlace(target, content, stat, () => readFileSync(target).equals(read));
    return isDone ? undefined : 'it was changed meanwhile: harden it again';
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return REASONS[code] ?? code;
  }
}
