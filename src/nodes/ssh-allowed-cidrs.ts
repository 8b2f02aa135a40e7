import { Construct } from 'constructs';
import { Cidr, IpFamily } from '../core/cidr';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';

const WIDEST: Record<IpFamily, number> = { [IpFamily.IPV4]: 16, [IpFamily.IPV6]: 32 };
/** Translators show the whole IPv4 internet as these ranges (RFC 6052, RFC 8215). */
const IPV4_IN_IPV6 = ['64:ff9b::/96', '64:ff9b:1::/48'].map((cidr) => Cidr.of(cidr));

/** The ranges that SSH logins may come from, checked; by default those of the nodes. */
export function checkAllowedCidrs(construct: Construct, given: string[] | undefined): Cidr[] {
  const profile = ClusterProfile.of(construct);
  const property = given ? 'allowedCidrs' : 'allowedCidrs (from the profile\'s nodeCidrs)';
  const ranges = given?.map((cidr, i) => Cidr._parse(cidr, `allowedCidrs[${i}]`, construct)) ?? profile.nodeCidrs;
  if (ranges.length === 0) {
    throw invalid({
      at: construct, property: 'allowedCidrs', got: given, allowed: 'at least one range that logins may come from',
      fix: 'State allowedCidrs, or the nodeCidrs of the ClusterProfile.',
    });
  }
  ranges.forEach((range, i) => checkRange(construct, profile, `${property}[${i}]`, range));
  return unique(ranges);
}

function checkRange(construct: Construct, profile: ClusterProfile, property: string, range: Cidr): void {
  const embedsIpv4 = IPV4_IN_IPV6.some((cidr) => cidr.overlaps(range));
  if (range.prefixLength < WIDEST[range.family] || embedsIpv4) {
    throw invalid({
      at: construct, property, got: range.toString(),
      allowed: 'a range no wider than /16 (IPv4) or /32 (IPv6), outside of the NAT64 prefixes',
      fix: 'Name the networks that administrators come from: a VPN, an office, the bastion. SSH is never open to the internet.',
    });
  }
  const pods = profile.cni.podsShareNodeNetwork ? undefined : profile.podCidrs.find((pod) => pod.overlaps(range));
  if (pods) {
    throw invalid({
      at: construct, property, got: range.toString(), allowed: `a range without addresses of pods (podCidrs ${pods})`,
      fix: 'Leave the pods\' network out: no workload logs in to a node.',
    });
  }
}

function unique(ranges: Cidr[]): Cidr[] {
  return [...new Map(ranges.map((range) => [range.toString(), range])).values()];
}
