import { isObject, Json } from '../../../controls/path';

/** What a list holds, where it is one, without what the API server would refuse. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What a list holds, where it is one, as text. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The first of many words; what is empty between quotes. */
export function listed(words: readonly string[]): string {
  const more = words.length - MOST_LISTED;
  return `${words.slice(0, MOST_LISTED).map((each) => (each === '' ? '""' : each)).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const MOST_LISTED = 6;
