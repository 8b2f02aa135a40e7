import { TlsVersion } from './tls-version';
import { ComponentFlags } from '../component/component-flags';

/**
 * A name that peer certificates carry and no other certificate of the cluster: kubeadm signs clients, servers and peers with one CA, so that
 * without it any client's certificate would do on the peer port.
 */
export const PEER_NAME = 'kube-etcd-peer';

/** For TLS 1.2: forward secrecy and authenticated encryption. HTTP/2 asks for AES_128_GCM_SHA256 (RFC 7540 9.2.2): without it etcd does not start. */
const SUITES = ['ECDSA', 'RSA'].flatMap((signature) => ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256']
  .map((cipher) => `TLS_ECDHE_${signature}_WITH_${cipher}`));

/** The flags that hold wherever etcd runs. kubeadm adds the paths of its certificates. */
export function addEtcdTlsFlags(flags: ComponentFlags, minimum: TlsVersion = TlsVersion.TLS_1_3): void {
  const setBy = 'EtcdTlsConfig';
  flags
    .set('auto-tls', 'false', setBy)
    .set('client-cert-auth', 'true', setBy)
    .set('peer-auto-tls', 'false', setBy)
    .set('peer-cert-allowed-hostname', PEER_NAME, setBy)
    .set('peer-client-cert-auth', 'true', setBy)
    .set('tls-min-version', `TLS${minimum}`, setBy);
  if (minimum === TlsVersion.TLS_1_2) {
    // With TLS 1.3 as the minimum etcd refuses a list, from 3.5.9 on: it has safe ones only.
    flags.set('cipher-suites', SUITES.join(','), setBy);
  }
}

/** `10.0.16.11:2379`, `[fd00::11]:2379`. */
export function hostPort(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
