import { IConstruct } from 'constructs';
import { BaselineUpdate, Baselines, StaleEntry } from './baseline';
import { CheckedObject, NotCovered, ObjectChange, UnfixedFault } from './checked-object';
import { DecidedFinding, findingOf, hidesValue, Judged, resourceName, visibleValue } from './finding-maker';
import { fingerprints } from './fingerprint';
import { hardeningOf } from './hardened-objects';
import { judgeObject, judgeTogether } from './judge-objects';
import { MALFORMED_OBJECT } from './malformed-object';
import { notCovered } from './not-covered';
import { ControlledPart, controlledParts } from './parts';
import { AttachedControl, ControlsResolver, Mode, ResolvedControls } from './resolved-controls';
import { waiverTarget, WaiverTarget } from './waiver-target';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { nearestName } from '../../core/nearest-name';
import { today } from '../../core/today';
import { ControlPack } from '../pack';
import { showPath } from '../path';
import { ScopeControls } from '../scope-controls';
import { alsoAdmitted } from '../waivers/also-admits';
import { Waiver } from '../waivers/waiver';
import { WaiverBook, WaiverOutcome } from '../waivers/waiver-book';

export type { CheckedObject } from './checked-object';

export interface CheckOptions {
  readonly version: KubernetesVersion;
  /** What an app is held to where no pack was named at its root. */
  readonly base?: ControlPack;
  /** What is enforced in place of everything that was attached anywhere; waivers, baselines and kinds with pod templates count as stated. */
  readonly only?: readonly ControlPack[];
}

export interface CheckedFinding extends DecidedFinding {
  /** What a waiver of it says; undefined where none can be written. */
  readonly toWaive?: WaiverTarget;
}

/** Everything that checking the objects of a tree yielded. */
export interface CheckOutcome {
  readonly controls: readonly AttachedControl[];
  readonly findings: readonly CheckedFinding[];
  /** The findings that are waived, as the engine found them: what admission policies have to let through. */
  readonly waived: readonly Judged[];
  readonly waivers: readonly WaiverOutcome[];
  /** Entries of baseline files that nothing is found for any more: they must leave the file. */
  readonly staleBaseline: readonly StaleEntry[];
  /** Baseline files that this run is to write if it succeeds, in place of holding findings against them. */
  readonly baselineUpdates: readonly BaselineUpdate[];
  /** What was changed of objects where a scope hardens, and what had to be left. */
  readonly changes: readonly ObjectChange[];
  readonly unfixed: readonly UnfixedFault[];
  /** Objects whose pods nobody judges before they exist. */
  readonly notCovered: readonly NotCovered[];
  readonly objectsChecked: number;
}

/** Judges every object of a tree by what was said at its scopes. */
export function checkObjects(root: IConstruct, objects: readonly CheckedObject[], options: CheckOptions): CheckOutcome {
  const parts = controlledParts(objects, new ControlsResolver(root, options.version, options.base, options.only));
  const judged = [...parts.flatMap((part) => judgeObject(part, options.version)), ...judgeTogether(parts, options.version)];
  const prints = fingerprints(judged.map((each) => ({
    control: each.control.id, resource: resourceName(each.json), constructPath: each.construct.node.path,
    object: each.json, place: each.fault.place, got: visibleValue(each),
    isConcealed: each.control.concealsValues || hidesValue(each),
  })));
  const book = new WaiverBook(root, today(root));
  const baselines = new Baselines(root.node.findAll().flatMap((scope) => ScopeControls.find(scope)?.baseline ?? []));
  const waived: Judged[] = [];
  const findings = judged.map((each, i): CheckedFinding => {
    const found = findingOf(each, prints[i]);
    const finding = { ...found, toWaive: waiverTarget(each, found) };
    const waiver = book.covering(each, resourceName(each.json));
    if (waiver) {
      waived.push(each);
      return { ...finding, status: 'waived', waiver };
    }
    const fails = each.fails || each.controls.fails(each.control);
    return { ...finding, status: baselines.covers(each.controls.baseline, finding, fails) ? 'baselined' : fails ? 'enforced' : 'warned' };
  });
  const hardening = hardeningOf(root);
  return {
    controls: attachedAnywhere(parts, findings),
    findings,
    waived,
    waivers: book.outcomes((waiver) => whyNone(waiver, parts), (accepted) => alsoAdmitted(accepted, parts)),
    staleBaseline: baselines.stale(),
    baselineUpdates: baselines.pending,
    changes: hardening.changes,
    unfixed: [...hardening.unfixed, ...judged.flatMap((each, i) => (findings[i].status === 'waived' ? [] : leftToPeople(each)))],
    notCovered: parts.map(notCovered).filter((each) => each !== undefined),
    objectsChecked: parts.length,
  };
}

