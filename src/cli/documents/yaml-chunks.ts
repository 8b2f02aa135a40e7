/** The text between two lines that begin with `---`. */
export interface YamlChunk {
  /** Ends with a line feed; line ends are line feeds only. */
  readonly text: string;
  /** Where the text stands in the bytes, with their own line ends. */
  readonly start: number;
  readonly end: number;
  /** Known to hold nothing but printable ASCII, tabs and line feeds. */
  readonly ascii: boolean;
  /** The line in the file on which the text starts, from 1. */
  readonly line: number;
  /** What is wrong with the separator line before it, so that kubectl reads no further. */
  readonly problem?: string;
}

const SEPARATOR_TEXT = 'something follows --- on its line, which kubectl refuses: put it on the next line';
const SEPARATOR_REST = /^(?:[ \t]+#.*|[ \t]*)\r?\n?$/;

/**
 * Cuts YAML where kubectl does: at every line that begins with three dashes, whatever stands around it. Text in blocks is indented, so
 * that no such line can be part of it. Only one chunk at a time is text in memory.
 */
export function* yamlChunks(bytes: Buffer, firstLine: number): Generator<YamlChunk> {
  const ascii = isPrintableAscii(bytes);
  let line = firstLine;
  let start = 0;
  let problem: string | undefined;
  while (start <= bytes.length) {
    const separator = start < bytes.length && beginsWithDashes(bytes, start) ? start : after(bytes.indexOf('\n---', start));
    const end = separator ?? bytes.length;
    const raw = bytes.toString(ascii ? 'latin1' : 'utf8', start, end);
    if (raw !== '' || problem !== undefined) {
      yield { text: withLineFeeds(raw), start, end, ascii, line, problem };
      line += countLines(bytes, start, end);
    }
    if (separator === undefined) {
      return;
    }
    const next = after(bytes.indexOf('\n', separator)) ?? bytes.length + 1;
    problem = SEPARATOR_REST.test(bytes.toString('utf8', separator + 3, next)) ? undefined : SEPARATOR_TEXT;
    line++;
    start = next;
    if (problem !== undefined && start > bytes.length) {
      yield { text: '\n', start: bytes.length, end: bytes.length, ascii, line, problem };
    }
  }
}

function isPrintableAscii(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte < 32 ? byte !== 10 && byte !== 9 : byte > 126) {
      return false;
    }
  }
  return true;
}

function beginsWithDashes(bytes: Buffer, at: number): boolean {
  return bytes[at] === 45 && bytes[at + 1] === 45 && bytes[at + 2] === 45;
}

function after(index: number): number | undefined {
  return index === -1 ? undefined : index + 1;
}

function withLineFeeds(raw: string): string {
  const text = raw.includes('\r') ? raw.replaceAll('\r\n', '\n') : raw;
  return text.endsWith('\n') ? text : `${text}\n`;
}

function countLines(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, start); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) {
    count++;
  }
  return count;
}
