import * as net from 'net';
import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { canonicalAddress, Cidr, IpFamily } from '../../src/core/cidr';

const ALLOWED = 'allowed: an address range in CIDR notation, such as 10.0.0.0/16 or fd00:10::/56.';

describe('a range in CIDR notation', () => {
  test.each([
    ['10.0.0.0/16', '10.0.0.0/16', IpFamily.IPV4],
    ['0.0.0.0/0', '0.0.0.0/0', IpFamily.IPV4],
    ['192.168.1.1/32', '192.168.1.1/32', IpFamily.IPV4],
    ['fd00:10::/56', 'fd00:10::/56', IpFamily.IPV6],
    ['FD00:0010:0000:0000:0000:0000:0000:0000/56', 'fd00:10::/56', IpFamily.IPV6],
    ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128', IpFamily.IPV6],
    ['2001:db8:0:1:1:1:1:1/128', '2001:db8:0:1:1:1:1:1/128', IpFamily.IPV6],
    ['64:ff9b::10.0.0.0/104', '64:ff9b::a00:0/104', IpFamily.IPV6],
    ['::/0', '::/0', IpFamily.IPV6],
  ])('%s is written %s', (given, canonical, family) => {
    const cidr = Cidr.of(given);
    expect(cidr.toString()).toBe(canonical);
    expect(cidr.family).toBe(family);
    expect(cidr.networkAddress).toBe(canonical.split('/')[0]);
    expect(cidr.prefixLength).toBe(Number(canonical.split('/')[1]));
  });

  const NOTATION = 'Correct the notation.';
  const ADDRESS = 'Correct the address: four decimal numbers from 0 to 255 without leading zeros, or IPv6.';
  const ZONE = 'Leave out the zone (from % on): it has a meaning on one machine only.';
  test.each([
    ['an octal part', '010.0.0.0/8', ADDRESS],
    ['a number above 255 and a prefix above 32', '999.1.1.1/99', ADDRESS],
    ['a hexadecimal part', '0x0a.0.0.0/8', ADDRESS],
    ['a shortened IPv4 address', '10.0/16', ADDRESS],
    ['an IPv4 address as one number', '167772160/8', ADDRESS],
    ['five numbers', '10.0.0.0.0/8', ADDRESS],
    ['two double colons', 'fd00::1::/64', ADDRESS],
    ['an IPv6 part of five digits', '0fd00::/16', ADDRESS],
    ['octal numbers at the end of IPv6', '64:ff9b::010.0.0.0/104', ADDRESS],
    ['a name', 'localhost/32', ADDRESS],
    ['a zone', 'fe80::1%eth0/128', ZONE],
    ['a prefix above 32', '10.0.0.0/33', 'The prefix is at most 32 here.'],
    ['a prefix above 128', 'fd00::/129', 'The prefix is at most 128 here.'],
    ['host bits', '10.0.16.5/16', 'It has bits set beyond the prefix. Did you mean "10.0.0.0/16"?'],
    ['host bits of IPv6', 'fd00:10::1/56', 'It has bits set beyond the prefix. Did you mean "fd00:10::/56"?'],
    ['no prefix', '10.0.0.1', 'The prefix is missing. Did you mean "10.0.0.1/32"?'],
    ['no prefix of IPv6', 'fd00:0:0::1', 'The prefix is missing. Did you mean "fd00::1/128"?'],
    ['no prefix of IPv4-mapped IPv6', '::ffff:10.0.0.1', 'The prefix is missing. Did you mean "10.0.0.1/32"?'],
    ['an empty prefix', '10.0.0.0/', NOTATION],
    ['a prefix with a leading zero', '10.0.0.0/08', NOTATION],
    ['a negative prefix', '10.0.0.0/-1', NOTATION],
    ['a netmask in place of a prefix', '10.0.0.0/255.0.0.0', NOTATION],
    ['two prefixes', '10.0.0.0/8/8', NOTATION],
    ['nothing', '', NOTATION],
    ['IPv4-mapped IPv6', '::ffff:10.0.0.0/104', 'Write IPv4 as such. Did you mean "10.0.0.0/8"?'],
    ['IPv4-mapped IPv6 in hexadecimal', '::ffff:a00:1/128', 'Write IPv4 as such. Did you mean "10.0.0.1/32"?'],
    ['a leading space', ' 10.0.0.0/8', 'Leave out the white space around it.'],
    ['a trailing line end', '10.0.0.0/8\n', 'Leave out the white space around it.'],
    ['a space inside', '10.0.0.0 /8', NOTATION],
  ])('with %s is refused', (_what, given, fix) => {
    expect(messageOf(() => Cidr.of(given))).toBe(`cidr: got ${JSON.stringify(given)}; ${ALLOWED} ${fix}`);
  });

  test('that is no string is refused', () => {
    expect(messageOf(() => Cidr.of(10 as never))).toBe(`cidr: got 10; ${ALLOWED} Give it as a string.`);
    expect(messageOf(() => Cidr.of(undefined as never))).toBe(`cidr: got undefined; ${ALLOWED} Give it as a string.`);
  });

  test('is named in the error as the property and the construct that it was given to', () => {
    expect(messageOf(() => Cidr._parse('10.0.0.0', 'podCidrs[1]', 'ClusterProfile prod')))
      .toBe(`[ClusterProfile prod] podCidrs[1]: got "10.0.0.0"; ${ALLOWED} The prefix is missing. Did you mean "10.0.0.0/32"?`);
  });

  test('cannot be changed afterwards', () => {
    const cidr = Cidr.of('10.0.0.0/16');
    expect(() => Object.assign(cidr, { prefixLength: 0 })).toThrow(TypeError);
    expect(cidr.isEverything).toBe(false);
  });
});

