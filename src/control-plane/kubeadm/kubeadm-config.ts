import { Yaml } from 'cdk8s';
import { KubeadmApi } from './kubeadm-api';
import { NodeKind } from '../../core/node-kind';
import { Component } from '../component/component';
import { StaticPodMount } from '../component/static-pod-mounts';
import { ControlPlaneModel, ExternalEtcd, LocalEtcd } from '../control-plane-model';
import { PKI } from '../paths';
import { kubeadmEncryptionAlgorithm } from '../pki/certificate-options';
import { endpointHosts } from '../pki/cluster-pki';

/**
 * kubeadm makes a token of its own and prints it, into a log as often as not. So it is one of a group that nothing is granted to: it lets no node
 * join. Leaving it out would give one that does, for a day.
 */
const TOKEN_WITHOUT_RIGHTS = {
  description: 'Made by kubeadm init. It grants nothing: node-join makes those that let nodes join.',
  groups: ['system:bootstrappers:nothing'],
  ttl: '1m0s',
  usages: ['authentication'],
};

/** `InitConfiguration`, `ClusterConfiguration` and what kubeadm hands to every kubelet and kube-proxy, for `kubeadm init --config`. */
export function kubeadmInitYaml(model: ControlPlaneModel): string {
  const { profile } = model;
  const api = new KubeadmApi(profile.kubernetesVersion);
  const { apiVersion } = api;
  return Yaml.stringify(
    {
      apiVersion,
      kind: 'InitConfiguration',
      bootstrapTokens: [TOKEN_WITHOUT_RIGHTS],
      localAPIEndpoint: { bindPort: profile.apiServerPort },
      nodeRegistration: api.nodeRegistration(NodeKind.CONTROL_PLANE),
      skipPhases: skippedPhases(model, api),
    },
    { apiVersion, kind: 'ClusterConfiguration', ...clusterConfiguration(model, api) },
    ...nodeConfigurations(model),
  );
}

/** What kubeadm hands to every kubelet and kube-proxy. */
function nodeConfigurations({ at, profile, kubelet, kubeProxy }: ControlPlaneModel): Record<string, unknown>[] {
  const proxy = kubeProxy._document({ at, profile });
  return [kubelet._document({ at, profile, staticPodPath: '/etc/kubernetes/manifests' }), ...(proxy ? [proxy] : [])];
}

function skippedPhases({ kubeProxy }: ControlPlaneModel, api: KubeadmApi): string[] {
  // Commands to join would fail: they hold that token.
  return [...(kubeProxy.replaced && !api.isV1beta4 ? ['addon/kube-proxy'] : []), 'show-join-command'];
}

function clusterConfiguration(model: ControlPlaneModel, api: KubeadmApi): Record<string, unknown> {
  const { profile } = model;
  const [endpoint] = profile.apiEndpoints;
  const otherHosts = endpointHosts(profile).slice(1);
  return {
    clusterName: profile.name,
    kubernetesVersion: model.release ?? `stable-${profile.kubernetesVersion}`,
    ...(endpoint === undefined ? {} : { controlPlaneEndpoint: hostAndPort(endpoint) }),
    certificatesDir: PKI,
    ...(api.isV1beta4 ? {
      certificateValidityPeriod: '8760h0m0s',
      caCertificateValidityPeriod: '87600h0m0s',
      encryptionAlgorithm: kubeadmEncryptionAlgorithm(model.pki, profile.kubernetesVersion),
    } : {}),
    ...(model.kubeProxy.replaced && api.isV1beta4 ? { proxy: { disabled: true } } : {}),
    networking: {
      podSubnet: profile.podCidrs.join(','),
      serviceSubnet: profile.serviceCidrs.join(','),
      dnsDomain: profile.dnsDomain,
    },
    apiServer: {
      ...(otherHosts.length > 0 ? { certSANs: otherHosts } : {}),
      ...component(model.apiServer, api),
    },
    controllerManager: component(model.controllerManager, api),
    scheduler: component(model.scheduler, api),
    etcd: etcd(model.etcd, api),
  };
}

function component({ flags, mounts }: Component, api: KubeadmApi): Record<string, unknown> {
  return { extraArgs: api.extraArgs(flags), ...(mounts.all.length > 0 && { extraVolumes: mounts.all.map(extraVolume) }) };
}

function etcd(model: LocalEtcd | ExternalEtcd, api: KubeadmApi): Record<string, unknown> {
  if (model.kind === 'external') {
    const { endpoints, caFile, certFile, keyFile } = model;
    return { external: { endpoints, caFile, certFile, keyFile } };
  }
  return {
    local: {
      extraArgs: api.extraArgs(model.etcd.flags),
      ...(model.serverCertSANs.length > 0 ? { serverCertSANs: model.serverCertSANs } : {}),
      peerCertSANs: model.peerCertSANs,
    },
  };
}

function extraVolume({ name, path, readOnly, pathType }: StaticPodMount): Record<string, unknown> {
  return { name, hostPath: path, mountPath: path, readOnly, pathType };
}

/** The port that clients use, which a load balancer may map to another on the nodes. */
function hostAndPort(address: string): string {
  const url = new URL(address);
  return `${url.hostname}:${url.port || 443}`;
}
