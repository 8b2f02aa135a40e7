import { renameSync, rmSync, writeFileSync } from 'fs';
import { resolve } from 'path';
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
};

/**
 * Writes a file, whole or not at all.
 * @throws if it can't be written
 */
export function writeOutputFile(path: string, content: string, { cwd }: Pick<CommandIo, 'cwd'>): void {
  const target = resolve(cwd, path);
  const unfinished = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, content);
    renameSync(unfinished, target);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw invalid({ property: '--output-file', got: path, allowed: `a file that can be written (${REASONS[code] ?? code})`, fix: 'Make its folder, or correct the path.' });
  } finally {
    rmSync(unfinished, { force: true });
  }
}
