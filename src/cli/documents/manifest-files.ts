import { isUtf8 } from 'buffer';
import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { DocumentProblem, LIMITS } from './document';
import { invalid } from '../../core/errors';

/** A file to read. */
export interface InputFile {
  /** As shown to people: the path as given, with what was found below it. */
  readonly path: string;
  /** Whether a folder was given, and not the file itself. */
  readonly isFound: boolean;
  /** The bytes, or why there are none. */
  content(): Buffer | { readonly message: string };
}

type Found = InputFile | { readonly problem: DocumentProblem };

export interface InputOptions {
  readonly stdin?: Buffer;
  readonly cwd?: string;
  /**
   * Whether a file isn't meant.
   * @param place its real path
   * @param isFound whether a folder was given, and not the file itself
   */
  leavesOut?(place: string, isFound: boolean): boolean;
}

const STDIN = '<stdin>';
const EXTENSIONS = /\.(?:yaml|yml|json)$/;
const SKIPPED = /^(?:\.|node_modules$)/;
const BLOCK = 2 ** 16;

/**
 * The files that paths stand for, each once, up to the one with which all that were read are too large together.
 * @throws if a path is empty: it would be the working directory, where a script's variable is empty
 */
export function* inputFiles(paths: readonly string[], options: InputOptions = {}): Generator<Found> {
  let total = 0;
  for (const found of foundFiles(paths, options)) {
    if ('problem' in found) {
      yield found;
      continue;
    }
    const content = () => {
      const read = found.content();
      total += Buffer.isBuffer(read) ? read.length : 0;
      return total > LIMITS.total ? { message: `all files together are larger than ${LIMITS.total / 2 ** 20} MiB: give fewer of them at once` } : read;
    };
    yield { ...found, content };
    if (total > LIMITS.total) {
      return;
    }
  }
}

function* foundFiles(paths: readonly string[], options: InputOptions): Generator<Found> {
  if (paths.includes('')) {
    throw invalid({ property: 'FILES', got: '', allowed: 'files, folders, or - for standard input', fix: 'Leave out the empty path; the folder that you are in is "."' });
  }
  const seen = new Set<string>();
  const search = new Search(seen, options);
  for (const path of paths) {
    if (path !== '-') {
      yield* search.path(path);
    } else if (!seen.has(STDIN)) {
      seen.add(STDIN);
      const { stdin } = options;
      yield { path: STDIN, isFound: false, content: () => stdin === undefined ? readStdin() : limited(stdin) };
    }
  }
}

class Search {
  private files = 0;
  private readonly cwd: string;

  constructor(private readonly seen: Set<string>, private readonly options: InputOptions) {
    this.cwd = options.cwd ?? process.cwd();
  }

  public* path(path: string): Generator<Found> {
    try {
      const place = resolve(this.cwd, path);
      const stat = statSync(place);
      if (stat.isDirectory()) {
        yield* this.folder(path, place);
      } else {
        yield* this.file(path, place, false);
      }
    } catch (error) {
      yield problem(path, whyUnreadable(orThrown(error)));
    }
  }

  /** Loops end because no real folder is entered twice. */
  private* folder(shown: string, place: string): Generator<Found> {
    if (this.known(place)) {
      return;
    }
    const names = readdirSync(place, { encoding: 'buffer' });
    for (const name of names.filter((each) => !isUtf8(each) && isRelevant(place, each)).map(escapedName).sort(byName)) {
      yield problem(join(shown, name), 'its name is not encoded as UTF-8, so that it cannot be read: rename it');
    }
    for (const entry of names.filter((each) => isUtf8(each)).map((each) => each.toString('utf8')).sort(byName)) {
      if (this.files > LIMITS.files) {
        return;
      }
      yield* this.entry(join(shown, entry), join(place, entry), entry);
    }
  }

