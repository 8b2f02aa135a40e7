import { invalid, InvalidInput } from './errors';

/** Checks a truth value. Plain JavaScript and settings from files let text through: "false" would count as true. */
export function checkBoolean(value: boolean, property: string, otherwise: boolean, at?: InvalidInput['at']): boolean {
  if (typeof value !== 'boolean') {
    throw invalid({ at, property, got: value, allowed: 'true or false', fix: `Leave it out for ${otherwise}.` });
  }
  return value;
}
