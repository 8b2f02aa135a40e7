import { KubeadmApi } from './kubeadm-api';
import { kubeadmInitYaml } from './kubeadm-config';
import { kubeadmHereScript } from './kubeadm-here-script';
import { kubeadmJoinYaml } from './kubeadm-join';
import { nodeJoinScript } from './node-join-script';
import { invalid } from '../../core/errors';
import { NodeFileKind } from '../../core/node-file';
import { ControlPlaneModel } from '../control-plane-model';
import { machineFiles } from '../machine-files';
import { KUBEADM } from '../paths';
import { ControlPlaneNode } from '../pki/certificate-options';

/**
 * What kubeadm reads on every node, the script that lets nodes join, and where the machines are known the one that gives kubeadm their addresses.
 *
 * @param machines the control-plane nodes, as far as they are known
 */
export function addKubeadmFiles(model: ControlPlaneModel, machines: readonly ControlPlaneNode[]): void {
  const { nodes, workers, profile } = model;
  checkEndpoint(model, machines);
  nodes.addFile({ path: KUBEADM.init, content: kubeadmInitYaml(model), kind: NodeFileKind.RESTRICTED });
  nodes.addFile({ path: KUBEADM.nodeJoin, content: nodeJoinScript(model.tokenDiscovery), kind: NodeFileKind.EXECUTABLE, mode: '0700' });
  for (const role of [nodes, ...workers]) {
    role.addFile({ path: KUBEADM.join, content: kubeadmJoinYaml(profile, role.kind), kind: NodeFileKind.RESTRICTED });
  }
  if (machines.length > 0) {
    machineFiles(machines).forEach((file) => nodes.addFile(file));
    nodes.addFile({
      path: KUBEADM.here, content: kubeadmHereScript(new KubeadmApi(profile.kubernetesVersion)), kind: NodeFileKind.EXECUTABLE, mode: '0700',
    });
  }
}

/** @throws where kubeadm would refuse a second node: "the cluster doesn't have a stable controlPlaneEndpoint address" */
function checkEndpoint({ at, profile, etcd }: ControlPlaneModel, machines: readonly ControlPlaneNode[]): void {
  if (machines.length > 1 && profile.apiEndpoints.length === 0) {
    throw invalid({
      at,
      property: etcd.kind === 'local' ? 'etcd' : 'certificates.nodes',
      got: machines.map(({ name }) => name),
      allowed: 'one control-plane node where the profile states no apiEndpoints: kubeadm lets none join a cluster without a common address',
      fix: 'State apiEndpoints in the profile: the name or address that all API servers are reached by, such as that of a load balancer. It can\'t be changed easily later.',
    });
  }
}
