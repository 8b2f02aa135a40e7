import { BRACE_OPEN, BRACKET_OPEN, CommonFlow } from './common-flow';
import { COLON, CommonPlaces, DASH, DOUBLE_QUOTE, HASH, LINE, QUOTE, Rare, SPACE } from './common-scanner';
import { plainValue } from './plain-scalars';

const LITERAL = 124;
const FOLDED = 62;

/** Characters that begin something rare in plain text's place: ! # % & ' " * , : ? @ [ ] ` { } | > and tabs. */
const RESERVED = new Uint8Array(128);
[...'!#%&\'"*,:?@[]`{}|>\t'].forEach(char => { RESERVED[char.charCodeAt(0)] = 1; });

/** What the quick reader made of a document. */
export type CommonReading = { readonly value: unknown } | { readonly rareAt: number };

/**
 * Reads the YAML that manifests are commonly written in, several times as fast as a whole YAML parser: maps and lists in blocks or brackets,
 * plain, quoted and block text, comments. It gives up, saying where, at anything else, at anything malformed and at equal keys: the text is
 * then for `readEditable`, which gives the same values and says what is wrong.
 *
 * The text ends with a line feed and holds neither carriage returns nor lines that begin with `---` or `...`.
 * @param places told where the values stand; what it was told is wrong where the text turns out to be rare
 */
export function readCommon(text: string, places?: CommonPlaces): CommonReading {
  const reader = new CommonReader(text, places);
  try {
    return { value: reader.document() };
  } catch (error) {
    if (error instanceof Rare) {
      return { rareAt: error.offset };
    }
    throw error;
  }
}

class CommonReader extends CommonFlow {
  public document(): unknown {
    const indent = this.nextContent();
    if (indent === -1) {
      this.places?.nothing();
      return null;
    }
    const value = this.text.charCodeAt(this.pos) === BRACE_OPEN ? this.flowThenEnd() : this.blockNode(indent, -1);
    if (this.nextContent() !== -1) {
      throw this.rare();
    }
    return value;
  }

  private flowThenEnd(): unknown {
    const value = this.flowMap();
    this.endLine();
    return value;
  }

  /** A map, a list or a scalar that begins at the position, which is at column `indent`. */
  private blockNode(indent: number, parent: number): unknown {
    const code = this.text.charCodeAt(this.pos);
    if (code === DASH && this.isBlank(this.pos + 1)) {
      return this.blockList(indent);
    }
    if (code === BRACKET_OPEN || code === BRACE_OPEN) {
      return this.inlineValue(code, parent);
    }
    return this.keyEnd() === -1 ? this.inlineValue(code, parent) : this.blockMap(indent);
  }

  private blockMap(indent: number): Record<string, unknown> {
    this.enter();
    const map: Record<string, unknown> = {};
    this.places?.begin('map', false, this.pos);
    for (;;) {
      const start = this.pos;
      const key = this.key();
      if (map[key] !== undefined) {
        throw this.rare();
      }
      this.places?.member(start, this.pos, key);
      map[key] = this.valueAfter(indent, true);
      const next = this.nextContent();
      if (next < indent) {
        break;
      }
      if (next > indent) {
        throw this.rare();
      }
      if (this.text.charCodeAt(this.pos) === DASH && this.isBlank(this.pos + 1)) {
        throw this.rare();
      }
    }
    this.places?.end(this.pos);
    this.leave();
    this.toLineStart();
    return map;
  }

  private blockList(indent: number): unknown[] {
    this.enter();
    const list: unknown[] = [];
    this.places?.begin('list', false, this.pos);
    for (;;) {
      this.pos++;
      this.places?.member(this.pos - 1, this.pos);
      list.push(this.itemAfterDash(indent));
      const next = this.nextContent();
      if (next > indent) {
        throw this.rare();
      }
      if (next < indent || this.text.charCodeAt(this.pos) !== DASH || !this.isBlank(this.pos + 1)) {
        break;
      }
    }
    this.places?.end(this.pos);
    this.leave();
    this.toLineStart();
    return list;
  }

