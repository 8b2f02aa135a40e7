import { App } from 'cdk8s';
import { ControlPlane, ControlPlaneProps } from '../../src/control-plane/control-plane';
import { EtcdTlsConfig } from '../../src/control-plane/etcd/etcd-tls-config';
import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodeKind } from '../../src/core/node-kind';
import { writesNodeFiles } from '../../src/core/tree-outputs';
import { NodeRole } from '../../src/nodes/node-role';

export const MEMBERS = [11, 12, 13].map((host, i) => ({ name: `cp-${i + 1}`, address: `10.0.16.${host}` }));

/** What kubeadm wants of a cluster with more than one control-plane node. */
export const ENDPOINT = 'https://api.prod.internal:6443';

/** An app whose node files are written, as a HardenedApp's are. */
export function nodeFilesApp(profile: Partial<ClusterProfileProps> = {}): App {
  const app = new App();
  writesNodeFiles(app);
  new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.V1_36, ...profile }).attachTo(app);
  return app;
}

export interface Cluster {
  readonly nodes: NodeRole;
  readonly etcdNodes: NodeRole;
  readonly controlPlane: ControlPlane;
}

/**
 * A control plane with three members of etcd, stacked unless said otherwise.
 * @param ofApp properties that need the app, such as roles
 */
export function cluster(
  profile: Partial<ClusterProfileProps> = {}, props: Partial<ControlPlaneProps> = {}, external = false,
  ofApp: (app: App) => Partial<ControlPlaneProps> = () => ({}),
): Cluster {
  const app = nodeFilesApp({ apiEndpoints: [ENDPOINT], ...profile });
  const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
  const etcdNodes = new NodeRole(app, 'etcd', { kind: NodeKind.ETCD });
  const controlPlane = new ControlPlane(app, 'kubernetes', {
    nodes,
    etcd: new EtcdTlsConfig({ members: MEMBERS }),
    ...(external ? { etcdNodes } : {}),
    ...props,
    ...ofApp(app),
  });
  return { nodes, etcdNodes, controlPlane };
}

/** A file's text. */
export function contentOf(nodes: NodeRole, path: string): string {
  const file = nodes.files.find((candidate) => candidate.path === path);
  if (!file) {
    throw new Error(`no file ${path} among ${nodes.files.map((candidate) => candidate.path).join(', ')}`);
  }
  return file.content;
}
