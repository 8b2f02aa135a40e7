import { ExtendedKeyUsage, PkiCertificate } from './pki-certificate';
import { LOOPBACK, NODE_NAME, perNode, RowMaker, unique } from './row-maker';
import { PEER_NAME } from '../etcd/etcd-flags';
import { EtcdMember, EtcdTlsConfig } from '../etcd/etcd-tls-config';
import { ETCD_PKI, PKI } from '../paths';

const CLIENT = [ExtendedKeyUsage.CLIENT_AUTH];
const BOTH = [ExtendedKeyUsage.SERVER_AUTH, ExtendedKeyUsage.CLIENT_AUTH];
const STACKED = `${PKI}/etcd`;

/** etcd as kubeadm runs it: one CA for servers, peers and clients, and the machines' names as common names. */
export function kubeadmEtcdRows(etcd: EtcdTlsConfig, rows: RowMaker): PkiCertificate[] {
  // kubeadm gives all members the further names of each.
  const shared = unique(etcd.members.flatMap((member) => member.dnsNames ?? []));
  const member = (name: string, file: string, node: EtcdMember | undefined, names: string[]) => rows.leaf({
    name,
    node: node?.name,
    issuer: 'etcd-ca',
    commonName: node?.name ?? NODE_NAME,
    extendedKeyUsages: BOTH,
    subjectAlternativeNames: namesOf(node, shared, names),
  }, `${STACKED}/${file}`);
  return [
    rows.authority('etcd-ca', 'etcd-ca', `${STACKED}/ca`),
    ...perNode(etcd.members).flatMap((node) => [member('etcd-server', 'server', node, []), member('etcd-peer', 'peer', node, [`DNS:${PEER_NAME}`])]),
    healthcheckClient(rows, STACKED),
    apiServerClient(rows),
  ];
}

/** etcd wherever else it runs: a CA for peers alone. */
export function etcdRows(etcd: EtcdTlsConfig, rows: RowMaker, stacked: boolean): PkiCertificate[] {
  const folder = stacked ? STACKED : ETCD_PKI.leaves;
  const owner = stacked ? {} : { owner: 'etcd' };
  const member = (name: string, file: string, issuer: string, node: EtcdMember, names: string[]) => rows.leaf({
    name,
    node: node.name,
    issuer,
    commonName: `kube-${name === 'etcd-server' ? 'etcd' : name}`,
    extendedKeyUsages: BOTH,
    subjectAlternativeNames: namesOf(node, node.dnsNames ?? [], names),
    ...owner,
  }, `${folder}/${file}`);
  return [
    rows.authority('etcd-ca', 'etcd-ca', stacked ? `${STACKED}/ca` : `${folder}/etcd-ca`),
    rows.authority('etcd-peer-ca', 'etcd-peer-ca', stacked ? `${STACKED}/peer-ca` : `${folder}/etcd-peer-ca`),
    ...etcd.members.flatMap((node) => [
      member('etcd-server', 'server', 'etcd-ca', node, []),
      member('etcd-peer', 'peer', 'etcd-peer-ca', node, [`DNS:${PEER_NAME}`]),
    ]),
    healthcheckClient(rows, folder),
    apiServerClient(rows),
  ];
}

/** Whether a machine of etcd's own has the certificate, where there are any. */
export function isOfEtcdMachine(row: PkiCertificate): boolean {
  return row.certificatePath.startsWith(`${ETCD_PKI.leaves}/`);
}

/** Where a machine keeps the certificate of the CA that signs a leaf. */
export function trustedAuthorityPath(leaf: PkiCertificate): string {
  if (isOfEtcdMachine(leaf)) {
    return `${ETCD_PKI.leaves}/${leaf.issuer}.crt`;
  }
  const files: Record<string, string> = { 'etcd-ca': 'etcd/ca.crt', 'etcd-peer-ca': 'etcd/peer-ca.crt', 'front-proxy-ca': 'front-proxy-ca.crt' };
  return `${PKI}/${files[leaf.issuer ?? leaf.name] ?? 'ca.crt'}`;
}

function healthcheckClient(rows: RowMaker, folder: string): PkiCertificate {
  return rows.leaf({
    name: 'etcd-healthcheck-client', issuer: 'etcd-ca', commonName: 'kube-etcd-healthcheck-client', extendedKeyUsages: CLIENT,
  }, `${folder}/healthcheck-client`);
}

function apiServerClient(rows: RowMaker): PkiCertificate {
  return rows.leaf({
    name: 'apiserver-etcd-client', issuer: 'etcd-ca', commonName: 'kube-apiserver-etcd-client', extendedKeyUsages: CLIENT,
  }, `${PKI}/apiserver-etcd-client`);
}

function namesOf(node: EtcdMember | undefined, dnsNames: string[], more: string[]): string[] {
  return unique([...(node ? [`DNS:${node.name}`, `IP:${node.address}`] : []), ...LOOPBACK, ...dnsNames.map((name) => `DNS:${name}`), ...more]);
}
