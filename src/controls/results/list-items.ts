import { isObject, Json } from '../path';

/**
 * The objects that a document holds: kubectl takes apart whatever has a list of items. Those of a `DeploymentList` may leave out what they are.
 * @returns undefined for a document that is an object itself
 */
export function listItems(document: unknown): unknown[] | undefined {
  if (!isObject(document) || !Array.isArray(document.items) || isStray(document.items, document)) {
    return undefined;
  }
  return document.items.map((item: unknown) => withKind(item, document));
}

/** The document with other items in the places of those that were changed. */
export function withItems(document: Json, items: readonly unknown[], changed: readonly boolean[]): Json {
  return { ...document, items: (document.items as unknown[]).map((item, i) => (changed[i] ? withoutInferred(items[i], item) : item)) };
}

/** An empty list in what is no list: a client other than kubectl drops the unknown field and makes the object, so that it is judged itself. */
function isStray(items: readonly unknown[], { kind }: Json): boolean {
  return items.length === 0 && !(typeof kind === 'string' && kind.endsWith('List'));
}

function withKind(item: unknown, { apiVersion, kind }: Json): unknown {
  return isNameless(item) && typeof kind === 'string' && kind !== 'List' && kind.endsWith('List')
    ? { ...item, apiVersion, kind: kind.slice(0, -'List'.length) }
    : item;
}

function withoutInferred(item: unknown, original: unknown): unknown {
  if (!isNameless(original) || !isObject(item)) {
    return item;
  }
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = item;
  return rest;
}

function isNameless(item: unknown): item is Json {
  return isObject(item) && item.apiVersion === undefined && item.kind === undefined;
}
