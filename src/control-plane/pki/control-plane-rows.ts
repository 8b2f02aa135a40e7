import { ControlPlaneNode } from './certificate-options';
import { ExtendedKeyUsage, PkiCertificate, PkiKeyPair, PkiMaker } from './pki-certificate';
import { LOOPBACK, NODE_NAME, perNode, RowMaker, unique } from './row-maker';
import { canonicalAddress } from '../../core/cidr';
import { ClusterProfile } from '../../core/cluster-profile';
import { PKI } from '../paths';

const SERVER = [ExtendedKeyUsage.SERVER_AUTH];
const CLIENT = [ExtendedKeyUsage.CLIENT_AUTH];
const KUBECONFIGS = '/etc/kubernetes';

/** Everything of the control plane but etcd. */
export interface ControlPlaneRows {
  readonly profile: ClusterProfile;
  /** None: each machine has the same rows, which its maker completes. */
  readonly nodes: ControlPlaneNode[];
  /** Group of administrators: `system:masters`, or one that RBAC gives its rights to. */
  readonly adminGroup: string;
  readonly rows: RowMaker;
}

export function controlPlaneRows({ profile, nodes, adminGroup, rows }: ControlPlaneRows): PkiCertificate[] {
  const kubeconfig = (name: string, commonName: string, organization?: string, node?: string) => rows.kubeconfig({
    name, issuer: 'kubernetes-ca', commonName, organization, extendedKeyUsages: CLIENT, ...(node === undefined ? {} : { node }),
  }, KUBECONFIGS, PKI);
  const client = (name: string, issuer: string, commonName: string) => rows.leaf({ name, issuer, commonName, extendedKeyUsages: CLIENT }, `${PKI}/${name}`);
  return [
    rows.authority('kubernetes-ca', 'kubernetes', `${PKI}/ca`),
    rows.authority('front-proxy-ca', 'front-proxy-ca', `${PKI}/front-proxy-ca`),
    ...perNode(nodes).map((node) => rows.leaf({
      name: 'apiserver',
      node: node?.name,
      issuer: 'kubernetes-ca',
      commonName: 'kube-apiserver',
      extendedKeyUsages: SERVER,
      // The script's kubeconfigs are the same on every node: the controllers call the API server next to them.
      subjectAlternativeNames: unique([...apiServerNames(profile, node), ...(rows.byScript ? LOOPBACK : [])]),
    }, `${PKI}/apiserver`)),
    client('apiserver-kubelet-client', 'kubernetes-ca', 'kube-apiserver-kubelet-client'),
    client('front-proxy-client', 'front-proxy-ca', 'front-proxy-client'),
    kubeconfig('admin', 'kubernetes-admin', adminGroup),
    ...(adminGroup === 'system:masters' ? [] : [{ ...kubeconfig('super-admin', 'kubernetes-super-admin', 'system:masters'), ...rows.breakGlass }]),
    kubeconfig('controller-manager', 'system:kube-controller-manager'),
    kubeconfig('scheduler', 'system:kube-scheduler'),
    ...perNode(nodes).map((node) => kubeconfig('kubelet', `system:node:${node?.name ?? NODE_NAME}`, 'system:nodes', node?.name)),
  ];
}

/** What signs service accounts' tokens: no certificate, the same key on every control-plane node. */
export function serviceAccountKeys(rows: RowMaker): PkiKeyPair {
  return { name: 'service-accounts', keyPath: `${PKI}/sa.key`, publicKeyPath: `${PKI}/sa.pub`, ...(rows.byScript ? { maker: PkiMaker.CLUSTER_PKI } : {}) };
}

/** Names of the API server as clients use them: hosts of its endpoints, without ports. */
export function endpointHosts(profile: ClusterProfile): string[] {
  return profile.apiEndpoints.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

function apiServerNames(profile: ClusterProfile, node: ControlPlaneNode | undefined): string[] {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${profile.dnsDomain}`];
  return unique([
    ...service.map((name) => `DNS:${name}`),
    `IP:${profile.serviceCidrs[0].host(1)}`,
    ...endpointHosts(profile).map(alternativeName),
    ...(node ? [`DNS:${node.name}`, `IP:${node.address}`] : []),
  ]);
}

function alternativeName(host: string): string {
  return canonicalAddress(host) === undefined ? `DNS:${host}` : `IP:${host}`;
}
