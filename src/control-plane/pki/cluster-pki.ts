import { PEER_NAME } from '../etcd/etcd-flags';
import { EtcdMember, EtcdTlsConfig } from '../etcd/etcd-tls-config';
import { ETCD_PKI, PKI } from '../paths';
import { ExtendedKeyUsage, PkiCertificate, PkiMaker, PkiPlan } from './pki-plan';
import { canonicalAddress } from '../../core/cidr';
import { ClusterProfile } from '../../core/cluster-profile';
import { KubernetesVersion } from '../../core/kubernetes-version';

const SERVER = [ExtendedKeyUsage.SERVER_AUTH];
const CLIENT = [ExtendedKeyUsage.CLIENT_AUTH];
const BOTH = [ExtendedKeyUsage.SERVER_AUTH, ExtendedKeyUsage.CLIENT_AUTH];
/** Where the plan can't know it: kubeadm fills it in. */
const NODE_NAME = '<name of the node>';
const LOOPBACK = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'];

/** Every certificate that kubeadm, or the script for machines of etcd's own, makes for this cluster. */
export function clusterPki(profile: ClusterProfile, etcd: EtcdTlsConfig, external: boolean): PkiPlan {
  return new PkiPlan({
    certificates: [
      ...kubernetesRows(profile, external ? [] : etcd.members),
      ...(external ? externalEtcdRows(etcd) : stackedEtcdRows(etcd)),
    ],
  });
}

/** The part of the plan that the script `etcd-pki` makes. */
export function externalEtcdPki(etcd: EtcdTlsConfig): PkiPlan {
  return new PkiPlan({ certificates: externalEtcdRows(etcd) });
}

