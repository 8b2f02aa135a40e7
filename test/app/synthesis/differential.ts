import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App } from 'cdk8s';
import { buildTree, planTree, TreePlan } from './random-tree';
import { evaluateManifests, evaluateYaml } from '../../../src/app/synthesis/manifests';
import { writeFiles } from '../../../src/app/synthesis/write-files';

/** What synthesis came to: files by path (folders as null), a string, or an error. */
export type Outcome = { files: Record<string, string | null> } | { yaml: string } | { error: string };

export interface Comparison {
  readonly plan: TreePlan;
  readonly expected: Outcome;
  readonly actual: Outcome;
}

/** Synthesizes the tree of a seed by cdk8s and by the linear synthesis. */
export function compare(seed: number): Comparison {
  const plan = planTree(seed);
  const [byPlain, byLinear] = seed % 5 === 0 ? [plainYaml, linearYaml] : [plainFiles, linearFiles];
  return { plan, expected: outcome(plan, byPlain), actual: outcome(plan, byLinear) };
}

export function same({ expected, actual }: Comparison): boolean {
  return JSON.stringify(expected) === JSON.stringify(actual);
}

function outcome(plan: TreePlan, synthesize: (app: App, plan: TreePlan) => string | undefined): Outcome {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'synthesis-'));
  try {
    const yaml = synthesize(buildTree(plan, folder), plan);
    return yaml === undefined ? { files: read(folder) } : { yaml };
  } catch (error) {
    return { error: (error as Error).message };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function plainFiles(app: App): undefined {
  app.synth();
}

function linearFiles(app: App, plan: TreePlan): undefined {
  const manifests = evaluateManifests(app);
  writeFiles(app.outdir, manifests.outputFiles(plan.recordConstructMetadata), { folders: manifests.folders });
}

function plainYaml(app: App): string {
  return app.synthYaml();
}

function linearYaml(app: App): string {
  const manifests = evaluateYaml(app);
  return manifests.render(manifests.files[0]);
}

function read(folder: string): Record<string, string | null> {
  const result: Record<string, string | null> = {};
  for (const entry of (fs.readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const file = path.join(folder, entry);
    result[entry] = fs.statSync(file).isDirectory() ? null : fs.readFileSync(file, 'utf8');
  }
  return result;
}
