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
      fix: 'Correct the address.',
    });
  }
  return url;
}

// URL alone is too lenient: it trims white space, and takes "https:host" and backslashes.
function parse(value: string): URL | undefined {
  if (typeof value !== 'string' || !/^https:\/\/[^\s/\\@?#][^\s\\@?#]*$/.test(value) || !URL.canParse(value)) {
    return undefined;
  }
  const url = new URL(value);
  return url.port === '0' ? undefined : url;
}
