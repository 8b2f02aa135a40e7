import { remedyOf } from '../fix/remedy';
import { Path } from '../path';
import { RequirementNode } from '../requirement-node';

/**
 * Parts in groups that one list of patches can fix: what only takes away fields, none of which another part's is or is in, can be done at once.
 * Each list costs the API server a copy of the object.
 */
export function inGroups(parts: readonly RequirementNode[]): RequirementNode[][] {
  const groups: { readonly parts: RequirementNode[]; readonly removed?: Path[] }[] = [];
  for (const part of parts) {
    const removed = removedFields(part);
    const last = groups.at(-1);
    if (last?.removed && removed?.every((field) => !last.removed?.some((other) => isWithin(field, other) || isWithin(other, field)))) {
      last.parts.push(part);
      last.removed.push(...removed);
    } else {
      groups.push({ parts: [part], removed });
    }
  }
  return groups.map((group) => group.parts);
}

/** The fields that fixing a part takes away; undefined: it does something else. */
function removedFields(part: RequirementNode): Path[] | undefined {
  const below = (prefixes: readonly Path[], of: RequirementNode) => (
    removedFields(of)?.flatMap((field) => prefixes.map((prefix) => [...prefix, ...field]))
  );
  switch (part.op) {
    case 'each':
      return below([[...part.path, '[]']], part.of);
    case 'eachKey':
      return below([[...part.path, '{}']], part.of);
    case 'eachContainer':
      return below([['spec', 'containers', '[]']], part.of);
    case 'eachSecurityContext':
      return below([['spec', 'securityContext'], ['spec', 'containers', '[]', 'securityContext']], part.of);
    case 'inherited':
      return below([['spec'], ['spec', 'containers', '[]']], part.of);
    case 'exemptWhen':
      return removedFields(part.of);
    default: {
      const remedy = part.op === 'repaired' ? remedyOf(part.of, part.repair) : remedyOf(part);
      return remedy.op === 'remove' && remedy.path.length > 0 ? [remedy.path] : undefined;
    }
  }
}

function isWithin(path: Path, other: Path): boolean {
  return other.every((step, i) => path[i] === step);
}

/** Why nothing that a requirement asks can be set right by a program; undefined: something can. */
export function whyUnfixable(node: RequirementNode): string | undefined {
  const reasons = inParts(node).map((part) => whyPartUnfixable(part));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** Parts that are met and fixed by themselves. */
export function inParts(node: RequirementNode): RequirementNode[] {
  switch (node.op) {
    case 'allOf':
      return node.of.flatMap(inParts);
    case 'described':
      return inParts(node.of);
    case 'each':
    case 'eachKey':
    case 'eachContainer':
    case 'eachSecurityContext':
    case 'exemptWhen':
      return inParts(node.of).map((of) => ({ ...node, of }));
    case 'repaired':
      return isRepaired(node.of) ? inParts(node.of).map((of) => (isRepaired(of) ? of : { ...node, of })) : [node];
    default:
      return [node];
  }
}

/** Whether a repair further in goes before one around it. */
export function isRepaired(node: RequirementNode): boolean {
  switch (node.op) {
    case 'repaired':
      return true;
    case 'allOf':
      return node.of.some(isRepaired);
    case 'described':
    case 'each':
    case 'eachKey':
    case 'eachContainer':
    case 'eachSecurityContext':
    case 'exemptWhen':
      return isRepaired(node.of);
    default:
      return false;
  }
}

/** How often a part has to be patched: an alternative is fixed part by part. */
export function roundsOf(part: RequirementNode): number {
  if (part.op === 'anyOf') {
    return Math.max(1, ...part.of.map((alternative) => inParts(alternative).reduce((sum, each) => sum + roundsOf(each), 0)));
  }
  return 'of' in part && !Array.isArray(part.of) && part.op !== 'repaired' ? roundsOf(part.of as RequirementNode) : 1;
}

/** As `whyUnfixable`, of one part. */
export function whyPartUnfixable(part: RequirementNode): string | undefined {
  switch (part.op) {
    case 'each':
    case 'eachKey':
    case 'eachContainer':
    case 'eachSecurityContext':
    case 'exemptWhen':
      return whyUnfixable(part.of);
    case 'anyOf': {
      // An alternative may be met but for a part of it, so one part that can be set right is enough here.
      const reasons = part.of.map(whyUnfixable);
      return reasons.includes(undefined) ? undefined : reasons[0] ?? remedyReason(part);
    }
    case 'inherited':
      return remedyReason(part.of);
    case 'repaired':
      return part.repair.kind === 'none' ? part.repair.reason : undefined;
    default:
      return remedyReason(part);
  }
}

function remedyReason(node: RequirementNode): string | undefined {
  const remedy = remedyOf(node);
  return remedy.op === 'none' ? remedy.reason : undefined;
}

/** Whether what a part does to elements is to remove them. */
export function removesItem(part: RequirementNode): boolean {
  switch (part.op) {
    case 'repaired':
      return part.repair.kind === 'remove' && part.repair.path.length === 0;
    case 'exemptWhen':
      return removesItem(part.of);
    case 'anyOf':
      return part.of.some((alternative) => inParts(alternative).some(removesItem));
    default: {
      const remedy = remedyOf(part);
      return remedy.op === 'remove' && remedy.path.length === 0;
    }
  }
}

/** Whether a program can set right whatever fails, in any object. */
export function isWhollyFixable(node: RequirementNode): boolean {
  switch (node.op) {
    case 'allOf':
      return node.of.every(isWhollyFixable);
    case 'anyOf':
      return node.of.some(isWhollyFixable);
    case 'described':
    case 'each':
    case 'eachKey':
    case 'eachContainer':
    case 'eachSecurityContext':
    case 'exemptWhen':
    case 'inherited':
      return isWhollyFixable(node.of);
    case 'repaired':
      return isRepaired(node.of) ? inParts(node).every(isWhollyFixable) : node.repair.kind !== 'none';
    default:
      return remedyOf(node).op !== 'none';
  }
}
