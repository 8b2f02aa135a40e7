import { nearestName } from '../core/nearest-name';

/** What was most likely meant: the one name that begins so, or the nearest; none where nothing is near. */
export function nearChoice(typo: string, names: readonly string[]): string | undefined {
  const longer = typo === '' ? [] : names.filter((name) => name.startsWith(typo));
  return longer.length === 1 ? longer[0] : nearestName(typo, names);
}