describe('what lies in a range', () => {
  test('a range contains itself and its parts, not what surrounds it', () => {
    expect(Cidr.of('10.0.0.0/8').contains(Cidr.of('10.0.0.0/8'))).toBe(true);
    expect(Cidr.of('10.0.0.0/8').contains(Cidr.of('10.255.255.255/32'))).toBe(true);
    expect(Cidr.of('10.0.0.0/8').contains(Cidr.of('11.0.0.0/32'))).toBe(false);
    expect(Cidr.of('10.0.0.0/8').contains(Cidr.of('9.255.255.255/32'))).toBe(false);
    expect(Cidr.of('10.0.0.0/8').contains(Cidr.of('0.0.0.0/0'))).toBe(false);
  });

  test('ranges of different IP versions never overlap, not even those of everything', () => {
    expect(Cidr.of('0.0.0.0/0').overlaps(Cidr.of('::/0'))).toBe(false);
    expect(Cidr.of('::/0').contains(Cidr.of('0.0.0.0/32'))).toBe(false);
  });

  test('only a prefix of 0 is everything', () => {
    expect(Cidr.of('0.0.0.0/0').isEverything).toBe(true);
    expect(Cidr.of('::/0').isEverything).toBe(true);
    expect(Cidr.of('0.0.0.0/1').isEverything).toBe(false);
  });
});

describe('parts and addresses of a range', () => {
  test('subnet and host count as Terraform does', () => {
    expect(Cidr.of('172.16.0.0/12').subnet(16, 2).toString()).toBe('172.18.0.0/16');
    expect(Cidr.of('fd00:fd12:3456:7800::/56').subnet(72, 162).toString()).toBe('fd00:fd12:3456:7800:a200::/72');
    expect(Cidr.of('10.12.112.0/20').host(16)).toBe('10.12.112.16');
    expect(Cidr.of('10.12.112.0/20').host(268)).toBe('10.12.113.12');
    expect(Cidr.of('fd00:fd12:3456:7800::/56').host(34)).toBe('fd00:fd12:3456:7800::22');
    expect(Cidr.of('10.96.0.0/12').host(10)).toBe('10.96.0.10');
  });

  test('a range is its own only part of the same prefix', () => {
    expect(Cidr.of('10.0.0.0/16').subnet(16, 0).toString()).toBe('10.0.0.0/16');
    expect(Cidr.of('10.0.0.0/32').host(0)).toBe('10.0.0.0');
  });

  test.each([
    [15, 0, 'prefixLength: got 15; allowed: a whole number from 16 to 32 in 10.0.0.0/16. Choose a prefix that fits the range.'],
    [33, 0, 'prefixLength: got 33; allowed: a whole number from 16 to 32 in 10.0.0.0/16. Choose a prefix that fits the range.'],
    [NaN, 0, 'prefixLength: got NaN; allowed: a whole number from 16 to 32 in 10.0.0.0/16. Choose a prefix that fits the range.'],
    [24, 256, 'index: got 256; allowed: a whole number below 256: parts of /24 in 10.0.0.0/16. Take a wider range or smaller parts.'],
    [24, -1, 'index: got -1; allowed: a whole number below 256: parts of /24 in 10.0.0.0/16. Take a wider range or smaller parts.'],
    [24, 0.5, 'index: got 0.5; allowed: a whole number below 256: parts of /24 in 10.0.0.0/16. Take a wider range or smaller parts.'],
  ])('there is no part /%s number %s of a /16', (prefix, index, message) => {
    expect(messageOf(() => Cidr.of('10.0.0.0/16').subnet(prefix, index))).toBe(message);
  });

  test('there is no address beyond the range', () => {
    expect(messageOf(() => Cidr.of('10.0.0.0/30').host(4)))
      .toBe('index: got 4; allowed: a whole number below 4: addresses in 10.0.0.0/30. Take a wider range.');
    expect(() => Cidr.of('::/0').host(2 ** 53)).toThrow('index');
  });
});

