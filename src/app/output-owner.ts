import * as fs from 'fs';
import * as path from 'path';
import { invalid } from '../core/errors';

/**
 * Refuses to write where another cluster's outputs are: the folders would hold what is left of both, and pruning would take one's files away.
 * The evidence, which every run writes, names the cluster.
 *
 * @param folder of the evidence
 * @throws if the evidence in it is another cluster's
 */
export function checkOwner(folder: string, cluster: string): void {
  const owner = ownerOf(folder);
  if (owner !== undefined && owner !== cluster) {
    throw invalid({
      at: 'HardenedApp',
      property: 'evidenceOutdir',
      got: folder,
      allowed: `folders in which no other cluster's outputs are (these hold those of "${owner}", and this app is "${cluster}")`,
      fix: 'Give each cluster its own outdir, nodesOutdir, terraformOutdir and evidenceOutdir. Where the old outputs are no longer wanted, delete them.',
    });
  }
}

/** Undefined where there is no evidence, or something else has its name. */
function ownerOf(folder: string): string | undefined {
  try {
    const { cluster } = JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8')) as { readonly cluster?: { readonly name?: string } };
    return cluster?.name;
  } catch {
    return undefined;
  }
}
