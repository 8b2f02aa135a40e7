import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { checkDnsDomain, checkDnsLabel } from '../../src/core/dns-name';

const LABEL = 'a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123)';

test.each(['a', 'shop', 'team-a', '0x1', 'x'.repeat(63)])('%s is a DNS label', (name) => {
  expect(checkDnsLabel(name, 'name')).toBe(name);
});

test.each([
  ['My Shop', 'Did you mean "my-shop"?'],
  ['shop_1', 'Did you mean "shop-1"?'],
  ['-shop-', 'Did you mean "shop"?'],
  ['shop.prod', 'Did you mean "shop-prod"?'],
  ['shop\n', 'Did you mean "shop"?'],
  ['x'.repeat(64), `Did you mean "${'x'.repeat(63)}"?`],
  [`${'x'.repeat(62)}-y`, `Did you mean "${'x'.repeat(62)}"?`],
  ['', 'Give it a name.'],
  ['---', 'Give it a name.'],
])('%j is no DNS label', (name, fix) => {
  expect(messageOf(() => checkDnsLabel(name, 'name', 'app/shop'))).toBe(`[app/shop] name: got ${JSON.stringify(name)}; allowed: ${LABEL}. ${fix}`);
});

test.each([undefined, null, 5, {}])('%j is no DNS label', (name) => {
  expect(messageOf(() => checkDnsLabel(name, 'name'))).toBe(`name: got ${JSON.stringify(name)}; allowed: ${LABEL}. Give it a name.`);
});

test('what the error suggests is a DNS label', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (name) => {
    let message = '';
    try {
      checkDnsLabel(name, 'name');
    } catch (error) {
      message = (error as Error).message;
    }
    const suggested = /Did you mean "([^"]*)"\?$/.exec(message)?.[1];
    if (suggested !== undefined) {
      expect(checkDnsLabel(suggested, 'name')).toBe(suggested);
    }
  }));
});

test.each(['cluster.local', 'local', 'k8s.prod.example.com', `${'x'.repeat(63)}.local`])('%s is a DNS domain', (name) => {
  expect(checkDnsDomain(name, 'dnsDomain')).toBe(name);
});

test.each(['', 'cluster.local.', '.local', 'cluster..local', 'Cluster.local', `${'x'.repeat(64)}.local`, 'a.'.repeat(127), 'cluster_local', 'cluster.local\n'])(
  '%j is no DNS domain', (name) => {
    expect(messageOf(() => checkDnsDomain(name, 'dnsDomain')))
      .toBe(`dnsDomain: got ${show(name)}; allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.`);
  });

function show(name: string): string {
  const quoted = JSON.stringify(name);
  return quoted.length <= 160 ? quoted : `${quoted.slice(0, 157)}...`;
}
