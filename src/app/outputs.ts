import { tmpdir } from 'os';
import * as path from 'path';
import { invalid } from '../core/errors';

/** Where each output goes. */
export interface Outputs {
  readonly manifests: string;
  readonly nodes: string;
  readonly terraform: string;
  readonly evidence: string;
}

/**
 * The folders as evidence names them: as the program does, and those that it names from the root, from the folder that holds the evidence. So the
 * evidence has the same bytes in every working directory and on every machine.
 *
 * `cdk8s synth --stdout` hands the program a folder for manifests that is new in each run and gone after it. It is called `dist`, as without the
 * flag: the evidence has the same bytes with it and without.
 *
 * @param isOfEnvironment whether the folder for manifests is none that the program chose
 */
export function folderNames(outputs: Outputs, isOfEnvironment: boolean): Outputs {
  const folder = path.resolve(outputs.manifests);
  const base = path.dirname(path.resolve(outputs.evidence));
  const nameOf = (output: string) => (path.isAbsolute(output) ? path.relative(base, output) : path.normalize(output)).split(path.sep).join('/').replace(/\/$/, '');
  const isTemporary = isOfEnvironment && isInside(folder, tmpdir()) && !isInside(folder, process.cwd());
  return {
    manifests: isTemporary ? 'dist' : nameOf(outputs.manifests), nodes: nameOf(outputs.nodes), terraform: nameOf(outputs.terraform),
    evidence: nameOf(outputs.evidence),
  };
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
