import * as fc from 'fast-check';
import { Judgement, Tally, Verdict } from './verdicts';

/** What came of comparing two sides on many objects. */
export interface Comparison {
  readonly judged: number;
  /** Why objects that were generated as valid are not. */
  readonly invalid: readonly string[];
  /** For each rule on which the sides differ, the smallest object that shows it. */
  readonly differences: readonly string[];
}

export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
}

/** Judges a value on both sides, perhaps in several parts. */
export type Judge<T> = (value: T, index: number) => Promise<readonly Judgement[]>;

/** So many values are under way at a time. */
const CHUNK = 250;
/** So many rules are shown with a shrunk object, the others by name. */
const SHOWN = 5;
const SHRINK_TIMEOUT_MS = 20_000;

/**
 * Compares two sides on generated values, thousands at a time, and shrinks where they differ: the same seed gives the same values again, one by
 * one.
 */
export async function compare<T>(arbitrary: fc.Arbitrary<T>, { numRuns, seed }: Runs, judge: Judge<T>, tally: Tally): Promise<Comparison> {
  const values = fc.sample(arbitrary, { numRuns, seed });
  const invalid: string[] = [];
  const first = new Map<string, number>();
  for (let start = 0; start < values.length; start += CHUNK) {
    const all = await Promise.all(values.slice(start, start + CHUNK).map((value, i) => judge(value, start + i)));
    all.forEach((judgements, i) => {
      const refusal = judgements.find((each) => each.invalid !== undefined)?.invalid;
      invalid.push(...(refusal === undefined ? [] : [refusal]));
      for (const { verdicts } of judgements) {
        tally.add(verdicts);
        verdicts.filter(({ agrees }) => !agrees).forEach(({ rule }) => first.set(rule, first.get(rule) ?? start + i));
      }
    });
  }
  const differences: string[] = [];
  for (const [rule, index] of first) {
    differences.push(differences.length < SHOWN ? await shrunk(rule, arbitrary, seed, index, judge) : `${rule}: differs, too`);
  }
  return { judged: values.length - invalid.length, invalid, differences };
}

async function shrunk<T>(rule: string, arbitrary: fc.Arbitrary<T>, seed: number, index: number, judge: Judge<T>): Promise<string> {
  let smallest = `${rule}: differs on value ${index} of seed ${seed}, and no longer when it is asked again`;
  await fc.check(fc.asyncProperty(arbitrary, async (value) => {
    const difference = (await judge(value, index)).map((judgement) => describeDifference(rule, judgement)).find((each) => each !== undefined);
    smallest = difference ?? smallest;
    return difference === undefined;
  }), { seed, path: String(index), numRuns: 1, interruptAfterTimeLimit: SHRINK_TIMEOUT_MS });
  return smallest;
}

function describeDifference(rule: string, { object, verdicts }: Judgement): string | undefined {
  const found = verdicts.find((each) => each.rule === rule && !each.agrees);
  return found && describeVerdict(found, object);
}

/** The rule, both verdicts and the object. */
export function describeVerdict({ rule, synth, server }: Verdict, object: unknown): string {
  return `${rule}\n  at synth: ${synth || 'met'}\n  API server: ${server || 'met'}\n  object: ${JSON.stringify(object)}`;
}
