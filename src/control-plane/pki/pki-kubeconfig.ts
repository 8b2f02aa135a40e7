import { Yaml } from 'cdk8s';
import { PkiCertificate } from './pki-certificate';
import { ClusterProfile } from '../../core/cluster-profile';

/** Who calls the API server of the cluster, rather than that of the own node. */
const REMOTE = ['admin', 'super-admin'];
const NAMES = [...REMOTE, 'controller-manager', 'scheduler', 'kubelet'];

/** Whether a kubeconfig goes with a certificate. */
export function hasKubeconfig(row: PkiCertificate): boolean {
  return NAMES.includes(row.name);
}

/** Where it lies. */
export function kubeconfigPath(row: PkiCertificate): string {
  return `/etc/kubernetes/${row.name}.conf`;
}

/** A kubeconfig that names certificate and key by their paths, so that it holds nothing secret and is the same on every node. */
export function kubeconfigYaml(row: PkiCertificate, authority: PkiCertificate, profile: ClusterProfile): string {
  const [endpoint] = REMOTE.includes(row.name) ? profile.apiEndpoints : [];
  const user = row.name === 'kubelet' ? 'system:node' : row.commonName;
  return Yaml.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': [{
      name: profile.name,
      cluster: { 'certificate-authority': authority.certificatePath, 'server': endpoint ?? `https://127.0.0.1:${profile.apiServerPort}` },
    }],
    'users': [{ name: user, user: { 'client-certificate': row.certificatePath, 'client-key': row.keyPath } }],
    'contexts': [{ name: `${user}@${profile.name}`, context: { cluster: profile.name, user } }],
    'current-context': `${user}@${profile.name}`,
  });
}
