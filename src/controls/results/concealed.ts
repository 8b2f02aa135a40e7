import { canonical } from './canonical';
import { holdsCredentials } from '../../core/image-credentials';
import { secretLiteral } from '../../core/secret-patterns';
import { secretIn } from '../../core/secret-text';
import { isObject, Place } from '../path';

/*
 * What reports leave out. It hides more than controls find (core/secret-patterns.ts): to hide what is none costs a look into the file, to find what
 * is none costs a waiver.
 */

/** Fields in which programs keep what nobody may read, whatever it looks like. */
const PRIVATE = new Set([
  'args', 'binaryData', 'body', 'command', 'data', 'env', 'headers', 'httpHeaders', 'inlineString', 'inline_string', 'script', 'stringData', 'substitute',
]);
/** Variables, arguments and headers as custom resources and charts call them: `extraEnv`, `envVars`, `additionalArgs`. */
const PRIVATE_NAME = /^(?:[a-z]\w*[-_])?env(?:ironment)?[-_]?(?:[Vv]ars?|[Vv]ariables)?\d*$|[a-z\d](?:Env(?:ironment)?(?:Vars?|Variables)?|Args|Headers)\d*$/;
/** The same word for variables and for the name of a stage. */
const STAGE = /environment$/i;
/** Maps whose keys are anybody's, and whose values everybody reads. */
const LABELS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'podSelector', 'selector']);
/** Names in the query of an address whose values are secrets, besides those of variables: shared access signatures, signed addresses, keys of functions. */
const QUERY_SECRET = /^(auth|code|key|sig|signature|x-(amz|goog)-(credential|security-token|signature))$/i;
/** Names that programs other than those for variables have for what they log in with: headers, keys of clients. */
const CONCEALED_NAME = /authori[sz]ation$|(?:^|[-_])cookie$|^x-[\w-]*(?:auth|key|secret|signature|token)[\w-]*$|client[-_]?key(?:[-_]?data)?$|user[-_]?key$/i;
/** The value of a header that logs in, alone. */
const CONCEALED_VALUE = /^\s*["']?(?:apikey|basic|bearer|negotiate|token)\s+["']?[\w.+/~=:-]{8,}["']?\s*$/i;
/** A Secret, or a patch of one, within a text. */
const SECRET_MANIFEST = /(?:^|[\s{,"'/])stringData["']?\s*[:/]|(?:^|[\s{,"'-])kind["']?\s*:\s*["']?Secret(?:List)?(?![\w-])/;
/** A variable as one text. */
const VARIABLE = /^\s*(?:export\s+)?([A-Za-z_][\w.-]{0,100})\s*=([^]*)$/;

/** Whether a place is in a field whose contents nobody may read. */
export function isPrivatePlace(place: Place): boolean {
  return place.some((step, i) => typeof step === 'string' && !isLabel(place[i - 1]) && isPrivateField(step, i === place.length - 1) && !isReference(step, place.slice(i + 1)));
}

/** Where a variable comes from: the name of a Secret, not what is in it. */
function isReference(field: string, rest: Place): boolean {
  return field === 'env' && REFERENCE.test(rest.filter((step) => typeof step === 'string').join('.'));
}

const REFERENCE = /^valueFrom\.[A-Za-z]+Ref\.(?:apiVersion|containerName|divisor|fieldPath|key|name|optional|resource)$/;

function isPrivateField(name: string, isText: boolean): boolean {
  return PRIVATE.has(name) || (PRIVATE_NAME.test(name) && !(isText && STAGE.test(name)));
}

function isLabel(step: string | number | undefined): boolean {
  return typeof step === 'string' && LABELS.has(step);
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
    const isPrivate = (key: string, each: unknown) => !isLabel(name) && isPrivateField(key, typeof each !== 'object');
    return Object.entries(value).some(([key, each]) => each !== undefined && each !== null
      && (isPrivate(key, each) || holdsSecret(each, nameBeside(value, key) ?? key)));
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    return false;
  }
  const text = String(value);
  // References to images are public but for what somebody put before the registry, and some have the names of what keeps secrets.
  const isImage = name === 'image' || name === 'reference';
  // In the place of a list of objects with the names of Secrets, text is what somebody meant to log in with.
  return name === 'imagePullSecrets' || secretQuery(text) || secretIn(text) !== undefined || (isImage && holdsCredentials(text)) || (name !== 'image' && concealedLiteral(name, text));
}

function concealedLiteral(name: string | undefined, text: string): boolean {
  const [, variable, value] = VARIABLE.exec(text) ?? [];
  return secretLiteral(concealedName(name), text) || CONCEALED_VALUE.test(text) || SECRET_MANIFEST.test(text)
    || (variable !== undefined && secretLiteral(concealedName(variable), value));
}

function concealedName(name: string | undefined): string | undefined {
  return name !== undefined && CONCEALED_NAME.test(name) ? 'token' : name;
}

/** Whether the query of an address or a path holds a secret. */
function secretQuery(text: string): boolean {
  const query = text.indexOf('?');
  return query !== -1 && [...text.slice(query).matchAll(/[?&;]([\w.-]{1,80})=([^&;#\s]+)/g)]
    .some(([, name, value]) => secretLiteral(QUERY_SECRET.test(name) ? 'token' : name, value));
}

/** What a value goes by: the field or the list that it is in; the name beside it, as variables have it, whatever their list is called. */
export function nameOf(place: Place, json: unknown): string | undefined {
  const last = place[place.length - 1];
  const beside = typeof last === 'string' ? nameBeside(place.slice(0, -1).reduce(below, json), last) : undefined;
  return beside ?? [...place].reverse().find((step) => typeof step === 'string');
}

/** The name that an object has for one of its fields: variables, parameters and headers have it beside their values. */
export function nameBeside(object: unknown, field: string): string | undefined {
  if (!VALUES.has(field) || !isObject(object)) {
    return undefined;
  }
  return [object.name, object.key, object.header].find((each): each is string => typeof each === 'string');
}

const VALUES = new Set(['default', 'text', 'value', 'values']);

function below(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
}
