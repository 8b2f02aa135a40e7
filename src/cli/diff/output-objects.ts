import { sameValue } from './same-value';
import { apiFields } from '../../controls/api-fields/table';
import { groupOf } from '../../controls/group';
import { isObject, Json } from '../../controls/path';
import { resourceName } from '../../controls/results/finding-maker';
import { isList, listItems } from '../../controls/results/list-items';

/** One object of one side. */
export interface OutputObject {
  readonly json: Json;
  /** Group, kind, namespace and name. */
  readonly key: string;
  /** As reports name it. */
  readonly subject: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

/** One object as it is on both sides; missing where it isn't. */
export interface ObjectPair {
  readonly key: string;
  readonly before?: OutputObject;
  readonly after?: OutputObject;
  /** Neither side says anything else than the other. */
  readonly isSame: boolean;
}

/** The objects of documents: lists are opened; of objects with one name, the last counts, as it is what stays when all are applied in order. */
export function outputObjects(documents: readonly Json[]): Map<string, OutputObject> {
  const objects = new Map<string, OutputObject>();
  const nameless = new Map<string, number>();
  for (const json of documents.flatMap(opened)) {
    const object = outputObject(json, nameless);
    objects.set(object.key, object);
  }
  return objects;
}

export function objectPairs(before: ReadonlyMap<string, OutputObject>, after: ReadonlyMap<string, OutputObject>): ObjectPair[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const [old, next] = [before.get(key), after.get(key)];
    const isSame = old !== undefined && next !== undefined && sameValue(old.json, next.json);
    return { key, ...(old && { before: old }), ...(next && { after: next }), isSame };
  });
}

function opened(document: unknown): Json[] {
  if (!isObject(document)) {
    return [];
  }
  const items = (listItems(document) ?? []).flatMap(opened);
  return isList(document) ? items : [document, ...items];
}

function outputObject(json: Json, nameless: Map<string, number>): OutputObject {
  const metadata = isObject(json.metadata) ? json.metadata : {};
  const group = groupOf(json.apiVersion);
  const kind = typeof json.kind === 'string' ? json.kind : '';
  const namespace = typeof metadata.namespace === 'string' && !isClusterWide(json) ? metadata.namespace : '';
  const hasName = typeof metadata.name === 'string' && metadata.name !== '';
  const base = JSON.stringify([group, kind, namespace, hasName ? metadata.name : String(metadata.generateName ?? '')]);
  const count = hasName ? 0 : (nameless.get(base) ?? 0) + 1;
  nameless.set(base, count);
  const generated = typeof metadata.generateName === 'string' && !hasName ? `/${metadata.generateName}*` : '';
  return { json, key: hasName ? base : `${base}#${count}`, subject: `${resourceName(json)}${generated}${count > 1 ? ` (${count})` : ''}`, group, kind, namespace };
}

function isClusterWide({ apiVersion, kind }: Json): boolean {
  return apiFields().served.get(`${String(apiVersion)} ${String(kind)}`)?.namespaced === false;
}
