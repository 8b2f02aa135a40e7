import { readFileSync, statSync } from 'fs';
import { resolve } from 'path';
import { Place } from '../../controls/path';
import { DocumentPlace } from '../checking/checked-documents';

/** A map or list in the text: its first line, and the column of its keys or dashes. */
interface Block {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds the lines of fields again, for findings alone: files are read once more, one at a time, and documents are looked through by their
 * indentation. Where that tells nothing (flow style, JSON, standard input) it's the line of the nearest field above, or of the document.
 */
export class ManifestLines {
  private file?: { readonly name: string; readonly content?: Buffer };
  private cursor = { line: 1, offset: 0 };
  private document?: { readonly of: DocumentPlace; readonly text: IndentedText };

  constructor(private readonly cwd: string) {}

  /** The line of a place, in the file, from 1. */
  public lineOf(document: DocumentPlace, place: Place): number {
    return document.line + this.textOf(document).lineOf(place);
  }

  private textOf(document: DocumentPlace): IndentedText {
    if (this.document?.of !== document) {
      this.document = { of: document, text: new IndentedText(this.read(document)) };
    }
    return this.document.text;
  }

  private read({ file, line }: DocumentPlace): readonly string[] {
    if (this.file?.name !== file) {
      this.file = { name: file, content: content(file, this.cwd) };
      this.cursor = { line: 1, offset: 0 };
    }
    const bytes = this.file.content;
    if (bytes === undefined) {
      return [];
    }
    if (line < this.cursor.line) {
      this.cursor = { line: 1, offset: 0 };
    }
    let { line: at, offset } = this.cursor;
    for (; at < line; at++) {
      const end = bytes.indexOf(10, offset);
      if (end === -1) {
        return [];
      }
      offset = end + 1;
    }
    this.cursor = { line, offset };
    const next = bytes.indexOf('\n---', offset);
    return bytes.toString('utf8', offset, next === -1 ? bytes.length : next).split(/\r?\n/);
  }
}

function content(file: string, cwd: string): Buffer | undefined {
  const place = resolve(cwd, file);
  try {
    // What a pipe held is gone, and reading it again waits for somebody who writes.
    return statSync(place).isFile() ? readFileSync(place) : undefined;
  } catch {
    return undefined;
  }
}

interface Found {
  readonly line: number;
  readonly below?: Block;
}

/** Where a key is: its line, and the column after its colon, counted from the map's. */
interface KeyAt {
  readonly line: number;
  readonly end: number;
}

/** The lines of a document. A list or map may be as long as the document, and every finding goes through it: where its parts begin is looked up once. */
export class IndentedText {
  private readonly indents: readonly number[];
  private readonly starts = new Map<string, readonly number[]>();
  private readonly keys = new Map<string, Map<string, KeyAt>>();

  constructor(private readonly lines: readonly string[]) {
    this.indents = lines.map(indentOf);
  }

  /** How many lines below the first a place is. */
  public lineOf(place: Place): number {
    let block = this.blockFrom(0, 0);
    let found = 0;
    for (const step of place) {
      const next: Found | undefined = block && (typeof step === 'number' ? this.item(block, step) : this.field(block, step));
      if (!next) {
        break;
      }
      found = next.line;
      block = next.below;
    }
    return found;
  }

  private field(block: Block, key: string): Found | undefined {
    const { column } = block;
    const found = this.keysOf(block).get(key);
    if (!found) {
      return undefined;
    }
    const { line, end } = found;
    return { line, below: isNothing(this.lines[line].slice(column + end)) ? this.blockFrom(line + 1, column, true) : undefined };
  }

  /** The keys of a map with their lines, and where their values begin. */
  private keysOf(block: Block): ReadonlyMap<string, KeyAt> {
    const id = `${block.line} ${block.column}`;
    let keys = this.keys.get(id);
    if (!keys) {
      keys = new Map();
      for (const line of this.startsOf(block)) {
        const { key, end } = keyIn(this.lines[line].slice(block.column));
        if (key !== undefined && !keys.has(key)) {
          keys.set(key, { line, end });
        }
      }
      this.keys.set(id, keys);
    }
    return keys;
  }

  private item(block: Block, index: number): Found | undefined {
    const { column } = block;
    // What follows a list that stands as far left as its key is no item.
    const line = this.startsOf(block)[index];
    const dash = line === undefined ? null : /^-( +|$)/.exec(this.lines[line].slice(column));
    if (!dash) {
      return undefined;
    }
    const inner = column + dash[0].length;
    return { line, below: isNothing(this.lines[line].slice(inner)) ? this.blockFrom(line + 1, column + 1) : { line, column: inner } };
  }

  /** The lines that begin at a block's column, until one begins further left. The first may begin there behind dashes. */
  private startsOf({ line: start, column }: Block): readonly number[] {
    const key = `${start} ${column}`;
    let starts = this.starts.get(key);
    if (!starts) {
      starts = this.linesAt(start, column);
      this.starts.set(key, starts);
    }
    return starts;
  }

  private linesAt(start: number, column: number): number[] {
    const found = [start];
    for (let line = start + 1; line < this.lines.length; line++) {
      const indent = this.indents[line];
      if (indent === column) {
        found.push(line);
      } else if (indent !== -1 && indent < column) {
        break;
      }
    }
    return found;
  }

  /** The block that begins below: it is indented at least so far, but a list may stand as far left as the key that it belongs to. */
  private blockFrom(start: number, least: number, isBelowKey: boolean = false): Block | undefined {
    for (let line = start; line < this.lines.length; line++) {
      const column = this.indents[line];
      if (column !== -1) {
        const isList = /^-( |$)/.test(this.lines[line].slice(column));
        return column > least || (column === least && (!isBelowKey || isList)) ? { line, column } : undefined;
      }
    }
    return undefined;
  }
}

/** The column of a line's text; -1 where it is blank or a comment. */
function indentOf(text: string): number {
  const column = text.search(/[^ ]/);
  return column === -1 || text[column] === '#' ? -1 : column;
}

/** The key that a line begins with, in quotes or without, and where its value begins. */
function keyIn(text: string): { readonly key?: string; readonly end: number } {
  const [quoted, double, single] = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')/.exec(text) ?? [];
  const from = quoted?.length ?? 0;
  const colon = from + text.slice(from).search(/:(?= |$)/);
  const between = colon < from ? undefined : text.slice(from, colon).trimEnd();
  if (between === undefined || (quoted === undefined) === (between === '')) {
    return { end: 0 };
  }
  return { key: double ?? single ?? between, end: colon + 1 };
}

/** Whether nothing is on the rest of a line but a comment, an anchor or a tag. */
function isNothing(text: string): boolean {
  return /^\s*(?:[&!]\S*(?:\s+|$))*(?:#.*)?$/.test(text);
}
