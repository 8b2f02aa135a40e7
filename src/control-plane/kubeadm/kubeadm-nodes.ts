import { kubeadmInitYaml } from './kubeadm-config';
import { kubeadmJoinYaml } from './kubeadm-join';
import { nodeJoinScript } from './node-join-script';
import { NodeFileKind } from '../../core/node-file';
import { ControlPlaneModel } from '../control-plane-model';
import { KUBEADM } from '../paths';

/** What kubeadm reads on every node, and the script that lets nodes join. */
export function addKubeadmFiles(model: ControlPlaneModel): void {
  const { nodes, workers, profile } = model;
  nodes.addFile({ path: KUBEADM.init, content: kubeadmInitYaml(model), kind: NodeFileKind.RESTRICTED });
  nodes.addFile({ path: KUBEADM.nodeJoin, content: nodeJoinScript(model.tokenDiscovery), kind: NodeFileKind.EXECUTABLE, mode: '0700' });
  for (const role of [nodes, ...workers]) {
    role.addFile({ path: KUBEADM.join, content: kubeadmJoinYaml(profile, role.kind), kind: NodeFileKind.RESTRICTED });
  }
}
