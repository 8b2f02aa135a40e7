import { isOneOf } from './cel';
import { below, CelItem, looped, variableAt } from './cel-item';
import { and, Cel, celScalar, celString, choice, not, optionalSteps, tight, TRUE } from './cel-text';
import { Remedy } from '../fix/remedy';
import { isObject, Path } from '../path';
import { Scalar } from '../requirement-node';

/** A part of a JSON pointer: text, or CEL that makes it. */
type PointerPart = { readonly text: string } | { readonly code: string };

/** An item, and the way on which a JSON patch reaches it. */
export interface Spot {
  readonly item: CelItem;
  /** What is there in any case, and where; the item is `steps` below it, of which any may be missing. */
  readonly anchor: string;
  readonly pointer: readonly PointerPart[];
  readonly steps: Path;
}

/** Patches as a list in CEL, and the condition under which they are made. */
export interface Patch {
  readonly when: Cel;
  readonly patches: Cel;
}

export const NO_PATCHES: Cel = tight('[]');

/** @param pointer CEL of the JSON pointer to the root; left out: the root is the object */
export function rootSpot(item: CelItem, pointer?: string): Spot {
  return { item, anchor: item.sure, pointer: pointer === undefined ? [] : [{ code: pointer }], steps: [] };
}

/** What is at a path below a spot. */
export function spotBelow(spot: Spot, path: Path): Spot {
  const item = below(spot.item, path);
  return path[0] === 'spec' && spot.item.spec
    ? { item, anchor: spot.item.spec.sure, pointer: pointerBelow(spot.pointer, ['spec']), steps: path.slice(1) }
    : { ...spot, item, steps: [...spot.steps, ...path] };
}

/** What the patches of one element are. */
type PatchOf = (element: Spot) => Patch;

/** Patches for each element of a list. */
export function patchEach(list: Spot, patchOf: PatchOf, removesElements: boolean): Cel {
  const [index, element] = [variableAt(list.item.depth, 'i'), variableAt(list.item.depth, 'e')];
  return patchLoop(list, [index, element], looped(list.item, element, { element, list: list.item.sure }), patchOf, removesElements);
}

const CONTAINER: CelItem = {
  chain: 'c', sure: 'c', optional: false, typed: false, decoded: true, depth: 0, container: { name: 'c.name', place: ['spec', 'containers[]'] },
};

/** Patches for each container of one of the pod's lists. */
export function patchEachContainer(list: Spot, patchOf: PatchOf, removesElements: boolean): Cel {
  return patchLoop(list, ['n', CONTAINER.chain], CONTAINER, patchOf, removesElements);
}

/** A container in a loop of conditions: nothing is patched there. */
export function containerSpot(): Spot {
  return rootSpot(CONTAINER);
}

/** Patches for each value of a map whose key begins so. */
export function patchEachKey(map: Spot, prefix: string, patchOf: PatchOf): Cel {
  const [key, value] = [variableAt(map.item.depth, 'k'), variableAt(map.item.depth, 'v')];
  const begins = prefix === '' ? TRUE : tight(`${key}.startsWith(${celString(prefix)})`);
  const { when, patches } = patchOf(loopSpot(map, `jsonpatch.escapeKey(${key})`, looped(map.item, value, { key })));
  return tight(`${orNone(map.item, '{}')}.transformList(${[key, value, ...filterOf(and(begins, when)), patches.text].join(', ')}).flatten()`);
}

function patchLoop(list: Spot, [index, element]: readonly [string, string], item: CelItem, patchOf: PatchOf, removesElements: boolean): Cel {
  const { when, patches } = patchOf(loopSpot(list, `string(${index})`, item));
  // From the end, so that positions stay right.
  const order = removesElements ? '.reverse()' : '';
  return tight(`${orNone(list.item, '[]')}.transformList(${[index, element, ...filterOf(when), patches.text].join(', ')})${order}.flatten()`);
}

function loopSpot(around: Spot, step: string, item: CelItem): Spot {
  return { item, anchor: item.sure, pointer: [...pointerBelow(around.pointer, around.steps), { text: '/' }, { code: step }], steps: [] };
}

function orNone(item: CelItem, none: string): string {
  return item.optional ? `${item.chain}.orValue(${none})` : item.chain;
}

function filterOf(when: Cel): string[] {
  return when === TRUE ? [] : [when.text];
}

/**
 * Patches that do what a remedy says, at a spot that needs it.
 * @param isThere whether what is to go is known to be there
 */
export function remedyPatches(remedy: Exclude<Remedy, { readonly op: 'none' }>, spot: Spot, isThere: boolean): Cel {
  const target = spotBelow(spot, remedy.path);
  switch (remedy.op) {
    case 'set':
      return setPatches(target, remedy.value);
    case 'remove':
      return ifPresent(target, isThere ? 0 : target.steps.length, operation('remove', target), NO_PATCHES);
    case 'append': {
      const end = { ...target, pointer: pointerBelow(target.pointer, [...target.steps, '-']), steps: [] };
      return ifPresent(target, target.steps.length, operation('add', end, celScalar(remedy.value)), setPatches(target, [remedy.value]));
    }
    case 'retain':
      return patchEach(target, (element) => ({ when: not(isOneOf(element.item.chain, remedy.values)), patches: operation('remove', element) }), true);
  }
}

/** Sets a value, and with it the first step that is missing. */
function setPatches(target: Spot, value: unknown): Cel {
  const { steps } = target;
  if (steps.length === 0) {
    return operation('replace', target, celValue(value));
  }
  return steps.slice(1).reduceRight<Cel>((patches, _, i) => {
    const nested = steps.slice(i + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    return ifPresent(target, i + 1, patches, operation('add', { ...target, steps: steps.slice(0, i + 1) }, celValue(nested)));
  }, operation('add', target, celValue(value)));
}

/** A choice by whether the first steps of a spot are there. */
function ifPresent({ anchor, steps }: Spot, count: number, then: Cel, otherwise: Cel): Cel {
  return count === 0 ? then : choice(tight(`${anchor}${optionalSteps(steps.slice(0, count))}.hasValue()`), then, otherwise);
}

function operation(op: 'add' | 'remove' | 'replace', { pointer, steps }: Spot, value?: string): Cel {
  return tight(`[JSONPatch{op: '${op}', path: ${celPointer(pointerBelow(pointer, steps))}${value === undefined ? '' : `, value: ${value}`}}]`);
}

function pointerBelow(pointer: readonly PointerPart[], steps: Path): PointerPart[] {
  return [...pointer, ...steps.map((step) => ({ text: `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}` }))];
}

function celPointer(parts: readonly PointerPart[]): string {
  const joined = parts.reduce<PointerPart[]>((all, part) => {
    const last = all.at(-1);
    return last && 'text' in last && 'text' in part ? [...all.slice(0, -1), { text: last.text + part.text }] : [...all, part];
  }, []);
  return joined.map((part) => ('text' in part ? celString(part.text) : part.code)).join(' + ');
}

/** JSON as CEL. Its literals hold values of one type, unless they are told that types don't matter. */
function celValue(value: unknown): string {
  const parts = (values: readonly unknown[]) => values.map((each) => (values.length === 1 ? celValue(each) : `dyn(${celValue(each)})`));
  if (Array.isArray(value)) {
    return `[${parts(value).join(', ')}]`;
  }
  if (isObject(value)) {
    const values = parts(Object.values(value));
    return `{${Object.keys(value).map((key, i) => `${celString(key)}: ${values[i]}`).join(', ')}}`;
  }
  return value === null ? 'null' : celScalar(value as Scalar);
}
