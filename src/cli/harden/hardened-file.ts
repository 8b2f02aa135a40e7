import { append } from './append';
import { editedJson, editedYaml, EditedText } from './edited-text';
import { DocumentHardening, HardenedDocument, LeftFinding } from './hardened-document';
import { edited, TextEdit } from './text-edits';
import { ObjectChange } from '../../controls/results/checked-object';
import { blankLines } from '../documents/blank-lines';
import { DocumentProblem, TextProblem } from '../documents/document';
import { fileContent } from '../documents/file-text';
import { looksLikeJson, readJsonStream } from '../documents/json-stream';
import { claimsToBeObject, leftOut } from '../documents/no-objects';
import { AliasBudget } from '../documents/node-values';
import { TextLines } from '../documents/text-lines';
import { yamlChunks } from '../documents/yaml-chunks';
import { readYaml } from '../documents/yaml-document';

const BYTE_ORDER_MARK = '\ufeff';

/** A range of a file's text that edits stay in. */
export interface DocumentRange {
  readonly start: number;
  readonly end: number;
}

/** What is left in one document. */
export interface LeftInDocument extends LeftFinding {
  /** From 1. */
  readonly line: number;
}

/** What hardening makes of a file. */
export interface HardenedFile {
  /** As it came, without a byte order mark. */
  readonly text: string;
  readonly hasMark: boolean;
  /** It holds JSON and no YAML. */
  readonly isJson: boolean;
  readonly edits: readonly TextEdit[];
  readonly masks: readonly TextEdit[];
  /** The documents that have edits. */
  readonly ranges: readonly DocumentRange[];
  readonly changes: readonly ObjectChange[];
  readonly left: readonly LeftInDocument[];
  /** Changed objects that the API server doesn't let anybody change so. */
  readonly frozen: readonly string[];
  /** Objects whose pods nobody judges before they exist. */
  readonly notCovered: readonly string[];
  readonly problems: readonly DocumentProblem[];
  /** Whether every document could be read, so that the result says everything that the file said. */
  readonly isWhole: boolean;
  /** Whether it holds no object at all, and isn't meant therefore. */
  readonly isLeftOut: boolean;
  readonly documents: number;
}

/** The file's content with its edits. */
export function hardenedContent(file: HardenedFile): string {
  return (file.hasMark ? BYTE_ORDER_MARK : '') + hardenedText(file);
}

/** The same as a part of a stream, which has no byte order marks. */
export function hardenedText({ text, edits }: HardenedFile): string {
  return edited(text, edits);
}

/** How a file is hardened. */
export interface FileOptions {
  /** Nobody sees it: `masks` stays empty, which saves time. */
  readonly neverShown?: boolean;
  /** Whether a file that holds no object at all (values of Helm, settings of other programs) is left out with a warning. */
  readonly objectsOnly?: boolean;
  /** Called for each document. */
  step?(): void;
}

/** Hardens every document of a file that can be read and changed in place. */
export function hardenFile(file: string, raw: Buffer, hardening: DocumentHardening, budget: AliasBudget, options: FileOptions = {}): HardenedFile {
  return new FileHardening(file, hardening, budget, options).harden(raw);
}

interface Piece {
  /** In the file's text. */
  readonly start: number;
  readonly line: number;
  /** With its own line ends. */
  readonly raw: string;
  /** As documents are read: line feeds only, and one at the end. */
  readonly text: string;
}

type Harden = () => { readonly after: HardenedDocument; readonly edited: () => EditedText | { readonly problem: TextProblem } };

class FileHardening {
  private readonly edits: TextEdit[] = [];
  private readonly masks: TextEdit[] = [];
  private readonly ranges: DocumentRange[] = [];
  private readonly changes: ObjectChange[] = [];
  private readonly left: LeftInDocument[] = [];
  private readonly notCovered: string[] = [];
  private readonly frozen: string[] = [];
  private readonly problems: DocumentProblem[] = [];
  private isWhole = true;
  private holdsObjects: boolean;
  /** Documents before the first that says what it is. */
  private readonly waiting: (() => void)[] = [];
  private index = 0;

