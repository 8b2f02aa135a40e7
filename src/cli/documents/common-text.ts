import { CommonScanner, COLON, DASH, DOUBLE_QUOTE, HASH, LINE, SPACE } from './common-scanner';

const BACKSLASH = 92;
const PLUS = 43;

/** Escapes of one character in double quotes. */
const ESCAPES: Record<string, string> = { 'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\\': '\\', ' ': ' ', '0': '\0', 'b': '\b', 'e': '\x1b', 'f': '\f' };

/** Reads plain text in blocks, quoted text and block text. */
export class CommonText extends CommonScanner {
  /** Where the last plain line's text ended. */
  protected plainEnd = 0;

  /** Plain text in a block: to the end of the line, and lines below that are indented further than the parent. */
  protected plainLines(parent: number): string {
    let value = this.plainLine();
    let commented = this.text.charCodeAt(this.pos) === HASH;
    this.pos = this.text.indexOf('\n', this.pos) + 1;
    while (!commented) {
      const lineStart = this.pos;
      let blank = 0;
      let indent = 0;
      for (;;) {
        indent = 0;
        while (this.text.charCodeAt(this.pos + indent) === SPACE) {
          indent++;
        }
        if (this.text.charCodeAt(this.pos + indent) !== LINE) {
          break;
        }
        blank++;
        this.pos += indent + 1;
      }
      const code = this.text.charCodeAt(this.pos + indent);
      if (indent <= parent || this.pos + indent >= this.text.length || code === HASH) {
        this.pos = lineStart;
        return value;
      }
      this.pos += indent;
      if (code === DASH && this.isBlank(this.pos + 1)) {
        throw this.rare();
      }
      value += (blank === 0 ? ' ' : '\n'.repeat(blank)) + this.plainLine();
      commented = this.text.charCodeAt(this.pos) === HASH;
      this.pos = this.text.indexOf('\n', this.pos) + 1;
    }
    return value;
  }

