import { App, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { checkResults } from './check-results';
import { EvaluatedApp, evaluateApp } from './evaluate-app';
import { checkPack, ControlPack } from '../controls/pack';
import { checkObjects } from '../controls/results/check-objects';
import { CheckedObject } from '../controls/results/checked-object';
import { ControlsResolver, Mode } from '../controls/results/resolved-controls';
import { ClusterProfile } from '../core/cluster-profile';
import { constructFindings } from '../core/construct-findings';
import { invalid } from '../core/errors';
import { Finding } from '../core/finding';
import { NodeFile } from '../core/node-file';
import { writesAllOrNothing } from '../core/tree-outputs';
import { ReportedFinding } from '../evidence/check-results';
import { findingsTable } from '../evidence/findings-table';
import { sortedFindings } from '../evidence/sorted-findings';
import { withoutSecrets } from '../evidence/without-secrets';
import { nodeRolesOf } from '../nodes/node-role';

/** Columns of a message, as of the error of a synth that fails. */
const WIDTH = 100;
/** Worst findings that a message shows; its last line counts all. */
const MOST_SHOWN = 100;

/**
 * What tests ask of a scope: an app, a chart, a namespace, a workload, a single object. It is for jest and any other runner: what isn't as it has to be
 * is thrown.
 *
 * Each call evaluates the whole app anew, as a synth does, with what `harden` changes and what waivers accept, so that a test sees what will be
 * written. It never writes a file. It works under `HardenedApp` and under a plain `App`.
 */
export class HardenedTesting {
  /**
   * What tests ask of a scope.
   * @throws if it is no construct below an App
   */
  public static of(scope: IConstruct): HardenedTesting {
    const root: unknown = Construct.isConstruct(scope) ? scope.node.root : undefined;
    if (!(root instanceof App)) {
      throw invalid({
        at: 'HardenedTesting.of', property: 'scope', got: Construct.isConstruct(scope) ? scope.node.path : scope, allowed: 'an App, or a construct below one',
        fix: 'Give the app, a chart, a namespace, a workload or an object.',
      });
    }
    return new HardenedTesting(scope, root);
  }

  private constructor(private readonly scope: IConstruct, private readonly app: App) {}

  /**
   * Asserts that everything below the scope meets every control of packs, whether they are attached there or not. What a waiver or a baseline file
   * accepts passes; what `failOn` leaves to reports doesn't.
   *
   * Without packs it asserts that what was attached by `Controls.of` lets a synth pass: no enforced finding is below the scope and, where the scope
   * is the app, no waiver and no entry of a baseline is of no use.
   *
   * @throws with the findings in the form in which a failing synth and `cdk8s-hardened check` show them; if nothing is below the scope that could be
   * judged; without packs, if none is enforced for anything below the scope; whatever keeps the app from being written
   */
  public toSatisfy(...packs: ControlPack[]): void {
    const app = this.evaluate();
    const isAttached = packs.length === 0;
    if (!app.objects.some((object) => this.isBelow(object))) {
      throw invalid({
        at: this.scope, property: 'scope', allowed: 'a construct with Kubernetes objects below it', fix: 'Nothing would be judged: give the scope that makes the objects.',
      });
    }
    if (isAttached && !this.isEnforced(app)) {
      throw invalid({
        at: this.scope, property: 'packs', got: packs, allowed: 'one or more packs, where Controls.of enforces none for what is below the scope',
        fix: 'Nothing could fail: name a pack, as in toSatisfy(ControlPack.recommended()), or enforce one.',
      });
    }
    const findings = this.found(app, packs).filter(({ status }) => status === 'enforced');
    const failures = isAttached && this.scope === this.app ? [...app.waiverFailures, ...app.otherFailures] : [];
    if (findings.length + failures.length > 0) {
      const what = isAttached ? 'what is enforced isn\'t met' : `not satisfied: ${packs.map(({ name }) => name).join(', ')}`;
      const parts = [...(findings.length > 0 ? [findingsTable(findings, WIDTH, MOST_SHOWN)] : []), ...failures];
      throw new Error(`[${this.scope.node.path || '<root>'}] ${what}\n\n${parts.join('\n')}`);
    }
  }

  /**
   * What is found below the scope, worst first, but for what a waiver or a baseline file accepts.
   *
   * @param packs what to look for, whether it is attached there or not; without any, what a synth reports: what was attached by `Controls.of` (under
   * `HardenedApp` else `ControlPack.recommended()`), and what constructs say of themselves
   * @throws whatever keeps the app from being written
   */
  public findings(...packs: ControlPack[]): Finding[] {
    const found = this.found(this.evaluate(), packs).filter(({ status }) => status === 'enforced' || status === 'warned');
    const others = packs.length === 0 && writesAllOrNothing(this.app) ? this.stated() : [];
    return sortedFindings(withoutSecrets([...found, ...others])).map(plainFinding);
  }

  /**
   * The files of all node roles below the scope, or of the one role that is the scope: role by role, each by path.
   * @throws whatever keeps the app from being written
   */
  public nodeFiles(): NodeFile[] {
    // Some files say what was found.
    this.evaluate();
    return nodeRolesOf(this.app).filter((role) => this.contains(role)).flatMap((role) => role.files);
  }

  /**
   * The objects below the scope as they are written, hardened and with what waivers change, in the order of the files.
   * @throws whatever keeps the app from being written
   */
  public manifests(): ReturnType<Chart['toJson']> {
    const { documents } = this.evaluate().manifests;
    return documents.filter(({ object, chart }) => this.contains(object ?? chart)).map(({ json }) => json);
  }

  private evaluate(): EvaluatedApp {
    return evaluateApp(this.app, '');
  }

  /** Everything that was found below the scope. */
  private found(app: EvaluatedApp, packs: readonly ControlPack[]): ReportedFinding[] {
    packs.forEach((pack) => checkPack(pack, this.scope));
    const outcome = packs.length === 0 ? app.outcome
      : checkObjects(this.app, app.objects, { version: ClusterProfile.of(this.app).kubernetesVersion, only: packs });
    const paths = new Set(app.objects.filter((object) => this.isBelow(object)).map(({ construct }) => construct.node.path));
    const { findings } = checkResults(this.app, { ...app, outcome });
    return findings.filter(({ constructPath }) => constructPath !== undefined && paths.has(constructPath));
  }

  /** Whether anything is enforced below the scope. */
  private isEnforced({ objects }: EvaluatedApp): boolean {
    const resolver = new ControlsResolver(this.app, ClusterProfile.of(this.app).kubernetesVersion);
    return objects.some((object) => this.isBelow(object) && resolver.at(object.construct).all.some(({ mode }) => mode === Mode.ENFORCE));
  }

  /** What constructs below say of themselves, and the app of its cluster. */
  private stated(): Finding[] {
    const ofCluster = this.scope === this.app ? ClusterProfile.of(this.app).findings : [];
    return [...ofCluster, ...constructFindings(this.scope)];
  }

  private isBelow({ construct }: CheckedObject): boolean {
    return this.contains(construct);
  }

  private contains(construct: IConstruct): boolean {
    return construct.node.scopes.includes(this.scope);
  }
}

/** The fields of `Finding` alone. */
function plainFinding(finding: Finding): Finding {
  const { control, severity, message, fix, constructPath, resource, container, path, got, expected, source, references } = finding;
  const fields = { control, severity, message, fix, constructPath, resource, container, path, got, expected, source, references };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as Finding;
}
