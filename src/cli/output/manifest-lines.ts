import { readFileSync } from 'fs';
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
  private document?: { readonly of: DocumentPlace; readonly lines: readonly string[] };

  constructor(private readonly cwd: string) {}

  /** The line of a place, in the file, from 1. */
  public lineOf(document: DocumentPlace, place: Place): number {
    return document.line + lineIn(this.linesOf(document), place);
  }

  private linesOf(document: DocumentPlace): readonly string[] {
    if (this.document?.of !== document) {
      this.document = { of: document, lines: this.read(document) };
    }
    return this.document.lines;
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
  try {
    return readFileSync(resolve(cwd, file));
  } catch {
    return undefined;
  }
}

/** How many lines below the first of a document a place is. */
export function lineIn(lines: readonly string[], place: Place): number {
  let block = blockFrom(lines, 0, 0);
  let found = 0;
  for (const step of place) {
    const next = block && (typeof step === 'number' ? item(lines, block, step) : field(lines, block, step));
    if (!next) {
      break;
    }
    found = next.line;
    block = next.below;
  }
  return found;
}

interface Found {
  readonly line: number;
  readonly below?: Block;
}

function field(lines: readonly string[], { line: start, column }: Block, key: string): Found | undefined {
  for (const line of linesAt(lines, start, column)) {
    const text = lines[line].slice(column);
    const end = keyEnd(text, key);
    if (end !== undefined) {
      return { line, below: isNothing(text.slice(end)) ? blockFrom(lines, line + 1, column, true) : undefined };
    }
  }
  return undefined;
}

function item(lines: readonly string[], { line: start, column }: Block, index: number): Found | undefined {
  let count = 0;
  for (const line of linesAt(lines, start, column)) {
    const dash = /^-( +|$)/.exec(lines[line].slice(column));
    if (!dash) {
      return undefined;
    }
    if (count++ === index) {
      const inner = column + dash[0].length;
      return { line, below: isNothing(lines[line].slice(inner)) ? blockFrom(lines, line + 1, column + 1) : { line, column: inner } };
    }
  }
  return undefined;
}

/** The lines that begin at a column, until one begins further left. The first may begin there behind dashes. */
function* linesAt(lines: readonly string[], start: number, column: number): Generator<number> {
  yield start;
  for (let line = start + 1; line < lines.length; line++) {
    const text = lines[line];
    const indent = indentOf(text);
    if (indent === -1 || indent > column) {
      continue;
    }
    if (indent < column) {
      return;
    }
    yield line;
  }
}

/** The block that begins below: it is indented at least so far, but a list may stand as far left as the key that it belongs to. */
function blockFrom(lines: readonly string[], start: number, least: number, isBelowKey: boolean = false): Block | undefined {
  for (let line = start; line < lines.length; line++) {
    const column = indentOf(lines[line]);
    if (column !== -1) {
      const isList = /^-( |$)/.test(lines[line].slice(column));
      return column > least || (column === least && (!isBelowKey || isList)) ? { line, column } : undefined;
    }
  }
  return undefined;
}

/** The column of a line's text; -1 where it is blank or a comment. */
function indentOf(text: string): number {
  const column = text.search(/[^ ]/);
  return column === -1 || text[column] === '#' ? -1 : column;
}

/** Where the value of a key begins, if a line begins with that key. */
function keyEnd(text: string, key: string): number | undefined {
  for (const written of [key, `"${key}"`, `'${key}'`]) {
    if (text.startsWith(written)) {
      const colon = /^ *:(?= |$)/.exec(text.slice(written.length));
      return colon ? written.length + colon[0].length : undefined;
    }
  }
  return undefined;
}

/** Whether nothing is on the rest of a line but a comment, an anchor or a tag. */
function isNothing(text: string): boolean {
  return /^\s*([&!]\S*\s*)*(#.*)?$/.test(text);
}
