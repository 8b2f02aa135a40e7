import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { makeAccounts, withAccount } from './hardening/hardening-accounts';
import { reasonToLeave } from './hardening/hardening-leaves';
import { hardenNamespaces, cutTraffic, MadeObject, NamespaceHardening } from './hardening/hardening-namespaces';
import { checkHardeningOptions, CheckedOptions, HardeningOptions } from './hardening/hardening-options';
import { meet, withPaths, withUsers } from './hardening/hardening-paths';
import { documentsBelow, HardeningTree, objectsBelow, resourceOf } from './hardening/hardening-tree';
import { Control } from '../controls/control';
import { Controls } from '../controls/controls';
import { Fault } from '../controls/faults';
import { isObject } from '../controls/path';
import { leftToPeople } from '../controls/results/check-objects';
import { CheckedObject, ObjectChange, UnfixedFault } from '../controls/results/checked-object';
import { resourceName } from '../controls/results/finding-maker';
import { hardeningOf, hardenObjects } from '../controls/results/hardened-objects';
import { HardeningStep, StepObject, StepResult } from '../controls/results/hardening-step';
import { judgeTogether } from '../controls/results/judge-objects';
import { notCovered } from '../controls/results/not-covered';
import { controlledParts } from '../controls/results/parts';
import { ControlsResolver } from '../controls/results/resolved-controls';
import { ScopeControls } from '../controls/scope-controls';
import { WaiverBook } from '../controls/waivers/waiver-book';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';
import { nearestName } from '../core/nearest-name';
import { today } from '../core/today';

/** One thing that hardening changed or added. */
export interface HardenedChange {
  /** Whose, as `Deployment/shop/web`. */
  readonly resource: string;
  readonly constructPath: string;
  /** Id of the control that it serves. */
  readonly control: string;
  /** For instance `spec.hostNetwork: true → removed`. */
  readonly change: string;
  /**
   * What the program may need of what was there, and what to check.
   * @default - nothing is known to suffer
   */
  readonly mayNeed?: string;
}

/** One thing that hardening leaves to a person. */
export interface HardeningRemainder {
  /** Whose, as `Deployment/shop/web`. */
  readonly resource: string;
  readonly constructPath: string;
  /**
   * Id of the control that isn't met.
   * @default - the pods are not known before they exist
   */
  readonly control?: string;
  /**
   * Where in the object.
   * @default - the object as a whole
   */
  readonly path?: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/**
 * Brings objects that others made, by Include, Helm, kustomize or hand, up to the controls: pods get what the controls' fixes give, empty directories
 * where their programs write, users that their images are made for, and service accounts of their own; namespaces are closed where it is asked for.
 *
 * Nothing is guessed: what programs may not survive is marked, and what a person has to decide is left as it is and reported, in the evidence and by
 * `left`. Objects are changed as they are written; done twice, it changes nothing more.
 *
 * Sources: PSS restricted; CIS 5.1.5, 5.1.6, 5.2.x, 5.3.2; NSA 1.2.
 */
export class Hardening {
  /**
   * Hardens everything below a construct: a chart, an Include, a Helm release, an object. Call it when the objects are there: service accounts and
   * policies are made for those that are; the rest holds for later ones too.
   * @throws if an option is unknown or malformed
   */
  public static of(scope: IConstruct, options: HardeningOptions = {}): Hardening {
    if (!Construct.isConstruct(scope)) {
      throw invalid({ at: 'Hardening.of', property: 'scope', got: scope, allowed: 'a construct', fix: 'Give the chart, the Include, the Helm release or the object.' });
    }
    return new Hardening(scope, checkHardeningOptions(options, scope));
  }

  private readonly step: Step;

  private constructor(private readonly scope: IConstruct, options: CheckedOptions) {
    Controls.of(scope).harden(options.pack);
    const accounts = options.serviceAccounts ? makeAccounts(scope) : [];
    const step = this.step = new Step(scope, options, accounts);
    ScopeControls.at(scope).steps.push(step);
    step.namespaces = hardenNamespaces(scope, options);
    hardenObjects(scope, this.resolver());
    scope.node.addValidation({ validate: () => step.validate() });
  }

  /** Everything that is changed and added below the scope, as it stands now. */
  public get changes(): HardenedChange[] {
    this.write();
    return [...hardeningOf(this.scope).changes];
  }

  /** Everything below the scope that a person has to see to, as it stands now. */
  public get left(): HardeningRemainder[] {
    const { root } = this.scope.node;
    const isBelow = ({ construct }: CheckedObject) => construct.node.scopes.includes(this.scope);
    this.write();
    // Some controls look at all objects together.
    const parts = controlledParts(documentsBelow(root, true), this.resolver());
    const waivers = new WaiverBook(root, today(root));
    const together = judgeTogether(parts, ClusterProfile.of(root).kubernetesVersion)
      .filter((found) => isBelow(found) && !waivers.accepts(found, resourceName(found.json))).flatMap(leftToPeople);
    const uncovered = parts.filter(isBelow).map(notCovered).filter((each) => each !== undefined);
    return [...hardeningOf(this.scope).unfixed, ...together, ...uncovered];
  }

