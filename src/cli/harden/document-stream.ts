import { readJsonStream } from '../documents/json-stream';

/**
 * Puts files one after another as one stream that kubectl reads. A single file stays byte for byte as it is; JSON beside JSON stays JSON, beside
 * YAML every object becomes a document of its own.
 */
export class DocumentStream {
  private pending: string[] = [];
  private isYaml = false;
  private endsLine = true;

  /** @returns what can be written by now */
  public add(text: string, isJson: boolean): string {
    if (isJson && !this.isYaml) {
      this.pending.push(text);
      return '';
    }
    const before = this.pending.flatMap(objectsOf);
    const isFirst = before.length === 0 && !this.isYaml;
    this.pending = [];
    this.isYaml = true;
    return [...before, ...isJson ? objectsOf(text) : [text]].map((each, i) => this.next(each, isFirst && i === 0)).join('');
  }

  /** @returns what is to be written still */
  public end(): string {
    return this.pending.map((text) => this.next(text, true)).join('');
  }

  private next(text: string, isBare: boolean): string {
    const lineFeed = this.endsLine ? '' : '\n';
    this.endsLine = text.endsWith('\n') || text === '';
    return `${lineFeed}${isBare || /^---\s/.test(text) ? '' : '---\n'}${text}`;
  }
}

function objectsOf(text: string): string[] {
  const { items } = readJsonStream(text);
  return items.map(({ offset }, i) => `${text.slice(offset, items[i + 1]?.offset).trimEnd()}\n`);
}
