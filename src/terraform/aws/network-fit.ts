import { Cidr } from '../../core/cidr';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';

type RangesOfProfile = 'podCidrs' | 'serviceCidrs';

/**
 * Refuses a VPC that contradicts the cluster profile: one whose addresses pods or services have too, or in which no node could be where the
 * profile says that nodes are.
 */
export function checkNetworkFits(cidr: Cidr, profile: ClusterProfile, at: InvalidInput['at']): void {
  checkApart(cidr, profile, 'serviceCidrs', at);
  if (!profile.cni.podsShareNodeNetwork) {
    checkApart(cidr, profile, 'podCidrs', at);
  }
  checkHoldsNodes(cidr, profile, at);
}

function checkApart(cidr: Cidr, profile: ClusterProfile, property: RangesOfProfile, at: InvalidInput['at']): void {
  const overlapping = profile[property].findIndex((range) => range.overlaps(cidr));
  if (overlapping >= 0) {
    const hint = property === 'podCidrs' ? ' If pods have addresses of the VPC, name the network plugin in its cni.' : '';
    throw invalid({
      at,
      property: 'cidr',
      got: cidr.toString(),
      allowed: `a range that does not overlap ${property}[${overlapping}] ${profile[property][overlapping]} of ClusterProfile ${profile.name}`,
      fix: `Choose another range for the VPC, or state the cluster's own ${property} in its ClusterProfile: left out, defaults apply.${hint}`,
    });
  }
}

function checkHoldsNodes(cidr: Cidr, profile: ClusterProfile, at: InvalidInput['at']): void {
  const stated = [
    ...profile.nodeCidrs.map((range, i) => ({ name: `nodeCidrs[${i}] ${range}`, range })),
    ...profile.controlPlaneCidrs.map((range, i) => ({ name: `controlPlaneCidrs[${i}] ${range}`, range })),
  ];
  if (stated.length > 0 && !stated.some(({ range }) => range.overlaps(cidr))) {
    throw invalid({
      at,
      property: 'cidr',
      got: cidr.toString(),
      allowed: `a range with nodes of ClusterProfile ${profile.name} in it: ${stated.map(({ name }) => name).join(', ')}`,
      fix: 'Give the VPC a range that holds those, or correct nodeCidrs and controlPlaneCidrs in the ClusterProfile: policies and firewalls are written with them.',
    });
  }
}
