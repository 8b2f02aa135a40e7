import { invalid, InvalidInput } from './errors';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** True for a DNS subdomain as the API server takes it for names: 253 characters at most, whose labels may have any length (RFC 1123). */
export function isDnsSubdomain(name: unknown): name is string {
  return typeof name === 'string' && name.length <= 253 && SUBDOMAIN.test(name);
}

/** Checks a DNS label (RFC 1123): the form of namespace names and most object names. */
export function checkDnsLabel(name: unknown, property: string, at?: InvalidInput['at']): string {
  if (typeof name !== 'string' || !LABEL.test(name)) {
    throw invalid({
      at, property, got: name, allowed: 'a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123)', fix: suggestion(name),
    });
  }
  return name;
}

/** Checks a DNS domain of one or more labels, without a trailing dot. */
export function checkDnsDomain(name: unknown, property: string, at?: InvalidInput['at']): string {
  if (typeof name !== 'string' || name.length > 253 || !name.split('.').every((label) => LABEL.test(label))) {
    throw invalid({
      at, property, got: name, allowed: 'a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123)', fix: 'Correct the name.',
    });
  }
  return name;
}

function suggestion(name: unknown): string {
  const better = String(name ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
  return better && typeof name === 'string' ? `Did you mean "${better}"?` : 'Give it a name.';
}
