import { isUtf8 } from 'buffer';

/** A file's content, or why it's refused as a whole. */
export interface FileContent {
  /** Without a byte order mark. */
  readonly bytes: Buffer;
  readonly refusal?: { readonly message: string; readonly line?: number; readonly column?: number };
}

/** Looks at what no parser should see: other encodings and binary content. */
export function fileContent(raw: Buffer): FileContent {
  if ((raw[0] === 0xff && raw[1] === 0xfe) || (raw[0] === 0xfe && raw[1] === 0xff)) {
    return { bytes: raw, refusal: { message: 'the file is encoded as UTF-16: save it as UTF-8' } };
  }
  const bytes = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? raw.subarray(3) : raw;
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    const message = 'the file holds NUL bytes: it is binary, or encoded as UTF-16 or UTF-32; save it as UTF-8';
    return { bytes, refusal: { message, ...bytePosition(bytes, zero) } };
  }
  if (!isUtf8(bytes)) {
    return { bytes, refusal: { message: 'the file is not encoded as UTF-8', ...bytePosition(bytes, firstBadByte(bytes)) } };
  }
  return { bytes };
}

function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isUtf8(bytes.subarray(0, wholeCharacters(bytes, middle)))) {
      good = middle;
    } else {
      bad = middle;
    }
  }
  return good;
}

/** Steps back from the middle of a character. */
function wholeCharacters(bytes: Buffer, end: number): number {
  let at = end;
  while (at > end - 4 && at > 0 && bytes[at] >= 0x80 && bytes[at] < 0xc0) {
    at--;
  }
  return at;
}

function bytePosition(bytes: Buffer, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: bytes.toString('utf8', start, offset).length + 1 };
}
