import * as fc from 'fast-check';

/** JSON of a manifest. */
export type Fields = Record<string, any>;

/** What an arbitrary generates. */
export type Generated<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

/** The value in so many of 100 cases, else undefined. Shrinks to undefined. */
export function sometimes<T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return weighted<T | undefined>([100 - percent, undefined], [percent, value]);
}

/** One of the values or arbitraries, by weight. Shrinks to the first. */
export function weighted<T>(...choices: [weight: number, value: T | fc.Arbitrary<T>][]): fc.Arbitrary<T> {
  return fc.oneof({ withCrossShrink: true }, ...choices.map(([weight, value]) => ({
    weight: Math.round(weight * 10),
    arbitrary: value instanceof fc.Arbitrary ? value : fc.constant(value),
  })));
}

/** The arbitrary under this condition, else always undefined. */
export function when<T>(condition: boolean, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return condition ? value : fc.constant(undefined);
}

/** One of the values, each as often. Shrinks to the first. */
export function oneOf<T>(...values: T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** So many of the values at most, none of them twice, in any order. Shrinks to fewer and to earlier ones. */
export function someOf<T>(values: T[], size: { min?: number; max: number }): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: size.min ?? 0, maxLength: size.max });
}

/** An object with the fields that are not undefined. */
export function fields(arbitraries: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> {
  return fc.record(arbitraries).map(compact);
}

/** The value without its undefined fields, at any depth. */
export function compact<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(compact) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => [key, compact(each)])) as T;
}

/** The list, or undefined where it's empty. */
export function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
