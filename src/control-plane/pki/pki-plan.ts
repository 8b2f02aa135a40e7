import { Yaml } from 'cdk8s';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';

/** What a certificate may be used for. */
export enum ExtendedKeyUsage {
  /** To serve TLS. */
  SERVER_AUTH = 'serverAuth',
  /** To authenticate as a client. */
  CLIENT_AUTH = 'clientAuth',
}

/** Who makes a key and its certificate. Keys are never part of any output of this library. */
export enum PkiMaker {
  /** kubeadm, on the node: `init` makes the CAs, `init` and `join` the rest. */
  KUBEADM = 'kubeadm',
  /** The script `etcd-pki` on the node, with openssl. */
  ETCD_PKI = 'etcd-pki',
}

/** One key with its certificate: a row of the plan. */
export interface PkiCertificate {
  /** Name of the certificate, for instance `etcd-server`. Together with `node` it is unique. */
  readonly name: string;
  /**
   * The machine that it is for.
   * @default - every machine of its kind, each with a certificate of its own but for CAs, which they share
   */
  readonly node?: string;
  /**
   * Name of the CA that signs it.
   * @default - itself: it is a CA
   */
  readonly issuer?: string;
  /** Common name (CN). For clients of the API server it is the user's name. */
  readonly commonName: string;
  /**
   * Organization (O). For clients of the API server it is a group.
   * @default - none
   */
  readonly organization?: string;
  /**
   * Extended key usages.
   * @default - none: it is a CA
   */
  readonly extendedKeyUsages?: ExtendedKeyUsage[];
  /**
   * Subject alternative names, as `DNS:name` or `IP:address`.
   * @default - none
   */
  readonly subjectAlternativeNames?: string[];
  /** Path of the certificate on the machine; for a kubeconfig the same as `keyPath`. */
  readonly certificatePath: string;
  /** Path of the private key. */
  readonly keyPath: string;
  /**
   * User who owns the key's file, whose mode is 0600.
   * @default root
   */
  readonly owner?: string;
  /**
   * Life in days: at most 365 for a leaf, 3650 for a CA.
   * @default - 365 for a leaf, 3650 for a CA
   */
  readonly validityDays?: number;
  /**
   * Who makes it.
   * @default PkiMaker.KUBEADM
   */
  readonly maker?: PkiMaker;
}

/** What there is to plan. */
export interface PkiPlanProps {
  /** Every CA and leaf. */
  readonly certificates: PkiCertificate[];
}

const LEAF_DAYS = 365;
const CA_DAYS = 3650;

/**
 * Every certificate of the control plane: who signs it, for whom, for what, where it lies and when it has to be renewed. A plan holds no keys.
 *
 * @throws if a CA is missing, a life is too long, a row appears twice, or a certificate that both serves and calls lacks one of the usages
 */
export class PkiPlan {
  private readonly certificateList: readonly PkiCertificate[];

  constructor(props: PkiPlanProps) {
    const certificates = props.certificates.map((certificate) => structuredClone(certificate));
    certificates.forEach((certificate, i) => check(certificate, i, certificates));
    this.certificateList = Object.freeze(certificates);
    lock(this);
  }

  /** The rows: CAs and leaves, in their order. */
  public get rows(): PkiCertificate[] {
    return this.certificateList.map((certificate) => structuredClone(certificate));
  }

  /** The CAs. */
  public get authorities(): PkiCertificate[] {
    return this.rows.filter((row) => row.issuer === undefined);
  }

  /**
   * The rows of one name, one for each machine that the plan knows.
   * @throws if there is none
   */
  public named(name: string): PkiCertificate[] {
    const rows = this.rows.filter((row) => row.name === name);
    if (rows.length === 0) {
      throw invalid({
        at: 'PkiPlan', property: 'name', got: name, allowed: [...new Set(this.certificateList.map((row) => row.name))].join(', '), fix: 'Take a name from the plan.',
      });
    }
    return rows;
  }

