import { kubeProxyDocument, KubeProxyPlace } from './kube-proxy-document';
import { Cidr } from '../../core/cidr';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { markAs } from '../../core/made-by';

const AT = 'KubeProxyConfig';

/** How kube-proxy sends connections for services to their pods. */
export enum KubeProxyMode {
  /** By iptables. */
  IPTABLES = 'iptables',
  /** By nftables: stable from Kubernetes 1.33 on, and to be had from 1.31 on; it needs Linux 5.13. */
  NFTABLES = 'nftables',
}

/** What may be chosen about kube-proxy. */
export interface KubeProxyConfigProps {
  /**
   * How connections are sent to pods. IPVS is deprecated from Kubernetes 1.35 on and can't be chosen.
   * @default - nftables from Kubernetes 1.33 on, else iptables
   */
  readonly mode?: KubeProxyMode;
  /**
   * Ranges in which a node answers on node ports.
   * @default - a node's primary addresses, from Kubernetes 1.31 on; before, the profile's nodeCidrs, or all addresses of a node where it states none
   */
  readonly nodePortCidrs?: string[];
}

const PROPS: KnownProps<KubeProxyConfigProps> = { mode: true, nodePortCidrs: true };

/**
 * How kube-proxy runs on all nodes, or that it doesn't: an immutable statement that `ControlPlane` turns into a KubeProxyConfiguration (CIS 4.3.1).
 * Its metrics are served on loopback alone, without profiles, and the mode is always stated.
 *
 * @throws if the mode is unknown or going away, or a range is malformed
 */
export class KubeProxyConfig {
  /**
   * No kube-proxy: the network plugin does its work. Configure the plugin so; until it runs, no service has an address that works, so tell it
   * where the API server is.
   */
  public static replacedByCni(): KubeProxyConfig {
    const config = new KubeProxyConfig();
    Object.defineProperty(config, 'replaced', { value: true });
    return config;
  }

  /** Whether the network plugin does kube-proxy's work. */
  public readonly replaced: boolean;
  /** How connections are sent to pods; undefined for what the version decides. */
  public readonly mode?: KubeProxyMode;
  private readonly ranges: readonly Cidr[];

  constructor(props: KubeProxyConfigProps = {}) {
    checkProps(props, PROPS, { at: AT });
    this.replaced = false;
    this.mode = props.mode === undefined ? undefined : checkMode(props.mode);
    this.ranges = checkList(props.nodePortCidrs ?? [], 'nodePortCidrs', 'address ranges in CIDR notation', AT)
      .map((cidr, i) => Cidr._parse(cidr, `nodePortCidrs[${i}]`, AT));
    if (props.nodePortCidrs !== undefined && this.ranges.length === 0) {
      throw invalid({
        at: AT, property: 'nodePortCidrs', got: [], allowed: 'at least one range', fix: 'Leave it out for the default: kube-proxy takes an empty list for every address.',
      });
    }
    lock(this);
    markAs('KubeProxyConfig', this);
  }

  /** Ranges in which a node answers on node ports; none for the default. */
  public get nodePortCidrs(): Cidr[] {
    return [...this.ranges];
  }

  /**
   * The KubeProxyConfiguration for a cluster; undefined where there is no kube-proxy.
   * @internal
   */
  public _document(place: KubeProxyPlace): Record<string, unknown> | undefined {
    return kubeProxyDocument(this, place);
  }
}

function checkMode(mode: KubeProxyMode): KubeProxyMode {
  if (!Object.values(KubeProxyMode).includes(mode)) {
    throw invalid({
      at: AT, property: 'mode', got: mode, allowed: Object.values(KubeProxyMode).join(', '),
      fix: String(mode) === 'ipvs'
        ? 'Leave it out: IPVS is deprecated from Kubernetes 1.35 on, and nftables does what it was for.'
        : 'Take a value of KubeProxyMode.',
    });
  }
  return mode;
}
