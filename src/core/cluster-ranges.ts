import { Cidr, IpFamily } from './cidr';
import { Cloud, metadataCidrs } from './cloud';
import { Cni } from './cni';
import { Distribution, distributionFacts } from './distribution';
import { invalid } from './errors';
import { KubernetesVersion } from './kubernetes-version';

/** The ranges of a cluster by property. */
export interface ClusterRanges {
  readonly podCidrs: Cidr[];
  readonly serviceCidrs: Cidr[];
  readonly nodeCidrs: Cidr[];
  readonly controlPlaneCidrs: Cidr[];
}

type RangeName = keyof ClusterRanges;

interface Named {
  readonly property: RangeName;
  readonly name: string;
  readonly cidr: Cidr;
}

/** What decides which ranges fit together. */
export interface RangeContext {
  readonly at: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly distribution: Distribution;
  readonly cni: Cni;
  readonly cloud: Cloud;
}

/** Ranges that no host's address comes from (RFC 6890), by what they are for. */
const SPECIAL: [string, Cidr][] = [
  ['this network', Cidr.of('0.0.0.0/8')],
  ['loopback', Cidr.of('127.0.0.0/8')],
  ['link-local addresses', Cidr.of('169.254.0.0/16')],
  ['multicast', Cidr.of('224.0.0.0/4')],
  ['broadcast', Cidr.of('255.255.255.255/32')],
  ['unspecified address and loopback', Cidr.of('::/127')],
  ['link-local addresses', Cidr.of('fe80::/10')],
  ['multicast', Cidr.of('ff00::/8')],
];

/** The API server and kubeadm reserve the first and the tenth service address for themselves and for DNS. */
const LEAST_SERVICE_BITS = 4;
const MOST_SERVICE_BITS = 20;

/** Parses and checks the ranges of a cluster. */
export function parseRanges(given: Record<RangeName, string[]>, context: RangeContext): ClusterRanges {
  const parse = (property: RangeName) => parseList(property, given[property], context.at);
  const ranges = {
    podCidrs: parse('podCidrs'), serviceCidrs: parse('serviceCidrs'), nodeCidrs: parse('nodeCidrs'), controlPlaneCidrs: parse('controlPlaneCidrs'),
  };
  const all = (Object.keys(ranges) as RangeName[]).flatMap((property) =>
    ranges[property].map((cidr, i) => ({ property, name: `${property}[${i}]`, cidr })));
  all.forEach((range) => checkHosts(range, context));
  checkFamilies(ranges, context.at);
  all.filter((range) => range.property === 'serviceCidrs').forEach((range) => checkServiceSize(range, context));
  all.forEach((a, i) => all.slice(i + 1).forEach((b) => checkOverlap(a, b, context)));
  return ranges;
}

function parseList(property: RangeName, cidrs: string[], at: string): Cidr[] {
  if (!Array.isArray(cidrs)) {
    throw invalid({ at, property, got: cidrs, allowed: 'a list of address ranges in CIDR notation', fix: 'Put it into a list.' });
  }
  return cidrs.map((cidr, i) => Cidr._parse(cidr, `${property}[${i}]`, at));
}

function checkHosts(range: Named, { at, cloud }: RangeContext): void {
  const refuse = (allowed: string, fix: string) => invalid({ at, property: range.name, got: range.cidr.toString(), allowed, fix });
  if (range.cidr.isEverything) {
    throw refuse('a range of the cluster\'s own addresses', 'Narrow it: this is every address there is, and what is open to the cluster would be open to all.');
  }
  for (const [what, special] of SPECIAL) {
    if (range.cidr.overlaps(special)) {
      throw refuse(`a range that does not overlap ${special} (${what})`, 'Choose addresses that machines can have.');
    }
  }
  for (const address of cloud === Cloud.NONE ? [] : metadataCidrs(cloud)) {
    if (range.cidr.contains(Cidr.of(address))) {
      throw refuse(`a range without ${address}, which serves instance metadata on ${cloud}`, 'Choose another range: that address must stay closed to pods.');
    }
  }
}

function checkFamilies(ranges: ClusterRanges, at: string): void {
  for (const property of ['podCidrs', 'serviceCidrs'] as const) {
    const families = ranges[property].map((cidr) => cidr.family);
    if (families.length === 0 || new Set(families).size !== families.length) {
      throw invalid({
        at,
        property,
        got: ranges[property].map(String),
        allowed: 'one range, or one of each IP version (dual stack)',
        fix: 'Keep one range an IP version: the API server takes no more.',
      });
    }
  }
  if (familiesOf(ranges.podCidrs) !== familiesOf(ranges.serviceCidrs)) {
    throw invalid({
      at,
      property: 'serviceCidrs',
      got: ranges.serviceCidrs.map(String),
      allowed: `the IP versions of podCidrs (${ranges.podCidrs.join(', ')})`,
      fix: 'Give pods and services the same IP versions.',
    });
  }
}

function familiesOf(cidrs: Cidr[]): string {
  return cidrs.map((cidr) => cidr.family).sort().join();
}

function checkServiceSize(range: Named, { at, kubernetesVersion, distribution }: RangeContext): void {
  const addressBits = range.cidr.family === IpFamily.IPV4 ? 32 : 128;
  const limited = distribution === Distribution.KUBEADM || !kubernetesVersion.atLeast(KubernetesVersion.V1_34);
  const widest = limited ? addressBits - MOST_SERVICE_BITS : 1;
  const narrowest = addressBits - LEAST_SERVICE_BITS;
  if (range.cidr.prefixLength < widest || range.cidr.prefixLength > narrowest) {
    throw invalid({
      at,
      property: range.name,
      got: range.cidr.toString(),
      allowed: `a prefix from /${widest} to /${narrowest}`,
      fix: 'Change the prefix.',
      source: limited ? 'kube-apiserver --service-cluster-ip-range' : 'the DNS service has the tenth address',
    });
  }
}

function checkOverlap(a: Named, b: Named, context: RangeContext): void {
  if (!a.cidr.overlaps(b.cidr) || mayOverlap(a, b, context)) {
    return;
  }
  const ofNodes = a.property === 'nodeCidrs' && b.property === 'controlPlaneCidrs';
  throw invalid({
    at: context.at,
    property: b.name,
    got: b.cidr.toString(),
    allowed: ofNodes
      ? `a part of ${a.name} ${a.cidr} that the control plane alone uses, or a range beside it`
      : `a range that does not overlap ${a.name} ${a.cidr}`,
    fix: ofNodes
      ? 'Give control-plane nodes a range of their own: firewalls tell them from workers by it.'
      : `Give every network its own addresses: policies and firewalls tell them apart by range.${hintOf(a, b)}`,
  });
}

function hintOf(a: Named, b: Named): string {
  return a.property === 'podCidrs' && (b.property === 'nodeCidrs' || b.property === 'controlPlaneCidrs')
    ? ' If pods have addresses of the nodes\' network, name the network plugin in cni.'
    : '';
}

/** Control-plane nodes are nodes; a managed control plane's endpoints may lie among the nodes; some plugins put pods into their network. */
function mayOverlap(a: Named, b: Named, { cni, distribution }: RangeContext): boolean {
  if (a.property === 'nodeCidrs' && b.property === 'controlPlaneCidrs') {
    return a.cidr.contains(b.cidr) && (a.cidr.prefixLength < b.cidr.prefixLength || distributionFacts(distribution).managedControlPlane);
  }
  return cni.podsShareNodeNetwork && a.property === 'podCidrs' && (b.property === 'nodeCidrs' || b.property === 'controlPlaneCidrs');
}
