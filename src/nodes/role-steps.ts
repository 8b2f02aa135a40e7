import type { NodeRole } from './node-role';
import { NodeFile } from '../core/node-file';

/** A role's files in the two steps that every renderer keeps apart. */
export interface FileSteps {
  /** Files of root: written first, so that no program of a package starts without its configuration. */
  readonly beforePackages: NodeFile[];
  /** Files of other owners, whom a package may have created. */
  readonly afterPackages: NodeFile[];
}

/** Sorts a role's files into those two steps. */
export function fileSteps(role: NodeRole): FileSteps {
  const files = role.files;
  return {
    beforePackages: files.filter(belongsToRoot),
    afterPackages: files.filter((file) => !belongsToRoot(file)),
  };
}

function belongsToRoot(file: NodeFile): boolean {
  return file.owner === 'root' && file.group === 'root';
}