/** What hardening can't see as it goes through objects one by one. */
export function leftToPeople({ control, controls, construct, json, fault, within }: Judged): UnfixedFault[] {
  return control._modelCheck === undefined || !controls.hardens(control) ? [] : [{
    resource: resourceName(json), constructPath: construct.node.path, control: control.id, path: showPath([...within, ...fault.place]),
    reason: 'It concerns several objects: a person has to decide which of them changes, or what is added.',
  }];
}

/** Why no finding of a waiver's control is in its object. */
function whyNone({ control, resource }: Waiver, parts: readonly ControlledPart[]): string {
  const named = parts.filter(({ json }) => resourceName(json) === resource);
  if (named.length === 0) {
    const names = [...new Set(parts.map(({ json }) => resourceName(json)))].sort();
    const near = names.find((each) => each.replace(/^(\w+)\.[^/]+/, '$1') === resource) ?? names.find((each) => isNearly(each, resource));
    return `there is no ${resource}${near === undefined ? '' : ` (${near}?)`}`;
  }
  const attached = named.flatMap(({ controls }) => controls.all.map((each) => each.control));
  if (control !== MALFORMED_OBJECT.id && !attached.some(({ id }) => id === control)) {
    const near = nearestName(control, new Set(attached.map(({ id }) => id)));
    return `no control "${control}" holds for it${near === undefined ? '' : ` (${near}?)`}`;
  }
  const stronger = attached.find(({ id, supersedes }) => supersedes.includes(control) && named.some(({ controls }) => controls.speaks(id)));
  return stronger && !named.some(({ controls }) => controls.speaks(control))
    ? `${stronger.id} speaks in its place there: waive that`
    : `${resource} meets it`;
}

/** Whether two objects differ in their namespaces alone, in their kinds alone, or by a typo in their names. */
function isNearly(a: string, b: string): boolean {
  const [one, other] = [a, b].map((resource) => {
    const parts = resource.split('/');
    return { kind: parts[0], namespace: parts.slice(1, -1).join('/'), name: parts[parts.length - 1] };
  });
  const sameKind = one.kind === other.kind;
  const sameNamespace = one.namespace === other.namespace;
  return one.name === other.name ? sameKind || sameNamespace : sameKind && sameNamespace && nearestName(one.name, [other.name]) !== undefined;
}

/** What was evaluated, by the stricter of its modes. */
function attachedAnywhere(parts: readonly ControlledPart[], findings: readonly DecidedFinding[]): AttachedControl[] {
  const all = new Map<string, AttachedControl>();
  for (const resolved of new Set<ResolvedControls>(parts.map(({ controls }) => controls))) {
    for (const attached of resolved.all) {
      const present = all.get(attached.control.id);
      all.set(attached.control.id, {
        ...attached, mode: Math.max(attached.mode, present?.mode ?? Mode.WARN), packs: [...new Set([...(present?.packs ?? []), ...attached.packs])],
      });
    }
  }
  if (findings.some(({ control }) => control === MALFORMED_OBJECT.id)) {
    all.set(MALFORMED_OBJECT.id, { control: MALFORMED_OBJECT, mode: Mode.WARN, packs: [] });
  }
  return [...all.values()];
}
