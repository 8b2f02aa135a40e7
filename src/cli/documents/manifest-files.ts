import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { DocumentProblem, LIMITS } from './document';

/** A file to read. */
export interface InputFile {
  /** As shown to people: the path as given, with what was found below it. */
  readonly path: string;
  /** The bytes, or why there are none. */
  content(): Buffer | { readonly message: string };
}

type Found = InputFile | { readonly problem: DocumentProblem };

export interface InputOptions {
  readonly stdin?: Buffer;
  readonly cwd?: string;
}

const STDIN = '<stdin>';
const EXTENSIONS = /\.(?:yaml|yml|json)$/;
const SKIPPED = /^(?:\.|node_modules$)/;
const BLOCK = 2 ** 16;

/** The files that paths stand for, each once. */
export function* inputFiles(paths: readonly string[], options: InputOptions = {}): Generator<Found> {
  const seen = new Set<string>();
  const search = new Search(seen, options.cwd ?? process.cwd());
  for (const path of paths) {
    if (path !== '-') {
      yield* search.path(path);
    } else if (!seen.has(STDIN)) {
      seen.add(STDIN);
      const { stdin } = options;
      yield { path: STDIN, content: () => stdin === undefined ? readAll(0) : limited(stdin) };
    }
  }
}

class Search {
  private files = 0;

  constructor(private readonly seen: Set<string>, private readonly cwd: string) {}

  public* path(path: string): Generator<Found> {
    try {
      const place = resolve(this.cwd, path);
      const stat = statSync(place);
      if (stat.isDirectory()) {
        yield* this.folder(path, place);
      } else {
        yield* this.file(path, place);
      }
    } catch (error) {
      yield problem(path, reason(error));
    }
  }

  /** Loops end because no real folder is entered twice. */
  private* folder(shown: string, place: string): Generator<Found> {
    if (this.known(place)) {
      return;
    }
    for (const entry of readdirSync(place).sort(byName)) {
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
        yield* this.file(shown, place);
      }
    } catch (error) {
      if (relevant || code(error) !== 'ENOENT') {
        yield problem(shown, reason(error));
      }
    }
  }

  private* file(shown: string, place: string): Generator<Found> {
    if (!this.known(place)) {
      yield { path: shown, content: () => readFile(place) };
    }
  }

  private known(place: string): boolean {
    const real = realpathSync(place);
    const known = this.seen.has(real);
    this.seen.add(real);
    return known;
  }
}

function readFile(place: string): Buffer | { message: string } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(place, 'r');
    return readAll(descriptor);
  } catch (error) {
    return { message: reason(error) };
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

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function code(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function reason(error: unknown): string {
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
