import { Connections, IConnectable } from './connections';
import { Cidr } from '../core/cidr';
import { PodSelection } from '../core/pod-selection';

/**
 * Ranges that are not the internet: this host, private, shared, loopback, link-local, assigned to protocols, for benchmarks, multicast and
 * reserved (RFC 6890: 1122, 1918, 6598, 3927, 2544, 5771; IPv6: 4291, 4193, 8215).
 */
const NOT_THE_INTERNET = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127', '64:ff9b:1::/48', 'fc00::/7', 'fe80::/10', 'ff00::/8',
];

/**
 * The other end of a connection where it is no workload of this app: pods made elsewhere, or addresses outside of the cluster.
 * Only this app's half of the policy can be made; the other side has to permit its own.
 */
export class NetworkPeer implements IConnectable {
  /**
   * Pods of another app, by namespace and labels. For a workload of this app pass the workload: pods named by label get no half of their own.
   * @throws if the namespace isn't a DNS label, or a label is malformed
   */
  public static pods(selection: PodSelection): NetworkPeer {
    return new NetworkPeer(new Connections({ name: `pods in ${selection.namespaceName}`, pods: selection }));
  }

  /**
   * One address range outside of the cluster. Metadata addresses and the cluster's own pod and service ranges inside it stay closed.
   * @throws if it isn't a range in CIDR notation
   */
  public static cidr(cidr: string): NetworkPeer {
    const range = Cidr.of(cidr).toString();
    return new NetworkPeer(new Connections({ name: range, cidrs: [range] }));
  }

  /** Every public address, IPv4 and IPv6: private, shared, link-local and reserved ranges stay closed. */
  public static internet(): NetworkPeer {
    return new NetworkPeer(new Connections({ name: 'the internet', cidrs: ['0.0.0.0/0', '::/0'], exceptCidrs: NOT_THE_INTERNET }));
  }

  private constructor(
    /** What may connect to it, and what it may connect to. */
    public readonly connections: Connections,
  ) {}
}
