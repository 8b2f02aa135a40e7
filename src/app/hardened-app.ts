import * as path from 'path';
import { App, AppProps } from 'cdk8s';
import { checkResults } from './check-results';
import { evaluateApp } from './evaluate-app';
import { failureText } from './failure-text';
import { checkOwner } from './output-owner';
import { checkApart, folderNames, Outputs } from './outputs';
import { traceConstructs } from './source-lines';
import { summaryLines } from './summary';
import { evaluateYaml, ManifestSet } from './synthesis/manifests';
import { OutputFile, stageFiles, staleFiles, WriteOptions } from './synthesis/write-files';
import { evaluateTerraform } from './terraform-output';
import { BaselineUpdate } from '../controls/results/baseline';
import { ClusterProfile } from '../core/cluster-profile';
import { constructFindings } from '../core/construct-findings';
import { checkProps, KnownProps } from '../core/known-props';
import { checkMadeBy } from '../core/made-by';
import { setToday } from '../core/today';
import { writesNodeFiles } from '../core/tree-outputs';
import { WrittenObject } from '../evidence/inventory';
import { evidence } from '../evidence/report';
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
   * The day that expiry is measured against, as `YYYY-MM-DD`. It is never written to an output.
   * @default - the day of SOURCE_DATE_EPOCH, else today, in UTC
   */
  readonly date?: string;
  /**
   * Whether findings name the line of the program that made their object. It works for programs in JavaScript and TypeScript (run with source
   * maps, as tsx, ts-node and jest do), and makes constructs slower: each one remembers a stack trace.
   * @default - true if CDK8S_HARDENED_CAPTURE_SOURCE=1 is in the environment, else false
   */
  readonly captureSourceLines?: boolean;
  /**
   * Whether `synth` prints no summary to standard error. Stale files are named there.
   * @default false
   */
  readonly quiet?: boolean;
}

const PROPS: KnownProps<HardenedAppProps> = {
  cluster: true, nodesOutdir: true, terraformOutdir: true, evidenceOutdir: true, date: true, captureSourceLines: true, quiet: true,
  outdir: true, outputFileExtension: true, yamlOutputType: true, recordConstructMetadata: true, resolvers: true,
};

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
  private readonly takesEnvironment: boolean;

  constructor(props: HardenedAppProps = {}) {
    super(checkProps(props, PROPS, { at: 'HardenedApp' }));
    this.cluster = checkMadeBy('ClusterProfile', props.cluster ?? new ClusterProfile({ name: 'cluster' }), {
      at: 'HardenedApp', property: 'cluster', fix: 'Make it by new ClusterProfile({ … }).',
    });
    this.outputs = {
      manifests: this.outdir,
      nodes: props.nodesOutdir ?? 'nodes.out',
      terraform: props.terraformOutdir ?? 'cdktf.out',
      evidence: props.evidenceOutdir ?? 'evidence.out',
    };
    checkApart(this.outputs);
    this.takesEnvironment = props.outdir === undefined && process.env.CDK8S_OUTDIR !== undefined;
    this.quiet = props.quiet ?? false;
    this.recordsMetadata = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
    this.cluster.attachTo(this);
    writesNodeFiles(this);
    if (props.date !== undefined) {
      setToday(this, props.date);
    }
    if (props.captureSourceLines ?? process.env.CDK8S_HARDENED_CAPTURE_SOURCE === '1') {
      traceConstructs(this);
    }
  }

  /**
   * Writes all outputs, and the baseline files that are to be updated, or none of them: where enforced findings fail the run, the evidence alone is
   * written, so that pipelines can show it.
   *
   * Objects are held to the controls that `Controls.of` attached. Where it attached none to the app itself, findings of
   * `ControlPack.recommended()` are reported.
   * @throws if a control that is enforced isn't met, a waiver is unused or has ended, a validation fails, constructs depend on each other in a
   * circle, two objects are one and the same to the API server, or a file can't be written
   */
  public synth(): void {
    checkOwner(this.outputs.evidence, this.cluster.name);
    const names = folderNames(this.outputs, this.takesEnvironment);
    const { manifests, ...judgement } = evaluateApp(this, names.manifests);
    const files = {
      manifests: manifests.outputFiles(this.recordsMetadata),
      nodes: nodeRolesOf(this).flatMap(renderNodeRole),
      terraform: evaluateTerraform(this),
    };
    const checks = checkResults(this, judgement);
    const enforced = checks.findings.filter(({ status }) => status === 'enforced');
    const failures = [...judgement.waiverFailures, ...judgement.otherFailures];
    const fails = enforced.length + failures.length > 0;
    const findings = [...this.cluster.findings, ...constructFindings(this)];
    const report = evidence({
      profile: this.cluster,
      objects: writtenObjects(manifests),
      files: (['manifests', 'nodes', 'terraform'] as const).flatMap((output) => below(names[output], files[output])),
      findings,
      evidenceFolder: names.evidence,
      fails,
    }, checks);
    if (fails) {
      stageFiles(this.outputs.evidence, report, { prune: true }).commit();
      throw new Error(failureText(this.outputs.evidence, enforced, failures));
    }
    this.write({ ...files, evidence: report }, manifests, judgement.outcome.baselineUpdates);
    if (!this.quiet) {
      const counts = { objects: manifests.documents.length, files: { ...files, evidence: report } };
      const stale = staleFiles(this.outdir, files.manifests.map((file) => file.path), this.outputFileExtension);
      const said = { checks, findings, stale, baselineUpdates: judgement.outcome.baselineUpdates };
      process.stderr.write(summaryLines(this.cluster, this.outputs, counts, said).map((line) => `${line}\n`).join(''));
    }
  }

  /** All manifests as one YAML text, as `App.synthYaml` returns it. Nothing is written. */
  public synthYaml(): string {
    const manifests = evaluateYaml(this);
    return manifests.files.map((file) => manifests.render(file)).join('');
  }

  private write(files: Record<keyof Outputs, readonly OutputFile[]>, manifests: ManifestSet, baselines: readonly BaselineUpdate[]): void {
    const options: Record<keyof Outputs, WriteOptions> = {
      manifests: { folders: manifests.folders }, nodes: { prune: true }, terraform: { prune: true }, evidence: { prune: true },
    };
    const staged: ReturnType<typeof stageFiles>[] = [];
    try {
      for (const output of Object.keys(options) as (keyof Outputs)[]) {
        staged.push(stageFiles(this.outputs[output], files[output], options[output]));
      }
      for (const { path: file, content } of baselines) {
        staged.push(stageFiles(path.dirname(file), [{ path: path.basename(file), content }]));
      }
      staged.forEach((each) => each.commit());
    } catch (error) {
      staged.reverse().forEach((each) => each.discard());
      throw error;
    }
  }
}

function below(folder: string, files: readonly OutputFile[]): OutputFile[] {
  return files.map((file) => ({ ...file, path: path.posix.join(folder, file.path) }));
}

function writtenObjects(manifests: ManifestSet): WrittenObject[] {
  return manifests.documents.map(({ json, object, chart }) => ({ json, constructPath: (object ?? chart).node.path }));
}
