import { IConstruct } from 'constructs';
import { BaselineUpdate, Baselines, StaleEntry } from './baseline';
import { CheckedObject, NotCovered, ObjectChange, UnfixedFault } from './checked-object';
import { DecidedFinding, findingOf, identityOf, Judged, relatedPrints, resourceName } from './finding-maker';
import { fingerprints } from './fingerprint';
import { hardeningOf } from './hardened-objects';
import { judgeObject, judgeTogether } from './judge-objects';
import { MALFORMED_OBJECT } from './malformed-object';
import { notCovered } from './not-covered';
import { ControlledPart, controlledParts } from './parts';
import { AttachedControl, ControlsResolver, Mode, ResolvedControls } from './resolved-controls';
import { waiverTarget, WaiverTarget } from './waiver-target';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { today } from '../../core/today';
import { ControlPack } from '../pack';
import { showPath } from '../path';
import { ScopeControls } from '../scope-controls';
import { alsoAdmitted } from '../waivers/also-admits';
import { WaiverBook, WaiverOutcome } from '../waivers/waiver-book';
import { whyNone } from '../waivers/why-none';

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
  const prints = fingerprints(judged.map(identityOf));
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
    return { ...finding, status: baselines.covers(each.controls.baseline, finding, fails, () => relatedPrints(each)) ? 'baselined' : fails ? 'enforced' : 'warned' };
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
