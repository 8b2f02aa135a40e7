import { invalid } from '../core/errors';

/** Escapes, classes, and everything else one by one. */
const TOKENS = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/gu;

/** What RE2 lacks or reads otherwise, by what begins it: references, `\u…`, `\c…` and properties; a class that is empty, or has a named one in it. */
const NOT_RE2 = /^\\[1-9kucpP]|^\[\^?\]|^\[.*\[:/su;

/** How often RE2 repeats at most. */
const MOST_REPETITIONS = 1000;

const CHECKED = new Set<string>();

/** Refuses a regular expression that JavaScript and RE2 (which the API server has) don't both take. */
export function checkPattern(pattern: string): void {
  if (CHECKED.has(pattern)) {
    return;
  }
  if (typeof pattern !== 'string' || !isCommon(pattern) || !compiles(pattern)) {
    throw invalid({
      property: 'pattern', got: pattern, allowed: 'a regular expression in the common subset of RE2 and JavaScript (no lookaround, no back references)',
      fix: 'Join simpler patterns by allOf, anyOf and negation.', source: 'https://github.com/google/re2/wiki/Syntax',
    });
  }
  CHECKED.add(pattern);
}

const COMPILED = { asWritten: new Map<string, RegExp>(), inAnyCase: new Map<string, RegExp>() };

/** The compiled form, which means what RE2 reads; patterns are few, and made once each. */
export function compiled(pattern: string, ignoreCase: boolean): RegExp {
  const known = ignoreCase ? COMPILED.inAnyCase : COMPILED.asWritten;
  let made = known.get(pattern);
  if (made === undefined) {
    made = new RegExp(asRe2Reads(pattern), ignoreCase ? 'iu' : 'u');
    known.set(pattern, made);
  }
  return made;
}

/** Whitespace is ASCII's, and a dot is everything but a line feed. */
function asRe2Reads(pattern: string): string {
  const known: Record<string, string> = { '.': '[^\\n]', '\\s': '[\\t\\n\\f\\r ]', '\\S': '[^\\t\\n\\f\\r ]' };
  const inClass = (token: string) => token.replace(/\\[^]/gu, (each) => (each === '\\s' ? '\\t\\n\\f\\r ' : each));
  return pattern.replace(TOKENS, (token) => known[token] ?? (token.startsWith('[') && !token.includes('\\S') ? inClass(token) : token));
}

function isCommon(pattern: string): boolean {
  const tokens = pattern.match(TOKENS) ?? [];
  // Without escapes and classes, what is left are operators.
  const operators = tokens.map((token) => (token.length > 1 && /^[\\[]/.test(token) ? 'x' : token)).join('');
  const repetitions = [...operators.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, least, most]) => [Number(least), Number(most ?? 0)]);
  return !tokens.some((token) => NOT_RE2.test(token)) && !/\(\?(?!:)/.test(operators) && repetitions.every((times) => times <= MOST_REPETITIONS);
}

function compiles(pattern: string): boolean {
  try {
    return compiled(pattern, false) instanceof RegExp;
  } catch {
    return false;
  }
}
