import { invalid } from './errors';
import { lock } from './immutable';
import { Port } from './port';

/** Facts about a network plugin that are not known here, given with `Cni.of`. */
export interface CniProps {
  /** The plugin's name, for errors and reports. */
  readonly name: string;
  /** Whether it enforces NetworkPolicies (`networking.k8s.io/v1`), ingress and egress alike. */
  readonly enforcesNetworkPolicies: boolean;
  /**
   * Ports that nodes must reach on each other for the pod network.
   * @default - none
   */
  readonly nodePorts?: Port[];
  /**
   * Whether pods take their addresses from the nodes' own network, so that pod and node ranges may be the same.
   * @default false
   */
  readonly podsShareNodeNetwork?: boolean;
}

/**
 * The network plugin, as far as security depends on it.
 *
 * The ports are those that the plugin's own documentation asks for between nodes. Health and metrics ports that only the node itself reads
 * are not among them. Cilium's health checks also use ICMP echo, which is optional.
 */
export class Cni {
  /** Cilium with VXLAN: 8472/udp between nodes, health checks on 4240/tcp. */
  public static readonly CILIUM = new Cni({ name: 'cilium', enforcesNetworkPolicies: true, nodePorts: [Port.udp(8472), Port.tcp(4240)] });
  /** Cilium with WireGuard encryption between nodes: 51871/udp besides, in which VXLAN then travels. */
  public static readonly CILIUM_WIREGUARD = new Cni({
    name: 'cilium', enforcesNetworkPolicies: true, nodePorts: [Port.udp(8472), Port.tcp(4240), Port.udp(51871)],
  });
  /** Calico with VXLAN: 4789/udp between nodes, Typha on 5473/tcp. */
  public static readonly CALICO = new Cni({ name: 'calico', enforcesNetworkPolicies: true, nodePorts: [Port.udp(4789), Port.tcp(5473)] });
  /** Calico with VXLAN and WireGuard encryption between nodes: 51820/udp for IPv4 and 51821/udp for IPv6 besides. */
  public static readonly CALICO_WIREGUARD = new Cni({
    name: 'calico', enforcesNetworkPolicies: true, nodePorts: [Port.udp(4789), Port.tcp(5473), Port.udpRange(51820, 51821)],
  });
  /** Calico with BGP: 179/tcp between nodes, Typha on 5473/tcp. Calico's IP-in-IP needs protocol 4 besides, which no port can state. */
  public static readonly CALICO_BGP = new Cni({ name: 'calico', enforcesNetworkPolicies: true, nodePorts: [Port.tcp(179), Port.tcp(5473)] });
  /** Canal, RKE2's own: Flannel with VXLAN (8472/udp) for the network, Calico for the policies. */
  public static readonly CANAL = new Cni({ name: 'canal', enforcesNetworkPolicies: true, nodePorts: [Port.udp(8472)] });
  /** OVN-Kubernetes, OpenShift's own: Geneve, 6081/udp. */
  public static readonly OVN_KUBERNETES = new Cni({ name: 'ovn-kubernetes', enforcesNetworkPolicies: true, nodePorts: [Port.udp(6081)] });
  /**
   * Amazon VPC CNI with its network policy agent switched on, which EKS does not do by itself. Pods have addresses of the VPC: no tunnel, so
   * no port of the nodes; what pods may reach of each other is up to the nodes' security groups and to NetworkPolicies.
   */
  public static readonly AWS_VPC = new Cni({ name: 'aws-vpc-cni', enforcesNetworkPolicies: true, podsShareNodeNetwork: true });
  /** Flannel with VXLAN: 8472/udp. It enforces no NetworkPolicies: every policy in the cluster is without effect. */
  public static readonly FLANNEL = new Cni({ name: 'flannel', enforcesNetworkPolicies: false, nodePorts: [Port.udp(8472)] });
  /** Flannel as k3s packages it: with VXLAN (8472/udp), and a network policy controller beside it that enforces NetworkPolicies. */
  public static readonly K3S_FLANNEL = new Cni({ name: 'k3s-flannel', enforcesNetworkPolicies: true, nodePorts: [Port.udp(8472)] });

  /**
   * Another plugin, by its facts.
   * @throws if it has no name
   */
  public static of(props: CniProps): Cni {
    return new Cni(props);
  }

  /** The plugin's name. */
  public readonly name: string;
  /** Whether it enforces NetworkPolicies. */
  public readonly enforcesNetworkPolicies: boolean;
  /** Whether pods take their addresses from the nodes' own network. */
  public readonly podsShareNodeNetwork: boolean;
  private readonly ports: Port[];

  private constructor(props: CniProps) {
    if (typeof props.name !== 'string' || props.name.trim() === '') {
      throw invalid({ at: 'Cni', property: 'name', got: props.name, allowed: 'the name of a network plugin', fix: 'Give its name, for errors and reports.' });
    }
    this.name = props.name;
    this.enforcesNetworkPolicies = props.enforcesNetworkPolicies;
    this.podsShareNodeNetwork = props.podsShareNodeNetwork ?? false;
    this.ports = [...(props.nodePorts ?? [])];
    lock(this);
  }

  /** Ports that nodes must reach on each other for the pod network. */
  public get nodePorts(): Port[] {
    return [...this.ports];
  }
}
