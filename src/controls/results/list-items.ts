import { isObject, Json } from '../path';

/** Whether a document is a list of objects and nothing else. */
export function isList(document: unknown): boolean {
  return isObject(document) && Array.isArray(document.items) && typeof document.kind === 'string' && document.kind.endsWith('List');
}

/**
 * The objects that a document holds: kubectl takes apart whatever has items, and makes nothing else of it. Other clients drop the items of what is no
 * list, and make the object: so what is no list is judged itself, besides. Items may leave out what they are: they are what the list is named after.
 * @returns undefined for a document without items
 */
export function listItems(document: unknown): unknown[] | undefined {
  return isObject(document) && Array.isArray(document.items) ? document.items.map((item: unknown) => withKind(item, document)) : undefined;
}

/** The document with other items in the places of those that were changed. */
export function withItems(document: Json, items: readonly unknown[], changed: readonly boolean[]): Json {
  return { ...document, items: (document.items as unknown[]).map((item, i) => (changed[i] ? withoutInferred(items[i], item) : item)) };
}

function withKind(item: unknown, { apiVersion, kind }: Json): unknown {
  return isNameless(item) && typeof kind === 'string' && kind !== 'List' ? { ...item, apiVersion, kind: kind.replace(/List$/, '') } : item;
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
