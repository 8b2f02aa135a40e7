import { App } from 'cdk8s';
import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { NodeKind } from '../../src/core/node-kind';
import { writesNodeFiles } from '../../src/core/tree-outputs';
import { NodeRole, NodeRoleProps } from '../../src/nodes/node-role';

/** An app whose node files count as written, with a profile if one is given. */
export function nodeApp(profile?: Partial<ClusterProfileProps>): App {
  const app = new App();
  writesNodeFiles(app);
  if (profile) {
    new ClusterProfile({ name: 'prod', ...profile }).attachTo(app);
  }
  return app;
}

/** A worker role in an app of its own. */
export function workerRole(props: Partial<NodeRoleProps> = {}): NodeRole {
  return new NodeRole(nodeApp(), 'worker', { kind: NodeKind.WORKER, ...props });
}
