import { isObject } from '../../controls/path';
import { sameValue } from '../diff/same-value';

/** Beyond it, elements are taken in order: lists that change in length are short. */
const MOST = 300;
const NAMES = ['name', 'mountPath', 'containerPort', 'key'];

/** For each element of a list, where it is in the changed list; undefined: it is gone. */
export function alignedTo(before: readonly unknown[], after: readonly unknown[]): (number | undefined)[] {
  if (before.length === after.length || before.length > MOST || after.length > MOST) {
    return before.map((_, i) => (i < after.length ? i : undefined));
  }
  // The best total of what lies behind each pair of positions.
  const best = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const likeness = likenessOf(before[i], after[j]);
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], likeness > 0 ? likeness + best[i + 1][j + 1] : 0);
    }
  }
  const positions = new Array<number | undefined>(before.length).fill(undefined);
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    const likeness = likenessOf(before[i], after[j]);
    if (likeness > 0 && best[i][j] === likeness + best[i + 1][j + 1]) {
      positions[i++] = j++;
    } else if (best[i][j] === best[i + 1][j]) {
      i++;
    } else {
      j++;
    }
  }
  return positions;
}

function likenessOf(a: unknown, b: unknown): number {
  if (sameValue(a, b)) {
    return 3;
  }
  return isObject(a) && isObject(b) && NAMES.some((name) => a[name] !== undefined && a[name] === b[name]) ? 2 : 0;
}