  /** Has every object say what will be written. */
  private write(): void {
    this.step.forget();
    hardenObjects(this.scope, this.resolver());
    documentsBelow(this.scope, true);
  }

  private resolver(): ControlsResolver {
    const { root } = this.scope.node;
    return new ControlsResolver(root, ClusterProfile.of(root).kubernetesVersion);
  }
}

/** With its keys in the order in which cdk8s writes them, so that what was written gives the same bytes when it is read and hardened again. */
function inOrder(json: unknown, isDocument = false): unknown {
  if (Array.isArray(json)) {
    return json.map((each) => inOrder(each));
  }
  if (!isObject(json) || process.env.CDK8S_DISABLE_SORT) {
    return json;
  }
  const first = isDocument ? ['apiVersion', 'kind', 'metadata'].filter((key) => key in json) : [];
  const keys = [...first, ...Object.keys(json).filter((key) => !first.includes(key)).sort()];
  return Object.fromEntries(keys.map((key) => [key, inOrder(json[key])]));
}

class Step implements HardeningStep {
  public namespaces: NamespaceHardening = { made: [], left: [], closed: [] };
  /** What `prepare` has changed. */
  private readonly prepared = new WeakSet<object>();
  private seen?: HardeningTree;

  constructor(private readonly scope: IConstruct, private readonly options: CheckedOptions, private readonly accounts: readonly ApiObject[]) {}

  public prepare(object: StepObject): StepResult {
    const users = withUsers(object, this.options, ClusterProfile.of(this.scope).assignsUids);
    const accounts = withAccount({ ...object, json: users.json }, this.tree, this.options.serviceAccounts);
    const changes = [...users.changes, ...accounts.changes];
    if (changes.length > 0) {
      this.prepared.add(accounts.json as object);
    }
    return { json: accounts.json, changes, left: [...users.left, ...accounts.left] };
  }

  public leaves(object: StepObject, control: Control, fault: Fault): string | undefined {
    return reasonToLeave(object, control, fault);
  }

  public complete(object: StepObject, before: unknown): StepResult {
    const result = withPaths(object, before, this.options);
    const isChanged = result.json !== before || (isObject(before) && this.prepared.has(before));
    return isChanged ? { ...result, json: inOrder(result.json, object.within.length === 0) } : result;
  }

  public created(): ObjectChange[] {
    const made: MadeObject[] = [...this.accounts.map((object) => ({ object, control: 'default-service-account' })), ...this.namespaces.made];
    return made.map(({ object, control }) => ({
      resource: resourceOf({ apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata.toJson() as object }, object),
      constructPath: object.node.path, control, change: 'absent → added',
    }));
  }

  public remains(): UnfixedFault[] {
    const { left, closed } = this.namespaces;
    return [...left, ...closed.length === 0 ? [] : cutTraffic(this.scope, closed, new HardeningTree(this.scope.node.root, true))];
  }

  /** What was named and isn't there. */
  public validate(): string[] {
    this.forget();
    const resolver = new ControlsResolver(this.scope.node.root, ClusterProfile.of(this.scope).kubernetesVersion);
    const keys = new Set<string>();
    const objects = objectsBelow(this.scope, false);
    const [named, pulled] = [new Set<string>(), new Set<string>()];
    for (const { json, construct } of objects) {
      const { fixes } = resolver.at(construct);
      const object = { json, construct, within: [], location: fixes.controlsFor(json).location, fixes, isWaived: () => false };
      meet(object, this.options, { keys, named, pulled });
    }
    const { writablePaths, images } = this.options;
    const problem = (property: string, got: string, allowed: string, names: readonly string[]): string => {
      const near = nearestName(got, names);
      return invalid({ at: this.scope, property, got, allowed, fix: near === undefined ? 'Correct or remove it: it does nothing.' : `Did you mean "${near}"?` }).message;
    };
    return [
      ...writablePaths.filter(({ key }) => !keys.has(key)).map(({ key }) => (
        problem('writablePaths', key, 'pods below the scope, as reports name them', [...named])
      )),
      ...images.filter(({ key }) => !keys.has(key)).map(({ key }) => problem('imageProfiles', key, 'images of pods below the scope', [...pulled])),
    ];
  }

  /** Looks at the tree anew when it is next asked for. */
  public forget(): void {
    this.seen = undefined;
  }

  /** The tree as it is without hardening. */
  private get tree(): HardeningTree {
    return this.seen ??= new HardeningTree(this.scope.node.root, false);
  }
}
