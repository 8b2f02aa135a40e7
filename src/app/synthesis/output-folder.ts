import * as fs from 'fs';
import * as path from 'path';
import { HardenedError, invalid } from '../../core/errors';

/**
 * Looks whether files can be written below a folder, before anything is.
 *
 * @param relatives paths of the files, relative to the folder
 * @throws if a path leaves the folder or is used twice, a file stands where a folder must be, a folder where a file must be, or a
 * symbolic link leads out of the folder
 */
export function checkOutput(folder: string, relatives: readonly string[], folders: readonly string[]): void {
  checkFolder(folder);
  const checked = new Set<string>();
  const files = new Set<string>();
  for (const relative of relatives) {
    checkRelative(folder, relative);
    if (files.has(relative)) {
      throw invalid({ at: path.join(folder, relative), property: 'path', allowed: 'a path that one file has', fix: 'Give the other file another name.' });
    }
    files.add(relative);
    checkParents(folder, relative, checked);
    if (kindOf(path.join(folder, relative)) === 'folder') {
      throw inTheWay(path.join(folder, relative), 'output file', 'a folder');
    }
  }
  for (const relative of folders) {
    checkRelative(folder, relative);
    checkParents(folder, `${relative}/.`, checked);
  }
  const both = [...checked].find((parent) => files.has(parent));
  if (both !== undefined) {
    throw invalid({
      at: path.join(folder, both), property: 'path', allowed: 'a file or a folder, not both', fix: 'Give the file or the folder another name.',
    });
  }
}

/** What stands at a path. Links are not followed. */
export function kindOf(file: string): 'file' | 'folder' | 'link' | 'other' | 'nothing' {
  const stats = lookAt(file);
  if (!stats) {
    return 'nothing';
  }
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
}

/** The error for a system call on an output that failed; it names the output, never a temporary file. */
export function failed(file: string, doing: string, error: unknown): Error {
  if (error instanceof HardenedError) {
    return error;
  }
  const reason = String((error as Error).message).split(',')[0];
  return invalid({
    at: file, property: doing, got: reason, allowed: 'a place where files can be written',
    fix: 'Free some space, mend the permissions or choose another folder, then run again.',
  });
}

/** Every folder from the top one to the file's, relative, shortest first. */
export function parentsOf(relative: string): string[] {
  const parts = relative.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Removes a folder; one that holds something stays. Says whether it is gone. */
export function removeIfEmpty(folder: string): boolean {
  if (fs.readdirSync(folder).length > 0) {
    return false;
  }
  fs.rmdirSync(folder);
  return true;
}

function lookAt(file: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      return undefined;
    }
    throw failed(file, 'looking at an output', error);
  }
}

function checkFolder(folder: string): void {
  let existing = path.resolve(folder);
  while (kindOf(existing) === 'nothing' && path.dirname(existing) !== existing) {
    existing = path.dirname(existing);
  }
  if (!fs.statSync(existing, { throwIfNoEntry: false })?.isDirectory()) {
    throw inTheWay(existing === path.resolve(folder) ? folder : existing, 'output folder', 'a file');
  }
}

function checkRelative(folder: string, relative: string): void {
  if (relative === '' || path.isAbsolute(relative) || path.posix.normalize(relative) !== relative || /^\.\.(\/|$)|\/$|\0/.test(relative)) {
    throw invalid({
      at: folder, property: 'path', got: relative, allowed: 'a normalized relative path below the output folder', fix: 'Write the file below the folder.',
    });
  }
}

function checkParents(folder: string, relative: string, checked: Set<string>): void {
  for (const parent of parentsOf(relative)) {
    if (!checked.has(parent)) {
      checked.add(parent);
      const kind = kindOf(path.join(folder, parent));
      if (kind !== 'folder' && kind !== 'nothing') {
        throw inTheWay(path.join(folder, parent), 'output folder', kind === 'link' ? 'a symbolic link' : 'a file');
      }
    }
  }
}

function inTheWay(file: string, property: string, got: string): Error {
  const wanted = property === 'output file' ? 'a file, or nothing yet' : 'a folder, or nothing yet';
  return invalid({ at: file, property, got, allowed: wanted, fix: 'Move it away, or choose another output folder. Nothing was written.' });
}
