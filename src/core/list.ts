import { invalid, InvalidInput } from './errors';

/**
 * Copies a list. Plain JavaScript lets a single value or null through where a list is meant.
 * @param what its elements are, in the plural
 */
export function checkList<T>(list: readonly T[], property: string, what: string, at?: InvalidInput['at']): T[] {
  if (!Array.isArray(list)) {
    throw invalid({ at, property, got: list, allowed: `a list of ${what}`, fix: `Put it in a list: ${property}: [ … ].` });
  }
  return [...list as readonly T[]];
}
