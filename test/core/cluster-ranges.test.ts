import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { Cidr } from '../../src/core/cidr';
import { Cloud, metadataCidrs } from '../../src/core/cloud';
import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

const RANGES = { podCidrs: ['10.1.0.0/16'], serviceCidrs: ['10.2.0.0/16'], nodeCidrs: ['10.3.0.0/16'], controlPlaneCidrs: ['10.3.1.0/24'] };
const profile = (props: Partial<ClusterProfileProps>) => new ClusterProfile({ name: 'prod', ...RANGES, ...props });
const refused = (props: Partial<ClusterProfileProps>) => messageOf(() => profile(props));

test('ranges that fit together are kept in their order', () => {
  const cluster = profile({ nodeCidrs: ['10.3.0.0/16', '10.5.0.0/16', '2001:db8::/64'] });
  expect(cluster.nodeCidrs.map(String)).toEqual(['10.3.0.0/16', '10.5.0.0/16', '2001:db8::/64']);
});

describe('overlapping ranges', () => {
  const APART = 'Give every network its own addresses: policies and firewalls tell them apart by range.';
  const HINT = ' If pods have addresses of the nodes\' network, name the network plugin in cni.';
  const OWN = 'Give control-plane nodes a range of their own: firewalls tell them from workers by it.';
  test.each<[string, Partial<ClusterProfileProps>, string]>([
    ['pods and services', { serviceCidrs: ['10.1.128.0/20'] },
      `serviceCidrs[0]: got "10.1.128.0/20"; allowed: a range that does not overlap podCidrs[0] 10.1.0.0/16. ${APART}`],
    ['pods and nodes', { nodeCidrs: ['10.0.0.0/8'] },
      `nodeCidrs[0]: got "10.0.0.0/8"; allowed: a range that does not overlap podCidrs[0] 10.1.0.0/16. ${APART}${HINT}`],
    ['pods and the control plane', { controlPlaneCidrs: ['10.1.0.0/24'] },
      `controlPlaneCidrs[0]: got "10.1.0.0/24"; allowed: a range that does not overlap podCidrs[0] 10.1.0.0/16. ${APART}${HINT}`],
    ['services and nodes', { nodeCidrs: ['10.9.0.0/16', '10.2.0.0/24'] },
      `nodeCidrs[1]: got "10.2.0.0/24"; allowed: a range that does not overlap serviceCidrs[0] 10.2.0.0/16. ${APART}`],
    ['services and the control plane', { controlPlaneCidrs: ['10.2.9.0/24'] },
      `controlPlaneCidrs[0]: got "10.2.9.0/24"; allowed: a range that does not overlap serviceCidrs[0] 10.2.0.0/16. ${APART}`],
    ['nodes and nodes', { nodeCidrs: ['10.3.0.0/16', '10.3.0.0/16'] },
      `nodeCidrs[1]: got "10.3.0.0/16"; allowed: a range that does not overlap nodeCidrs[0] 10.3.0.0/16. ${APART}`],
    ['the control plane and itself', { controlPlaneCidrs: ['10.3.1.0/24', '10.3.1.0/25'] },
      `controlPlaneCidrs[1]: got "10.3.1.0/25"; allowed: a range that does not overlap controlPlaneCidrs[0] 10.3.1.0/24. ${APART}`],
    ['the control plane and all nodes', { controlPlaneCidrs: ['10.3.0.0/16'] },
      `controlPlaneCidrs[0]: got "10.3.0.0/16"; allowed: a part of nodeCidrs[0] 10.3.0.0/16 that the control plane alone uses, or a range beside it. ${OWN}`],
    ['the control plane around the nodes', { nodeCidrs: ['10.3.0.0/24'], controlPlaneCidrs: ['10.3.0.0/16'] },
      `controlPlaneCidrs[0]: got "10.3.0.0/16"; allowed: a part of nodeCidrs[0] 10.3.0.0/24 that the control plane alone uses, or a range beside it. ${OWN}`],
  ])('%s are refused', (_what, props, message) => expect(refused(props)).toBe(`[ClusterProfile prod] ${message}`));

  test('the control plane may be a part of the nodes, or beside them', () => {
    expect(profile({ controlPlaneCidrs: ['10.3.255.0/24'] }).controlPlaneCidrs.map(String)).toEqual(['10.3.255.0/24']);
    expect(profile({ controlPlaneCidrs: ['10.4.0.0/24'] }).controlPlaneCidrs.map(String)).toEqual(['10.4.0.0/24']);
  });

  test('endpoints of a managed control plane may lie anywhere among the nodes', () => {
    expect(() => profile({ distribution: Distribution.EKS, controlPlaneCidrs: ['10.3.0.0/16'] })).not.toThrow();
  });

  test('pods may share the network of the nodes where the plugin says so, services never', () => {
    expect(() => profile({ cni: Cni.AWS_VPC, podCidrs: ['10.3.0.0/16'] })).not.toThrow();
    expect(() => profile({ cni: Cni.CILIUM, podCidrs: ['10.3.0.0/16'] })).toThrow('nodeCidrs[0]');
    expect(() => profile({ cni: Cni.AWS_VPC, serviceCidrs: ['10.3.0.0/16'] })).toThrow('nodeCidrs[0]');
  });
});

