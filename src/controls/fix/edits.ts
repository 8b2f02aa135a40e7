import { isObject, Json, Place } from '../path';
import { Scalar } from '../requirement-node';

/** One change of an object, as data. */
export type Edit =
  /** Objects that are missing on the way are made; what is null counts as missing. */
  | { readonly op: 'set'; readonly place: Place; readonly value: unknown }
  /** A field, an entry of a map, or an element of a list. */
  | { readonly op: 'remove'; readonly place: Place }
  /** `place` is the list's. */
  | { readonly op: 'append'; readonly place: Place; readonly value: Scalar }
  /** `place` is the list's, which loses every element but these. */
  | { readonly op: 'retain'; readonly place: Place; readonly values: readonly Scalar[] };

/**
 * Fields that mean the same empty as left out. One that our own removal has emptied goes with it; other maps may mean something by being there,
 * as `emptyDir` and a selector do.
 */
const MEANS_NOTHING_EMPTY: readonly string[] = [
  'annotations', 'capabilities', 'labels', 'lifecycle', 'limits', 'requests', 'resources', 'securityContext', 'windowsOptions',
];

/** Where the elements of lists that have changed were at first. */
type Positions = WeakMap<readonly unknown[], readonly number[]>;

/** An object while it is edited: every edit gives a new draft, and whatever it doesn't touch is shared with the object that it began as. */
export class Draft {
  public static of(object: unknown): Draft {
    return new Draft(object, new WeakMap());
  }

  private constructor(public readonly object: unknown, private readonly positions: Positions) {}

  /** The draft with the edits; the same draft where they change nothing. Places are those of this draft, also after elements of lists are gone. */
  public with(edits: readonly Edit[]): Draft {
    const object = inOrder(edits).reduce((value, edit) => this.edited(value, edit, 0), this.object);
    return object === this.object ? this : new Draft(object, this.positions);
  }

  /** What is at a place; undefined where nothing is. */
  public at(place: Place): unknown {
    return place.reduce((value: unknown, step) => (
      typeof value === 'object' && value !== null && Object.prototype.hasOwnProperty.call(value, step) ? (value as Record<string | number, unknown>)[step] : undefined
    ), this.object);
  }

  /** A place of this draft as a place of the object that it began as. */
  public originalPlace(place: Place): Place {
    return place.map((step, i) => {
      const list = typeof step === 'number' ? this.at(place.slice(0, i)) : undefined;
      return Array.isArray(list) && typeof step === 'number' ? this.positionsOf(list)[step] ?? step : step;
    });
  }

  private edited(value: unknown, edit: Edit, depth: number): unknown {
    if (depth === edit.place.length) {
      return this.replaced(value, edit);
    }
    const step = edit.place[depth];
    const isTarget = edit.op === 'remove' && depth === edit.place.length - 1;
    if (typeof step === 'number') {
      return Array.isArray(value) && step < value.length ? this.withElement(value, step, edit, depth, isTarget) : value;
    }
    if (!isObject(value) && !(isMissing(value) && edit.op !== 'remove' && edit.op !== 'retain')) {
      return value;
    }
    return this.withField(isObject(value) ? value : undefined, step, edit, depth, isTarget) ?? value;
  }

  /** Undefined where nothing changes. */
  private withField(object: Json | undefined, key: string, edit: Edit, depth: number, isTarget: boolean): Json | undefined {
    const present = object !== undefined && Object.prototype.hasOwnProperty.call(object, key);
    const before = present ? object[key] : undefined;
    const after = isTarget ? undefined : this.edited(before, edit, depth + 1);
    if (isTarget ? !present : after === before) {
      return undefined;
    }
    // A field keeps its place among the others; `__proto__` stays an ordinary key.
    return isTarget || isDebris(key, after, edit) ? without(object ?? {}, key) : { ...object, [key]: after };
  }

  private withElement(list: readonly unknown[], index: number, edit: Edit, depth: number, isTarget: boolean): readonly unknown[] {
    const after = isTarget ? undefined : this.edited(list[index], edit, depth + 1);
    if (!isTarget && after === list[index]) {
      return list;
    }
    const kept = this.positionsOf(list);
    return isTarget
      ? this.remember(list.filter((_, i) => i !== index), kept.filter((_, i) => i !== index))
      : this.remember(list.map((each, i) => (i === index ? after : each)), kept);
  }

  private replaced(value: unknown, edit: Edit): unknown {
    switch (edit.op) {
      case 'set':
        return isSame(value, edit.value) ? value : copyOf(edit.value);
      case 'append':
        if (Array.isArray(value)) {
          return this.remember([...value, edit.value], [...this.positionsOf(value), value.length]);
        }
        return isMissing(value) ? [edit.value] : value;
      case 'retain': {
        if (!Array.isArray(value)) {
          return value;
        }
        const stays = value.map((each) => (edit.values as readonly unknown[]).includes(each));
        return stays.every(Boolean) ? value : this.remember(value.filter((_, i) => stays[i]), this.positionsOf(value).filter((_, i) => stays[i]));
      }
      case 'remove':
        return value;
    }
  }

  private positionsOf(list: readonly unknown[]): readonly number[] {
    return this.positions.get(list) ?? list.map((_, i) => i);
  }

  private remember(list: readonly unknown[], positions: readonly number[]): readonly unknown[] {
    this.positions.set(list, positions);
    return list;
  }
}

/** Removals last, and from the end, so that places stay right until their turn. */
function inOrder(edits: readonly Edit[]): readonly Edit[] {
  const removals = edits.filter(({ op }) => op === 'remove');
  return [...edits.filter(({ op }) => op !== 'remove'), ...removals.sort((a, b) => comparePlaces(b.place, a.place))];
}

function comparePlaces(a: Place, b: Place): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) {
      return a[i] < b[i] ? -1 : 1;
    }
  }
  return a.length - b.length;
}

/** Whether a removal has left nothing that means anything. */
function isDebris(key: string, after: unknown, edit: Edit): boolean {
  if (edit.op !== 'remove' && edit.op !== 'retain') {
    return false;
  }
  return Array.isArray(after) ? after.length === 0 : isObject(after) && Object.keys(after).length === 0 && MEANS_NOTHING_EMPTY.includes(key);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
}

/** Values of controls are frozen; what goes into an object has to be as free as the rest of it. */
function copyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
