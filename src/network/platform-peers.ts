import { IConstruct } from 'constructs';
import { NetworkPeer } from './network-peer';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';

/** Traffic that the platform itself sends to pods. */
export type PlatformTraffic = 'ingress' | 'monitoring' | 'controlPlaneCidrs';

const EXAMPLES: Record<PlatformTraffic, string> = {
  ingress: 'ingress: [{ namespaceName: … }]',
  monitoring: 'monitoring: [{ namespaceName: … }]',
  controlPlaneCidrs: 'controlPlaneCidrs: [\'10.0.16.0/24\']',
};

/**
 * Where the platform's traffic comes from, as the cluster's profile names it. The API server calls webhooks and aggregated APIs from the addresses
 * of its nodes.
 *
 * @throws if the profile names none
 */
export function platformPeers(traffic: PlatformTraffic, at: IConstruct): NetworkPeer[] {
  const profile = ClusterProfile.of(at);
  const peers = traffic === 'controlPlaneCidrs'
    ? profile.controlPlaneCidrs.map((range) => NetworkPeer.cidr(range.toString()))
    : profile[traffic].map((selection) => NetworkPeer.pods(selection));
  if (peers.length === 0) {
    throw invalid({
      at, property: `ClusterProfile.${traffic}`, got: [], allowed: traffic === 'controlPlaneCidrs' ? 'at least one range' : 'at least one selection of its pods',
      fix: `Name them once in the profile: ${EXAMPLES[traffic]}.`,
    });
  }
  return peers;
}
