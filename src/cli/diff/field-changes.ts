import { fieldStep, namesOf } from './named-path';
import { sameValue } from './same-value';
import { Hides, shownUnless } from './shown-value';
import { isObject } from '../../controls/path';
import { canonical } from '../../controls/results/canonical';
import { nameBeside } from '../../controls/results/concealed';

/** One field that differs. */
export interface FieldChange {
  /** By names in place of positions; `[]` in lists without. */
  readonly path: string;
  /** For instance `spec.replicas: 2 → 3`. */
  readonly text: string;
  readonly before?: string;
  readonly after?: string;
}

/**
 * Every field that differs between two objects.
 * @param hides what nobody may read for where it is, besides what `shownValue` hides
 */
export function fieldChanges(before: unknown, after: unknown, hides: Hides = () => false): FieldChange[] {
  const found: FieldChange[] = [];
  walk({ path: '', steps: [], hides }, before, after, found);
  return found;
}

/** Where in the objects. */
interface At {
  readonly path: string;
  readonly steps: readonly string[];
  /** What the value goes by. */
  readonly name?: string;
  readonly hides: Hides;
}

function walk(at: At, before: unknown, after: unknown, found: FieldChange[]): void {
  const { path, steps } = at;
  if (sameValue(before, after)) {
    return;
  }
  if (Array.isArray(before ?? after) && Array.isArray(after ?? before) && hasObjects(before, after)) {
    lists(at, asList(before), asList(after), found);
  } else if ((isObject(before) && isObject(after)) || (before === undefined && isFilled(after)) || (after === undefined && isFilled(before))) {
    const [old, next] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    for (const key of [...new Set([...Object.keys(old), ...Object.keys(next)])].sort()) {
      const name = nameBeside(next, key) ?? nameBeside(old, key) ?? key;
      const below = { ...at, path: path + fieldStep(path, key), steps: [...steps, key], name };
      walk(below, own(old, key), own(next, key), found);
    }
  } else {
    found.push(change(at, before, after));
  }
}

function lists(at: At, before: readonly unknown[], after: readonly unknown[], found: FieldChange[]): void {
  const { path } = at;
  const [oldNames, newNames] = [namesOf(before), namesOf(after)];
  if (oldNames && newNames) {
    const [old, next] = [positions(oldNames), positions(newNames)];
    for (const each of [...new Set([...oldNames, ...newNames])].sort()) {
      element({ ...at, path: `${path}[${each}]` }, before[old.get(each) ?? -1], after[next.get(each) ?? -1], found);
    }
    const [oldOrder, newOrder] = [oldNames.filter((each) => next.has(each)), newNames.filter((each) => old.has(each))];
    if (oldOrder.join('\n') !== newOrder.join('\n')) {
      found.push({ path: `${path}[]`, text: `${path}: another order` });
    }
    return;
  }
  const [old, next] = unequal(before, after);
  if (old.length === 0 && next.length === 0) {
    found.push({ path: `${path}[]`, text: `${path}: another order` });
  }
  for (let i = 0; i < Math.max(old.length, next.length); i++) {
    element({ ...at, path: `${path}[]` }, old[i], next[i], found);
  }
}

/** An element that is there on one side only is told as one. */
function element(at: At, before: unknown, after: unknown, found: FieldChange[]): void {
  if (before === undefined || after === undefined) {
    found.push(change(at, before, after));
  } else {
    walk(at, before, after, found);
  }
}

function positions(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, i) => [name, i]));
}

/** Without what both lists have, however often. */
function unequal(before: readonly unknown[], after: readonly unknown[]): [unknown[], unknown[]] {
  const counts = new Map<string, number>();
  for (const each of after) {
    const key = canonical(each)!;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const old = before.filter((each) => !take(counts, canonical(each)!));
  return [old, after.filter((each) => take(counts, canonical(each)!))];
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  counts.set(key, count - 1);
  return count > 0;
}

function change({ path, steps, name, hides }: At, before: unknown, after: unknown): FieldChange {
  const [old, next] = [before, after].map((value) => shownUnless(hides, value, steps, name));
  const what = before === undefined ? `added ${next}` : after === undefined ? `removed ${old}` : old === next ? `changed ${next}` : `${old} → ${next}`;
  return { path, text: `${path}: ${what}`, before: old, after: next };
}

function hasObjects(before: unknown, after: unknown): boolean {
  return [...asList(before), ...asList(after)].some((each) => typeof each === 'object' && each !== null);
}

function isFilled(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function own(value: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