  constructor(
    private readonly file: string, private readonly hardening: DocumentHardening, private readonly budget: AliasBudget,
    private readonly options: FileOptions,
  ) {
    this.holdsObjects = !options.objectsOnly;
  }

  public harden(raw: Buffer): HardenedFile {
    const { bytes, refusal } = fileContent(raw);
    if (refusal) {
      this.problems.push({ level: 'error', file: this.file, ...refusal });
      this.isWhole = false;
      return this.result('', false, false);
    }
    const text = bytes.toString('utf8');
    let isStream = false;
    if (looksLikeJson(text.slice(0, 4096))) {
      isStream = this.json(text);
    } else {
      this.yaml(bytes, 0, 1);
    }
    return this.result(text, bytes.length < raw.length, isStream);
  }

  private result(text: string, hasMark: boolean, isJson: boolean): HardenedFile {
    const { edits, masks, ranges, changes, left, frozen, notCovered, problems, isWhole, index: documents } = this;
    const isLeftOut = this.waiting.length > 0;
    append(this.problems, isLeftOut ? leftOut(this.file) : []);
    return { text, hasMark, isJson, edits, masks, ranges, changes, left, frozen, notCovered, problems, isWhole, isLeftOut, documents };
  }

  /** @returns whether nothing but JSON is there */
  private json(text: string): boolean {
    const { items, yamlFrom } = readJsonStream(text);
    const lines = new TextLines(text);
    items.forEach(({ offset, value, problem }, i) => {
      const { line, column } = lines.position(offset);
      if (problem !== undefined) {
        this.unread({ document: this.index++, line, column, message: problem });
        return;
      }
      const raw = text.slice(offset, items[i + 1]?.offset ?? yamlFrom).trimEnd();
      this.document({ start: offset, line, raw, text: raw }, line, value, () => {
        const after = this.hardening.harden(value);
        return { after, edited: () => editedJson(raw, value, after.object) };
      });
    });
    if (yamlFrom !== undefined) {
      this.yaml(Buffer.from(text.slice(yamlFrom)), yamlFrom, lines.position(yamlFrom).line);
    }
    return yamlFrom === undefined;
  }

  private yaml(bytes: Buffer, offset: number, firstLine: number): void {
    let [at, start] = [0, offset];
    for (const chunk of yamlChunks(bytes, firstLine)) {
      start += chunk.ascii ? chunk.start - at : bytes.toString('utf8', at, chunk.start).length;
      const raw = bytes.toString('utf8', chunk.start, chunk.end);
      at = chunk.start;
      if (chunk.problem !== undefined) {
        this.unread({ document: this.index++, line: chunk.line - 1, column: 1, message: chunk.problem });
        continue;
      }
      this.chunk({ start, line: chunk.line, raw, text: chunk.text }, chunk.ascii);
    }
  }

  private chunk(piece: Piece, ascii: boolean): void {
    const { value, problems } = readYaml(piece.text, ascii, this.budget);
    const empty = value === undefined || value === null;
    if (empty && problems.length === 0) {
      return;
    }
    this.say(problems, piece, this.index);
    this.isWhole &&= problems.every(({ level }) => level !== 'error');
    const line = piece.line + blankLines(piece.text).count;
    if (empty) {
      this.index++;
      return;
    }
    this.document(piece, line, value, () => {
      const after = this.hardening.harden(value);
      return { after, edited: () => editedYaml(piece.text, value, after.object, this.budget) };
    });
  }

