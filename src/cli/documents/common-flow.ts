import { COLON, DOUBLE_QUOTE, HASH, LINE, QUOTE, SPACE } from './common-scanner';
import { CommonText } from './common-text';
import { plainValue } from './plain-scalars';

export const BRACKET_OPEN = 91;
export const BRACE_OPEN = 123;
const COMMA = 44;
const BRACKET_CLOSE = 93;
const BRACE_CLOSE = 125;

/** Characters of plain text inside brackets that are read alike by all. */
const FLOW_PLAIN = /[A-Za-z0-9_.\/$~+=@%^()*;<>|&!-]/;
const FLOW = new Uint8Array(128);
for (let code = 33; code < 127; code++) {
  FLOW[code] = FLOW_PLAIN.test(String.fromCharCode(code)) ? 1 : 0;
}
const FLOW_FIRST = /[A-Za-z0-9_.\/$~+=^();<]/;

/** Reads maps and lists in brackets. */
export class CommonFlow extends CommonText {
  protected flowList(): unknown[] {
    this.enter();
    const list: unknown[] = [];
    this.places?.begin('list', true, this.pos);
    this.pos++;
    for (;;) {
      this.skipFlowSpace();
      if (this.text.charCodeAt(this.pos) === BRACKET_CLOSE) {
        break;
      }
      this.places?.member(this.pos, this.pos);
      list.push(this.flowValue());
      this.flowSeparator(BRACKET_CLOSE);
    }
    this.pos++;
    this.places?.end(this.pos);
    this.leave();
    return list;
  }

  protected flowMap(): Record<string, unknown> {
    this.enter();
    const map: Record<string, unknown> = {};
    this.places?.begin('map', true, this.pos);
    this.pos++;
    for (;;) {
      this.skipFlowSpace();
      const start = this.pos;
      const first = this.text.charCodeAt(start);
      if (first === BRACE_CLOSE) {
        break;
      }
      const quoted = first === DOUBLE_QUOTE || first === QUOTE;
      const key = quoted ? this.quoted(first) : this.asKey(this.flowPlain());
      if (this.text.charCodeAt(this.pos) !== COLON || (!quoted && !this.isBlank(this.pos + 1)) || map[key] !== undefined) {
        throw this.rare();
      }
      this.pos++;
      this.places?.member(start, this.pos, key);
      this.skipFlowSpace();
      map[key] = this.flowValue();
      this.flowSeparator(BRACE_CLOSE);
    }
    this.pos++;
    this.places?.end(this.pos);
    this.leave();
    return map;
  }

  private flowValue(): unknown {
    const code = this.text.charCodeAt(this.pos);
    switch (code) {
      case BRACKET_OPEN:
        return this.flowList();
      case BRACE_OPEN:
        return this.flowMap();
      case DOUBLE_QUOTE:
      case QUOTE:
        return this.quotedValue(code);
    }
    const start = this.pos;
    const value = this.finite(plainValue(this.flowPlain()));
    this.places?.scalar('plain', start, this.pos);
    return value;
  }

  /** Plain text inside brackets, of harmless characters only; what follows decides whether it's a key. */
  private flowPlain(): string {
    const { text } = this;
    const start = this.pos;
    const first = text.charAt(start);
    if (!FLOW_FIRST.test(first) && !(first === '-' && /[0-9A-Za-z-]/.test(text.charAt(start + 1)))) {
      throw this.rare();
    }
    let at = start;
    let end = start;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code < 128 && FLOW[code] === 1) {
        end = at + 1;
      } else if (code === COLON) {
        if (this.isBlank(at + 1)) {
          break;
        }
        if (FLOW[text.charCodeAt(at + 1)] !== 1) {
          this.pos = at;
          throw this.rare();
        }
      } else if (code !== SPACE) {
        break;
      }
    }
    this.pos = end;
    if (at > end && ![44, 93, 125].includes(text.charCodeAt(at))) {
      throw this.rare();
    }
    return text.slice(start, end);
  }

  /** Spaces, line ends and comments inside brackets. */
  private skipFlowSpace(): void {
    for (;;) {
      const before = this.pos;
      this.skipSpaces();
      const code = this.text.charCodeAt(this.pos);
      if (code === LINE) {
        this.pos++;
      } else if (code === HASH && (this.pos > before || this.text.charCodeAt(before - 1) === LINE)) {
        this.pos = this.text.indexOf('\n', this.pos);
      } else {
        return;
      }
    }
  }

  /** After a value in brackets: a comma, or the bracket that closes, which stays. */
  private flowSeparator(close: number): void {
    this.skipFlowSpace();
    const code = this.text.charCodeAt(this.pos);
    if (code === COMMA) {
      this.pos++;
    } else if (code !== close) {
      throw this.rare();
    }
  }
}
