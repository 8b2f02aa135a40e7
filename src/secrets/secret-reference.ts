import { isDnsSubdomain } from '../core/dns-name';
import { invalid, InvalidInput } from '../core/errors';

const KEY = /^[-._a-zA-Z0-9]+$/;

/** Checks the name of a Secret: a DNS subdomain (RFC 1123). */
export function checkSecretName(name: unknown, property: string, at?: InvalidInput['at']): string {
  if (!isDnsSubdomain(name)) {
    throw invalid({
      at, property, got: name, allowed: 'the name of a Secret: a DNS subdomain of at most 253 lower-case letters, digits, - and dots (RFC 1123)', fix: 'Give the name of a Secret in the namespace of the workload.',
    });
  }
  return name;
}

/** Checks a key of a Secret, as the API server does. */
export function checkSecretKey(key: unknown, property: string, at?: InvalidInput['at']): string {
  if (typeof key !== 'string' || key.length > 253 || !KEY.test(key) || key === '.' || key.startsWith('..')) {
    throw invalid({
      at, property, got: key, allowed: 'a key of a Secret: at most 253 letters, digits, -, _ and dots, not beginning with two dots', fix: 'Give a key that the Secret has.',
    });
  }
  return key;
}