  private document(piece: Piece, line: number, before: unknown, harden: Harden): void {
    const index = this.index++;
    this.options.step?.();
    if (typeof before !== 'object' || before === null || Array.isArray(before)) {
      const what = Array.isArray(before) ? 'a list' : typeof before === 'string' ? 'text' : `a ${typeof before}`;
      this.unread({ document: index, line, column: 1, message: `the document is ${what}, not an object with apiVersion and kind` });
      return;
    }
    this.waiting.push(() => this.object(piece, line, index, before, harden));
    this.holdsObjects ||= claimsToBeObject(before);
    if (this.holdsObjects) {
      this.waiting.splice(0).forEach((each) => each());
    }
  }

  private object(piece: Piece, line: number, index: number, before: object, harden: Harden): void {
    const { after, edited: editText } = harden();
    const result = after.object === before ? undefined : editText();
    const isRefused = result !== undefined && 'problem' in result;
    if (isRefused) {
      this.say([result.problem], piece, index);
    } else if (result) {
      this.take(result, piece);
      append(this.changes, after.changes);
      append(this.frozen, after.frozen);
    }
    const { left, notCovered } = this.hardening.remains(isRefused ? before : after.object, `${this.file}:${line}`);
    append(this.left, left.map((each) => ({ ...each, line })));
    append(this.notCovered, notCovered);
  }

  /** Puts edits of a document among those of the file, with the file's line ends. */
  private take({ edits, masks }: EditedText, piece: Piece): void {
    const offsets = rawOffsets(piece);
    const isCrlf = /^[^\n]*\r\n/.test(piece.raw);
    const moved = (each: TextEdit) => ({ ...each, start: piece.start + offsets(each.start), end: piece.start + offsets(each.end) });
    const ended = piece.raw.endsWith('\n') || piece.raw.length === piece.text.length ? edits : withoutLastLineFeed(edits, piece.text);
    const placed = (each: TextEdit): TextEdit => ({ ...moved(each), text: isCrlf ? each.text.replaceAll('\n', '\r\n') : each.text });
    append(this.edits, ended.map(placed));
    if (!this.options.neverShown) {
      append(this.masks, masks().map(moved));
    }
    this.ranges.push({ start: piece.start, end: piece.start + piece.raw.length });
  }

  private say(problems: readonly TextProblem[], piece: Piece, document: number): void {
    if (problems.length === 0) {
      return;
    }
    const lines = new TextLines(piece.text);
    for (const { level, offset, message } of problems) {
      const { line, column } = lines.position(offset);
      this.problems.push({ level, file: this.file, document, line: piece.line + line - 1, column, message });
    }
  }

  private unread(problem: Omit<DocumentProblem, 'level' | 'file'>): void {
    this.isWhole = false;
    this.problems.push({ level: 'error', file: this.file, ...problem });
  }
}

/** From offsets in the text as it was read to offsets in the text as it came. */
function rawOffsets({ raw, text }: Piece): (offset: number) => number {
  if (!raw.includes('\r\n')) {
    return (offset) => Math.min(offset, raw.length);
  }
  const returns: number[] = [];
  for (let at = raw.indexOf('\r\n'); at !== -1; at = raw.indexOf('\r\n', at + 2)) {
    // Where its line feed is in the text.
    returns.push(at - returns.length);
  }
  return (offset) => {
    if (offset >= text.length) {
      return raw.length;
    }
    let [low, high] = [0, returns.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (returns[middle] < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return offset + low;
  };
}

/** Edits of a text that ends without the line feed which was added to read it. */
function withoutLastLineFeed(edits: readonly TextEdit[], text: string): TextEdit[] {
  const first = edits.findIndex(({ end }) => end >= text.length);
  if (first === -1) {
    return [...edits];
  }
  // That line feed stays, as the one before what is added.
  const start = Math.min(edits[first].start, text.length - 1);
  const ending = edited(text.slice(start), edits.slice(first).map((each) => ({ ...each, start: each.start - start, end: each.end - start })));
  const isGone = ending === '';
  return [...edits.slice(0, first), { start: isGone ? start - 1 : start, end: text.length, text: ending.replace(/\n$/, '') }];
}
