import type { NodeRole } from './node-role';
import { NodeOutputFile } from './output-file';

/** Everything that a role writes, in all of its forms, by path. */
export function renderNodeRole(role: NodeRole): NodeOutputFile[] {
  return role.renderers
    .flatMap((renderer) => renderer._render(role))
    .map((file) => ({ ...file, path: `${role.roleName}/${file.path}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
