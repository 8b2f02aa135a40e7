import { Yaml } from 'cdk8s';
import { KubeadmApi } from './kubeadm-api';
import { ClusterProfile } from '../../core/cluster-profile';
import { NodeKind } from '../../core/node-kind';
import { KUBEADM } from '../paths';

/**
 * `JoinConfiguration` for `kubeadm join --config`. The node learns from a file where the cluster is, which CA it has and which token it takes: it
 * asks nobody whom it can't verify. The file is made by `node-join` and is no part of any output.
 */
export function kubeadmJoinYaml(profile: ClusterProfile, kind: NodeKind): string {
  const api = new KubeadmApi(profile.kubernetesVersion);
  return Yaml.stringify({
    apiVersion: api.apiVersion,
    kind: 'JoinConfiguration',
    ...(kind === NodeKind.CONTROL_PLANE && { controlPlane: { localAPIEndpoint: { bindPort: profile.apiServerPort } } }),
    discovery: { file: { kubeConfigPath: KUBEADM.discovery } },
    nodeRegistration: api.nodeRegistration(kind),
  });
}
