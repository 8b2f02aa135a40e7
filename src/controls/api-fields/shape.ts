import { describeFieldType, FieldType, ScalarKind } from './field-type';
import { apiFields } from './table';
import { isObject, Json, Place } from '../path';

/** A value of a type that its field can't have: the API server can't read the object. */
export interface Misshapen {
  readonly place: Place;
  readonly got: unknown;
  /** What the field holds. */
  readonly expected: string;
}

/**
 * Every value of a wrong type in an object of Kubernetes itself. Kinds, versions of them and fields that the table doesn't know are left alone,
 * and so is null, which is no value.
 */
export function misshapenObject(object: Json): Misshapen[] {
  const { apiVersion, kind } = object;
  return typeof kind === 'string' && apiFields().kinds.get(kind) === apiVersion ? misshapen(kind, object, []) : [];
}

/** As `misshapenObject`, for what a custom resource embeds. */
export function misshapen(type: string, value: unknown, at: Place): Misshapen[] {
  const found: Misshapen[] = [];
  walk({ kind: 'object', type }, value, [...at], found);
  return found;
}

/** Most values are right: the place is one list, copied only where something is wrong. */
function walk(type: FieldType, value: unknown, place: (string | number)[], found: Misshapen[]): void {
  if (value === null || value === undefined) {
    return;
  }
  if (!fits(type, value)) {
    found.push({ place: [...place], got: value, expected: describeFieldType(type) });
  } else if (type.kind === 'array') {
    (value as readonly unknown[]).forEach((each, i) => step(type.of, each, i, place, found));
  } else if (type.kind === 'map') {
    for (const key of Object.keys(value as Json)) {
      step(type.of, (value as Json)[key], key, place, found);
    }
  } else if (type.kind === 'object') {
    const fields = apiFields().fieldsOf(type.type);
    for (const key of Object.keys(value as Json)) {
      const field = fields?.get(key);
      if (field) {
        step(field, (value as Json)[key], key, place, found);
      }
    }
  }
}

function step(type: FieldType, value: unknown, at: string | number, place: (string | number)[], found: Misshapen[]): void {
  place.push(at);
  walk(type, value, place, found);
  place.pop();
}

/** As the API server reads amounts: a decimal number with a unit or an exponent (apimachinery's `resource.Quantity`). */
const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

const SCALARS: Readonly<Record<ScalarKind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  intOrString: (value) => typeof value === 'string' || Number.isInteger(value),
  quantity: (value) => QUANTITY.test(String(value)) && typeof value !== 'boolean',
  any: () => true,
};

function fits(type: FieldType, value: unknown): boolean {
  switch (type.kind) {
    case 'array': return Array.isArray(value);
    case 'map':
    case 'object': return isObject(value);
    default: return SCALARS[type.kind](value);
  }
}
