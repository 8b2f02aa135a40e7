import { amountOf, amountText } from './amounts';
import { API_DEFAULTS, DEPENDENT_DEFAULTS, KIND_DEFAULTS, NOT_STATED, SAYS_SOMETHING } from './api-defaults';
import { sameValue } from './same-value';
import { FieldType } from '../../controls/api-fields/field-type';
import { apiFields } from '../../controls/api-fields/table';
import { groupOf } from '../../controls/group';
import { isObject, Json } from '../../controls/path';

const DEPTH = 60;

/**
 * An object in the form that says the same in the fewest words: without what the API server would fill in, without its status, amounts in one unit.
 * Kinds that the library doesn't know stay as they are, but for what is null.
 */
export function normalObject(object: Json): Json {
  const { status: _status, ...rest } = object;
  const key = `${groupOf(object.apiVersion)}/${String(object.kind)}`;
  const stated = Object.hasOwn(KIND_DEFAULTS, key) ? KIND_DEFAULTS[key](rest) : rest;
  const type = typeOf(object);
  return normal(type === undefined ? { kind: 'any' } : { kind: 'object', type }, stated, 0) as Json;
}

function typeOf({ apiVersion, kind }: Json): string | undefined {
  const known = typeof kind === 'string' ? apiFields().kinds.get(kind) : undefined;
  return known !== undefined && groupOf(known) === groupOf(apiVersion) ? kind as string : undefined;
}

function normal(type: FieldType, value: unknown, depth: number): unknown {
  if (depth > DEPTH) {
    return value;
  }
  if (Array.isArray(value)) {
    const of: FieldType = type.kind === 'array' ? type.of : { kind: 'any' };
    return value.map((each) => normal(of, each, depth + 1));
  }
  if (isObject(value)) {
    return type.kind === 'object' ? typed(type.type, value, depth) : entries(value, () => type.kind === 'map' ? type.of : { kind: 'any' }, depth);
  }
  const amount = type.kind === 'quantity' ? amountOf(value) : undefined;
  return amount === undefined ? value : amountText(amount);
}

function entries(value: Json, typeOfKey: (key: string) => FieldType, depth: number): Json {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (value[key] !== null && value[key] !== undefined) {
      set(result, key, normal(typeOfKey(key), value[key], depth + 1));
    }
  }
  return result;
}

function typed(name: string, value: Json, depth: number): Json {
  const fields = apiFields().fieldsOf(name);
  const item = DEPENDENT_DEFAULTS[name]?.(value) ?? value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(item)) {
    const id = `${name}.${key}`;
    const type = fields?.get(key) ?? { kind: 'any' };
    if (item[key] === null || item[key] === undefined || NOT_STATED.has(id)) {
      continue;
    }
    const stated = normal(type, item[key], depth + 1);
    if (!isLeftOut(id, type, stated)) {
      set(result, key, stated);
    }
  }
  return result;
}

/** A key such as `__proto__` is one like any other. */
function set(result: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
}

function isLeftOut(id: string, type: FieldType, value: unknown): boolean {
  const says = SAYS_SOMETHING.has(id);
  return (!says && (value === false || value === ''))
    || (Array.isArray(value) && value.length === 0)
    || (type.kind === 'map' && isObject(value) && Object.keys(value).length === 0)
    || (Object.hasOwn(API_DEFAULTS, id) && sameValue(value, API_DEFAULTS[id]));
}
