import { Port } from '../core/port';

/** One peer of a rule, as `networking.k8s.io/v1` has it. */
export interface NetworkPolicyPeer {
  readonly namespaceSelector?: { readonly matchLabels: Record<string, string> };
  readonly podSelector?: { readonly matchLabels?: Record<string, string> };
  readonly ipBlock?: { readonly cidr: string; readonly except?: string[] };
}

/** One port of a rule, as `networking.k8s.io/v1` has it. */
export interface NetworkPolicyPort {
  readonly protocol: string;
  readonly port: number;
  readonly endPort?: number;
}

/** Pods of one namespace. Both selectors stand in one peer: that means both, two peers would mean either. */
export function peerOfPods(namespaceName: string, podLabels?: Record<string, string>): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespaceName } },
    ...(podLabels && { podSelector: { matchLabels: podLabels } }),
  };
}

/** A port as NetworkPolicies write it. */
export function portOf(port: Port): NetworkPolicyPort {
  return { protocol: port.protocol, port: port.first, ...(port.last !== port.first && { endPort: port.last }) };
}
