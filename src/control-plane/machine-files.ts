import { ControlPlaneNode } from './pki/certificate-options';
import { NodeFileKind, NodeFileProps } from '../core/node-file';

/** A file for each machine of the control plane, by its short host name: what differs from one to another. */
export const MACHINES = '/etc/kubernetes/machines';

/** All lie on every machine, which takes the one of its own name. */
export function machineFiles(machines: readonly ControlPlaneNode[]): NodeFileProps[] {
  return machines.map(({ name, address }) => ({ path: `${MACHINES}/${name}.env`, content: `NODE_IP=${address}\n`, kind: NodeFileKind.RESTRICTED }));
}
