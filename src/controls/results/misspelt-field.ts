import { nearestName } from '../../core/nearest-name';
import { fieldType } from '../api-fields/lookup';
import { isObject, Place } from '../path';

/**
 * A key in the place of a field that is missing, if there is one that the API doesn't know and that is nearly called so: the API server drops it
 * or refuses it, and whoever wrote it believes that the field is set.
 */
export function misspeltField(json: unknown, place: Place): string | undefined {
  if (!isObject(json) || typeof json.kind !== 'string') {
    return undefined;
  }
  const { kind } = json;
  const above: string[] = [];
  let here: unknown = json;
  for (const step of place) {
    if (typeof here !== 'object' || here === null) {
      return undefined;
    }
    if (!Object.hasOwn(here, step)) {
      return typeof step === 'string' && fieldType(kind, above)?.kind === 'object'
        ? nearestName(step, Object.keys(here).filter((key) => fieldType(kind, [...above, key]) === undefined))
        : undefined;
    }
    here = (here as Record<string | number, unknown>)[step];
    above.push(typeof step === 'number' ? '[]' : step);
  }
  return undefined;
}
