import { canonicalAddress } from './cidr';
import { checkDnsDomain } from './dns-name';
import { invalid, InvalidInput } from './errors';

/** What an address may have beyond host and port. */
export interface HttpsAddressOptions {
  readonly pathAllowed: boolean;
}

/**
 * Checks an `https://` address without credentials, query and fragment. Addresses that may hold credentials never appear in the error.
 */
export function checkHttpsAddress(value: string, property: string, options: HttpsAddressOptions, at?: InvalidInput['at']): URL {
  const url = parse(value);
  if (!url || (!options.pathAllowed && url.pathname !== '/')) {
    throw invalid({
      at,
      property,
      got: typeof value === 'string' && /[@?#]/.test(value) ? '(not shown: it may hold credentials)' : value,
      allowed: `an https:// address without credentials, ${options.pathAllowed ? '' : 'path, '}query and fragment`,
      fix: secureForm(value, options) ?? 'Correct the address.',
    });
  }
  return url;
}

/** Checks an address without a path whose host is an IP address or a DNS name: URLs take more, and hosts stand in certificates and scripts. */
export function checkHttpsOrigin(value: string, property: string, at?: InvalidInput['at']): string {
  const { hostname, origin } = checkHttpsAddress(value, property, { pathAllowed: false }, at);
  if (canonicalAddress(hostname.replace(/^\[|\]$/g, '')) === undefined) {
    checkDnsDomain(hostname, property, at);
  }
  return origin;
}

/** What was meant, if it is clear: the address with https:// before it, in the place of http:// or nothing. */
function secureForm(value: unknown, { pathAllowed }: HttpsAddressOptions): string | undefined {
  if (typeof value !== 'string' || /[@?#]/.test(value)) {
    return undefined;
  }
  const [, rest] = /^(?:http:\/\/)?((?:\[[0-9A-Fa-f:.]+\]|[^/:[\]]+)(?::\d{1,5})?(?:\/.*)?)$/.exec(value) ?? [];
  const url = rest === undefined || /^https?:/.test(rest) || !/[.:]/.test(rest) ? undefined : parse(`https://${rest}`);
  return url && (pathAllowed || url.pathname === '/') ? `Write https://${rest}.` : undefined;
}

// URL alone is too lenient: it trims white space, and takes "https:host" and backslashes.
function parse(value: string): URL | undefined {
  if (typeof value !== 'string' || !/^https:\/\/[^\s/\\@?#][^\s\\@?#]*$/.test(value) || !URL.canParse(value)) {
    return undefined;
  }
  const url = new URL(value);
  return url.port === '0' ? undefined : url;
}
