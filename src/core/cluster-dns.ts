import { canonicalAddress, Cidr } from './cidr';
import { Distribution } from './distribution';
import { invalid } from './errors';
import { lock } from './immutable';
import { Port } from './port';

const KUBE_DNS = { 'k8s-app': 'kube-dns' };

/** Where pods send their DNS queries: what an egress policy has to allow. */
export class ClusterDns {
  /**
   * CoreDNS or kube-dns in `kube-system`, label `k8s-app: kube-dns`: kubeadm, RKE2, k3s, Talos, EKS, AKS, GKE with kube-dns.
   */
  public static kubeDns(): ClusterDns {
    return new ClusterDns([Port.udp(53), Port.tcp(53)], KUBE_DNS, 'kube-system', []);
  }

  /**
   * NodeLocal DNSCache beside kube-dns. Pod selectors don't match its host address, so it is allowed by address.
   * @param address the cache's link-local address. Default: 169.254.20.10
   * @param serviceAddress address of the DNS service, for instance `10.96.0.10`: where kube-proxy runs in iptables or nftables mode, the
   * cache answers on the node for that address too, and policies see it. Default: none, as where pods are told the link-local address
   * @throws if one of them isn't an IP address
   */
  public static nodeLocal(address: string = '169.254.20.10', serviceAddress?: string): ClusterDns {
    const ranges = [single(address, 'address'), ...(serviceAddress === undefined ? [] : [single(serviceAddress, 'serviceAddress')])];
    return new ClusterDns([Port.udp(53), Port.tcp(53)], KUBE_DNS, 'kube-system', ranges);
  }

  /**
   * Cloud DNS for GKE, Autopilot's default: queries go to 169.254.169.254, the address that serves instance metadata on other ports.
   * Port 53 of it is allowed; everything else of it stays closed.
   */
  public static gkeCloudDns(): ClusterDns {
    return new ClusterDns([Port.udp(53), Port.tcp(53)], undefined, undefined, [Cidr.of('169.254.169.254/32')]);
  }

  /** OpenShift's DNS operator: pods in `openshift-dns` on port 5353. */
  public static openShift(): ClusterDns {
    return new ClusterDns([Port.udp(5353), Port.tcp(5353)], { 'dns.operator.openshift.io/daemonset-dns': 'default' }, 'openshift-dns', []);
  }

  /**
   * The usual set-up of a distribution.
   * @internal
   */
  public static _defaultOf(distribution: Distribution): ClusterDns {
    return distribution === Distribution.OPENSHIFT ? ClusterDns.openShift() : ClusterDns.kubeDns();
  }

  /** Namespace of the DNS server's pods; undefined where it isn't a pod. */
  public readonly podNamespace: string | undefined;
  private readonly portList: Port[];
  private readonly labels: Record<string, string> | undefined;
  private readonly ranges: Cidr[];

  private constructor(ports: Port[], podLabels: Record<string, string> | undefined, podNamespace: string | undefined, cidrs: Cidr[]) {
    this.portList = ports;
    this.labels = podLabels;
    this.podNamespace = podNamespace;
    this.ranges = cidrs;
    lock(this);
  }

  /** Labels of the DNS server's pods; undefined where it isn't a pod. */
  public get podLabels(): Record<string, string> | undefined {
    return this.labels && { ...this.labels };
  }

  /** Ports of the DNS server behind any service address: policies see the pod's port. */
  public get ports(): Port[] {
    return [...this.portList];
  }

  /** Addresses outside the pod network that serve DNS. */
  public get cidrs(): Cidr[] {
    return [...this.ranges];
  }
}

function single(address: string, property: string): Cidr {
  const canonical = canonicalAddress(address);
  if (!canonical) {
    throw invalid({ at: 'ClusterDns', property, got: address, allowed: 'an IP address', fix: 'Give the address that NodeLocal DNSCache listens on.' });
  }
  return Cidr.of(`${canonical}/${canonical.includes(':') ? 128 : 32}`);
}
