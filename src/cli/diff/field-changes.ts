import { fieldStep, namesOf } from './named-path';
import { sameValue } from './same-value';
import { shownValue } from './shown-value';
import { isObject } from '../../controls/path';
import { canonical } from '../../controls/results/canonical';

/** One field that differs. */
export interface FieldChange {
  /** By names in place of positions; `[]` in lists without. */
  readonly path: string;
  /** For instance `spec.replicas: 2 → 3`. */
  readonly text: string;
  readonly before?: string;
  readonly after?: string;
}

/** Every field that differs between two objects. */
export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const found: FieldChange[] = [];
  walk(before, after, '', [], undefined, found);
  return found;
}

function walk(before: unknown, after: unknown, path: string, steps: readonly string[], name: string | undefined, found: FieldChange[]): void {
  if (sameValue(before, after)) {
    return;
  }
  if (Array.isArray(before ?? after) && Array.isArray(after ?? before) && hasObjects(before, after)) {
    lists(asList(before), asList(after), path, steps, name, found);
  } else if ((isObject(before) && isObject(after)) || (before === undefined && isFilled(after)) || (after === undefined && isFilled(before))) {
    const [old, next] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    for (const key of [...new Set([...Object.keys(old), ...Object.keys(next)])].sort()) {
      const item = (key === 'value' && (next.name ?? old.name)) || key;
      walk(own(old, key), own(next, key), path + fieldStep(path, key), [...steps, key], typeof item === 'string' ? item : key, found);
    }
  } else {
    found.push(change(path, before, after, steps, name));
  }
}

function lists(
  before: readonly unknown[], after: readonly unknown[], path: string, steps: readonly string[], name: string | undefined, found: FieldChange[],
): void {
  const [oldNames, newNames] = [namesOf(before), namesOf(after)];
  if (oldNames && newNames) {
    for (const each of [...new Set([...oldNames, ...newNames])].sort()) {
      element(before[oldNames.indexOf(each)], after[newNames.indexOf(each)], `${path}[${each}]`, steps, name, found);
    }
    const [oldOrder, newOrder] = [oldNames.filter((each) => newNames.includes(each)), newNames.filter((each) => oldNames.includes(each))];
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
    element(old[i], next[i], `${path}[]`, steps, name, found);
  }
}

/** An element that is there on one side only is told as one. */
function element(before: unknown, after: unknown, path: string, steps: readonly string[], name: string | undefined, found: FieldChange[]): void {
  if (before === undefined || after === undefined) {
    found.push(change(path, before, after, steps, name));
  } else {
    walk(before, after, path, steps, name, found);
  }
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

function change(path: string, before: unknown, after: unknown, steps: readonly string[], name: string | undefined): FieldChange {
  const [old, next] = [shownValue(before, steps, name), shownValue(after, steps, name)];
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