  private itemAfterDash(indent: number): unknown {
    const start = this.pos;
    this.skipSpaces();
    const code = this.text.charCodeAt(this.pos);
    if (code === LINE || code === HASH) {
      return this.valueAfter(indent, false);
    }
    const column = indent + 1 + this.pos - start;
    if (code === DASH && this.isBlank(this.pos + 1)) {
      return this.blockList(column);
    }
    if (code !== BRACKET_OPEN && code !== BRACE_OPEN && code !== LITERAL && code !== FOLDED && this.keyEnd() !== -1) {
      return this.blockMap(column);
    }
    return this.inlineValue(code, indent);
  }

  /** What follows `key:` or `-`, on the same line or below. A list may stand as far left as the key that it belongs to. */
  private valueAfter(indent: number, listAtIndent: boolean): unknown {
    this.skipSpaces();
    const code = this.text.charCodeAt(this.pos);
    if (code !== LINE && code !== HASH) {
      return this.inlineValue(code, indent);
    }
    this.endLine();
    const next = this.nextContent();
    if (next > indent) {
      return this.blockNode(next, indent);
    }
    if (next === indent && listAtIndent && this.text.charCodeAt(this.pos) === DASH && this.isBlank(this.pos + 1)) {
      return this.blockList(indent);
    }
    this.toLineStart();
    this.places?.nothing();
    return null;
  }

  /** A value that begins at the position and ends with a line. */
  private inlineValue(code: number, parent: number): unknown {
    switch (code) {
      case DOUBLE_QUOTE:
      case QUOTE: {
        const text = this.quotedValue(code);
        this.endLine();
        return text;
      }
      case LITERAL:
      case FOLDED:
        return this.blockText(code === FOLDED, parent);
      case BRACKET_OPEN:
      case BRACE_OPEN: {
        const value = code === BRACE_OPEN ? this.flowMap() : this.flowList();
        this.endLine();
        return value;
      }
    }
    if (RESERVED[code] === 1 || (code === DASH && this.isBlank(this.pos + 1))) {
      throw this.rare();
    }
    const start = this.pos;
    const value = this.finite(plainValue(this.plainLines(parent)));
    this.places?.scalar('plain', start, this.plainEnd);
    return value;
  }

  /** Where the key's colon is, or -1 where the line holds no plain or quoted key. Moves nothing. */
  private keyEnd(): number {
    const { text } = this;
    const first = text.charCodeAt(this.pos);
    if (first === DOUBLE_QUOTE || first === QUOTE) {
      const close = this.quoteEnd(first);
      return close !== -1 && text.charCodeAt(close + 1) === COLON ? close + 1 : -1;
    }
    if (RESERVED[first] === 1) {
      return -1;
    }
    for (let at = this.pos; ; at++) {
      const code = text.charCodeAt(at);
      if (code === COLON) {
        const after = text.charCodeAt(at + 1);
        if (after === SPACE || after === LINE) {
          return at;
        }
      } else if (code === LINE || (code === HASH && text.charCodeAt(at - 1) === SPACE)) {
        return -1;
      } else if (code < SPACE) {
        throw this.rare();
      }
    }
  }

  /** Reads a key of a block map and its colon. */
  private key(): string {
    const end = this.keyEnd();
    const start = this.pos;
    if (end === -1 || end - start > 1000) {
      throw this.rare();
    }
    const first = this.text.charCodeAt(start);
    this.pos = end + 1;
    if (!this.isBlank(this.pos)) {
      throw this.rare();
    }
    if (first === DOUBLE_QUOTE || first === QUOTE) {
      return this.text.slice(start + 1, end - 1);
    }
    let last = end;
    while (this.text.charCodeAt(last - 1) === SPACE) {
      last--;
    }
    return this.asKey(this.text.slice(start, last));
  }
}
