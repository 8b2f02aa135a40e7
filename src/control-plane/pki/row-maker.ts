import { PkiCertificate, PkiMaker } from './pki-certificate';
import { CLUSTER_PKI } from '../paths';

/** Where the plan can't know it: kubeadm fills it in. */
export const NODE_NAME = '<name of the node>';
export const LOOPBACK = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'];
const BREAK_GLASS_DAYS = 7;

/** Everything of a leaf but its files. */
export type Leaf = Omit<PkiCertificate, 'certificatePath' | 'keyPath' | 'maker'> & { readonly issuer: string };

/** Rows of a plan as one maker makes them. */
export class RowMaker {
  /**
   * @param kubeadmMakes who makes keys and certificates: kubeadm, or the script `cluster-pki`
   * @param externalAuthority whether the CAs' keys are on no machine of the cluster; then the script makes the rest
   */
  constructor(private readonly kubeadmMakes: boolean, private readonly externalAuthority: boolean) {}

  /** Whether the script makes the leaves. */
  public get byScript(): boolean {
    return !this.kubeadmMakes || this.externalAuthority;
  }

  /** @param path of the certificate on the machines that trust it, without `.crt` */
  public authority(name: string, commonName: string, path: string): PkiCertificate {
    const row = { name, commonName, certificatePath: `${path}.crt` };
    if (this.externalAuthority) {
      return { ...row, maker: PkiMaker.EXTERNAL_AUTHORITY };
    }
    return this.kubeadmMakes ? { ...row, keyPath: `${path}.key` } : { ...row, keyPath: `${CLUSTER_PKI.authorities}/${name}.key`, maker: PkiMaker.CLUSTER_PKI };
  }

  /** @param path without `.crt` and `.key` */
  public leaf(leaf: Leaf, path: string): PkiCertificate {
    return { ...leaf, certificatePath: `${path}.crt`, keyPath: `${path}.key`, ...(this.byScript ? { maker: PkiMaker.CLUSTER_PKI } : {}) };
  }

  /** What a kubeconfig holds (kubeadm's), or names by paths (the script's). */
  public kubeconfig(leaf: Leaf, folder: string, keys: string): PkiCertificate {
    if (this.byScript) {
      return this.leaf(leaf, `${keys}/${leaf.name}`);
    }
    const path = `${folder}/${leaf.name}.conf`;
    return { ...leaf, certificatePath: path, keyPath: path };
  }

  /** The script makes the way around all authorization only where somebody asks for it, and for a week. */
  public get breakGlass(): Pick<PkiCertificate, 'onDemand' | 'validityDays'> {
    return this.byScript ? { onDemand: true, validityDays: BREAK_GLASS_DAYS } : {};
  }
}

/** Each machine, or one of which nothing is known. */
export function perNode<T>(nodes: T[]): (T | undefined)[] {
  return nodes.length > 0 ? nodes : [undefined];
}

export function unique(names: string[]): string[] {
  return [...new Set(names)];
}
