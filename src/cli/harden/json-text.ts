import { Holder, TextEntry, TextNode } from './text-node';

/** Where the values of JSON stand in a text that `JSON.parse` has taken, from an offset on. */
export function jsonText(text: string, offset: number): TextNode {
  return new JsonText(text, offset).node();
}

const SPACES = /[ \t\r\n]*/y;
const WORD = /[-+.0-9A-Za-z]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;

class JsonText {
  constructor(private readonly text: string, private at: number) {}

  public node(): TextNode {
    switch (this.text[this.at]) {
      case '{':
        return this.map();
      case '[':
        return this.list();
      case '"':
        return { kind: 'scalar', style: 'double', ...this.token(STRING) };
      default:
        return { kind: 'scalar', style: 'plain', ...this.token(WORD) };
    }
  }

  private map(): TextNode {
    const entries: TextEntry[] = [];
    const range = this.bracketed('}', () => {
      const { start, end } = this.token(STRING);
      this.skip();
      this.at++;
      const valueFrom = this.at;
      this.skip();
      entries.push({ ...this.holder(start, valueFrom), isQuoted: true, key: JSON.parse(this.text.slice(start, end)) as string });
    });
    return { kind: 'map', isFlow: true, entries, ...range };
  }

  private list(): TextNode {
    const items: Holder[] = [];
    const range = this.bracketed(']', () => items.push(this.holder(this.at, this.at)));
    return { kind: 'list', isFlow: true, items, ...range };
  }

  private holder(start: number, valueFrom: number): Holder {
    const value = this.node();
    return { start, valueFrom, end: value.end, value };
  }

  private bracketed(close: string, member: () => void): { start: number; end: number } {
    const start = this.at;
    this.at++;
    this.skip();
    while (this.text[this.at] !== close) {
      member();
      this.skip();
      if (this.text[this.at] === ',') {
        this.at++;
        this.skip();
      }
    }
    this.at++;
    return { start, end: this.at };
  }

  private skip(): void {
    this.token(SPACES);
  }

  private token(pattern: RegExp): { start: number; end: number } {
    const start = this.at;
    pattern.lastIndex = start;
    this.at += pattern.exec(this.text)![0].length;
    return { start, end: this.at };
  }
}
