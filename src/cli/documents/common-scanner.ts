import { LIMITS } from './document';
import { plainKey } from './plain-scalars';

export const LINE = 10;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const QUOTE = 39;
export const DASH = 45;
export const COLON = 58;

/** Says that the text, at the offset, isn't of the common kind. */
export class Rare {
  constructor(public readonly offset: number) {}
}

/** Is told, in the order of the text, where values stand. Offsets of ends are after the last character. */
export interface CommonPlaces {
  begin(kind: 'map' | 'list', isFlow: boolean, start: number): void;
  /**
   * A value follows, in the map or list that began last.
   * @param start of the key, the dash or the element
   * @param valueFrom after the colon or the dash
   */
  member(start: number, valueFrom: number, key?: string): void;
  scalar(style: 'plain' | 'single' | 'double' | 'block', start: number, end: number): void;
  /** Nothing is where a value could be. */
  nothing(): void;
  end(at: number): void;
}

/** The position in the text, spaces, comments and depth, for the reader of common YAML. */
export class CommonScanner {
  protected pos = 0;
  private depth = 0;
  private lineStart = 0;

  constructor(protected readonly text: string, protected readonly places?: CommonPlaces) {}

  protected rare(): Rare {
    return new Rare(this.pos);
  }

  /** Goes to the first character after blank and comment lines, from the start of a line. Returns its column, -1 at the end. */
  protected nextContent(): number {
    const { text } = this;
    let at = this.pos;
    for (;;) {
      const start = at;
      while (text.charCodeAt(at) === SPACE) {
        at++;
      }
      const code = text.charCodeAt(at);
      if (code === HASH) {
        at = text.indexOf('\n', at) + 1;
      } else if (code === LINE) {
        at++;
      } else {
        this.pos = at;
        this.lineStart = start;
        if (at >= text.length) {
          return -1;
        }
        if (code < SPACE) {
          throw this.rare();
        }
        return at - start;
      }
    }
  }

  /** Goes back to the start of the line that `nextContent` found, for another to find it. */
  protected toLineStart(): void {
    this.pos = this.lineStart;
  }

  protected skipSpaces(): void {
    while (this.text.charCodeAt(this.pos) === SPACE) {
      this.pos++;
    }
  }

  protected isBlank(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === SPACE || code === LINE;
  }

  /** Nothing but a comment may be left on the line. Goes to the start of the next. */
  protected endLine(): void {
    const before = this.pos;
    this.skipSpaces();
    const code = this.text.charCodeAt(this.pos);
    if (code === HASH && (this.pos > before || this.text.charCodeAt(before - 1) === SPACE)) {
      this.pos = this.text.indexOf('\n', this.pos);
    } else if (code !== LINE) {
      throw this.rare();
    }
    this.pos++;
  }

  protected asKey(text: string): string {
    const key = text === '<<' || text === '' ? undefined : plainKey(text);
    if (key === undefined) {
      throw this.rare();
    }
    return key;
  }

  protected finite(value: unknown): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw this.rare();
    }
    return value;
  }

  protected enter(): void {
    if (++this.depth > LIMITS.depth) {
      throw this.rare();
    }
  }

  protected leave(): void {
    this.depth--;
  }
}
