import { Yaml } from 'cdk8s';

/** How many scalars cdk8s gets in one call: more make it quicker, up to a point. */
const BATCH = 500;
/** YAML writes keys longer than 1,024 characters in another way. */
const LONGEST_KEY = 500;

/**
 * How `Yaml.stringify` of cdk8s writes scalars and keys: asked once for each, many at a time.
 * What isn't found here must be left to `Yaml.stringify` with the whole document.
 */
export class YamlScalars {
  private readonly values = new Map<unknown, string>();
  /** Some keys need quotes in the top map only. */
  private readonly topKeys = new Map<string, string>();
  private readonly innerKeys = new Map<string, string>();

  private readonly newValues = new Set<unknown>();
  private readonly newTopKeys = new Set<string>();
  private readonly newInnerKeys = new Set<string>();

  /** A value as it stands in a map or list of the top level, without the indent of its first line. */
  public value(value: unknown): string | undefined {
    return this.values.get(value);
  }

  public key(key: string, top: boolean): string | undefined {
    return (top ? this.topKeys : this.innerKeys).get(key);
  }

  public wantValue(value: unknown): void {
    if (!this.values.has(value)) {
      this.newValues.add(value);
    }
  }

  public wantKey(key: string, top: boolean): void {
    if (!(top ? this.topKeys : this.innerKeys).has(key)) {
      (top ? this.newTopKeys : this.newInnerKeys).add(key);
    }
  }

  /** Asks for everything that was wanted. */
  public learn(): void {
    const isLong = (value: unknown) => typeof value === 'string' && value.includes('\n');
    const values = [...this.newValues];
    batches(values.filter((value) => !isLong(value))).forEach((batch) => this.learnLines(batch));
    values.filter(isLong).forEach((value) => this.learnBlock(value));
    batches(plainKeys(this.newTopKeys)).forEach((batch) => this.learnKeys(batch, this.topKeys, '', (keys) => keys));
    batches(plainKeys(this.newInnerKeys)).forEach((batch) => this.learnKeys(batch, this.innerKeys, '  ', (keys) => ({ k: keys })));
    this.newValues.clear();
    this.newTopKeys.clear();
    this.newInnerKeys.clear();
  }

  private learnLines(values: unknown[]): void {
    const lines = Yaml.stringify(values).split('\n');
    if (lines.length === values.length + 1 && lines.slice(0, -1).every((line) => line.startsWith('- '))) {
      values.forEach((value, i) => this.values.set(value, lines[i].slice(2)));
    } else {
      values.forEach((value) => this.learnBlock(value));
    }
  }

  private learnBlock(value: unknown): void {
    const text = Yaml.stringify({ k: value });
    const lines = text.slice('k: '.length, -1).split('\n');
    if (text.startsWith('k: ') && text.endsWith('\n') && lines.slice(1).every((line) => line === '' || line.startsWith('  '))) {
      this.values.set(value, lines.join('\n'));
    }
  }

  private learnKeys(keys: string[], known: Map<string, string>, indent: string, wrap: (map: object) => object): void {
    const map = Object.fromEntries(keys.map((key) => [key, 0]));
    const lines = Yaml.stringify(wrap(map)).split('\n').slice(indent === '' ? 0 : 1, -1);
    if (lines.length === keys.length && lines.every((line) => line.startsWith(indent) && line.endsWith(': 0'))) {
      Object.keys(map).forEach((key, i) => known.set(key, lines[i].slice(indent.length, -': 0'.length)));
    } else if (keys.length > 1) {
      keys.forEach((key) => this.learnKeys([key], known, indent, wrap));
    }
  }
}

function plainKeys(keys: Set<string>): string[] {
  return [...keys].filter((key) => key.length <= LONGEST_KEY && !key.includes('\n'));
}

function batches<T>(values: T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < values.length; start += BATCH) {
    result.push(values.slice(start, start + BATCH));
  }
  return result;
}
