import { isField, optionalSteps, sureSteps } from './cel-text';
import { Path } from '../path';

/** A step on the way from the root to an item, as far as it is known before any object is. */
export type CelStep =
  | string
  /** One of the pod's lists of containers, and a container in it. */
  | 'containers[]'
  /** Any element of a list. */
  | { readonly element: string; readonly list: string }
  /** Any key of a map. */
  | { readonly key: string }
  /** One of several fields. */
  | { readonly field: string; readonly among: readonly { readonly path: Path; readonly chain: string }[] };

/** What a requirement is about, in CEL: the root, a container, a security context, an element, a map's value. */
export interface CelItem {
  /** Where an optional chain begins: `c`, `c.?securityContext`. */
  readonly chain: string;
  /** The same where it is known to be there: `c.securityContext`. */
  readonly sure: string;
  /** Whether the chain is an optional by itself. */
  readonly optional: boolean;
  /** Whether CEL's type checker knows its type, so that it must be told where types don't matter. */
  readonly typed: boolean;
  /** Whether the API server has decoded it into a type of its own: nothing in it can have another type. Left out: it may. */
  readonly decoded?: boolean;
  /** The pod spec below a pod template: paths that begin with `spec` start there. */
  readonly spec?: CelItem;
  /** The object as it was, where the item is the root. */
  readonly old?: CelItem;
  /** How many loops are around it, for names of variables. */
  readonly depth: number;
  /** Where it is in a container, and the container's name. An item may be in both: a security context of the pod or of a container. */
  readonly container?: { readonly name: string; readonly place: readonly CelStep[] };
  /** Where it is outside containers. */
  readonly outside?: { readonly place: readonly CelStep[] };
}

/** An item at the end of a chain of its own. */
export function itemOf(expression: string, { typed = false, decoded = false } = {}): CelItem {
  return { chain: expression, sure: expression, optional: false, typed, decoded: typed || decoded, depth: 0, outside: { place: [] } };
}

/** What is at a path below an item. */
export function below(item: CelItem, path: Path): CelItem {
  if (path.length === 0) {
    return item;
  }
  if (item.spec && path[0] === 'spec') {
    return below(item.spec, path.slice(1));
  }
  return { ...placed(item, path), chain: item.chain + optionalSteps(path), sure: item.sure + sureSteps(path), optional: true };
}

/** A value in a list or map at hand, by the name of a loop's variable. */
export function looped(around: CelItem, expression: string, step: CelStep): CelItem {
  return { ...placed(around, [step]), chain: expression, sure: expression, optional: false, depth: around.depth + 1 };
}

/** Any one of several fields of an item, by the name of a loop's variable over them. */
export function oneOfFields(item: CelItem, paths: readonly Path[], field: string): CelItem {
  const among = paths.map((path) => ({ path, chain: below(item, path).chain }));
  return { ...placed(item, [{ field, among }]), chain: field, sure: `${field}.value()`, optional: true };
}

function placed(
  { container, outside, typed, decoded, depth }: CelItem, steps: readonly CelStep[],
): Pick<CelItem, 'container' | 'outside' | 'typed' | 'decoded' | 'depth'> {
  return {
    typed,
    decoded: decoded ?? false,
    depth,
    ...(container && { container: { ...container, place: [...container.place, ...steps] } }),
    ...(outside && { outside: { place: [...outside.place, ...steps] } }),
  };
}

/** The value of an item, null where there is none. It has no type that the checker holds on to. */
export function valueOf(item: CelItem): string {
  if (!item.optional) {
    return item.chain;
  }
  const plainNull = !item.typed && isField(/\w+$/.exec(item.chain)?.[0] ?? '');
  return `${item.chain}.orValue(${plainNull ? 'null' : 'dyn(null)'})`;
}

/** The name of a loop's variable that no loop around has. */
export function variableAt(depth: number, letter: string): string {
  return depth === 0 ? letter : `${letter}${depth + 1}`;
}