  private* entry(shown: string, place: string, name: string): Generator<Found> {
    if (SKIPPED.test(name)) {
      return;
    }
    const relevant = EXTENSIONS.test(name);
    try {
      const stat = statSync(place);
      if (stat.isDirectory()) {
        yield* this.folder(shown, place);
      } else if (relevant && ++this.files > LIMITS.files) {
        yield problem(shown, `the folders hold more than ${LIMITS.files} manifest files: give fewer of them at once`);
      } else if (relevant && !stat.isFile()) {
        yield problem(shown, 'this is neither a file nor a folder');
      } else if (relevant) {
        yield* this.file(shown, place, true);
      }
    } catch (error) {
      if (relevant || code(error) !== 'ENOENT') {
        yield problem(shown, whyUnreadable(orThrown(error)));
      }
    }
  }

  private* file(shown: string, place: string, isFound: boolean): Generator<Found> {
    if (!this.known(place) && !this.options.leavesOut?.(realpathSync(place), isFound)) {
      yield { path: shown, isFound, content: () => readFile(place) };
    }
  }

  private known(place: string): boolean {
    const real = realpathSync(place);
    const known = this.seen.has(real);
    this.seen.add(real);
    return known;
  }
}

/** Whether what has a name of any bytes would be looked at. */
function isRelevant(folder: string, name: Buffer): boolean {
  const text = name.toString('latin1');
  const place = Buffer.concat([Buffer.from(join(folder, '/')), name]);
  return !SKIPPED.test(text) && (EXTENSIONS.test(text) || statSync(place, { throwIfNoEntry: false })?.isDirectory() === true);
}

/** Bytes beyond ASCII as escapes. */
function escapedName(name: Buffer): string {
  return name.toString('latin1').replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}

function readStdin(): Buffer | { message: string } {
  try {
    return readAll(0);
  } catch (error) {
    return { message: code(error) === 'EISDIR' ? 'standard input is a folder: give its path in place of -' : whyUnreadable(error) };
  }
}

function readFile(place: string): Buffer | { message: string } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(place, 'r');
    return readAll(descriptor);
  } catch (error) {
    return { message: whyUnreadable(error) };
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }
}

/** Reads to the end, also of pipes and of files that grow meanwhile, but not beyond the limit. */
function readAll(descriptor: number): Buffer | { message: string } {
  const { size } = fstatSync(descriptor);
  if (size > LIMITS.file) {
    return tooLarge();
  }
  let buffer = Buffer.allocUnsafe(Math.max(size + 1, BLOCK));
  let length = 0;
  for (;;) {
    const read = readSome(descriptor, buffer, length);
    if (read === 0) {
      return buffer.subarray(0, length);
    }
    length += read;
    if (length > LIMITS.file) {
      return tooLarge();
    }
    if (length === buffer.length) {
      buffer = Buffer.concat([buffer], buffer.length * 2);
    }
  }
}

/** A pipe that isn't blocking has to be asked again. */
function readSome(descriptor: number, buffer: Buffer, length: number): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, length, buffer.length - length, null);
    } catch (error) {
      if (code(error) === 'EOF') {
        return 0;
      }
      if (code(error) !== 'EAGAIN') {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function limited(content: Buffer): Buffer | { message: string } {
  return content.length > LIMITS.file ? tooLarge() : content;
}

function tooLarge(): { message: string } {
  return { message: `the file is larger than ${LIMITS.file / 2 ** 20} MiB: divide it` };
}

function problem(file: string, message: string): Found {
  return { problem: { level: 'error', file, message } };
}

/** What the file system said; anything else is thrown on. */
function orThrown(error: unknown): unknown {
  if (code(error) === undefined) {
    throw error;
  }
  return error;
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function code(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Why the file system gave no content, in a few words. */
export function whyUnreadable(error: unknown): string {
  const known: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'the permission to read it is missing',
    EPERM: 'the permission to read it is missing',
    EISDIR: 'this is a folder',
    ELOOP: 'its symbolic links form a loop',
    ENAMETOOLONG: 'the path is too long',
    ENOTDIR: 'a part of the path is no folder',
  };
  return known[code(error) ?? ''] ?? `it cannot be read (${code(error) ?? 'unknown error'})`;
}
