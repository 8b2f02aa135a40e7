import { IConstruct } from 'constructs';

/** What was wrong with an input, in the words that every error of this library uses. */
export interface InvalidInput {
  /** The construct that was given the input, or its path; left out for values that stand outside any tree. */
  readonly at?: IConstruct | string;
  /** The property, argument or file that was wrong. */
  readonly property: string;
  /** What came. Never pass a secret's value. Left out: nothing is shown. */
  readonly got?: unknown;
  /** What is allowed, as a noun phrase. */
  readonly allowed: string;
  /** What to do about it, as an imperative. */
  readonly fix: string;
  /** The rule behind it: a PSS, CIS or NSA id, an RFC, a manual page. */
  readonly source?: string;
}

/**
 * The one error type: bad input, or a combination that can't be honoured.
 *
 * It is not exported by the package (jsii has no classes that extend Error): recognise it by `name === 'HardenedError'`.
 */
export class HardenedError extends Error {
  public declare readonly constructPath?: string;
  public declare readonly property: string;
  public declare readonly allowed: string;
  public declare readonly fix: string;

  constructor(input: InvalidInput) {
    super(message(input));
    const { at, property, allowed, fix } = input;
    // The message says them; Node prints every other field of an error once more.
    const facts = { name: 'HardenedError', constructPath: pathOf(at), property, allowed, fix };
    Object.entries(facts).forEach(([key, value]) => Object.defineProperty(this, key, { value, enumerable: false }));
  }
}

/** Makes the error for a bad input. Use as `throw invalid({ … })`. */
export function invalid(input: InvalidInput): HardenedError {
  return new HardenedError(input);
}

/** Shows a value in an error: one line, short, strings quoted. It never throws, whatever came. */
export function show(value: unknown): string {
  const text = oneLine(value);
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`;
}

function oneLine(value: unknown): string {
  if (typeof value === 'function') {
    return `function ${value.name}`;
  }
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol') {
    return String(value);
  }
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `an object of class ${(value as object).constructor?.name ?? 'Object'}`;
  }
}

function message(input: InvalidInput): string {
  const path = pathOf(input.at);
  const where = path === undefined ? '' : `[${path}] `;
  const got = 'got' in input ? `got ${show(input.got)}; ` : '';
  const source = input.source === undefined ? '' : ` (${input.source})`;
  return `${where}${input.property}: ${got}allowed: ${input.allowed}${source}. ${input.fix}`;
}

function pathOf(at: IConstruct | string | undefined): string | undefined {
  return typeof at === 'object' ? at.node.path || '<root>' : at;
}