/** Names of the API server as clients use them: hosts of its endpoints, without ports. */
export function endpointHosts(profile: ClusterProfile): string[] {
  return profile.apiEndpoints.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

function kubernetesRows(profile: ClusterProfile, nodes: EtcdMember[]): PkiCertificate[] {
  const leaf = (name: string, issuer: string, commonName: string, more: Partial<PkiCertificate>): PkiCertificate => ({
    name, issuer, commonName, certificatePath: `${PKI}/${name}.crt`, keyPath: `${PKI}/${name}.key`, ...more,
  });
  const kubeconfig = (name: string, commonName: string, organization?: string): PkiCertificate => ({
    name,
    issuer: 'kubernetes-ca',
    commonName,
    organization,
    extendedKeyUsages: CLIENT,
    certificatePath: `/etc/kubernetes/${name}.conf`,
    keyPath: `/etc/kubernetes/${name}.conf`,
  });
  const separateAdmin = profile.kubernetesVersion.atLeast(KubernetesVersion.V1_29);
  return [
    { name: 'kubernetes-ca', commonName: 'kubernetes', certificatePath: `${PKI}/ca.crt`, keyPath: `${PKI}/ca.key` },
    { name: 'front-proxy-ca', commonName: 'front-proxy-ca', certificatePath: `${PKI}/front-proxy-ca.crt`, keyPath: `${PKI}/front-proxy-ca.key` },
    ...perNode(nodes).map((node) => leaf('apiserver', 'kubernetes-ca', 'kube-apiserver', {
      node: node?.name, extendedKeyUsages: SERVER, subjectAlternativeNames: apiServerNames(profile, node),
    })),
    leaf('apiserver-kubelet-client', 'kubernetes-ca', 'kube-apiserver-kubelet-client', { extendedKeyUsages: CLIENT }),
    leaf('front-proxy-client', 'front-proxy-ca', 'front-proxy-client', { extendedKeyUsages: CLIENT }),
    kubeconfig('admin', 'kubernetes-admin', separateAdmin ? 'kubeadm:cluster-admins' : 'system:masters'),
    ...(separateAdmin ? [kubeconfig('super-admin', 'kubernetes-super-admin', 'system:masters')] : []),
    kubeconfig('controller-manager', 'system:kube-controller-manager'),
    kubeconfig('scheduler', 'system:kube-scheduler'),
    ...perNode(nodes).map((node) => ({
      ...kubeconfig('kubelet', `system:node:${node?.name ?? NODE_NAME}`, 'system:nodes'),
      ...(node ? { node: node.name } : {}),
    })),
  ];
}

function apiServerNames(profile: ClusterProfile, node: EtcdMember | undefined): string[] {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${profile.dnsDomain}`];
  return unique([
    ...service.map((name) => `DNS:${name}`),
    `IP:${profile.serviceCidrs[0].host(1)}`,
    ...endpointHosts(profile).map(alternativeName),
    ...(node ? [`DNS:${node.name}`, `IP:${node.address}`] : []),
  ]);
}

function stackedEtcdRows(etcd: EtcdTlsConfig): PkiCertificate[] {
  const folder = `${PKI}/etcd`;
  const shared = unique(etcd.members.flatMap((member) => member.dnsNames ?? [])).map((name) => `DNS:${name}`);
  const row = (name: string, file: string, node: EtcdMember | undefined, names: string[]): PkiCertificate => ({
    name,
    node: node?.name,
    issuer: 'etcd-ca',
    commonName: node?.name ?? NODE_NAME,
    extendedKeyUsages: BOTH,
    subjectAlternativeNames: unique([...(node ? [`DNS:${node.name}`, `IP:${node.address}`] : []), ...LOOPBACK, ...shared, ...names]),
    certificatePath: `${folder}/${file}.crt`,
    keyPath: `${folder}/${file}.key`,
  });
  return [
    { name: 'etcd-ca', commonName: 'etcd-ca', certificatePath: `${folder}/ca.crt`, keyPath: `${folder}/ca.key` },
    ...perNode(etcd.members).flatMap((node) => [row('etcd-server', 'server', node, []), row('etcd-peer', 'peer', node, [`DNS:${PEER_NAME}`])]),
    {
      name: 'etcd-healthcheck-client',
      issuer: 'etcd-ca',
      commonName: 'kube-etcd-healthcheck-client',
      extendedKeyUsages: CLIENT,
      certificatePath: `${folder}/healthcheck-client.crt`,
      keyPath: `${folder}/healthcheck-client.key`,
    },
    {
      name: 'apiserver-etcd-client',
      issuer: 'etcd-ca',
      commonName: 'kube-apiserver-etcd-client',
      extendedKeyUsages: CLIENT,
      certificatePath: `${PKI}/apiserver-etcd-client.crt`,
      keyPath: `${PKI}/apiserver-etcd-client.key`,
    },
  ];
}

function externalEtcdRows(etcd: EtcdTlsConfig): PkiCertificate[] {
  const maker = PkiMaker.ETCD_PKI;
  const authority = (name: string): PkiCertificate => ({
    name, commonName: name, certificatePath: `${ETCD_PKI.authorities}/${name}.crt`, keyPath: `${ETCD_PKI.authorities}/${name}.key`, maker,
  });
  const member = (name: string, file: string, issuer: string, commonName: string, node: EtcdMember, names: string[]): PkiCertificate => ({
    name,
    node: node.name,
    issuer,
    commonName,
    extendedKeyUsages: BOTH,
    subjectAlternativeNames: unique([
      `DNS:${node.name}`, `IP:${node.address}`, ...LOOPBACK, ...(node.dnsNames ?? []).map((dnsName) => `DNS:${dnsName}`), ...names,
    ]),
    certificatePath: `${ETCD_PKI.leaves}/${file}.crt`,
    keyPath: `${ETCD_PKI.leaves}/${file}.key`,
    owner: 'etcd',
    maker,
  });
  return [
    authority('etcd-ca'),
    authority('etcd-peer-ca'),
    ...etcd.members.flatMap((node) => [
      member('etcd-server', 'server', 'etcd-ca', 'kube-etcd', node, []),
      member('etcd-peer', 'peer', 'etcd-peer-ca', 'kube-etcd-peer', node, [`DNS:${PEER_NAME}`]),
    ]),
    {
      name: 'etcd-healthcheck-client',
      issuer: 'etcd-ca',
      commonName: 'kube-etcd-healthcheck-client',
      extendedKeyUsages: CLIENT,
      certificatePath: `${ETCD_PKI.leaves}/healthcheck-client.crt`,
      keyPath: `${ETCD_PKI.leaves}/healthcheck-client.key`,
      maker,
    },
    {
      name: 'apiserver-etcd-client',
      issuer: 'etcd-ca',
      commonName: 'kube-apiserver-etcd-client',
      extendedKeyUsages: CLIENT,
      certificatePath: `${PKI}/apiserver-etcd-client.crt`,
      keyPath: `${PKI}/apiserver-etcd-client.key`,
      maker,
    },
  ];
}

function perNode(nodes: EtcdMember[]): (EtcdMember | undefined)[] {
  return nodes.length > 0 ? nodes : [undefined];
}

function alternativeName(host: string): string {
  return canonicalAddress(host) === undefined ? `DNS:${host}` : `IP:${host}`;
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
