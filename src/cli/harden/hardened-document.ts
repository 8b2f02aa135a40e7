import { ApiObject, App, Chart } from 'cdk8s';
import { append } from './append';
import { groupOf } from '../../controls/group';
import { ControlPack } from '../../controls/pack';
import { isObject, Json, showPath } from '../../controls/path';
import { ObjectChange } from '../../controls/results/checked-object';
import { Judged, resourceName } from '../../controls/results/finding-maker';
import { hardeningOf, hardenObjects } from '../../controls/results/hardened-objects';
import { HardeningStep, StepObject, StepResult } from '../../controls/results/hardening-step';
import { judgeObject, judgeTogether } from '../../controls/results/judge-objects';
import { MALFORMED_OBJECT } from '../../controls/results/malformed-object';
import { notCovered } from '../../controls/results/not-covered';
import { ControlledPart, partsOf } from '../../controls/results/parts';
import { ControlsResolver } from '../../controls/results/resolved-controls';
import { ScopeControls } from '../../controls/scope-controls';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { groupBy } from '../../evidence/group-by';
import { reasonToLeave } from '../../workloads/hardening/hardening-leaves';
import { checkHardeningOptions, CheckedOptions } from '../../workloads/hardening/hardening-options';
import { withPaths } from '../../workloads/hardening/hardening-paths';
import { frozenFields } from '../diff/immutable-fields';
import { normalObject } from '../diff/normal-object';

/** One thing that a person has to see to. */
export interface LeftFinding {
  readonly resource: string;
  readonly control: string;
  readonly path: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** What hardening makes of a document. */
export interface HardenedDocument {
  /** The very object that came where nothing is changed. */
  readonly object: unknown;
  readonly changes: readonly ObjectChange[];
  /** Objects whose changes the API server refuses, where they are in a cluster already. */
  readonly frozen: readonly string[];
}

/**
 * Hardens documents one by one, as `Hardening` does it for what an app includes, but for what would be new objects: service accounts, policies and
 * quotas.
 */
export class DocumentHardening {
  private readonly document: DocumentObject;
  private readonly resolver: ControlsResolver;
  /** Kept where some controls look at all objects together. */
  private readonly kept: ControlledPart[] = [];
  private readonly origins = new Map<unknown, string>();

  constructor(packs: readonly ControlPack[], private readonly version: KubernetesVersion) {
    const app = new App();
    const scope = ScopeControls.at(app);
    scope.hardened.push(...packs);
    scope.steps.push(new DocumentStep(checkHardeningOptions({ pack: packs[0] }, app)));
    this.resolver = new ControlsResolver(app, version);
    this.document = new DocumentObject(new Chart(app, 'documents'), 'document', { apiVersion: 'v1', kind: 'Document' });
    hardenObjects(this.document, this.resolver);
  }

  public harden(object: unknown): HardenedDocument {
    this.document.json = object;
    const hardened: unknown = this.document.toJson();
    return { object: hardened, changes: hardeningOf(this.document).changes, frozen: this.frozen(object, hardened) };
  }

  private frozen(before: unknown, after: unknown): string[] {
    if (before === after) {
      return [];
    }
    const [old, next] = [before, after].map((json) => partsOf({ json, construct: this.document, within: [] }).map((part) => part.json));
    return next.flatMap((json, i) => (isObject(json) && isObject(old[i]) && isFrozen(old[i], json, this.version.minor) ? [resourceName(json)] : []));
  }

  /**
   * What is left in a document, as `check` would find it.
   * @param origin for reports; given back with what is found in all documents together
   */
  public remains(object: unknown, origin: string): { readonly left: readonly LeftFinding[]; readonly notCovered: readonly string[] } {
    const controls = this.resolver.at(this.document);
    const parts = partsOf({ json: object, construct: this.document, within: [] }).map((part) => ({ ...part, controls }));
    if (controls.models.length > 0) {
      append(this.kept, parts);
      parts.forEach(({ json }) => this.origins.set(json, origin));
    }
    const judged = parts.flatMap((part) => judgeObject(part, this.version));
    return {
      left: judged.length === 0 ? [] : this.withReasons(object, judged),
      notCovered: parts.map(notCovered).flatMap((each) => (each === undefined ? [] : [each.resource])),
    };
  }

  /** What is left of all documents together. Call it once, after the last. */
  public leftTogether(): (LeftFinding & { readonly origin: string })[] {
    return judgeTogether(this.kept, this.version).map((judged) => ({
      ...withReason(judged, 'It concerns several objects: a person has to decide which of them changes, or what is added.'), origin: this.origins.get(judged.json) ?? '',
    }));
  }

  private withReasons(object: unknown, judged: readonly Judged[]): LeftFinding[] {
    this.document.json = object;
    this.document.toJson();
    const { unfixed } = hardeningOf(this.document);
    const reasons = new Map(unfixed.map(({ resource, control, path, reason }) => [JSON.stringify([resource, control, path]), reason]));
    const found = judged.map((each) => {
      const { control, fault } = each;
      const plain = withReason(each, control === MALFORMED_OBJECT ? `The API server can't read what is there: it has to be ${fault.expected}.` : control.remediation);
      return { ...plain, reason: reasons.get(JSON.stringify([plain.resource, plain.control, plain.path])) ?? plain.reason };
    });
    // One reason, one paragraph.
    return [...groupBy(found, ({ resource, reason }) => JSON.stringify([resource, reason])).values()].flat();
  }
}

function withReason({ control, fault, json, within }: Judged, reason: string): LeftFinding {
  return { resource: resourceName(json), control: control.id, path: showPath([...within, ...fault.place]), reason };
}

function isFrozen(before: Json, after: Json, minor: number): boolean {
  const [group, kind] = [groupOf(after.apiVersion), String(after.kind)];
  const isRefused = (old: Json, next: Json) => frozenFields(group, kind, old, next, minor).length > 0;
  // The normal form takes time, and says the same of what is the same.
  return isRefused(before, after) && isRefused(normalObject(before), normalObject(after));
}

/** Stands for one document after the other. */
class DocumentObject extends ApiObject {
  public json: unknown;

  public override toJson(): unknown {
    return this.json;
  }
}

/** What hardening does to single objects besides the controls' fixes. */
class DocumentStep implements HardeningStep {
  constructor(private readonly options: CheckedOptions) {}

  public prepare({ json }: StepObject): StepResult {
    return { json, changes: [], left: [] };
  }

  public leaves(...[object, control, fault]: Parameters<typeof reasonToLeave>): string | undefined {
    // What only a program can say.
    return reasonToLeave(object, control, fault)?.replace('Name the image in imageProfiles, state the user', 'State the user');
  }

  public complete(object: StepObject, before: unknown): StepResult {
    return withPaths(object, before, this.options);
  }

  public created(): [] {
    return [];
  }

  public remains(): [] {
    return [];
  }
}
