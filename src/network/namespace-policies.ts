import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { peersOf } from './connections';
import { NetworkPolicyPeer, peerOfPods, portOf } from './network-policy-rules';
import { PlatformTraffic, platformPeers } from './platform-peers';
import { ClusterDns } from '../core/cluster-dns';
import { Port } from '../core/port';

/** Denies every pod of a namespace all traffic, both ways, that no other policy permits (CIS 5.3.2, NSA). */
export function defaultDeny(scope: Construct, namespaceName: string): ApiObject {
  return new ApiObject(scope, 'DefaultDeny', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny', namespace: namespaceName },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

/** Lets every pod of a namespace resolve names: queries go over UDP and, where answers are long, over TCP. */
export function allowDns(scope: Construct, namespaceName: string, dns: ClusterDns): ApiObject {
  const peers: NetworkPolicyPeer[] = [
    ...(dns.podNamespace ? [peerOfPods(dns.podNamespace, dns.podLabels)] : []),
    ...dns.cidrs.map((cidr) => ({ ipBlock: { cidr: cidr.toString() } })),
  ];
  return new ApiObject(scope, 'AllowDns', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'allow-dns', namespace: namespaceName },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: peers, ports: dns.ports.map(portOf) }] },
  });
}

/** Lets the platform reach every pod of a namespace on some ports. */
export function allowPlatform(scope: Construct, name: string, namespaceName: string, traffic: PlatformTraffic, ports: Port[]): ApiObject {
  const from = platformPeers(traffic, scope).flatMap(({ connections }) => peersOf(connections._props, scope));
  return new ApiObject(scope, name, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: namespaceName },
    spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from, ports: ports.map(portOf) }] },
  });
}
