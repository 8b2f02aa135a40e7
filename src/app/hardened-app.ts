import { App, AppProps } from 'cdk8s';
import { checkDistinct } from './distinct-objects';
import { checkApart, Outputs } from './outputs';
import { summaryLines } from './summary';
import { evaluateManifests, evaluateYaml, ManifestSet } from './synthesis/manifests';
import { OutputFile, stageFiles, staleFiles, WriteOptions } from './synthesis/write-files';
import { evaluateTerraform } from './terraform-output';
import { ClusterProfile } from '../core/cluster-profile';
import { writesNodeFiles } from '../core/tree-outputs';
import { WrittenObject } from '../evidence/inventory';
import { evidence, sortedFindings } from '../evidence/report';
import { nodeRolesOf } from '../nodes/node-role';
import { renderNodeRole } from '../nodes/render-node-role';

/** Settings of an app: one cluster and where its outputs go. */
export interface HardenedAppProps extends AppProps {
  /**
   * What the cluster is. Every construct below reads it.
   * @default - the documented defaults of ClusterProfile, named "cluster"
   */
  readonly cluster?: ClusterProfile;
  /**
   * Folder for node files, resolved from the working directory.
   * @default nodes.out
   */
  readonly nodesOutdir?: string;
  /**
   * Folder for Terraform, resolved from the working directory.
   * @default cdktf.out
   */
  readonly terraformOutdir?: string;
  /**
   * Folder for evidence, resolved from the working directory.
   * @default evidence.out
   */
  readonly evidenceOutdir?: string;
  /**
   * Whether `synth` prints no summary to standard error. Stale files are named there.
   * @default false
   */
  readonly quiet?: boolean;
}

/**
 * One cluster: manifests, node files, Terraform and evidence from one tree.
 *
 * Manifests go to `outdir` byte for byte as cdk8s writes them, in time linear in the number of objects. Node files, Terraform and evidence
 * go to folders of their own, resolved from the working directory whatever `CDK8S_OUTDIR` says, and freed of files that earlier runs wrote.
 * All outputs are evaluated before the first is written: an error leaves every folder as it was.
 */
export class HardenedApp extends App {
  /** What the cluster is. */
  public readonly cluster: ClusterProfile;
  private readonly outputs: Outputs;
  private readonly quiet: boolean;
  private readonly recordsMetadata: boolean;

  constructor(props: HardenedAppProps = {}) {
    super(props);
    this.cluster = props.cluster ?? new ClusterProfile({ name: 'cluster' });
    this.outputs = {
      manifests: this.outdir,
      nodes: props.nodesOutdir ?? 'nodes.out',
      terraform: props.terraformOutdir ?? 'cdktf.out',
      evidence: props.evidenceOutdir ?? 'evidence.out',
    };
    checkApart(this.outputs);
    this.quiet = props.quiet ?? false;
    this.recordsMetadata = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
    this.cluster.attachTo(this);
    writesNodeFiles(this);
  }

  /**
   * Writes all outputs, or none of them.
   * @throws if a validation fails, constructs depend on each other in a circle, two objects are one and the same to the API server, or a file
   * can't be written
   */
  public synth(): void {
    const manifests = evaluateManifests(this);
    checkDistinct(manifests);
    const files = {
      manifests: manifests.outputFiles(this.recordsMetadata),
      nodes: nodeRolesOf(this).flatMap(renderNodeRole),
      terraform: evaluateTerraform(this),
    };
    const findings = sortedFindings(this.cluster.findings);
    const report = evidence({
      profile: this.cluster,
      objects: writtenObjects(manifests),
      files: Object.entries(files).flatMap(([output, each]) => each.map((file) => ({ ...file, path: `${FOLDER_NAMES[output as keyof typeof files]}/${file.path}` }))),
      findings,
    });
    this.write({ ...files, evidence: report }, manifests);
    if (!this.quiet) {
      const counts = { objects: manifests.documents.length, files: { ...files, evidence: report } };
      const stale = staleFiles(this.outdir, files.manifests.map((file) => file.path), this.outputFileExtension);
      process.stderr.write(summaryLines(this.cluster, this.outputs, counts, findings, stale).map((line) => `${line}\n`).join(''));
    }
  }

  /** All manifests as one YAML text, as `App.synthYaml` returns it. Nothing is written. */
  public synthYaml(): string {
    const manifests = evaluateYaml(this);
    return manifests.files.map((file) => manifests.render(file)).join('');
  }

  private write(files: Record<keyof Outputs, readonly OutputFile[]>, manifests: ManifestSet): void {
    const options: Record<keyof Outputs, WriteOptions> = {
      manifests: { folders: manifests.folders }, nodes: { prune: true }, terraform: { prune: true }, evidence: { prune: true },
    };
    const staged: ReturnType<typeof stageFiles>[] = [];
    try {
      for (const output of Object.keys(options) as (keyof Outputs)[]) {
        staged.push(stageFiles(this.outputs[output], files[output], options[output]));
      }
      staged.forEach((each) => each.commit());
    } catch (error) {
      staged.forEach((each) => each.discard());
      throw error;
    }
  }
}

/** Names in the evidence; they don't depend on where a run writes. */
const FOLDER_NAMES = { manifests: 'dist', nodes: 'nodes.out', terraform: 'cdktf.out' };

function writtenObjects(manifests: ManifestSet): WrittenObject[] {
  return manifests.documents.map(({ json, object, chart }) => ({ json, constructPath: (object ?? chart).node.path }));
}
