import { requireLiteral } from './literal';
import { IPrivateNetwork, PrivateNetworkAttributes } from './private-network-attributes';
import { Cidr } from '../../core/cidr';
import { invalid } from '../../core/errors';

/** A network that exists, as the constructs of this library take it. */
export function importedNetwork(attributes: PrivateNetworkAttributes): IPrivateNetwork {
  requireLiteral(attributes.cidr, 'cidr', 'an address range such as 10.0.0.0/16');
  requireLiteral(attributes.region, 'region', 'an AWS region such as eu-central-1');
  if (attributes.privateSubnetIds.length === 0) {
    throw invalid({
      property: 'privateSubnetIds', got: [], allowed: 'ids of one or more private subnets', fix: 'Name the subnets that hosts are to be placed in.',
    });
  }
  return Object.freeze({
    ...attributes,
    cidr: Cidr._parse(attributes.cidr, 'cidr').toString(),
    controlPlaneSubnetIds: attributes.controlPlaneSubnetIds ?? attributes.privateSubnetIds,
    publicSubnetIds: attributes.publicSubnetIds ?? [],
  });
}
