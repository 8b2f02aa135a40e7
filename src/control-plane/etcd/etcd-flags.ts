import { ComponentFlags } from '../component/component-flags';

/**
 * A name that peer certificates carry and no other certificate of the cluster: kubeadm signs clients, servers and peers with one CA, so that
 * without it any client's certificate would do on the peer port.
 */
export const PEER_NAME = 'kube-etcd-peer';

/** The flags that hold wherever etcd runs. kubeadm adds the paths of its certificates. */
export function addEtcdTlsFlags(flags: ComponentFlags): void {
  const setBy = 'EtcdTlsConfig';
  flags
    .set('auto-tls', 'false', setBy)
    .set('client-cert-auth', 'true', setBy)
    .set('peer-auto-tls', 'false', setBy)
    .set('peer-cert-allowed-hostname', PEER_NAME, setBy)
    .set('peer-client-cert-auth', 'true', setBy)
    .set('tls-min-version', 'TLS1.3', setBy);
}

/** `10.0.16.11:2379`, `[fd00::11]:2379`. */
export function hostPort(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
