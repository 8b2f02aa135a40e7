import * as path from 'path';
import { invalid } from '../core/errors';

/** Where each output goes. */
export interface Outputs {
  readonly manifests: string;
  readonly nodes: string;
  readonly terraform: string;
  readonly evidence: string;
}

/** `cdk8s synth` deletes dist and takes every YAML file below it for a manifest; pruning must not meet another output. */
export function checkApart(outputs: Outputs): void {
  const names = { manifests: 'outdir', nodes: 'nodesOutdir', terraform: 'terraformOutdir', evidence: 'evidenceOutdir' };
  const all = (Object.keys(names) as (keyof Outputs)[]).map((output) => ({ property: names[output], folder: path.resolve(outputs[output]) }));
  for (const a of all) {
    for (const b of all) {
      if (a !== b && isInside(b.folder, a.folder)) {
        throw invalid({
          at: 'HardenedApp', property: b.property, got: b.folder, allowed: `a folder that is not ${a.property} (${a.folder}) nor below it`, fix: 'Give each output a folder of its own, side by side.',
        });
      }
    }
  }
}

function isInside(folder: string, parent: string): boolean {
  const relative = path.relative(parent, folder);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
