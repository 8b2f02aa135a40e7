import * as fc from 'fast-check';
import { Cidr } from '../../../src/core/cidr';
import { layOut } from '../../../src/terraform/aws/network-layout';

const THREE = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

/** A VPC's range and two or more zones of one region, in any order. */
const NETWORKS = fc.record({
  cidr: fc.tuple(fc.integer({ min: 16, max: 21 }), fc.integer({ min: 0, max: 2 ** 8 - 1 }))
    .map(([prefix, part]) => Cidr.of('10.0.0.0/8').subnet(prefix, part).toString()),
  letters: fc.uniqueArray(fc.constantFrom(...'abcdefg'), { minLength: 2, maxLength: 7 }),
});

function subnets(cidr: string, azs: string[]): Cidr[] {
  return layOut(cidr, azs, 'network').zones.flatMap((zone) => [zone.privateCidr, zone.controlPlaneCidr, zone.publicCidr]);
}

function azsOf(letters: string[]): string[] {
  return letters.map((letter) => `us-east-1${letter}`);
}

describe('the layout of a network', () => {
  test('every subnet lies in the VPC and is one that AWS takes', () => {
    fc.assert(fc.property(NETWORKS, ({ cidr, letters }) => {
      for (const subnet of subnets(cidr, azsOf(letters))) {
        expect(Cidr.of(cidr).contains(subnet)).toBe(true);
        expect(subnet.prefixLength).toBeLessThanOrEqual(28);
      }
    }));
  });

  test('no two subnets overlap', () => {
    fc.assert(fc.property(NETWORKS, ({ cidr, letters }) => {
      const all = subnets(cidr, azsOf(letters));
      all.forEach((subnet, i) => all.slice(i + 1).forEach((other) => expect(subnet.overlaps(other)).toBe(false)));
    }));
  });

  test('adding a zone, or naming them in another order, moves no subnet', () => {
    fc.assert(fc.property(NETWORKS, ({ cidr, letters }) => {
      const before = layOut(cidr, azsOf(letters).slice(0, 2), 'network').zones;
      const after = layOut(cidr, azsOf(letters).reverse(), 'network').zones;
      before.forEach((zone) => expect(after).toContainEqual(zone));
      expect(after.map((zone) => zone.az)).toEqual(azsOf(letters).sort());
    }));
  });

  test('a /16 gives each zone 8192 addresses for nodes and 512 for the control plane', () => {
    const zones = layOut('10.0.0.0/16', THREE, 'network').zones;
    expect(zones.map((zone) => [zone.privateCidr.toString(), zone.controlPlaneCidr.toString(), zone.publicCidr.toString()])).toEqual([
      ['10.0.0.0/19', '10.0.224.0/23', '10.0.240.0/23'],
      ['10.0.32.0/19', '10.0.226.0/23', '10.0.242.0/23'],
      ['10.0.64.0/19', '10.0.228.0/23', '10.0.244.0/23'],
    ]);
  });

  test('the region is that of the zones', () => {
    expect(layOut('10.0.0.0/16', ['us-gov-west-1a', 'us-gov-west-1b'], 'network').region).toBe('us-gov-west-1');
  });
});

describe('bad input to the layout', () => {
  test.each([
    ['10.0.0.0/15', 'AWS takes no wider VPC than /16, and in one narrower than /21 the smallest subnets would be below its /28.'],
    ['10.0.0.0/22', 'AWS takes no wider VPC than /16, and in one narrower than /21 the smallest subnets would be below its /28.'],
    ['fd00::/16', 'AWS takes no wider VPC than /16, and in one narrower than /21 the smallest subnets would be below its /28.'],
  ])('the range %s is refused', (cidr, fix) => {
    expect(() => layOut(cidr, THREE, 'network')).toThrow(`[network] cidr: got "${cidr}"; allowed: an IPv4 range from /16 to /21. ${fix}`);
  });

  test('a malformed range is refused', () => {
    expect(() => layOut('10.0.1.0/16', THREE, 'network')).toThrow(
      '[network] cidr: got "10.0.1.0/16"; allowed: an address range in CIDR notation, such as 10.0.0.0/16 or fd00:10::/56. '
      + 'It has bits set beyond the prefix. Did you mean "10.0.0.0/16"?');
  });

  test.each([
    [['eu-central-1a']], [['eu-central-1a', 'eu-central-1a']], [['eu-central-1a', 'eu-west-1a']], [[]],
  ])('the zones %j are refused', (azs) => {
    expect(() => layOut('10.0.0.0/16', azs, 'network')).toThrow(
      `[network] azs: got ${JSON.stringify(azs)}; allowed: two or more different availability zones of one region. `
      + 'Three are best: etcd keeps its quorum when one of them fails.');
  });

  test.each(['eu-central-1', 'us-west-2-lax-1a', 'us-east-1h', 'US-EAST-1A'])('%s is no zone that can be used', (az) => {
    expect(() => layOut('10.0.0.0/16', ['us-east-1a', az], 'network')).toThrow(
      `[network] azs[1]: got "${az}"; allowed: the name of an availability zone such as eu-central-1a. Local and wavelength zones can't be used.`);
  });

  test('China\'s regions are refused, not served wrongly', () => {
    expect(() => layOut('10.0.0.0/16', ['cn-north-1a', 'cn-north-1b'], 'network')).toThrow(
      '[network] azs: got ["cn-north-1a","cn-north-1b"]; allowed: zones of the partitions aws and aws-us-gov. '
      + 'China\'s regions name their endpoint services differently: not supported yet.');
  });
});