describe('malformed ranges', () => {
  test.each(['podCidrs', 'serviceCidrs', 'nodeCidrs', 'controlPlaneCidrs'])('are named by property and place: %s', (property) => {
    expect(refused({ [property]: ['10.9.0.0/16', '010.0.0.0/8'] })).toBe(
      `[ClusterProfile prod] ${property}[1]: got "010.0.0.0/8"; allowed: an address range in CIDR notation, such as 10.0.0.0/16 or fd00:10::/56. `
      + 'Correct the address: four decimal numbers from 0 to 255 without leading zeros, or IPv6.');
    expect(refused({ [property]: '10.9.0.0/16' as never })).toBe(
      `[ClusterProfile prod] ${property}: got "10.9.0.0/16"; allowed: a list of address ranges in CIDR notation. Put it into a list.`);
  });

  test.each(['0.0.0.0/0', '::/0'])('%s is no network of anybody\'s', (cidr) => {
    expect(refused({ nodeCidrs: [cidr] })).toBe(`[ClusterProfile prod] nodeCidrs[0]: got "${cidr}"; allowed: a range of the cluster's own addresses. `
      + 'Narrow it: this is every address there is, and what is open to the cluster would be open to all.');
  });

  test.each([
    ['127.0.0.0/16', '127.0.0.0/8 (loopback)'], ['169.254.169.254/32', '169.254.0.0/16 (link-local addresses)'], ['224.0.0.0/8', '224.0.0.0/4 (multicast)'],
    ['0.0.0.0/1', '0.0.0.0/8 (this network)'], ['::/64', '::/127 (unspecified address and loopback)'], ['fe80::/64', 'fe80::/10 (link-local addresses)'],
    ['ff02::/16', 'ff00::/8 (multicast)'], ['240.0.0.0/4', '255.255.255.255/32 (broadcast)'],
  ])('no machine has an address of %s', (cidr, special) => {
    expect(refused({ nodeCidrs: [cidr] }))
      .toBe(`[ClusterProfile prod] nodeCidrs[0]: got "${cidr}"; allowed: a range that does not overlap ${special}. Choose addresses that machines can have.`);
  });

  test('a metadata address of the cloud is no address of the cluster', () => {
    expect(refused({ cloud: Cloud.AWS, nodeCidrs: ['fd00:ec2::/32'] })).toBe('[ClusterProfile prod] nodeCidrs[0]: got "fd00:ec2::/32"; allowed: '
      + 'a range without fd00:ec2::254/128, which serves instance metadata on aws. Choose another range: that address must stay closed to pods.');
  });
});

describe('dual stack', () => {
  const TWO = 'Keep one range an IP version: the API server takes no more.';

  test('is one range of each IP version, in any order', () => {
    const cluster = profile({ podCidrs: ['10.1.0.0/16', 'fd00:1::/56'], serviceCidrs: ['fd00:2::/112', '10.2.0.0/16'] });
    expect(cluster.podCidrs.map(String)).toEqual(['10.1.0.0/16', 'fd00:1::/56']);
    expect(cluster.serviceCidrs.map(String)).toEqual(['fd00:2::/112', '10.2.0.0/16']);
  });

  test('IPv6 alone is fine', () => {
    expect(() => profile({ podCidrs: ['fd00:1::/56'], serviceCidrs: ['fd00:2::/112'] })).not.toThrow();
  });

  test.each(['podCidrs', 'serviceCidrs'])('%s must not be empty, nor two of one IP version', (property) => {
    const rest = 'allowed: one range, or one of each IP version (dual stack)';
    expect(refused({ [property]: [] })).toBe(`[ClusterProfile prod] ${property}: got []; ${rest}. ${TWO}`);
    expect(refused({ [property]: ['10.8.0.0/16', '10.9.0.0/16'] })).toBe(`[ClusterProfile prod] ${property}: got ["10.8.0.0/16","10.9.0.0/16"]; ${rest}. ${TWO}`);
  });

  test('pods and services must have the same IP versions', () => {
    expect(refused({ podCidrs: ['10.1.0.0/16', 'fd00:1::/56'] })).toBe('[ClusterProfile prod] serviceCidrs: got ["10.2.0.0/16"]; '
      + 'allowed: the IP versions of podCidrs (10.1.0.0/16, fd00:1::/56). Give pods and services the same IP versions.');
    expect(refused({ podCidrs: ['fd00:1::/56'] })).toMatch(/serviceCidrs: got \["10\.2\.0\.0\/16"\]; allowed: the IP versions of podCidrs \(fd00:1::\/56\)/);
  });
});

