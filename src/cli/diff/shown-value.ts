import { isObject } from '../../controls/path';
import { isPrivatePlace, mayBeSecret } from '../../controls/results/concealed';
import { isOfKubernetes } from '../../controls/results/finding-maker';
import { show } from '../../core/errors';
import { secretText } from '../../core/secret-patterns';
import { printable } from '../../evidence/plain-text';

/** What stands in the place of a value that may be a secret. */
export const HIDDEN = '(a value that is not shown)';

/** Whether nobody may read what is at a place; positions in lists are left out of it. */
export type Hides = (steps: readonly string[], value: unknown) => boolean;

const LONGEST = 120;
/** In addresses and paths: signatures and tokens are given so. */
const QUERY = /((?:[?&]|#(?=\w{0,30}token=))[\w.~%[\]-]{1,60}=)[^&#\s"'\\]+/g;

/** In an address without a scheme, or with a slash in it; not the port of one. */
const LOGIN = /\/\/[^\s:@/"']{0,100}:(?!\d{1,5}\/)[^\s@"'$%<{*][^\s@"'(){}<>?]{0,200}@/;

/**
 * A value as a report may show it: never what may be a secret, for what it is, what it is called or where it is.
 * @param steps to the value; names of fields
 * @param name what the value goes by
 */
export function shownValue(value: unknown, steps: readonly (string | number)[], name?: string): string {
  if (value === undefined) {
    return 'missing';
  }
  const fields = steps.filter((step): step is string => typeof step === 'string');
  if (isPrivatePlace(steps) || holds(isMisplaced, fields, value) || mayBeSecret(value, name) || (typeof value === 'string' && secretText(value))) {
    return HIDDEN;
  }
  const text = printable(withoutQueries(show(value)));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** The same, with more that nobody may read: at the place, or below it in the value, of which the rest is shown. */
export function shownUnless(hides: Hides, value: unknown, steps: readonly string[], name?: string): string {
  if (value === undefined || !holds(hides, steps, value)) {
    return shownValue(value, steps, name);
  }
  const rest = redacted(hides, steps, value);
  return showsAny(rest) ? shownValue(rest, steps, name) : HIDDEN;
}

/** In the place of what is hidden within something else. */
const LEFT_OUT = '(not shown)';

function redacted(hides: Hides, steps: readonly string[], value: unknown): unknown {
  if (hides(steps, value)) {
    return LEFT_OUT;
  }
  if (Array.isArray(value)) {
    return value.map((each) => redacted(hides, steps, each));
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redacted(hides, [...steps, key], each)])) : value;
}

function showsAny(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.values(value).some(showsAny) : value !== LEFT_OUT;
}

/** A text that people wrote, such as a name or a key, on one line and no secret itself. */
export function shownText(text: string): string {
  return secretText(text) ? HIDDEN : printable(withoutQueries(text));
}

/** A text without the values of queries in it. */
export function withoutQueries(text: string): string {
  return text.replace(QUERY, '$1(left out)');
}

/** Headers log in, whatever they are called, and so do addresses; where names of Secrets belong, somebody may have written what is in them. */
function isMisplaced(steps: readonly string[], value: unknown): boolean {
  const last = steps[steps.length - 1];
  const isText = typeof value === 'string';
  return (isText && LOGIN.test(value)) || (steps.includes('httpHeaders') ? typeof value !== 'object' && last !== 'name' : isText && last === 'imagePullSecrets');
}

function holds(hides: Hides, steps: readonly string[], value: unknown): boolean {
  if (hides(steps, value)) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some((each) => holds(hides, steps, each));
  }
  return isObject(value) && Object.entries(value).some(([key, each]) => holds(hides, [...steps, key], each));
}

/** What nobody may read of an object: nearly all of a Secret; texts of several lines, in which anything may stand; long texts of custom resources. */
export function hidesOfObject(group: string, kind: unknown): Hides {
  const [ofSecret, isCustom, hasCode] = [hidesOfSecret(kind), !isOfKubernetes(group), CODE.has(group)];
  return (steps, value) => ofSecret(steps, value)
    || (typeof value === 'string' && ((!hasCode && value.includes('\n')) || (isCustom && (value.length > LONGEST || FREE.test(steps[steps.length - 1] ?? '')))));
}

/** Groups whose objects have expressions and descriptions. */
const CODE = new Set(['admissionregistration.k8s.io', 'apiextensions.k8s.io']);
/** What custom resources have beside a name of anybody's: parameters, settings, arguments. */
const FREE = /^(?:default|text|value)$/;

/** A Secret shows what it is called. Of what is written beside its data, in fields that it doesn't have, nobody knows what it is. */
function hidesOfSecret(kind: unknown): Hides {
  return /^secret$/i.test(String(kind)) ? ([first, second], value) => {
    switch (first) {
      case undefined: return false;
      case 'apiVersion': case 'kind': case 'type': return typeof value === 'object';
      case 'immutable': return typeof value !== 'boolean';
      case 'metadata': return second === undefined ? typeof value !== 'object' : !NAMES.has(second) || typeof value === 'object';
      default: return true;
    }
  } : () => false;
}

const NAMES = new Set(['name', 'namespace', 'generateName']);
