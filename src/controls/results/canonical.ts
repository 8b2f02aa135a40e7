/** JSON with sorted keys, so that two ways to write one value are one. Undefined for what JSON has no form for. */
export function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'bigint') {
      return String(each);
    }
    return typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  });
}