describe('the range of services', () => {
  const v6 = (service: string, props: Partial<ClusterProfileProps> = {}) => profile({ podCidrs: ['fd00:1::/56'], serviceCidrs: [service], ...props });

  test.each(['10.0.0.0/11', '10.32.0.0/29'])('of IPv4 holds 16 to 2^20 addresses, unlike %s', (service) => {
    expect(messageOf(() => new ClusterProfile({ name: 'prod', podCidrs: ['172.16.0.0/16'], serviceCidrs: [service] }))).toBe(
      `[ClusterProfile prod] serviceCidrs[0]: got "${service}"; allowed: a prefix from /12 to /28 (kube-apiserver --service-cluster-ip-range). Change the prefix.`);
  });

  test.each(['10.0.0.0/12', '10.32.0.0/28'])('of IPv4 holds 16 to 2^20 addresses, like %s', (service) => {
    expect(() => new ClusterProfile({ name: 'prod', podCidrs: ['172.16.0.0/16'], serviceCidrs: [service] })).not.toThrow();
  });

  test('of IPv6 is limited by kubeadm, and by API servers before 1.34', () => {
    const message = '[ClusterProfile prod] serviceCidrs[0]: got "fd00:2::/64"; allowed: a prefix from /108 to /124 (kube-apiserver --service-cluster-ip-range). Change the prefix.';
    expect(messageOf(() => v6('fd00:2::/64'))).toBe(message);
    expect(messageOf(() => v6('fd00:2::/64', { distribution: Distribution.TALOS, kubernetesVersion: KubernetesVersion.V1_33 }))).toBe(message);
    expect(() => v6('fd00:2::/64', { distribution: Distribution.TALOS, kubernetesVersion: KubernetesVersion.V1_34 })).not.toThrow();
    expect(() => v6('fd00:2::/108')).not.toThrow();
  });

  test('leaves room for DNS, which has its tenth address', () => {
    expect(messageOf(() => v6('fd00:2::/125', { distribution: Distribution.TALOS }))).toBe('[ClusterProfile prod] serviceCidrs[0]: got "fd00:2::/125"; '
      + 'allowed: a prefix from /1 to /124 (the DNS service has the tenth address). Change the prefix.');
  });
});

test('whatever ranges are given: a clear error, or networks that do not meet', () => {
  const prefix = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 12, max: 20 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 32 }) });
  const start = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(10, 172) }, { weight: 1, arbitrary: fc.constantFrom(0, 100, 127, 169) });
  const v4 = fc.tuple(start, fc.nat(255), prefix).map(([a, b, bits]) => cut(`${a}.${b}.0.0`, bits));
  const v6 = fc.tuple(fc.constantFrom('fd00', 'fe80', '2001'), fc.nat(3), fc.integer({ min: 0, max: 128 })).map(([a, b, bits]) => cut(`${a}:${b}::`, bits));
  const cidr = fc.oneof({ weight: 60, arbitrary: v4 }, { weight: 3, arbitrary: v6 }, { weight: 1, arbitrary: fc.string() });
  const list = (maxLength: number) => fc.option(fc.array(cidr, { minLength: 1, maxLength }), { nil: undefined });
  const seen = { accepted: 0, refused: 0 };
  const given = fc.record({
    podCidrs: list(2),
    serviceCidrs: list(2),
    nodeCidrs: list(2),
    controlPlaneCidrs: list(2),
    distribution: fc.constantFrom(...Object.values(Distribution)),
  });
  fc.assert(fc.property(given, (props) => {
    let cluster: ClusterProfile;
    try {
      cluster = new ClusterProfile({ name: 'prod', cni: Cni.CILIUM, ...props });
      seen.accepted++;
    } catch (error) {
      expect((error as Error).name).toBe('HardenedError');
      expect((error as Error).message).toMatch(/^\[ClusterProfile prod\] (pod|service|node|controlPlane)Cidrs(\[\d\])?: got .+; allowed: .+\. .+[.?]$/s);
      seen.refused++;
      return;
    }
    const networks = [...cluster.podCidrs, ...cluster.serviceCidrs, ...cluster.nodeCidrs];
    const meet = (a: Cidr, all: Cidr[]) => all.some((b) => b !== a && a.overlaps(b));
    expect(networks.filter((network) => meet(network, networks))).toEqual([]);
    expect(cluster.controlPlaneCidrs.filter((network) => meet(network, [...cluster.podCidrs, ...cluster.serviceCidrs]))).toEqual([]);
    expect(networks.filter((network) => network.isEverything)).toEqual([]);
    const stated = cluster.cloud === Cloud.NONE ? [] : metadataCidrs(cluster.cloud).map((address) => Cidr.of(address));
    expect(stated.filter((address) => meet(address, networks))).toEqual([]);
  }), { numRuns: 2000, seed: 1 });
  expect(seen.accepted).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(50);
});

/** The address with its host bits cut off, so that most ranges are well-formed. */
function cut(address: string, prefix: number): string {
  const suggestion = /Did you mean "([^"]+)"/;
  try {
    return Cidr.of(`${address}/${prefix}`).toString();
  } catch (error) {
    return suggestion.exec((error as Error).message)?.[1] ?? `${address}/${prefix}`;
  }
}
