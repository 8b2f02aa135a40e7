/**
 * The name that a typo most likely meant: the one with the fewest letters changed, left out, put in or swapped, upper and lower case alike;
 * of those that are equally near, the one with letters swapped, then the first in alphabetical order.
 * None if more than a third of the letters differ.
 */
export function nearestName(typo: string, names: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const limit = Math.max(1, Math.floor(Math.max(name.length, typo.length) / 3));
    if (Math.abs(name.length - typo.length) > limit) {
      continue;
    }
    const distance = editDistance(typo.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance || (distance === best.distance && name < best.name))) {
      best = { name, distance };
    }
  }
  return best?.name;
}

/** A swap counts a little less than the other edits. */
const SWAP = 0.9;

function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], twoAbove[j - 2] + SWAP);
      }
    }
    [twoAbove, above] = [above, row];
  }
  return above[b.length];
}
