import { describeFieldType, FieldType } from './field-type';
import { apiFields } from './table';
import { nearestName } from '../../core/nearest-name';

/** Up to so many fields are listed where no name is near the typo. */
const LISTED = 12;

/** The kinds whose fields are known, and `PodTemplateSpec`, which all workloads embed; sorted. */
export function knownKinds(): string[] {
  return [...apiFields().kinds.keys(), 'PodTemplateSpec'].sort();
}

/** The fields of a type of the API (`PodSpec`, `Container`, …; a kind is a type, too) by name, in alphabetical order. */
export function fieldsOf(type: string): ReadonlyMap<string, FieldType> | undefined {
  return apiFields().fieldsOf(type);
}

/**
 * What the API holds at a path, or undefined if there is no such kind or path.
 * @param kind `Pod`, `Deployment`, …, `PodTemplateSpec`, or the name of any other type of the API, such as `Container`
 * @param path field by field; `[]` stands for a list's elements, `{}` or any key for a map's values; the empty path is the object itself.
 *   `status` is left out.
 * @returns with the `since` of the newest step, so that it tells from when on the whole path exists
 */
export function fieldType(kind: string, path: readonly string[]): FieldType | undefined {
  const found = walk(kind, path);
  return typeof found === 'string' ? undefined : found;
}

/** What is wrong with a path, with the name that was most likely meant, or undefined if `fieldType` knows it. */
export function checkPath(kind: string, path: readonly string[]): string | undefined {
  const found = walk(kind, path);
  return typeof found === 'string' ? found : undefined;
}

function walk(kind: string, path: readonly string[]): FieldType | string {
  const root = rootType(kind);
  if (root === undefined) {
    return `${kind}: the table of API fields has no such kind.${didYouMean(nearestName(String(kind), knownKinds()))}`;
  }
  let here = root;
  for (let i = 0; i < path.length; i++) {
    const next = step(here, path[i], () => i === 0 ? kind : show(path.slice(0, i)));
    if (typeof next === 'string') {
      return `${show(path.slice(0, i + 1))}: ${next}`;
    }
    here = newest(next, here.since);
  }
  return here;
}

function rootType(kind: string): FieldType | undefined {
  const table = apiFields();
  if (table.fieldsOf(kind) === undefined) {
    return undefined;
  }
  return newest({ kind: 'object', type: kind }, table.served.get(`${table.kinds.get(kind)} ${kind}`)?.since);
}

/** The type with the later of two minors. */
function newest(type: FieldType, since: number | undefined): FieldType {
  return since === undefined || (type.since ?? 0) >= since ? type : { ...type, since };
}

/** The type one step further, or what is wrong with the step. */
function step(here: FieldType, segment: string, place: () => string): FieldType | string {
  if (typeof segment !== 'string' || segment === '') {
    return 'a path has field names, keys, "[]" and "{}" only, none of them empty.';
  }
  switch (here.kind) {
    case 'any': return { kind: 'any' };
    case 'map': return segment === '[]' ? `${place()} is ${describeFieldType(here)}: it has keys, no elements.` : here.of;
    case 'array': return segment === '[]' ? here.of : `${place()} is ${describeFieldType(here)}: write "[]" before "${segment}".`;
    case 'object': return fieldOf(here.type, segment, place);
    default: return `${place()} is ${describeFieldType(here)}: it has no ${segment === '[]' ? 'elements' : `field "${segment}"`}.`;
  }
}

function fieldOf(type: string, name: string, place: () => string): FieldType | string {
  const fields = apiFields().fieldsOf(type)!;
  const found = fields.get(name);
  if (found !== undefined) {
    return found;
  }
  if (name === '[]' || name === '{}') {
    return `${place()} is an object (${type}), ${name === '[]' ? 'no list' : 'no map'}.`;
  }
  if (name === 'status' && apiFields().kinds.has(type)) {
    return `the status of ${type} is left out: it is what the cluster reports, not what a person states.`;
  }
  const near = nearestName(name, fields.keys());
  const listed = near === undefined && fields.size > 0 && fields.size <= LISTED ? ` Its fields: ${[...fields.keys()].join(', ')}.` : '';
  return `${type} has no field "${name}".${didYouMean(near)}${listed}`;
}

function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean "${name}"?`;
}

function show(path: readonly string[]): string {
  return path.map((segment, i) => {
    if (segment === '[]' || segment === '{}') {
      return segment;
    }
    return /^[A-Za-z_$][\w$-]*$/.test(segment) ? `${i === 0 ? '' : '.'}${segment}` : `[${JSON.stringify(segment) ?? String(segment)}]`;
  }).join('');
}
