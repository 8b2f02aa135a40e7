import { ClusterProfile } from '../../core/cluster-profile';
import { has } from '../availability';
import { STATIC_PODS } from './static-pod-paths';
import { Component } from '../component/component';
import { ControlPlaneModel, ExternalEtcd, LocalEtcd } from '../control-plane-model';
import { hostPort } from '../etcd/etcd-flags';
import { ControlPlaneNode } from '../pki/certificate-options';
import { trustedAuthorityPath } from '../pki/etcd-rows';
import { kubeconfigYaml } from '../pki/pki-kubeconfig';
import { PkiPlan } from '../pki/pki-plan';
import { addSigningFlags } from '../pki/signing-flags';

/** What kubeadm would have said by itself. */
const SET_BY = 'static pods';
/** Set in each pod from what the kubelet knows of its machine (static-pod.ts). */
const HOST_IP = '$(HOST_IP)';
const NODE_NAME = '$(NODE_NAME)';
const KUBECONFIGS = '/etc/kubernetes';

export function addApiServerBase({ flags, mounts }: Component, { profile, pki, etcd }: ControlPlaneModel): void {
  const [server] = pki.named('apiserver');
  const [kubeletClient] = pki.named('apiserver-kubelet-client');
  const [proxyClient] = pki.named('front-proxy-client');
  const [tokens] = pki.keyPairs;
  const store = etcdOf(etcd, pki);
  flags
    .set('advertise-address', HOST_IP, SET_BY)
    // Without it a privileged pod is invalid before any policy sees it, and no network plugin would run.
    .set('allow-privileged', 'true', SET_BY)
    .set('client-ca-file', authorityPath(pki), SET_BY)
    .set('enable-bootstrap-token-auth', 'true', SET_BY)
    .set('etcd-cafile', store.caFile, SET_BY)
    .set('etcd-certfile', store.certFile, SET_BY)
    .set('etcd-keyfile', store.keyFile, SET_BY)
    .set('etcd-servers', store.endpoints.join(','), SET_BY)
    .set('kubelet-certificate-authority', authorityPath(pki), SET_BY)
    .set('kubelet-client-certificate', kubeletClient.certificatePath, SET_BY)
    .set('kubelet-client-key', kubeletClient.keyPath!, SET_BY)
    .set('kubelet-preferred-address-types', 'InternalIP,ExternalIP,Hostname', SET_BY)
    .set('proxy-client-cert-file', proxyClient.certificatePath, SET_BY)
    .set('proxy-client-key-file', proxyClient.keyPath!, SET_BY)
    .set('requestheader-allowed-names', proxyClient.commonName, SET_BY)
    .set('requestheader-client-ca-file', trustedAuthorityPath(proxyClient), SET_BY)
    .set('requestheader-extra-headers-prefix', 'X-Remote-Extra-', SET_BY)
    .set('requestheader-group-headers', 'X-Remote-Group', SET_BY)
    .set('requestheader-username-headers', 'X-Remote-User', SET_BY)
    .set('secure-port', String(profile.apiServerPort), SET_BY)
    .set('service-account-issuer', `https://kubernetes.default.svc.${profile.dnsDomain}`, SET_BY)
    .set('service-account-key-file', tokens.publicKeyPath, SET_BY)
    .set('service-account-signing-key-file', tokens.keyPath, SET_BY)
    .set('service-cluster-ip-range', serviceRanges(profile), SET_BY)
    .set('tls-cert-file', server.certificatePath, SET_BY)
    .set('tls-private-key-file', server.keyPath!, SET_BY);
  // Certificates of public authorities, for issuers and webhooks that have theirs from one.
  mounts.add({ name: 'public-authorities', path: '/etc/ssl/certs', readOnly: true, pathType: 'DirectoryOrCreate' });
}

export function addControllerManagerBase(component: Component, model: ControlPlaneModel): void {
  const { flags, mounts } = component;
  const { profile, pki } = model;
  addClientOfApiServer(component, 'controller-manager', model);
  flags
    .set('allocate-node-cidrs', 'true', SET_BY)
    .set('cluster-cidr', profile.podCidrs.join(','), SET_BY)
    .set('cluster-name', profile.name, SET_BY)
    .set('controllers', '*,bootstrapsigner,tokencleaner', SET_BY)
    .set('root-ca-file', authorityPath(pki), SET_BY)
    .set('service-account-private-key-file', pki.keyPairs[0].keyPath, SET_BY)
    .set('service-cluster-ip-range', serviceRanges(profile), SET_BY);
  addSigningFlags(flags, mounts, pki);
}

