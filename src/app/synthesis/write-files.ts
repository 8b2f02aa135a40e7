import * as fs from 'fs';
import * as path from 'path';
import { checkOutput, failed, removeIfEmpty } from './output-folder';
import { LIST, WrittenFiles } from './written-files';

/** A file to write below an output folder. */
export interface OutputFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /**
   * Permission bits.
   * @default - those of the file that is replaced, else what the umask leaves of 0666
   */
  readonly mode?: number;
}

export interface WriteOptions {
  /**
   * Removes the files that earlier runs wrote and this one doesn't, and the folders that this leaves empty. What was written is kept in
   * `.written-files.json`; a file that isn't named there is never removed.
   * @default false
   */
  readonly prune?: boolean;
  /**
   * Folders that are made even if no file is in them.
   * @default - none
   */
  readonly folders?: readonly string[];
}

/** What writing did, as paths relative to the folder. */
export interface WriteResult {
  readonly written: string[];
  readonly unchanged: string[];
  readonly removed: string[];
}

/** Files that lie ready under temporary names: nothing that stood there before has been touched. */
export interface StagedFiles {
  /** Puts the files in their places. */
  commit(): WriteResult;
  /** Takes the temporary files, and the folders made for them, away again. */
  discard(): void;
}

/**
 * Writes files below a folder. A write that fails leaves all files as they were, and nothing beside them; files that hold the content
 * already aren't touched.
 *
 * @throws if something is in the way, a path leaves the folder, or a write fails; the error names the path
 */
export function writeFiles(folder: string, files: readonly OutputFile[], options: WriteOptions = {}): WriteResult {
  return stageFiles(folder, files, options).commit();
}

/**
 * The first half of `writeFiles`, for an app with several output folders: stage them all, then commit them all.
 *
 * @throws as `writeFiles` does
 */
export function stageFiles(folder: string, files: readonly OutputFile[], options: WriteOptions = {}): StagedFiles {
  const { folders = [], prune = false } = options;
  checkOutput(folder, files.map((file) => file.path), folders);
  const staging = new Staging(folder, prune ? WrittenFiles.read(folder) : undefined);
  try {
    staging.addAll(files, folders);
  } catch (error) {
    staging.discard();
    throw error;
  }
  return staging;
}

/** All manifests of an earlier run that this one didn't write: in the folder and one below, as deep as cdk8s writes. Nothing is removed. */
export function staleFiles(folder: string, written: readonly string[], suffix: string): string[] {
  const keep = new Set(written);
  const list = (relative: string) => fs.readdirSync(path.join(folder, relative), { withFileTypes: true })
    .map((entry) => ({ path: path.posix.join(relative, entry.name), entry }));
  if (!fs.existsSync(folder)) {
    return [];
  }
  const top = list('');
  const below = top.filter(({ entry }) => entry.isDirectory()).flatMap(({ path: relative }) => list(relative));
  return [...top, ...below].filter(({ entry }) => entry.isFile()).map((found) => found.path)
    .filter((file) => file.endsWith(suffix) && !keep.has(file)).sort();
}

class Staging implements StagedFiles {
  private readonly pending: { readonly path: string; readonly temporary: string }[] = [];
  private readonly unchanged: string[] = [];
  private readonly folders = new Set<string>();
  private readonly newFolders: string[] = [];
  private stale: string[] = [];
  private files: readonly string[] = [];

  constructor(private readonly folder: string, private readonly earlier: WrittenFiles | undefined) {}

  public addAll(files: readonly OutputFile[], folders: readonly string[]): void {
    this.files = files.map((file) => file.path);
    this.stale = this.earlier?.stale(this.files) ?? [];
    if (this.earlier && (this.files.length > 0 || this.stale.length > 0)) {
      // Until they are removed, stale files stay in the list: a run that is killed loses none of them.
      this.add({ path: LIST, content: WrittenFiles.list([...this.files, ...this.stale]) });
    }
    files.forEach((file) => this.add(file));
    const top = this.earlier && this.files.length === 0 ? [] : [''];
    [...top, ...folders].forEach((relative) => this.makeFolder(path.join(this.folder, relative)));
  }

  public commit(): WriteResult {
    const written = this.pending.map((file) => file.path);
    this.pending.reverse();
    for (let next = this.pending.at(-1); next; next = this.pending.at(-1)) {
      const target = path.join(this.folder, next.path);
      try {
        fs.renameSync(next.temporary, target);
      } catch (error) {
        this.discard();
        throw failed(target, 'writing a file', error);
      }
      this.pending.pop();
    }
    this.removeStale();
    const isListed = (file: string) => file !== LIST;
    return { written: written.filter(isListed), unchanged: this.unchanged.filter(isListed), removed: this.stale };
  }

  public discard(): void {
    this.pending.forEach(({ temporary }) => fs.rmSync(temporary, { force: true }));
    this.pending.length = 0;
    for (let folder = this.newFolders.pop(); folder !== undefined; folder = this.newFolders.pop()) {
      removeIfEmpty(folder);
    }
  }

  private removeStale(): void {
    if (this.stale.length === 0) {
      return;
    }
    this.earlier?.remove(this.stale);
    if (this.files.length > 0) {
      writeFiles(this.folder, [{ path: LIST, content: WrittenFiles.list(this.files) }]);
    } else {
      this.earlier?.remove([LIST]);
    }
  }

  private add(file: OutputFile): void {
    const target = path.join(this.folder, file.path);
    const content = Buffer.from(file.content);
    try {
      const old = fs.lstatSync(target, { throwIfNoEntry: false });
      const mode = file.mode ?? (old?.isFile() ? permissions(old) : undefined);
      if (old?.isFile() && old.size === content.length && permissions(old) === mode && fs.readFileSync(target).equals(content)) {
        this.unchanged.push(file.path);
        return;
      }
      this.makeFolder(path.dirname(target));
      this.writeTemporary(file.path, path.dirname(target), content, mode);
    } catch (error) {
      throw failed(target, 'writing a file', error);
    }
  }

  private writeTemporary(relative: string, folder: string, content: Buffer, mode: number | undefined): void {
    const { temporary, descriptor } = openTemporary(folder, this.pending.length, mode);
    this.pending.push({ path: relative, temporary });
    try {
      fs.writeFileSync(descriptor, content);
      if (mode !== undefined) {
        fs.fchmodSync(descriptor, mode);
      }
    } finally {
      fs.closeSync(descriptor);
    }
  }

  private makeFolder(folder: string): void {
    if (this.folders.has(folder)) {
      return;
    }
    if (!fs.existsSync(folder)) {
      this.makeFolder(path.dirname(folder));
      fs.mkdirSync(folder);
      this.newFolders.push(folder);
    }
    this.folders.add(folder);
  }
}

/** The mode without the type of the file. */
function permissions(stats: fs.Stats): number {
  return stats.mode % 0o10000;
}

function openTemporary(folder: string, number: number, mode = 0o666): { temporary: string; descriptor: number } {
  for (let i = number; ; i++) {
    const temporary = path.join(folder, `.tmp-${process.pid}-${i}`);
    try {
      return { temporary, descriptor: fs.openSync(temporary, 'wx', mode) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
  }
}
