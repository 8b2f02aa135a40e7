import { requireLiteral } from './literal';
import { Cidr, IpFamily } from '../../core/cidr';
import { invalid, InvalidInput } from '../../core/errors';

/** One availability zone's part of the network. */
export interface ZoneLayout {
  /** For instance `eu-central-1a`. */
  readonly az: string;
  /** For nodes that run workloads. */
  readonly privateCidr: Cidr;
  /** For the control plane. */
  readonly controlPlaneCidr: Cidr;
  /** For NAT gateways. */
  readonly publicCidr: Cidr;
}

/** Which part of the VPC's range each subnet has. */
export interface NetworkLayout {
  readonly cidr: Cidr;
  readonly region: string;
  readonly zones: ZoneLayout[];
}

const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d)([a-g])$/;

/**
 * Lays subnets out in a VPC: eighths for the private subnets, sixteenths of the last eighth for the control plane (0 to 7) and the
 * public subnets (8 to 15). A zone's letter decides its part, so that adding, removing or reordering zones moves no subnet.
 */
export function layOut(cidr: string, azs: string[], at: InvalidInput['at']): NetworkLayout {
  requireLiteral(cidr, 'cidr', 'a range from /16 to /21, such as 10.0.0.0/16', at);
  requireLiteral(azs, 'azs', 'names of two or more availability zones', at);
  const range = Cidr._parse(cidr, 'cidr', at);
  if (range.family !== IpFamily.IPV4 || range.prefixLength < 16 || range.prefixLength > 21) {
    throw invalid({
      at,
      property: 'cidr',
      got: cidr,
      allowed: 'an IPv4 range from /16 to /21',
      fix: 'AWS takes no wider VPC than /16, and in one narrower than /21 the smallest subnets would be below its /28.',
    });
  }
  const region = checkZones(azs, at);
  const shared = range.subnet(range.prefixLength + 3, 7);
  const zones = [...azs].sort().map((az) => {
    const part = az.charCodeAt(az.length - 1) - 'a'.charCodeAt(0);
    return {
      az,
      privateCidr: range.subnet(range.prefixLength + 3, part),
      controlPlaneCidr: shared.subnet(range.prefixLength + 7, part),
      publicCidr: shared.subnet(range.prefixLength + 7, 8 + part),
    };
  });
  return { cidr: range, region, zones };
}

function checkZones(azs: string[], at: InvalidInput['at']): string {
  azs.forEach((az, i) => {
    requireLiteral(az, `azs[${i}]`, 'the name of an availability zone', at);
    if (!ZONE.test(az)) {
      throw invalid({ at, property: `azs[${i}]`, got: az, allowed: 'the name of an availability zone such as eu-central-1a', fix: 'Local and wavelength zones can\'t be used.' });
    }
  });
  const regions = [...new Set(azs.map((az) => ZONE.exec(az)![1]))];
  if (azs.length < 2 || new Set(azs).size !== azs.length || regions.length !== 1) {
    throw invalid({
      at, property: 'azs', got: azs, allowed: 'two or more different availability zones of one region', fix: 'Three are best: etcd keeps its quorum when one of them fails.',
    });
  }
  if (regions[0].startsWith('cn-')) {
    throw invalid({
      at, property: 'azs', got: azs, allowed: 'zones of the partitions aws and aws-us-gov', fix: 'China\'s regions name their endpoint services differently: not supported yet.',
    });
  }
  return regions[0];
}
