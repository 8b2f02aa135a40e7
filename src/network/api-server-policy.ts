import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterProfile } from '../core/cluster-profile';
import { PodSelection } from '../core/pod-selection';
import { Port } from '../core/port';

type Direction = 'ingress' | 'egress';

const PEERS: Record<Direction, string> = { ingress: 'fromEntities', egress: 'toEntities' };
const PORTS = Symbol.for('cdk8s-hardened.api-server-ports');

type ApiServerPolicy = ApiObject & { [PORTS]?: Map<string, Port> };

/**
 * Opens the way to or from the API server where the network plugin knows the cluster's own nodes by what they are and not by their addresses, so
 * that the NetworkPolicy by address never matches: Cilium, with API servers on nodes of the cluster. Elsewhere it makes nothing.
 *
 * Source: Cilium's documentation, "Entities based" policies, and `policy-cidr-match-mode`.
 *
 * @param name of the policy
 * @param pods that it is about; without labels all of their namespace
 */
export function allowApiServer(scope: Construct, name: string, pods: PodSelection, direction: Direction, ports: readonly Port[]): void {
  const { cni, hasManagedControlPlane } = ClusterProfile.of(scope);
  if (cni.name !== 'cilium' || hasManagedControlPlane) {
    return;
  }
  const id = `CiliumNetworkPolicy-${direction}`;
  const present = scope.node.tryFindChild(id) as ApiServerPolicy | undefined;
  const taken = present?.[PORTS] ?? new Map<string, Port>();
  ports.forEach((port) => taken.set(port.toString(), port));
  if (!present) {
    const policy: ApiServerPolicy = new ApiObject(scope, id, {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name, namespace: pods.namespaceName },
      spec: {
        endpointSelector: pods.podLabels ? { matchLabels: pods.podLabels } : {},
        [direction]: [{ [PEERS[direction]]: ['kube-apiserver'], toPorts: Lazy.any({ produce: () => [{ ports: [...taken.values()].map(written) }] }) }],
      },
    });
    Object.defineProperty(policy, PORTS, { value: taken, enumerable: false });
  }
}

function written({ protocol, first, last }: Port): object {
  return { port: String(first), ...(last !== first && { endPort: last }), protocol };
}