  /** To the comment or the line's end, without spaces before it. */
  private plainLine(): string {
    const { text } = this;
    const start = this.pos;
    let at = start;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE) {
        break;
      }
      if (code === COLON ? this.isBlank(at + 1) : code < SPACE) {
        this.pos = at;
        throw this.rare();
      }
      if (code === HASH && text.charCodeAt(at - 1) === SPACE) {
        break;
      }
    }
    this.pos = at;
    while (text.charCodeAt(at - 1) === SPACE) {
      at--;
    }
    this.plainEnd = at;
    return text.slice(start, at);
  }

  /** The closing quote of text that is on one line and has no escapes, otherwise -1. */
  protected quoteEnd(quote: number): number {
    const { text } = this;
    for (let at = this.pos + 1; ; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        return quote !== DOUBLE_QUOTE && text.charCodeAt(at + 1) === quote ? -1 : at;
      }
      if (code < SPACE || (code === BACKSLASH && quote === DOUBLE_QUOTE)) {
        return -1;
      }
    }
  }

  /** Quoted text that is a value. */
  protected quotedValue(quote: number): string {
    const start = this.pos;
    const value = this.quoted(quote);
    this.places?.scalar(quote === DOUBLE_QUOTE ? 'double' : 'single', start, this.pos);
    return value;
  }

  /** Quoted text. Like kubectl, it takes further lines however they are indented. */
  protected quoted(quote: number): string {
    const start = this.pos + 1;
    const end = this.quoteEnd(quote);
    if (end !== -1) {
      this.pos = end + 1;
      return this.text.slice(start, end);
    }
    return this.foldedQuoted(quote);
  }

  private foldedQuoted(quote: number): string {
    const { text } = this;
    let value = '';
    let from = ++this.pos;
    for (;;) {
      const code = text.charCodeAt(this.pos);
      if (code === quote) {
        value += text.slice(from, this.pos++);
        if (quote === DOUBLE_QUOTE || text.charCodeAt(this.pos) !== quote) {
          return value;
        }
        from = this.pos++;
      } else if (code === LINE) {
        value += text.slice(from, this.pos).replace(/ +$/, '') + this.lineBreaks(' ');
        from = this.pos;
      } else if (code === BACKSLASH && quote === DOUBLE_QUOTE) {
        value += text.slice(from, this.pos++) + this.escape();
        from = this.pos;
      } else if (code >= SPACE) {
        this.pos++;
      } else {
        throw this.rare();
      }
    }
  }

  /** From a line's end to the text of the next line that isn't blank. */
  private lineBreaks(single: string): string {
    let breaks = 0;
    while (this.text.charCodeAt(this.pos) === LINE) {
      breaks++;
      this.pos++;
      this.skipSpaces();
    }
    return breaks === 1 ? single : '\n'.repeat(breaks - 1);
  }

  private escape(): string {
    const char = this.text.charAt(this.pos);
    if (char === '\n') {
      return this.lineBreaks('');
    }
    const length = { x: 2, u: 4 }[char];
    if (length === undefined) {
      this.pos++;
      const short = ESCAPES[char];
      if (short === undefined) {
        throw this.rare();
      }
      return short;
    }
    const digits = this.text.slice(this.pos + 1, this.pos + 1 + length);
    const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : 0xd800;
    if (code >= 0xd800 && code < 0xe000) {
      throw this.rare();
    }
    this.pos += 1 + length;
    return String.fromCharCode(code);
  }

  /** The text of `|` and `>`, as far as their indentation shows by itself. */
  protected blockText(folded: boolean, parent: number): string {
    const start = this.pos++;
    const chomp = this.text.charCodeAt(this.pos);
    if (chomp === DASH || chomp === PLUS) {
      this.pos++;
    }
    this.endLine();
    const { lines, indent, blanks } = this.blockLines(parent);
    if (lines.length === 0 && (chomp === PLUS || indent === 0)) {
      throw this.rare();
    }
    this.places?.scalar('block', start, this.pos);
    const body = folded ? fold(lines) : lines.join('\n');
    if (chomp === DASH || lines.length === 0) {
      return body;
    }
    return `${body}\n${chomp === PLUS ? '\n'.repeat(blanks) : ''}`;
  }

  /** The lines without their indentation up to the last that isn't empty, and how many empty ones follow. */
  private blockLines(parent: number): { lines: string[]; indent: number; blanks: number } {
    const { text } = this;
    const lines: string[] = [];
    let indent = -1;
    let blanks = 0;
    let widest = 0;
    while (this.pos < text.length) {
      const end = text.indexOf('\n', this.pos);
      let at = this.pos;
      while (text.charCodeAt(at) === SPACE && (indent === -1 || at - this.pos < indent)) {
        at++;
      }
      const width = at - this.pos;
      if (at === end) {
        blanks++;
        widest = indent === -1 ? Math.max(widest, width) : widest;
      } else {
        if (indent === -1 && width > parent && text.charCodeAt(at) >= SPACE && widest <= width) {
          indent = width;
        }
        if (width !== indent) {
          if (text.charCodeAt(at) < SPACE || (indent === -1 && width > parent)) {
            throw this.rare();
          }
          break;
        }
        for (; blanks > 0; blanks--) {
          lines.push('');
        }
        lines.push(text.slice(at, end));
      }
      this.pos = end + 1;
    }
    return { lines, indent, blanks };
  }
}

/** Joins the lines of `>`: one break becomes a space, except next to lines that begin with a space. */
function fold(lines: readonly string[]): string {
  let value = '';
  let pending = 0;
  let indentedBefore = true;
  for (const line of lines) {
    if (line === '') {
      pending++;
      continue;
    }
    const indented = line.startsWith(' ') || line.startsWith('\t');
    const keep = indented || indentedBefore;
    value += keep || pending > 0 ? '\n'.repeat(pending + (keep && value !== '' ? 1 : 0)) : value === '' ? '' : ' ';
    value += line;
    pending = 0;
    indentedBefore = indented;
  }
  return value;
}
