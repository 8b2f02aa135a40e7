import { IConstruct } from 'constructs';
import { Cidr } from '../core/cidr';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';

/** An address range as NetworkPolicies write it. */
export interface AddressBlock {
  readonly cidr: string;
  readonly except?: string[];
}

/**
 * Address ranges with everything taken out that a policy must not open by accident: metadata services, and the pods and services of the
 * cluster itself. Rules of all policies add up, so that one range without its exceptions would undo all others.
 *
 * @throws if a range is such an address, lies in the cluster's own ranges, or nothing of it is left
 */
export function addressBlocks(cidrs: string[], exceptCidrs: string[], at: IConstruct): AddressBlock[] {
  const profile = ClusterProfile.of(at);
  const metadata = profile.metadataCidrs;
  const own = [...profile.podCidrs, ...profile.serviceCidrs];
  const unwanted = exceptCidrs.map((cidr) => Cidr.of(cidr));
  const excluded = [...metadata, ...own, ...unwanted];
  return cidrs.map((text) => {
    const cidr = Cidr.of(text);
    const inside = (ranges: Cidr[]) => ranges.find((range) => range.contains(cidr));
    if (inside(metadata)) {
      throw invalid({
        at, property: 'cidr', got: text, allowed: 'addresses that serve no instance metadata',
        fix: 'Give the workload an identity of its own: metadata hands out the node\'s credentials to every pod.', source: 'NSA 1.2, CIS 5.3.2',
      });
    }
    if (inside(own)) {
      throw invalid({
        at, property: 'cidr', got: text, allowed: `addresses outside of the cluster's pod and service ranges (${own.join(', ')})`,
        fix: 'Name pods by workload or by NetworkPeer.pods(…): pod addresses change, and services are translated before policies see them.',
      });
    }
    const all = inside(unwanted);
    if (all) {
      throw invalid({ at, property: 'exceptCidrs', got: all.toString(), allowed: `parts of ${text}`, fix: `Leave ${text} out instead: nothing of it is left.` });
    }
    const except = outermost(excluded.filter((range) => cidr.contains(range)));
    return { cidr: cidr.toString(), ...(except.length > 0 && { except }) };
  });
}

/** The ranges without those that lie in another one, sorted as text. */
function outermost(ranges: Cidr[]): string[] {
  const distinct = [...new Map(ranges.map((range) => [range.toString(), range])).values()];
  return distinct.filter((range) => !distinct.some((other) => other !== range && other.contains(range))).map(String).sort();
}
