import { canonical } from './canonical';
import { holdsCredentials } from '../../core/image-credentials';
import { secretLiteral } from '../../core/secret-patterns';
import { secretIn } from '../../core/secret-text';
import { isObject, Place } from '../path';

/** Fields in which programs keep what nobody may read, whatever it looks like. */
const PRIVATE = new Set(['args', 'binaryData', 'command', 'data', 'env', 'httpHeaders', 'stringData']);
/** Names in the query of an address whose values are secrets, besides those of variables: shared access signatures, signed addresses, keys of functions. */
const QUERY_SECRET = /^(auth|code|key|sig|signature|x-(amz|goog)-(credential|security-token|signature))$/i;

/** Whether a place is in a field whose contents nobody may read. */
export function isPrivatePlace(place: Place): boolean {
  return place.some((step) => typeof step === 'string' && PRIVATE.has(step));
}

/**
 * Whether a value may be a secret, or hold one: in a field whose contents nobody may read, by its form, or under the name of one.
 * @param name of the field that it is in
 */
export function mayBeSecret(value: unknown, name?: string): boolean {
  return holdsSecret(value, name) || (typeof value === 'object' && value !== null && secretIn(canonical(value)!) !== undefined);
}

function holdsSecret(value: unknown, name: string | undefined): boolean {
  if (Array.isArray(value)) {
    return value.some((each) => holdsSecret(each, name));
  }
  if (isObject(value)) {
    const beside = (key: string) => (key === 'value' && typeof value.name === 'string' ? value.name : key);
    return Object.entries(value).some(([key, each]) => each !== undefined && each !== null && (PRIVATE.has(key) || holdsSecret(each, beside(key))));
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    return false;
  }
  const text = String(value);
  // References to images are public but for what somebody put before the registry, and some have the names of what keeps secrets.
  const isImage = name === 'image' || name === 'reference';
  // In the place of a list of objects with the names of Secrets, text is what somebody meant to log in with.
  return name === 'imagePullSecrets' || secretQuery(text) || secretIn(text) !== undefined || (isImage && holdsCredentials(text)) || (name !== 'image' && secretLiteral(name, text));
}

/** Whether the query of an address or a path holds a secret. */
function secretQuery(text: string): boolean {
  const query = text.indexOf('?');
  return query !== -1 && [...text.slice(query).matchAll(/[?&;]([\w.-]{1,80})=([^&;#\s]+)/g)]
    .some(([, name, value]) => secretLiteral(QUERY_SECRET.test(name) ? 'token' : name, value));
}

/** What a value goes by: the field or the list that it is in; the name beside it, as variables have it, whatever their list is called. */
export function nameOf(place: Place, json: unknown): string | undefined {
  const beside = place[place.length - 1] === 'value' ? place.slice(0, -1).reduce(below, json) : undefined;
  return isObject(beside) && typeof beside.name === 'string' ? beside.name : [...place].reverse().find((step) => typeof step === 'string');
}

function below(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
}