  /** Life of a row in days. */
  public validityDays(row: PkiCertificate): number {
    return lifeOf(row);
  }

  /** Days after its making at which a row is due for renewal: two thirds of its life. */
  public renewAfterDays(row: PkiCertificate): number {
    return Math.floor((lifeOf(row) * 2) / 3);
  }

  /** The plan for people and programs on the node. */
  public toYaml(): string {
    return Yaml.stringify({ certificates: this.certificateList.map((row) => this.render(row)) });
  }

  private render(row: PkiCertificate): Record<string, unknown> {
    const record = {
      name: row.name,
      node: row.node,
      issuer: row.issuer ?? 'itself',
      commonName: row.commonName,
      organization: row.organization,
      extendedKeyUsages: row.extendedKeyUsages,
      subjectAlternativeNames: row.subjectAlternativeNames,
      certificatePath: row.certificatePath,
      certificateMode: row.certificatePath === row.keyPath ? '0600' : '0644',
      keyPath: row.keyPath,
      keyMode: '0600',
      owner: row.owner ?? 'root',
      validityDays: lifeOf(row),
      renewAfterDays: this.renewAfterDays(row),
      madeBy: row.maker ?? PkiMaker.KUBEADM,
    };
    return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
  }
}

function lifeOf(row: PkiCertificate): number {
  return row.validityDays ?? (row.issuer === undefined ? CA_DAYS : LEAF_DAYS);
}

function check(row: PkiCertificate, index: number, all: PkiCertificate[]): void {
  const property = `certificates[${index}]`;
  const longest = row.issuer === undefined ? CA_DAYS : LEAF_DAYS;
  if (!Number.isInteger(lifeOf(row)) || lifeOf(row) < 1 || lifeOf(row) > longest) {
    throw refused(`${property}.validityDays`, lifeOf(row), `a whole number of days from 1 to ${longest}`, 'Shorten its life: it is renewed at two thirds of it.');
  }
  if (all.some((other, i) => i < index && other.name === row.name && other.node === row.node)) {
    throw refused(`${property}.name`, row.name, 'a name that no other certificate of the same machine has', 'Rename one of the two.');
  }
  if (row.issuer !== undefined && !all.some((other) => other.name === row.issuer && other.issuer === undefined)) {
    throw refused(`${property}.issuer`, row.issuer, 'the name of a CA of the plan', 'Add the CA, or correct the name.');
  }
  if (row.issuer !== undefined && (row.extendedKeyUsages ?? []).length === 0) {
    throw refused(`${property}.extendedKeyUsages`, row.extendedKeyUsages, 'at least one usage for a leaf', 'Say whether it serves, calls or both.');
  }
  const wrong = row.subjectAlternativeNames?.find((name) => !/^(DNS:[a-z0-9.-]+|IP:[0-9a-f.:]+)$/.test(name));
  if (wrong !== undefined) {
    throw refused(`${property}.subjectAlternativeNames`, wrong, 'DNS:name or IP:address', 'Say which of the two it is.');
  }
  checkUsages(row, property);
}

/** A server without a name is reachable by nobody; etcd's members authenticate to each other with the certificate that they serve. */
function checkUsages(row: PkiCertificate, property: string): void {
  const usages = row.extendedKeyUsages ?? [];
  if (usages.includes(ExtendedKeyUsage.SERVER_AUTH) && (row.subjectAlternativeNames ?? []).length === 0) {
    throw refused(`${property}.subjectAlternativeNames`, row.subjectAlternativeNames, 'at least one name for a server', 'Add the names that its clients use.');
  }
  if (/^etcd-(server|peer)$/.test(row.name) && !usages.includes(ExtendedKeyUsage.CLIENT_AUTH)) {
    throw refused(`${property}.extendedKeyUsages`, usages, 'serverAuth and clientAuth for etcd', 'Add clientAuth: etcd calls itself and its peers with it.');
  }
}

function refused(property: string, got: unknown, allowed: string, fix: string): Error {
  return invalid({ at: 'PkiPlan', property, got, allowed, fix });
}
