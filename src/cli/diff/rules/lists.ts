import { isObject, Json } from '../../../controls/path';

/** What a list holds, where it is one, without what the API server would refuse. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What a list holds, where it is one, as text. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