export function addSchedulerBase(component: Component, model: ControlPlaneModel): void {
  addClientOfApiServer(component, 'scheduler', model);
}

/**
 * Who calls the API server with a kubeconfig, as one at a time, and asks it who calls. The CAs are said here: a program that starts before the API
 * server would go without, and never look again.
 */
function addClientOfApiServer({ flags, mounts, files }: Component, name: string, { profile, pki }: ControlPlaneModel): void {
  const kubeconfig = `${KUBECONFIGS}/${name}.conf`;
  const [proxyClient] = pki.named('front-proxy-client');
  const [client] = pki.named(name);
  files.push({ path: kubeconfig, content: kubeconfigYaml(client, pki.named('kubernetes-ca')[0], profile) });
  mounts
    .add({ name: 'client-certificate', path: client.certificatePath, readOnly: true, pathType: 'File' })
    .add({ name: 'client-key', path: client.keyPath!, readOnly: true, pathType: 'File' });
  flags
    .set('authentication-kubeconfig', kubeconfig, SET_BY)
    .set('authorization-kubeconfig', kubeconfig, SET_BY)
    .set('client-ca-file', authorityPath(pki), SET_BY)
    .set('kubeconfig', kubeconfig, SET_BY)
    .set('leader-elect', 'true', SET_BY)
    .set('requestheader-allowed-names', proxyClient.commonName, SET_BY)
    .set('requestheader-client-ca-file', trustedAuthorityPath(proxyClient), SET_BY);
}

/** @param machines the control-plane nodes, each a member by its name */
export function addEtcdBase({ flags, mounts }: Component, { profile, pki }: ControlPlaneModel, machines: ControlPlaneNode[]): void {
  const [server] = pki.named('etcd-server');
  const [peer] = pki.named('etcd-peer');
  // In an address with a port, one of IPv6 stands in brackets: all machines have the same family.
  const host = machines[0].address.includes(':') ? `[${HOST_IP}]` : HOST_IP;
  flags
    .set('advertise-client-urls', `https://${host}:2379`, SET_BY)
    .set('cert-file', server.certificatePath, SET_BY)
    .set('data-dir', STATIC_PODS.etcdData, SET_BY)
    .set('initial-advertise-peer-urls', `https://${host}:2380`, SET_BY)
    .set('initial-cluster', machines.map(({ name, address }) => `${name}=https://${hostPort(address, 2380)}`).join(','), SET_BY)
    .set('initial-cluster-state', 'new', SET_BY)
    .set('initial-cluster-token', `${profile.name}-etcd`, SET_BY)
    .set('key-file', server.keyPath!, SET_BY)
    .set('listen-client-urls', `https://127.0.0.1:2379,https://${host}:2379`, SET_BY)
    .set('listen-metrics-urls', 'http://127.0.0.1:2381', SET_BY)
    .set('listen-peer-urls', `https://${host}:2380`, SET_BY)
    .set('name', NODE_NAME, SET_BY)
    .set('peer-cert-file', peer.certificatePath, SET_BY)
    .set('peer-key-file', peer.keyPath!, SET_BY)
    .set('peer-trusted-ca-file', trustedAuthorityPath(peer), SET_BY)
    .set('trusted-ca-file', trustedAuthorityPath(server), SET_BY);
  // A member that was restored wrongly stops instead of serving other data than its peers.
  if (has(profile.kubernetesVersion, 'etcd 3.6')) {
    flags.set('feature-gates', 'InitialCorruptCheck=true', SET_BY).set('watch-progress-notify-interval', '5s', SET_BY);
  } else {
    flags.set('experimental-initial-corrupt-check', 'true', SET_BY).set('experimental-watch-progress-notify-interval', '5s', SET_BY);
  }
  mounts.add({ name: 'data', path: STATIC_PODS.etcdData, readOnly: false, pathType: 'Directory' });
}

function etcdOf(etcd: LocalEtcd | ExternalEtcd, pki: PkiPlan): Omit<ExternalEtcd, 'kind'> {
  if (etcd.kind === 'external') {
    return etcd;
  }
  const [client] = pki.named('apiserver-etcd-client');
  return { endpoints: ['https://127.0.0.1:2379'], caFile: trustedAuthorityPath(client), certFile: client.certificatePath, keyFile: client.keyPath! };
}

function authorityPath(pki: PkiPlan): string {
  return pki.named('kubernetes-ca')[0].certificatePath;
}

function serviceRanges(profile: ClusterProfile): string {
  return profile.serviceCidrs.join(',');
}
