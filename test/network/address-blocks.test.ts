import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { Cloud } from '../../src/core/cloud';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { addressBlocks } from '../../src/network/address-blocks';
import { refusal } from '../workloads/fixtures';

function chart(props: object = {}): Chart {
  const app = new App();
  new ClusterProfile({ name: 'prod', ...props }).attachTo(app);
  return new Chart(app, 'c');
}

/** An address as a number, apart from the sources: `10.0.0.1` or any form of IPv6. */
function number(address: string): bigint {
  if (!address.includes(':')) {
    return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  }
  const [head, tail] = address.split('::').map((half) => half.split(':').filter((part) => part !== ''));
  const parts = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return parts.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

function covers(cidr: string, address: string): boolean {
  const [base, prefix] = cidr.split('/');
  const rest = BigInt((base.includes(':') ? 128 : 32) - Number(prefix));
  return base.includes(':') === address.includes(':') && number(base) >> rest === number(address) >> rest;
}

const reaches = (blocks: { cidr: string; except?: string[] }[], address: string) =>
  blocks.some(({ cidr, except = [] }) => covers(cidr, address) && !except.some((range) => covers(range, address)));

const METADATA: Record<string, string[]> = {
  [Cloud.AWS]: ['169.254.169.254', 'fd00:ec2::254'],
  [Cloud.GOOGLE]: ['169.254.169.254', 'fd20:ce::254'],
  [Cloud.AZURE]: ['169.254.169.254', '168.63.129.16'],
  [Cloud.HETZNER]: ['169.254.169.254'],
  [Cloud.ALIBABA]: ['169.254.169.254', '100.100.100.200'],
  [Cloud.OPENSTACK]: ['169.254.169.254', 'fe80::a9fe:a9fe'],
};
METADATA[Cloud.NONE] = [...new Set(Object.values(METADATA).flat())];

/** The range of a prefix length that an address lies in. */
function rangeAround(address: string, prefix: number): string {
  const [bits, size, count] = address.includes(':') ? [128n, 16n, 8] : [32n, 8n, 4];
  const rest = bits - BigInt(prefix);
  const value = (number(address) >> rest) << rest;
  const groups = Array.from({ length: count }, (_, i) => (value >> (bits - size * BigInt(i + 1))) & ((1n << size) - 1n));
  return `${count === 4 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':')}/${prefix}`;
}

/** Ranges of every size, most of them around the addresses given. */
function ranges(...near: string[]): fc.Arbitrary<string> {
  const anywhere = fc.oneof(fc.ipV4(), fc.ipV6().filter((address) => !address.includes('.') && !address.startsWith('::')));
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...near) }, { weight: 1, arbitrary: anywhere }).chain((address) =>
    fc.integer({ min: 0, max: address.includes(':') ? 128 : 32 }).map((prefix) => rangeAround(address, prefix)));
}

describe('metadata addresses', () => {
  test.each(Object.entries(METADATA))('of %s are reached through no range whatever', (cloud, addresses) => {
    const at = chart({ cloud });
    fc.assert(fc.property(fc.array(ranges(...addresses), { minLength: 1, maxLength: 3 }), (cidrs) => {
      let blocks;
      try {
        blocks = addressBlocks(cidrs, [], at);
      } catch (error) {
        expect((error as Error).name).toBe('HardenedError');
        return;
      }
      expect(addresses.filter((address) => reaches(blocks, address))).toEqual([]);
    }));
  });

  test('are refused by name', () => {
    expect(refusal(() => addressBlocks(['169.254.169.254/32'], [], chart()))).toBe(
      '[c] cidr: got "169.254.169.254/32"; allowed: addresses that serve no instance metadata (NSA 1.2, CIS 5.3.2). '
      + 'Give the workload an identity of its own: metadata hands out the node\'s credentials to every pod.');
  });
});

test('every exception lies strictly inside its range, as the API server demands', () => {
  const at = chart({ podCidrs: ['10.244.0.0/16', 'fd00:10::/56'], serviceCidrs: ['10.96.0.0/12', 'fd00:20::/112'] });
  fc.assert(fc.property(ranges('10.244.1.1', 'fd00:10::1', '169.254.169.254', '1.2.3.4'), (cidr) => {
    let blocks: ReturnType<typeof addressBlocks> = [];
    try {
      blocks = addressBlocks([cidr], ['1.2.0.0/16'], at);
    } catch (error) {
      expect((error as Error).name).toBe('HardenedError');
    }
    for (const { except = [], ...block } of blocks) {
      expect(except.filter((range) => !covers(block.cidr, range.split('/')[0]) || Number(range.split('/')[1]) <= Number(block.cidr.split('/')[1]))).toEqual([]);
    }
  }));
});

test('the cluster\'s own pods and services are not reached by address', () => {
  expect(addressBlocks(['10.0.0.0/8'], [], chart({ cloud: Cloud.HETZNER }))).toEqual([{ cidr: '10.0.0.0/8', except: ['10.244.0.0/16', '10.96.0.0/12'] }]);
  expect(refusal(() => addressBlocks(['10.96.0.10/32'], [], chart()))).toBe(
    '[c] cidr: got "10.96.0.10/32"; allowed: addresses outside of the cluster\'s pod and service ranges (10.244.0.0/16, 10.96.0.0/12). '
    + 'Name pods by workload or by NetworkPeer.pods(…): pod addresses change, and services are translated before policies see them.');
});

test('of exceptions in one another only the outermost is written', () => {
  expect(addressBlocks(['0.0.0.0/0'], ['10.0.0.0/8', '10.1.0.0/16'], chart({ cloud: Cloud.HETZNER }))).toEqual([
    { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '169.254.169.254/32'] },
  ]);
});

test('a range that nothing is left of is refused', () => {
  expect(refusal(() => addressBlocks(['192.0.2.0/24'], ['192.0.0.0/16'], chart()))).toBe(
    '[c] exceptCidrs: got "192.0.0.0/16"; allowed: parts of 192.0.2.0/24. Leave 192.0.2.0/24 out instead: nothing of it is left.');
});

test('a range without anything to leave out has no exceptions', () => {
  expect(addressBlocks(['192.0.2.0/24'], [], chart())).toEqual([{ cidr: '192.0.2.0/24' }]);
});
