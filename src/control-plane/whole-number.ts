import { invalid, InvalidInput } from '../core/errors';

/** Checks a whole number, least and most included. Plain JavaScript and settings from files let text and fractions through. */
export function checkWholeNumber(value: number, least: number, most: number, words: Omit<InvalidInput, 'got' | 'allowed'>): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalid({ ...words, got: value, allowed: `a whole number from ${least} to ${most}` });
  }
  return value;
}
