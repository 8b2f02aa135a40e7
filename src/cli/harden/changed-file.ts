import { randomBytes } from 'crypto';
import {
  accessSync, closeSync, constants, fchmodSync, fchownSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync,
  writeFileSync,
} from 'fs';
import { basename, dirname, join } from 'path';

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
  let unfinished: string | undefined;
  try {
    const target = realpathSync(path);
    const stat = statSync(target);
    if (!stat.isFile()) {
      return 'it is not a regular file';
    }
    // Root may write everything; what is marked read-only is meant to stay nevertheless.
    if (isReadOnly(stat.mode)) {
      return 'the file is read-only';
    }
    if (isReadOnly(statSync(dirname(target)).mode)) {
      return 'its folder is read-only';
    }
    accessSync(target, constants.W_OK);
    unfinished = join(dirname(target), `.${basename(target).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
    const descriptor = openSync(unfinished, 'wx', 0o600);
    try {
      writeFileSync(descriptor, content);
      if (stat.uid !== process.getuid?.() || stat.gid !== process.getgid?.()) {
        fchownSync(descriptor, stat.uid, stat.gid);
      }
      fchmodSync(descriptor, stat.mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (!readFileSync(target).equals(read)) {
      return 'it was changed meanwhile: harden it again';
    }
    renameSync(unfinished, target);
    return undefined;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return REASONS[code] ?? code;
  } finally {
    if (unfinished !== undefined) {
      rmSync(unfinished, { force: true });
    }
  }
}

/** Whether nobody may write: none of the digits for the owner, the group and the others has the 2. */
function isReadOnly(mode: number): boolean {
  return !/[2367]/.test((mode % 0o1000).toString(8));
}
