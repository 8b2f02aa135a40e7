import { IConstruct } from 'constructs';
import { Baselines, StaleEntry, WrittenBaseline } from './baseline';
import { CheckedObject, NotCovered, ObjectChange, UnfixedFault } from './checked-object';
import { DecidedFinding, findingOf, isConcealed, Judged, resourceName, visibleValue } from './finding-maker';
import { fingerprints } from './fingerprint';
import { hardeningOf } from './hardened-objects';
import { judgeObject, judgeTogether } from './judge-objects';
import { MALFORMED_OBJECT } from './malformed-object';
import { notCovered } from './not-covered';
import { ControlledPart, controlledParts } from './parts';
import { AttachedControl, ControlsResolver, Mode, ResolvedControls } from './resolved-controls';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { today } from '../../core/today';
import { nearestName } from '../api-fields/nearest-name';
import { ControlPack } from '../pack';
import { ScopeControls } from '../scope-controls';
import { Waiver } from '../waivers/waiver';
import { WaiverBook, WaiverOutcome } from '../waivers/waiver-book';

export type { CheckedObject } from './checked-object';

export interface CheckOptions {
  readonly version: KubernetesVersion;
  /** What an app is held to where no pack was named at its root. */
  readonly base?: ControlPack;
}

/** Everything that checking the objects of a tree yielded. */
export interface CheckOutcome {
  readonly controls: readonly AttachedControl[];
  readonly findings: readonly DecidedFinding[];
  /** The findings that are waived, as the engine found them: what admission policies have to let through. */
  readonly waived: readonly Judged[];
  readonly waivers: readonly WaiverOutcome[];
  /** Entries of baseline files that nothing is found for any more: they must leave the file. */
  readonly staleBaseline: readonly StaleEntry[];
  /** Baseline files that this run wrote, in place of holding findings against them. */
  readonly writtenBaselines: readonly WrittenBaseline[];
  /** What was changed of objects where a scope hardens, and what had to be left. */
  readonly changes: readonly ObjectChange[];
  readonly unfixed: readonly UnfixedFault[];
  /** Objects whose pods nobody judges before they exist. */
  readonly notCovered: readonly NotCovered[];
  readonly objectsChecked: number;
}

/** Judges every object of a tree by what was said at its scopes. */
export function checkObjects(root: IConstruct, objects: readonly CheckedObject[], options: CheckOptions): CheckOutcome {
  const parts = controlledParts(objects, new ControlsResolver(root, options.version, options.base));
  const judged = [...parts.flatMap((part) => judgeObject(part, options.version)), ...judgeTogether(parts, options.version)];
  const prints = fingerprints(judged.map((each) => ({
    control: each.control.id, resource: resourceName(each.json), constructPath: each.construct.node.path,
    object: each.json, place: each.fault.place, got: visibleValue(each),
    isConcealed: isConcealed(each.control, each.fault.place, each.fault.got),
  })));
  const book = new WaiverBook(root, today(root));
  const baselines = new Baselines(root.node.findAll().flatMap((scope) => ScopeControls.find(scope)?.baseline ?? []));
  const waived: Judged[] = [];
  const findings = judged.map((each, i): DecidedFinding => {
    const finding = findingOf(each, prints[i]);
    const waiver = book.covering(each, resourceName(each.json));
    if (waiver) {
      waived.push(each);
      return { ...finding, status: 'waived', waiver };
    }
    const fails = each.fails || each.controls.fails(each.control);
    return { ...finding, status: baselines.covers(each.controls.baseline, finding, fails) ? 'baselined' : fails ? 'enforced' : 'warned' };
  });
  return {
    controls: attachedAnywhere(parts, findings),
    findings,
    waived,
    waivers: book.outcomes((waiver) => whyNone(waiver, parts)),
    staleBaseline: baselines.stale(),
    writtenBaselines: baselines.write(),
    ...hardeningOf(root),
    notCovered: parts.map(notCovered).filter((each) => each !== undefined),
    objectsChecked: parts.length,
  };
}

/** Why no finding of a waiver's control is in its object. */
function whyNone({ control, resource }: Waiver, parts: readonly ControlledPart[]): string {
  const named = parts.filter(({ json }) => resourceName(json) === resource);
  if (named.length === 0) {
    const near = [...new Set(parts.map(({ json }) => resourceName(json)))].sort().find((each) => isNearly(each, resource));
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
