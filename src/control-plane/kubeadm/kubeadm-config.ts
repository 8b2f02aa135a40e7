import { Yaml } from 'cdk8s';
import { has } from '../availability';
import { ComponentFlags } from '../component/component-flags';
import { StaticPodMount } from '../component/static-pod-mounts';
import { ControlPlaneModel, ExternalEtcd, LocalEtcd } from '../control-plane-model';
import { PKI } from '../paths';
import { endpointHosts } from '../pki/cluster-pki';

/**
 * `InitConfiguration` and `ClusterConfiguration` for `kubeadm init --config`. Up to 1.30 kubeadm reads v1beta3, whose extra arguments are maps;
 * from 1.31 on v1beta4, whose are lists.
 */
export function kubeadmInitYaml(model: ControlPlaneModel): string {
  const lists = has(model.profile.kubernetesVersion, 'kubeadm v1beta4');
  const apiVersion = `kubeadm.k8s.io/${lists ? 'v1beta4' : 'v1beta3'}`;
  return Yaml.stringify(
    { apiVersion, kind: 'InitConfiguration', localAPIEndpoint: { bindPort: model.profile.apiServerPort } },
    { apiVersion, kind: 'ClusterConfiguration', ...clusterConfiguration(model, lists) },
  );
}

function clusterConfiguration(model: ControlPlaneModel, lists: boolean): Record<string, unknown> {
  const { profile } = model;
  const [endpoint] = profile.apiEndpoints;
  const otherHosts = endpointHosts(profile).slice(1);
  return {
    clusterName: profile.name,
    kubernetesVersion: model.release ?? `stable-${profile.kubernetesVersion}`,
    ...(endpoint === undefined ? {} : { controlPlaneEndpoint: hostAndPort(endpoint) }),
    certificatesDir: PKI,
    ...(lists ? { certificateValidityPeriod: '8760h0m0s', caCertificateValidityPeriod: '87600h0m0s' } : {}),
    networking: {
      podSubnet: profile.podCidrs.join(','),
      serviceSubnet: profile.serviceCidrs.join(','),
      dnsDomain: profile.dnsDomain,
    },
    apiServer: {
      ...(otherHosts.length > 0 ? { certSANs: otherHosts } : {}),
      extraArgs: extraArgs(model.apiServer.flags, lists),
      extraVolumes: model.apiServer.mounts.all.map(extraVolume),
    },
    controllerManager: { extraArgs: extraArgs(model.controllerManager.flags, lists) },
    scheduler: { extraArgs: extraArgs(model.scheduler.flags, lists) },
    etcd: etcd(model.etcd, lists),
  };
}

function etcd(model: LocalEtcd | ExternalEtcd, lists: boolean): Record<string, unknown> {
  if (model.kind === 'external') {
    const { endpoints, caFile, certFile, keyFile } = model;
    return { external: { endpoints, caFile, certFile, keyFile } };
  }
  return {
    local: {
      extraArgs: extraArgs(model.etcd.flags, lists),
      ...(model.serverCertSANs.length > 0 ? { serverCertSANs: model.serverCertSANs } : {}),
      peerCertSANs: model.peerCertSANs,
    },
  };
}

function extraArgs(flags: ComponentFlags, lists: boolean): unknown {
  return lists ? flags.all : Object.fromEntries(flags.all.map(({ name, value }) => [name, value]));
}

function extraVolume({ name, path, readOnly, pathType }: StaticPodMount): Record<string, unknown> {
  return { name, hostPath: path, mountPath: path, readOnly, pathType };
}

/** The port that clients use, which a load balancer may map to another on the nodes. */
function hostAndPort(address: string): string {
  const url = new URL(address);
  return `${url.hostname}:${url.port || 443}`;
}
