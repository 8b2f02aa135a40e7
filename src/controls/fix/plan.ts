import { Edit } from './edits';
import { preconditionsOf } from './preconditions';
import { NO_RIGHT_VALUE, Remedy, remedyOf } from './remedy';
import { isLeftOut, leafHolds, specOf } from '../evaluate';
import { Fault, faultsAt, Item } from '../faults';
import { valueAt } from '../path';
import { RequirementNode } from '../requirement-node';
import { Subject } from '../subject';

/** How one fault is fixed, or why no program can. */
export type Plan = { readonly edits: readonly PlannedEdit[] } | { readonly reason: string };

export interface PlannedEdit {
  readonly edit: Edit;
  /** The container that is changed; undefined where it is the pod. */
  readonly container?: string;
}

type InheritedNode = Extract<RequirementNode, { readonly op: 'inherited' }>;

const MALFORMED = 'The object isn\'t what it has to be here, so nothing follows for it.';
const NOTHING_COMPLIES = 'Nothing that could be changed here would comply.';

/**
 * How a fault of a subject is fixed.
 * @param keepsPod the pod's value, from which containers inherit, has to stay as it is: containers get values of their own
 */
export function planOf(fault: Fault, subject: Subject, keepsPod = false): Plan {
  const { node, item, repair } = fault;
  if (fault.malformed || !node || !item) {
    return { reason: MALFORMED };
  }
  if (!repair && node.op === 'anyOf') {
    return planAnyOf(node.of, item, subject);
  }
  if (!repair && node.op === 'inherited') {
    return carriedOut(remedyOf(node.of), keepsPod ? item : inheritedItem(node, item, subject), subject);
  }
  return carriedOut(remedyOf(node, repair), item, subject);
}

/** The first alternative of which every fault can be fixed. */
function planAnyOf(alternatives: readonly RequirementNode[], item: Item, subject: Subject): Plan {
  const reasons: string[] = [];
  for (const alternative of alternatives) {
    const plans = faultsAt(alternative, item, subject).map((fault) => planOf(fault, subject));
    const impossible = plans.find((plan) => 'reason' in plan);
    if (!impossible) {
      return { edits: plans.flatMap((plan) => ('edits' in plan ? plan.edits : [])) };
    }
    reasons.push(impossible.reason);
  }
  return { reason: reasons.find((reason) => reason !== NO_RIGHT_VALUE) ?? reasons[0] ?? NOTHING_COMPLIES };
}

/** A container without a value gets it from the pod, so that containers that are added later have it too; a bad value is fixed where it is. */
function inheritedItem(node: InheritedNode, item: Item, subject: Subject): Item {
  return isLeftOut(node.of, valueAt(item.value, node.of.path)) && !leafHolds(node.of, undefined)
    ? { value: specOf(subject), placeOf: (path) => subject.placeOf(['spec', ...path]) }
    : item;
}

function carriedOut(remedy: Remedy, item: Item, subject: Subject): Plan {
  if (remedy.op === 'none') {
    return { reason: remedy.reason };
  }
  const root: Item = { value: subject.root, placeOf: subject.placeOf };
  const unmet = preconditionsOf(remedy).find(({ node, from }) => faultsAt(node, from === 'root' ? root : item, subject).length > 0);
  if (unmet) {
    return { reason: unmet.reason };
  }
  const edit = editOf(remedy, item);
  return edit ? { edits: [{ edit, ...(item.container !== undefined && { container: item.container }) }] } : { reason: MALFORMED };
}

/** Undefined where a list would have to be. */
function editOf(remedy: Exclude<Remedy, { readonly op: 'none' }>, item: Item): Edit | undefined {
  const place = item.placeOf(remedy.path);
  const present = valueAt(item.value, remedy.path);
  switch (remedy.op) {
    case 'set':
      return { op: 'set', place, value: remedy.value };
    case 'remove':
      return { op: 'remove', place };
    case 'append':
      return present === undefined || Array.isArray(present) ? { op: 'append', place, value: remedy.value } : undefined;
    case 'retain':
      return Array.isArray(present) ? { op: 'retain', place, values: remedy.values } : undefined;
  }
}