describe('the canonical form of one address', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'], ['FD00::0:1', 'fd00::1'], ['010.0.0.1', undefined], ['fe80::1%eth0', undefined], ['::ffff:10.0.0.1', undefined],
    ['10.0.0.0/8', undefined], ['', undefined],
  ])('%s becomes %s', (given, canonical) => expect(canonicalAddress(given)).toBe(canonical));
});

describe('for any range', () => {
  interface Model { readonly bits: number; readonly first: bigint; readonly prefix: number }

  // Few bits set and short prefixes: ranges that meet each other are frequent.
  const model = fc.constantFrom(32, 128).chain((bits) => fc.tuple(fc.integer({ min: 0, max: bits }), fc.array(fc.nat(bits - 1), { maxLength: 4 }))
    .map(([prefix, ones]): Model => ({ bits, prefix, first: firstOf(bits, ones.filter((one) => one < prefix)) }))
    .filter(({ first }) => bits === 32 || first / 2n ** 32n !== 0xffffn));
  const firstOf = (bits: number, ones: number[]) => [...new Set(ones)].reduce((sum, one) => sum + 2n ** BigInt(bits - 1 - one), 0n);
  const last = ({ bits, first, prefix }: Model) => first + 2n ** BigInt(bits - prefix) - 1n;

  /** Uncompressed text, made without the library. */
  const textOf = ({ bits, first, prefix }: Model) => {
    const width = bits === 32 ? 8 : 16;
    const parts = Array.from({ length: bits / width }, (_, i) => (first / 2n ** BigInt(bits - width * (i + 1))) % 2n ** BigInt(width));
    return `${parts.map((part) => part.toString(bits === 32 ? 10 : 16)).join(bits === 32 ? '.' : ':')}/${prefix}`;
  };
  const rangeOf = (value: Model) => Cidr.of(textOf(value));

  test('contains and overlaps agree with intervals of numbers, and overlaps is symmetric', () => {
    fc.assert(fc.property(model, model, (a, b) => {
      const comparable = a.bits === b.bits;
      const contains = comparable && a.first <= b.first && last(b) <= last(a);
      const overlaps = comparable && a.first <= last(b) && b.first <= last(a);
      expect(rangeOf(a).contains(rangeOf(b))).toBe(contains);
      expect(rangeOf(a).overlaps(rangeOf(b))).toBe(overlaps);
      expect(rangeOf(b).overlaps(rangeOf(a))).toBe(overlaps);
    }), { numRuns: 1000 });
  });

  test('the canonical form is unique, and parsing it changes nothing', () => {
    fc.assert(fc.property(model, (value) => {
      const written = rangeOf(value).toString();
      expect(Cidr.of(written).toString()).toBe(written);
      expect(Cidr.of(written.toUpperCase()).toString()).toBe(written);
      expect(rangeOf(value).networkAddress).toBe(value.bits === 32 ? textOf(value).split('/')[0] : new URL(`http://[${written.split('/')[0]}]`).hostname.slice(1, -1));
    }), { numRuns: 1000 });
  });

  test('parts lie inside, do not overlap, and are found at their index', () => {
    fc.assert(fc.property(model, fc.nat(20), fc.nat(2 ** 20), fc.nat(2 ** 20), (value, more, i, j) => {
      const room = Math.min(more, value.bits - value.prefix);
      const [a, b] = [i % 2 ** room, j % 2 ** room];
      const [first, second] = [a, b].map((index) => rangeOf(value).subnet(value.prefix + room, index));
      expect(rangeOf(value).contains(first)).toBe(true);
      expect(first.overlaps(second)).toBe(a === b);
      expect(first.toString()).toBe(rangeOf({
        ...value, prefix: value.prefix + room, first: value.first + BigInt(a) * 2n ** BigInt(value.bits - value.prefix - room),
      }).toString());
    }), { numRuns: 500 });
  });

  test('whatever the text, it is a range in canonical form or a clear error', () => {
    const almost = fc.tuple(fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), fc.string()), fc.constantFrom('/', '', ' /', '%1/'), fc.oneof(fc.nat(140), fc.string()))
      .map((parts) => parts.join(''));
    fc.assert(fc.property(almost, (given) => {
      let cidr: Cidr;
      try {
        cidr = Cidr.of(given);
      } catch (error) {
        expect((error as Error).name).toBe('HardenedError');
        return;
      }
      expect(net.isIP(given.split('/')[0])).toBe(cidr.family === IpFamily.IPV4 ? 4 : 6);
      expect(Cidr.of(cidr.toString()).toString()).toBe(cidr.toString());
    }), { numRuns: 2000 });
  });
});
