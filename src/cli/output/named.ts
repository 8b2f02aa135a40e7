import { plural } from '../../core/plural';
import { printable } from '../../evidence/plain-text';

/** Objects that a line names before it counts the others. */
export const MOST_NAMED = 3;

/** The first names, and how many more there are. */
export function named(resources: readonly string[], most = MOST_NAMED): string {
  const more = resources.length - most;
  return printable(`${resources.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
}

/** Whose pods can't be judged, if there are any. */
export function notCoveredLines(resources: readonly string[]): string[] {
  const names = [...new Set(resources)].sort();
  return names.length === 0 ? [] : [`Pods of ${plural(resources.length, 'object')} can't be judged before they exist: ${named(names)}.`];
}
