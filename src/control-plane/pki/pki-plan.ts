import { Yaml } from 'cdk8s';
import { ExtendedKeyUsage, KeyAlgorithm, PkiCertificate, PkiKeyPair, PkiMaker } from './pki-certificate';
import { checkChoice } from '../../core/choice';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';

/** What there is to plan. */
export interface PkiPlanProps {
  /** Every CA and leaf. */
  readonly certificates: PkiCertificate[];
  /**
   * Key pairs without certificates.
   * @default - none
   */
  readonly keyPairs?: PkiKeyPair[];
  /**
   * Algorithm of all keys.
   * @default KeyAlgorithm.ECDSA_P256
   */
  readonly keyAlgorithm?: KeyAlgorithm;
  /**
   * What signs kubelets' certificates, where the controller manager has no key of a CA.
   * @default - the controller manager
   */
  readonly kubeletSigner?: string;
}

const ROW_PROPS: KnownProps<PkiCertificate> = {
  name: true, node: true, issuer: true, commonName: true, organization: true, extendedKeyUsages: true, subjectAlternativeNames: true,
  certificatePath: true, keyPath: true, owner: true, validityDays: true, maker: true, onDemand: true,
};
const PAIR_PROPS: KnownProps<PkiKeyPair> = { name: true, keyPath: true, publicKeyPath: true, maker: true };
const PROPS: KnownProps<PkiPlanProps> = { certificates: true, keyPairs: true, keyAlgorithm: true, kubeletSigner: true };

const LEAF_DAYS = 365;
const CA_DAYS = 3650;

/**
 * Every certificate of the control plane: who signs it, for whom, for what, where it lies and when it has to be renewed. A plan holds no keys.
 *
 * @throws if a CA is missing, a life is too long, a row appears twice, or a certificate that both serves and calls lacks one of the usages
 */
export class PkiPlan {
  /** Algorithm of all keys but those that a kubeadm before 1.31 makes, which are RSA-2048. */
  public readonly keyAlgorithm: KeyAlgorithm;
  /** What signs kubelets' certificates; undefined for the controller manager. */
  public readonly kubeletSigner?: string;
  private readonly keyPairList: readonly PkiKeyPair[];
  private readonly certificateList: readonly PkiCertificate[];

  constructor(props: PkiPlanProps) {
    checkProps(props, PROPS, { at: 'PkiPlan' });
    this.keyAlgorithm = checkChoice(props.keyAlgorithm ?? KeyAlgorithm.ECDSA_P256, KeyAlgorithm, 'KeyAlgorithm', 'keyAlgorithm', 'PkiPlan');
    this.kubeletSigner = props.kubeletSigner;
    this.keyPairList = Object.freeze((props.keyPairs ?? []).map((pair, i) => (
      structuredClone(checkProps(pair, PAIR_PROPS, { at: 'PkiPlan', property: `keyPairs[${i}]` })))));
    const certificates = props.certificates.map((certificate, i) => (
      structuredClone(checkProps(certificate, ROW_PROPS, { at: 'PkiPlan', property: `certificates[${i}]` }))));
    certificates.forEach((certificate, i) => check(certificate, i, certificates));
    this.certificateList = Object.freeze(certificates);
    lock(this);
  }

  /** The rows: CAs and leaves, in their order. */
  public get rows(): PkiCertificate[] {
    return this.certificateList.map((certificate) => structuredClone(certificate));
  }

  /** The key pairs without certificates. */
  public get keyPairs(): PkiKeyPair[] {
    return this.keyPairList.map((pair) => structuredClone(pair));
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
    const keyPairs = this.keyPairList.map(({ name, keyPath, publicKeyPath, maker }) => (
      { name, keyPath, keyMode: '0600', publicKeyPath, owner: 'root', madeBy: maker ?? PkiMaker.KUBEADM }));
    return Yaml.stringify({
      certificates: this.certificateList.map((row) => this.render(row)),
      ...(keyPairs.length > 0 ? { keyPairs } : {}),
      ...(this.kubeletSigner === undefined ? {} : { kubeletSigner: this.kubeletSigner }),
    });
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
      keyMode: row.keyPath === undefined ? undefined : '0600',
      owner: row.owner ?? 'root',
      validityDays: lifeOf(row),
      renewAfterDays: this.renewAfterDays(row),
      madeBy: row.maker ?? PkiMaker.KUBEADM,
      onDemand: row.onDemand,
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
  if (row.issuer !== undefined && row.keyPath === undefined) {
    throw refused(`${property}.keyPath`, row.keyPath, 'a path for a leaf', 'Say where its key lies: only a CA may do without one.');
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
