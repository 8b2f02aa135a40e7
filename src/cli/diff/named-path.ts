import { isObject, Place } from '../../controls/path';

/**
 * A place by names in place of positions: `spec.containers[app].image`. A list whose elements have no names of their own is `[]` at any position,
 * or the position itself.
 */
export function namedPath(root: unknown, place: Place, positions: boolean = false): string {
  let value = root;
  let path = '';
  for (const step of place) {
    path += typeof step === 'string' ? fieldStep(path, step) : `[${elementName(value, step) ?? (positions ? step : '')}]`;
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return path;
}

export function fieldStep(path: string, field: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(field) ? `${path === '' ? '' : '.'}${field}` : `["${field}"]`;
}

function elementName(list: unknown, position: number): string | undefined {
  const names = namesOf(list);
  return names?.[position];
}

const known = new WeakMap<object, readonly string[] | null>();

/** The names of a list's elements, where each has one of its own. */
export function namesOf(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list)) {
    return undefined;
  }
  let names = known.get(list);
  if (names === undefined) {
    const found = list.map((each: unknown) => (isObject(each) && typeof each.name === 'string' ? each.name : undefined));
    names = found.every((each) => each !== undefined) && new Set(found).size === list.length ? found : null;
    known.set(list, names);
  }
  return names ?? undefined;
}
