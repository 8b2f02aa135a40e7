import { invalid, InvalidInput } from './errors';

/**
 * Checks a value of an enum. Types hold nothing where a program is plain JavaScript or reads its settings from a file, and an unknown value
 * would count as whichever one is asked for last.
 *
 * @param choices the enum
 * @param enumName its name, for errors
 */
export function checkChoice<T extends string>(value: T, choices: Record<string, T>, enumName: string, property: string, at?: InvalidInput['at']): T {
  if (!Object.values(choices).includes(value)) {
    throw invalid({ at, property, got: value, allowed: Object.values(choices).join(', '), fix: `Take a value of ${enumName}.` });
  }
  return value;
}
