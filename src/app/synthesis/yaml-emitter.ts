import { Yaml } from 'cdk8s';
import { YamlScalars } from './yaml-scalars';

type PlainMap = Record<string, unknown>;

const STEP = '  ';

/** One of each thing that is laid out here, to see that the YAML library below cdk8s still does it the same way. */
const SAMPLE: PlainMap = {
  map: { nested: { deep: { text: 'a' } }, empty: {}, none: null, yes: true },
  list: ['a', ['b', ['c', []]], { d: 1, e: [2, { f: {} }] }, [{ g: 'h' }], {}, -3],
  text: { block: 'one\n two\n\nthree\n', list: ['\n  four\n\n', 'five: # six\nseven\u0001 eight nine ten eleven twelve thirteen'] },
};

/**
 * `Yaml.stringify` of cdk8s for many documents, byte for byte but several times as fast: maps and lists are laid out here, while every
 * string and every number but integers is written as `Yaml.stringify` wrote it when it was asked, once for each value.
 *
 * Documents that hold anything but plain JSON, or the same object twice, or unusual keys go through `Yaml.stringify` as a whole.
 */
export class YamlEmitter {
  private readonly scalars = new YamlScalars();
  private readonly trusted: boolean;
  private parts: string[] = [];
  private complete = true;

  constructor() {
    [null, undefined, true, false].forEach((value) => this.scalars.wantValue(value));
    this.survey(SAMPLE);
    this.scalars.learn();
    this.trusted = this.layOut(SAMPLE) === Yaml.stringify(SAMPLE);
  }

  /** A file of documents, separated by `---`. */
  public stringify(documents: readonly unknown[]): string {
    return this.stringifyFiles([documents])[0];
  }

  /** Many files at once, which is quicker than one by one. */
  public stringifyFiles(files: readonly (readonly unknown[])[]): string[] {
    const sure = new Set(this.trusted ? files.flat().filter((document) => this.survey(document)) : []);
    this.scalars.learn();
    return files.map((documents) => documents
      .map((document) => (sure.has(document) ? this.layOut(document as PlainMap) : undefined) ?? Yaml.stringify(document))
      .join('---\n'));
  }

  /** Whether a document is a filled map of plain JSON without shared parts; notes the scalars that aren't known yet. */
  private survey(document: unknown): boolean {
    const seen = new Set<unknown>();
    const visit = (value: unknown, top: boolean): boolean => {
      switch (typeof value) {
        case 'string':
          this.scalars.wantValue(value);
          return true;
        case 'number':
          if (!Number.isSafeInteger(value)) {
            this.scalars.wantValue(value);
          }
          return !Object.is(value, -0);
        case 'boolean':
        case 'undefined':
          return true;
        case 'object':
          return value === null || visitCollection(value, top);
        default:
          return false;
      }
    };
    const visitCollection = (value: object, top: boolean): boolean => {
      if (seen.has(value) || !isPlain(value)) {
        return false;
      }
      seen.add(value);
      if (Array.isArray(value)) {
        for (const item of value) {
          if (!visit(item, false)) {
            return false;
          }
        }
        return true;
      }
      for (const key of Object.keys(value)) {
        this.scalars.wantKey(key, top);
        if (!visit((value as PlainMap)[key], false)) {
          return false;
        }
      }
      return true;
    };
    return isFilled(document) && !Array.isArray(document) && visit(document, true);
  }

  /** The document as YAML, or undefined if a part of it couldn't be learned. */
  private layOut(document: PlainMap): string | undefined {
    this.parts = [];
    this.complete = true;
    this.writeMap(document, 0);
    return this.complete ? `${this.parts.join('')}\n` : undefined;
  }

  private writeMap(map: PlainMap, depth: number): void {
    let first = true;
    for (const key of Object.keys(map)) {
      if (!first) {
        this.parts.push(lineBreak(depth));
      }
      first = false;
      this.parts.push(this.known(this.scalars.key(key, depth === 0)), ':');
      const value = map[key];
      if (isFilled(value)) {
        this.parts.push(lineBreak(depth + 1));
        this.writeCollection(value, depth + 1);
      } else {
        this.writeScalar(value, depth);
      }
    }
  }

  private writeList(list: unknown[], depth: number): void {
    let first = true;
    for (const value of list) {
      if (!first) {
        this.parts.push(lineBreak(depth));
      }
      first = false;
      this.parts.push('-');
      if (isFilled(value)) {
        this.parts.push(' ');
        this.writeCollection(value, depth + 1);
      } else {
        this.writeScalar(value, depth);
      }
    }
  }

  private writeCollection(value: object, depth: number): void {
    if (Array.isArray(value)) {
      this.writeList(value, depth);
    } else {
      this.writeMap(value as PlainMap, depth);
    }
  }

  private writeScalar(value: unknown, depth: number): void {
    if (typeof value === 'object' && value !== null) {
      this.parts.push(Array.isArray(value) ? ' []' : ' {}');
    } else if (Number.isSafeInteger(value)) {
      this.parts.push(' ', String(value));
    } else {
      const text = this.known(this.scalars.value(value));
      this.parts.push(' ', text.includes('\n') ? text.replace(/\n(?!\n|$)/g, lineBreak(depth)) : text);
    }
  }

  private known(text: string | undefined): string {
    this.complete &&= text !== undefined;
    return text ?? '';
  }
}

const LINE_BREAKS = Array.from({ length: 32 }, (_, depth) => `\n${STEP.repeat(depth)}`);

function lineBreak(depth: number): string {
  return LINE_BREAKS[depth] ?? `\n${STEP.repeat(depth)}`;
}

function isFilled(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.length > 0;
  }
  for (const key in value) {
    if (Object.prototype.hasOwnProperty.call(value, key)) {
      return true;
    }
  }
  return false;
}

/** Maps and lists as literals make them. Others have a form of their own in YAML: dates, sets, bytes, what has a `toJSON`. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value)
    ? prototype === Array.prototype && !('toJSON' in value)
    : prototype === Object.prototype && !('toJSON' in value) && !(Symbol.iterator in value);
}
