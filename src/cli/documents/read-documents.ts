import { blankLines } from './blank-lines';
import { DocumentProblem, LIMITS, ManifestDocument, Reading, TextProblem } from './document';
import { fileContent } from './file-text';
import { looksLikeJson, readJsonStream } from './json-stream';
import { inputFiles } from './manifest-files';
import { claimsToBeObject, HOLDS_NONE, isConstructsFile, leftOut } from './no-objects';
import { AliasBudget } from './node-values';
import { TextLines } from './text-lines';
import { YamlChunk, yamlChunks } from './yaml-chunks';
import { readYaml } from './yaml-document';

/** Where standard input comes from and where relative paths start. */
export interface ReadingOptions {
  /** Standard input's content; read from the process where left out. */
  readonly stdin?: Buffer;
  /** @default - the process's working directory */
  readonly cwd?: string;
  /**
   * Whether files below folders that hold no object at all (values of Helm, settings of other programs) are left out with a warning, and those that
   * were given by name are refused where they are empty.
   */
  readonly objectsOnly?: boolean;
  /**
   * Whether a file isn't meant.
   * @param place its real path
   * @param isFound whether a folder was given, and not the file itself
   */
  leavesOut?(place: string, isFound: boolean): boolean;
}

/**
 * Reads manifests as kubectl reads them, one file and one document at a time, so that memory holds little more than one file's bytes.
 *
 * A path is a file of any name, a folder, or `-` for standard input. Folders are searched with all folders below them for `.yaml`, `.yml`
 * and `.json` (kubectl does so with `--recursive` only), but for `node_modules` and names that begin with a dot. Every file is read once, whatever
 * ways lead to it. Paths come in the order given, what a folder holds in the order of names.
 *
 * Whatever can't be read becomes a problem, and everything else is read nevertheless. Nothing is thrown for what a file holds.
 */
export function* readDocuments(paths: readonly string[], options: ReadingOptions = {}): Generator<Reading> {
  const budget: AliasBudget = { left: LIMITS.aliasedValuesTotal };
  for (const found of inputFiles(paths, options)) {
    if ('problem' in found) {
      yield found;
      continue;
    }
    const content = found.content();
    if (!Buffer.isBuffer(content)) {
      yield { problem: fileProblem(found.path, content.message) };
      continue;
    }
    const readings = readBytes(found.path, content, budget);
    if (found.isFound) {
      yield* options.objectsOnly || isConstructsFile(found.path) ? withObjects(found.path, readings) : readings;
    } else {
      yield* options.objectsOnly ? withAny(found.path, readings) : readings;
    }
  }
}

/** What a file holds that has to hold something. */
function* withAny(path: string, readings: Iterable<Reading>): Generator<Reading> {
  let isEmpty = true;
  for (const reading of readings) {
    isEmpty = false;
    yield reading;
  }
  if (isEmpty) {
    yield { problem: fileProblem(path, HOLDS_NONE) };
  }
}

/** What a file holds, if it holds any object: documents wait for the first that says what it is. */
function* withObjects(path: string, readings: Iterable<Reading>): Generator<Reading> {
  const waiting: Reading[] = [];
  let holdsObjects = false;
  for (const reading of readings) {
    holdsObjects ||= 'document' in reading && claimsToBeObject(reading.document.object);
    if ('document' in reading) {
      waiting.push(reading);
    } else {
      yield reading;
    }
    if (holdsObjects) {
      yield* waiting.splice(0);
    }
  }
  if (waiting.length > 0) {
    yield* leftOut(path).map((problem) => ({ problem }));
  }
}

/** Reads manifests from a file's bytes. */
export function readBytes(file: string, raw: Buffer, budget: AliasBudget = { left: LIMITS.aliasedValuesTotal }): Generator<Reading> {
  return new FileReading(file, budget).read(raw);
}

class FileReading {
  private index = 0;

  constructor(private readonly file: string, private readonly budget: AliasBudget) {}

  public* read(raw: Buffer): Generator<Reading> {
    const { bytes, refusal } = fileContent(raw);
    if (refusal) {
      yield { problem: { level: 'error', file: this.file, ...refusal } };
    } else if (looksLikeJson(bytes.toString('utf8', 0, 4096))) {
      yield* this.readJson(bytes);
    } else {
      yield* this.readChunks(bytes, 1);
    }
  }

  private* readJson(bytes: Buffer): Generator<Reading> {
    const text = bytes.toString('utf8');
    const { items, yamlFrom } = readJsonStream(text);
    const lines = new TextLines(text);
    for (const { offset, value, problem } of items) {
      const { line, column } = lines.position(offset);
      if (problem === undefined) {
        yield* this.found(value, line, [], '');
      } else {
        yield { problem: { level: 'error', file: this.file, document: this.index++, line, column, message: problem } };
      }
    }
    if (yamlFrom !== undefined) {
      yield* this.readChunks(Buffer.from(text.slice(yamlFrom)), lines.position(yamlFrom).line);
    }
  }

  private* readChunks(bytes: Buffer, firstLine: number): Generator<Reading> {
    for (const chunk of yamlChunks(bytes, firstLine)) {
      yield* this.readChunk(chunk);
    }
  }

  private* readChunk({ text, ascii, line, problem }: YamlChunk): Generator<Reading> {
    if (problem !== undefined) {
      yield { problem: { level: 'error', file: this.file, document: this.index++, line: line - 1, column: 1, message: problem } };
      return;
    }
    const { value, problems } = readYaml(text, ascii, this.budget);
    yield* this.found(value, line, problems, text);
  }

  private* found(value: unknown, line: number, problems: readonly TextProblem[], text: string): Generator<Reading> {
    const empty = value === undefined || value === null;
    if (empty && problems.length === 0) {
      return;
    }
    const index = this.index++;
    if (!empty) {
      yield isObject(value) ? { document: this.document(value, index, line, text) } : { problem: this.noObject(value, index, line, text) };
    }
    const lines = new TextLines(text);
    for (const { level, offset, message } of problems) {
      const position = lines.position(offset);
      yield { problem: { level, file: this.file, document: index, line: line + position.line - 1, column: position.column, message } };
    }
  }

  private document(object: Record<string, unknown>, index: number, line: number, text: string): ManifestDocument {
    return { file: this.file, index, line: line + blankLines(text).count, object };
  }

  private noObject(value: unknown, index: number, line: number, text: string): DocumentProblem {
    const what = Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
    const message = `the document is ${what}, not an object with apiVersion and kind`;
    return { level: 'error', file: this.file, document: index, line: line + blankLines(text).count, column: 1, message };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fileProblem(file: string, message: string): DocumentProblem {
  return { level: 'error', file, message };
}
