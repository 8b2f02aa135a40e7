import * as fs from 'fs';
import * as path from 'path';
import { failed, kindOf, parentsOf, removeIfEmpty } from './output-folder';
import { invalid } from '../../core/errors';

/** Where an output folder keeps the list of what was written to it. */
export const LIST = '.written-files.json';

/**
 * The files that runs wrote to an output folder: what pruning may remove. Only a file that is in the list, still is a plain file and is
 * reached through plain folders gets removed; whatever else lies in the folder belongs to somebody else.
 */
export class WrittenFiles {
  /** @throws if the list can't be read */
  public static read(folder: string): WrittenFiles {
    const file = path.join(folder, LIST);
    if (kindOf(file) === 'nothing') {
      return new WrittenFiles(folder, []);
    }
    const files = parse(file);
    if (!Array.isArray(files) || !files.every((entry) => typeof entry === 'string')) {
      throw invalid({
        at: file, property: 'list of written files', allowed: 'the list as the last run wrote it',
        fix: 'Remove the file, and by hand whatever is no longer wanted in its folder.',
      });
    }
    return new WrittenFiles(folder, files);
  }

  /** The text of the list. */
  public static list(files: readonly string[]): string {
    return `${JSON.stringify([...new Set(files)].sort(), undefined, 2)}\n`;
  }

  private constructor(private readonly folder: string, private readonly files: readonly string[]) {}

  /** Files of earlier runs that this one doesn't write and that can be removed safely. */
  public stale(written: readonly string[]): string[] {
    const keep = new Set(written);
    return this.files.filter((file) => !keep.has(file) && this.isOurs(file));
  }

  /** Removes files, and the folders that this empties. */
  public remove(files: readonly string[]): void {
    for (const file of files) {
      const target = path.join(this.folder, file);
      try {
        fs.unlinkSync(target);
      } catch (error) {
        throw failed(target, 'removing a stale file', error);
      }
      parentsOf(file).reverse().every((parent) => removeIfEmpty(path.join(this.folder, parent)));
    }
  }

  private isOurs(file: string): boolean {
    const inside = path.posix.normalize(file) === file && !path.isAbsolute(file) && !file.startsWith('../');
    return inside && kindOf(path.join(this.folder, file)) === 'file'
      && parentsOf(file).every((parent) => kindOf(path.join(this.folder, parent)) === 'folder');
  }
}

function parse(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
