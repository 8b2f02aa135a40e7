import { randomBytes } from 'crypto';
import {
  accessSync, closeSync, constants, fchmodSync, fchownSync, fsyncSync, lstatSync, openSync, readlinkSync, realpathSync, renameSync, rmSync,
  Stats, statSync, writeFileSync,
} from 'fs';
import { basename, dirname, join, resolve } from 'path';

/**
 * Writes a file, whole or not at all: what was there stays until all is written. Mode and owner of a file that is there stay, and so do symbolic links.
 * Devices and pipes are written straight.
 * @throws what the file system says
 */
export function replaceFile(path: string, content: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      replaceFile(resolve(realpathSync(dirname(path)), readlinkSync(path)), content);
    } else {
      putInPlace(join(realpathSync(dirname(path)), basename(path)), content);
    }
  } else if (stat.isFile()) {
    if (isReadOnly(stat.mode)) {
      throw Object.assign(new Error('read-only'), { code: 'EACCES' });
    }
    accessSync(path, constants.W_OK);
    putInPlace(realpathSync(path), content, stat);
  } else {
    writeFileSync(path, content);
  }
}

/**
 * Whether nobody may write: none of the digits for the owner, the group and the others has the 2. Root may nevertheless, but what is marked so is
 * meant to stay.
 */
export function isReadOnly(mode: number): boolean {
  return !/[2367]/.test((mode % 0o1000).toString(8));
}

/**
 * Writes beside a file, and puts what is whole in its place.
 * @param before the file that is there: its mode and owner stay
 * @param isMeant asked when all is written, right before the file is replaced
 * @returns what it said; where it is false, the file is as it was
 * @throws what the file system says
 */
export function putInPlace(target: string, content: string, before?: Stats, isMeant: () => boolean = () => true): boolean {
  const unfinished = join(dirname(target), `.${basename(target).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = openSync(unfinished, 'wx', before ? 0o600 : 0o666);
  try {
    try {
      writeFileSync(descriptor, content);
      if (before) {
        if (before.uid !== process.getuid?.() || before.gid !== process.getgid?.()) {
          fchownSync(descriptor, before.uid, before.gid);
        }
        fchmodSync(descriptor, before.mode);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    const isPut = isMeant();
    if (isPut) {
      renameSync(unfinished, target);
    }
    return isPut;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
