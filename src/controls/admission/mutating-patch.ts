import { celOf, CelSubject, isEmpty } from './cel';
import { and, Cel, choice, FALSE, not, or, tight, TRUE } from './cel-text';
import { derivedPatches } from './mutating-derived';
import { containerSpot, NO_PATCHES, Patch, patchEach, patchEachContainer, patchEachKey, remedyPatches, Spot, spotBelow } from './mutating-spot';

import { leafHolds } from '../evaluate';
import { preconditionsOf } from '../fix/preconditions';
import { Remedy, remedyOf } from '../fix/remedy';
import { ContainerList, CONTAINER_LISTS, isLeaf, RequirementNode } from '../requirement-node';

/**
 * What `fix` does, as expressions of JSON patches in CEL. They are evaluated one after the other, each on what those before it have made, so that
 * no two of them that may be needed together make the same missing object.
 */
export function patchesOf(node: RequirementNode, subject: CelSubject, root: Spot): Cel[] {
  return inParts(node).flatMap((part) => {
    const patch = new PatchWriter(subject, root).patchOf(part, root);
    return patch ? Array.from({ length: roundsOf(part) }, () => inFull(patch)) : [];
  });
}

/** Why nothing that a requirement asks can be set right by a program; undefined: something can. */
export function whyUnfixable(node: RequirementNode): string | undefined {
  const reasons = inParts(node).map((part) => whyPartUnfixable(part));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** Parts that are met and fixed by themselves. */
function inParts(node: RequirementNode): RequirementNode[] {
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
function isRepaired(node: RequirementNode): boolean {
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
function roundsOf(part: RequirementNode): number {
  if (part.op === 'anyOf') {
    return Math.max(1, ...part.of.map((alternative) => inParts(alternative).reduce((sum, each) => sum + roundsOf(each), 0)));
  }
  return 'of' in part && !Array.isArray(part.of) && part.op !== 'repaired' ? roundsOf(part.of as RequirementNode) : 1;
}

function whyPartUnfixable(part: RequirementNode): string | undefined {
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

function inFull({ when, patches }: Patch): Cel {
  return when === TRUE ? patches : choice(when, patches, NO_PATCHES);
}

/** Whether what a part does to elements is to remove them. */
function removesItem(part: RequirementNode): boolean {
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

class PatchWriter {
  constructor(private readonly subject: CelSubject, private readonly root: Spot) {
  }

  /** Undefined: nothing can be done about it. */
  public patchOf(part: RequirementNode, spot: Spot): Patch | undefined {
    if (whyPartUnfixable(part) !== undefined) {
      return undefined;
    }
    const inner = (of: RequirementNode) => (each: Spot) => this.patchOf(of, each) ?? { when: FALSE, patches: NO_PATCHES };
    switch (part.op) {
      case 'each':
        return always(patchEach(spotBelow(spot, part.path), inner(part.of), removesItem(part.of)));
      case 'eachKey':
        return always(patchEachKey(spotBelow(spot, part.path), part.prefix, inner(part.of)));
      case 'eachContainer':
        return always(...this.containerPatches(part.lists, inner(part.of), removesItem(part.of)));
      case 'eachSecurityContext': {
        const context = (owner: Spot) => inner(part.of)(spotBelow(owner, ['securityContext']));
        return always(inFull(context(this.spec())), ...this.containerPatches(CONTAINER_LISTS, context, false));
      }
      case 'inherited':
        return this.inherited(part);
      case 'exemptWhen': {
        const { when, patches } = inner(part.of)(spot);
        return { when: and(not(this.isMet(part.condition, spot)), when), patches };
      }
      case 'anyOf':
        return { when: not(this.isMet(part, spot)), patches: this.firstFixable(part.of, spot) };
      case 'repaired':
        return this.remedied(part, remedyOf(part.of, part.repair), spot, false);
      default:
        return this.remedied(part, remedyOf(part), spot, true);
    }
  }

  private remedied(part: RequirementNode, remedy: Remedy, spot: Spot, isThere: boolean): Patch | undefined {
    return remedy.op === 'none'
      ? undefined
      : { when: and(not(this.isMet(part, spot)), this.mayDo(remedy, spot)), patches: this.remedyPatches(remedy, spot, isThere) };
  }

  private mayDo(remedy: Remedy, spot: Spot): Cel {
    return and(...preconditionsOf(remedy).map(({ node, from }) => this.isMet(node, from === 'root' ? this.root : spot, false)));
  }

  /** Pods are patched when they are created: there are no ephemeral containers yet. */
  private containerPatches(lists: readonly ContainerList[], patchOf: (container: Spot) => Patch, removesElements: boolean): Cel[] {
    return lists.filter((list) => list !== 'ephemeralContainers').map((list) => (
      patchEachContainer(spotBelow(this.root, ['spec', list]), patchOf, removesElements)
    ));
  }

  private inherited({ of }: Extract<RequirementNode, { readonly op: 'inherited' }>): Patch {
    const { subject } = this;
    const remedy = remedyOf(of);
    if (remedy.op === 'none') {
      return always();
    }
    const spec = this.spec();
    const lacksPod = isEmpty(spotBelow(spec, of.path).item);
    const passesEmpty = leafHolds(of, undefined);
    const lacksOwn = (container: Spot) => isEmpty(spotBelow(container, of.path).item);
    const tolerated = (container: Spot) => subject.tolerated(of, container.item);
    const lacks = passesEmpty ? FALSE : this.anyContainer((container) => and(lacksOwn(container), not(tolerated(container))));
    // What the pod says would reach a container that may do without.
    const mayLack = passesEmpty ? FALSE : this.anyContainer((container) => both(tolerated(container), lacksOwn(container)));
    const podFails = and(not(lacksPod), not(this.isMet(of, spec)));
    const atPod = or(podFails, both(lacks, and(lacksPod, not(mayLack))));
    const atContainer = (container: Spot) => {
      const ownFails = and(not(lacksOwn(container)), not(this.isMet(of, container)));
      return or(ownFails, both(mayLack, and(lacksPod, lacksOwn(container), not(tolerated(container)))));
    };
    return always(
      inFull({ when: and(atPod, this.mayDo(remedy, spec)), patches: this.remedyPatches(remedy, spec, true) }),
      ...this.containerPatches(CONTAINER_LISTS, (container) => ({ when: and(atContainer(container), this.mayDo(remedy, container)), patches: this.remedyPatches(remedy, container, true) }), false),
    );
  }

  private anyContainer(conditionOf: (container: Spot) => Cel): Cel {
    const condition = conditionOf(containerSpot());
    return condition === FALSE ? FALSE : tight(`${this.subject.pod?.containers(CONTAINER_LISTS)}.exists(c, ${condition.text})`);
  }

  private remedyPatches(remedy: Exclude<Remedy, { readonly op: 'none' }>, spot: Spot, isThere: boolean): Cel {
    const patches = remedyPatches(remedy, spot, isThere);
    const derived = derivedPatches(remedy, this.root);
    return derived.length === 0 ? patches : always(...derived, patches).patches;
  }

  /** The first alternative of which everything that fails can be set right, one thing at a time. */
  private firstFixable(alternatives: readonly RequirementNode[], spot: Spot): Cel {
    return alternatives.reduceRight<Cel>((others, alternative) => {
      const fixable = this.isFixable(alternative, spot);
      const patches = this.firstFailing(inParts(alternative), spot);
      return fixable === TRUE ? patches : fixable === FALSE ? others : choice(fixable, patches, others);
    }, NO_PATCHES);
  }

  private firstFailing(parts: readonly RequirementNode[], spot: Spot): Cel {
    return parts.reduceRight<Cel>((others, part, i) => {
      const patch = this.patchOf(part, spot);
      const patches = patch ? patch.patches : NO_PATCHES;
      return i === parts.length - 1 && parts.length === 1 ? patches : choice(not(this.isMet(part, spot)), patches, others);
    }, NO_PATCHES);
  }

  /** Whether everything that fails can be set right. */
  private isFixable(node: RequirementNode, spot: Spot): Cel {
    switch (node.op) {
      case 'allOf':
        return and(...node.of.map((part) => this.isFixable(part, spot)));
      case 'anyOf': {
        const alternatives = node.of.map((part) => this.isFixable(part, spot));
        return alternatives.includes(TRUE) ? TRUE : or(this.isMet(node, spot), ...alternatives);
      }
      case 'described':
        return this.isFixable(node.of, spot);
      case 'exemptWhen': {
        const fixable = this.isFixable(node.of, spot);
        return fixable === TRUE ? TRUE : or(this.isMet(node.condition, spot), fixable);
      }
      case 'repaired':
        return isRepaired(node.of) ? and(...inParts(node).map((part) => this.isFixable(part, spot))) : this.isRemediable(node, remedyOf(node.of, node.repair), spot);
      default:
        return isLeaf(node) ? this.isRemediable(node, remedyOf(node), spot) : isWhollyFixable(node) ? TRUE : this.isMet(node, spot);
    }
  }

  private isRemediable(node: RequirementNode, remedy: Remedy, spot: Spot): Cel {
    const mayDo = this.mayDo(remedy, spot);
    return remedy.op !== 'none' && mayDo === TRUE ? TRUE : or(this.isMet(node, spot), ...remedy.op === 'none' ? [] : [mayDo]);
  }

  /** @param tolerant whether what is tolerated counts as met */
  private isMet(node: RequirementNode, spot: Spot, tolerant = true): Cel {
    return celOf(node, { ...this.subject, root: spot.item, ...(!tolerant && { tolerated: () => FALSE }) });
  }

  private spec(): Spot {
    return spotBelow(this.root, ['spec']);
  }
}

/** Whether a program can set right whatever fails, in any object. */
function isWhollyFixable(node: RequirementNode): boolean {
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
      return isWhollyFixable(node.of);
    case 'inherited':
      return isWhollyFixable(node.of);
    case 'repaired':
      return isRepaired(node.of) ? inParts(node).every(isWhollyFixable) : node.repair.kind !== 'none';
    default:
      return remedyOf(node).op !== 'none';
  }
}

/** False where the first is false, so that nothing is written about what can't be. */
function both(first: Cel, second: Cel): Cel {
  return first === FALSE ? FALSE : and(first, second);
}

function always(...patches: readonly Cel[]): Patch {
  const [first = NO_PATCHES, ...others] = patches;
  return { when: TRUE, patches: others.length === 0 ? first : tight(patches.map((each) => (each.binding === 'choice' ? `(${each.text})` : each.text)).join(' + ')) };
}
