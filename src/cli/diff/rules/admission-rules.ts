import { listed, objectsIn, textsIn } from './lists';
import { Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { Grant, grant, Guard, guard } from '../facts';

/** What admission looks at of one object, if no more, is compared word by word. */
const MOST = 20_000;

/** The words of one rule: operations, groups, versions, names of objects, the scope, resources. */
type Words = readonly (readonly string[])[];

/** Something that rules look at. */
interface Look {
  readonly key: string;
  readonly text: string;
  readonly shelf: string;
  readonly shelves: () => readonly string[];
  covers(other: unknown): boolean;
}

/** Whether there is more in lists of rules than can be compared word by word. */
export function isMuch(lists: readonly unknown[]): boolean {
  let sum = 0;
  return lists.some((all) => objectsIn(all).some((rule) => (sum += wordsOf(rule).reduce((count, each) => count * each.length, 1)) > MOST));
}

/** What rules have looked at. */
export function ruleGuards(all: unknown, path: string, isLarge: boolean): Guard[] {
  return looks(all, isLarge).map(({ key, text, ...more }) => guard(key, `the look at ${text}`, Severity.HIGH, path, more));
}

/** What rules have left alone. */
export function ruleExclusions(all: unknown, path: string, isLarge: boolean): Grant[] {
  return looks(all, isLarge).map(({ key, text, ...more }) => grant(`exclusion ${key}`, `what it excludes: ${text}`, Severity.HIGH, { path, ...more }));
}

function looks(all: unknown, isLarge: boolean): Look[] {
  return objectsIn(all).map(wordsOf).filter((words) => words.every(({ length }) => length > 0))
    .flatMap((words) => (isLarge ? [wholeLook(words)] : product(words).map(look)));
}

function wordsOf({ apiGroups, apiVersions, resources, operations, resourceNames, scope = '*' }: Json): Words {
  const versions = apiVersions === undefined ? ['*'] : textsIn(apiVersions);
  const names = textsIn(resourceNames).length === 0 ? [''] : textsIn(resourceNames);
  return [textsIn(operations), textsIn(apiGroups), versions, names, [String(scope)], textsIn(resources)];
}

function look(parts: readonly string[]): Look {
  const [operation, group, version, name, scope, resource] = parts;
  const text = `${operation} of ${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` ${name}`}`
    + `${version === '*' || version === 'v1' ? '' : ` (${version})`}${SCOPES.get(scope) ?? ''}`;
  const shelf = parts.join('\n');
  return { key: shelf, text, shelf, shelves: () => widerThan(parts), covers: () => true };
}

const SCOPES = new Map([['Cluster', ' outside of namespaces'], ['Namespaced', ' in namespaces']]);

/** All that covers this one. The name of an object is no pattern. */
function widerThan([operation, group, version, name, scope, resource]: readonly string[]): string[] {
  const words = [orAny(operation), orAny(group), orAny(version), [name, ''], orAny(scope), resourcesAround(resource)];
  return product(words.map((each) => [...new Set(each)])).map((each) => each.join('\n'));
}

function orAny(word: string): string[] {
  return [word, '*'];
}

/** `*` has no subresources in it, `pods/*` the pods and all that is below them. */
function resourcesAround(resource: string): string[] {
  const [kind, part] = resource.split('/');
  return orAny(kind).flatMap((each) => [part === undefined ? each : `${each}/${part}`, `${each}/*`]);
}

/** Where rules of several resources stand. */
const SEVERAL = 'several, of any name';

/** A rule as it is: it looks at each of its operations on each of its resources. */
interface WholeLook extends Look {
  readonly sets: readonly ReadonlySet<string>[];
}

function wholeLook(words: Words): WholeLook {
  const sets = words.map((each) => new Set(each));
  const [operations, groups, versions, names, [scope], resources] = sets.map((each) => [...each]);
  const isPlain = (each: readonly string[], plain: string) => each.length === 1 && each[0] === plain;
  const text = `all that one rule names: ${listed(operations)} of ${listed(resources)}${isPlain(groups, '') ? '' : ` of ${listed(groups)}`}`
    + `${isPlain(names, '') ? '' : ` named ${listed(names)}`}`
    + `${isPlain(versions, '*') || isPlain(versions, 'v1') ? '' : ` (${listed(versions)})`}${SCOPES.get(scope) ?? ''}`;
  return {
    key: JSON.stringify(sets.map((each) => [...each].sort())), text, sets,
    shelf: resources.length === 1 ? resources[0] : SEVERAL,
    shelves: () => [SEVERAL, ...new Set(resourcesAround(resources[0]))],
    covers: (other) => (other as WholeLook).sets.every((each, i) => [...each].every((word) => coversWord(i, sets[i], word))),
  };
}

const [NAME, RESOURCE] = [3, 5];

function coversWord(place: number, words: ReadonlySet<string>, word: string): boolean {
  switch (place) {
    case RESOURCE: return words.has(word) || resourcesAround(word).some((each) => words.has(each));
    case NAME: return words.has(word) || words.has('');
    default: return words.has(word) || words.has('*');
  }
}

function product(lists: Words): string[][] {
  return lists.reduce<string[][]>((made, each) => made.flatMap((start) => each.map((word) => [...start, word])), [[]]);
}
