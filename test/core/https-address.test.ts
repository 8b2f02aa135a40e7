import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { checkHttpsAddress, checkHttpsOrigin } from '../../src/core/https-address';

test.each([
  ['https://api.prod.internal:6443', 'https://api.prod.internal:6443'], ['https://API.example.com/', 'https://api.example.com'],
  ['https://10.0.16.10:443', 'https://10.0.16.10'], ['https://[fd00::10]:6443', 'https://[fd00::10]:6443'],
])('%s is an address with origin %s', (given, origin) => {
  expect(checkHttpsAddress(given, 'apiEndpoints', { pathAllowed: false }).origin).toBe(origin);
});

test.each([
  'http://api:6443/path', 'http:api', 'localhost', 'https:443', 'https:api', 'https:///api', 'https://', ' https://api', 'https://api ', 'https://a\tpi', 'https://api:0', 'https://api:65536',
  'https://api/path', 'https:\\\\api', 'HTTPS://api', '', 'ftp://api',
])('%j is refused', (given) => {
  expect(messageOf(() => checkHttpsAddress(given, 'apiEndpoints[0]', { pathAllowed: false }, 'ClusterProfile prod'))).toBe(
    `[ClusterProfile prod] apiEndpoints[0]: got ${JSON.stringify(given)}; allowed: an https:// address without credentials, path, query and fragment. Correct the address.`);
});

test.each([
  ['http://api:6443', 'https://api:6443'], ['api:6443', 'https://api:6443'], ['10.0.16.10:6443', 'https://10.0.16.10:6443'], ['[fd00::10]:6443', 'https://[fd00::10]:6443'],
  ['api.prod.internal', 'https://api.prod.internal'],
])('the fix of %s is the secure form', (given, secure) => {
  expect(messageOf(() => checkHttpsAddress(given, 'apiEndpoints[0]', { pathAllowed: false }, 'ClusterProfile prod'))).toBe(
    `[ClusterProfile prod] apiEndpoints[0]: got "${given}"; allowed: an https:// address without credentials, path, query and fragment. Write ${secure}.`);
  expect(checkHttpsAddress(secure, 'apiEndpoints[0]', { pathAllowed: false }).origin).toBe(secure);
});

test.each(['https://user:hunter2@api', 'https://hunter2@api', 'admin:hunter2@api', 'https://api?token=hunter2', 'https://api#hunter2'])(
  'an address that may hold credentials is refused and not shown (%#)', (given) => {
    expect(messageOf(() => checkHttpsAddress(given, 'oidcIssuer', { pathAllowed: true }))).toBe(
      'oidcIssuer: got "(not shown: it may hold credentials)"; allowed: an https:// address without credentials, query and fragment. Correct the address.');
  });

test.each(['https://10.0.0.1:6443', 'https://[fd00::1]:6443', 'https://api.prod.internal', 'https://localhost:6443'])('%s is an origin', (given) => {
  expect(checkHttpsOrigin(given, 'server')).toBe(given);
});

test('what only a URL takes for a host is none', () => {
  expect(messageOf(() => checkHttpsOrigin('https://a\'b', 'server', 'Cluster'))).toBe('[Cluster] server: got "a\'b"; '
    + 'allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.');
});

test('a path is taken only where it is allowed', () => {
  expect(checkHttpsAddress('https://id.example.com/realms/prod', 'oidcIssuer', { pathAllowed: true }).pathname).toBe('/realms/prod');
});

test('whatever is accepted has no credentials, query or fragment', () => {
  const text = fc.oneof(fc.webUrl({ validSchemes: ['https'], withQueryParameters: true, withFragments: true }), fc.string().map((rest) => `https://${rest}`));
  fc.assert(fc.property(text, (given) => {
    try {
      const url = checkHttpsAddress(given, 'x', { pathAllowed: true });
      expect([url.protocol, url.username, url.password, url.search, url.hash]).toEqual(['https:', '', '', '', '']);
    } catch (error) {
      expect((error as Error).name).toBe('HardenedError');
    }
  }));
});
