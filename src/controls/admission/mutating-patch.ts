import { celOf, CelSubject, isEmpty } from './cel';
import { and, Cel, choice, FALSE, not, or, tight, TRUE } from './cel-text';
import { derivedPatches } from './mutating-derived';
import { inGroups, inParts, isRepaired, isWhollyFixable, removesItem, roundsOf, whyPartUnfixable } from './mutating-parts';
import { containerSpot, NO_PATCHES, Patch, patchEach, patchEachContainer, patchEachKey, remedyPatches, Spot, spotBelow } from './mutating-spot';
import { leafHolds } from '../evaluate';
import { preconditionsOf } from '../fix/preconditions';
import { Remedy, remedyOf } from '../fix/remedy';
import { ContainerList, CONTAINER_LISTS, isLeaf, RequirementNode } from '../requirement-node';

/** What `fix` does, in CEL. */
export interface Patches {
  /** Whether there is anything to do. */
  readonly needed: Cel;
  /**
   * Expressions of JSON patches. They are evaluated one after the other, each on what those before it have made, so that no two that may be
   * needed together make the same missing object.
   */
  readonly patches: readonly Cel[];
}

export function patchesOf(node: RequirementNode, subject: CelSubject, root: Spot): Patches {
  const writer = new PatchWriter(subject, root);
  const parts = inParts(node).filter((part) => whyPartUnfixable(part) === undefined);
  return {
    needed: or(...parts.map((part) => not(writer.isMet(part, root)))),
    patches: inGroups(parts).flatMap((group) => {
      const patches = always(...group.map((part) => inFull(writer.patchOf(part, root)))).patches;
      return Array.from({ length: roundsOf(group[0]) }, () => patches);
    }),
  };
}

function inFull({ when, patches }: Patch): Cel {
  return when === TRUE ? patches : choice(when, patches, NO_PATCHES);
}

class PatchWriter {
  constructor(private readonly subject: CelSubject, private readonly root: Spot) {
  }

  public patchOf(part: RequirementNode, spot: Spot): Patch {
    const inner = (of: RequirementNode) => (each: Spot) => this.patchOf(of, each);
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

  /** @param tolerant whether what is tolerated counts as met */
  public isMet(node: RequirementNode, spot: Spot, tolerant = true): Cel {
    return celOf(node, { ...this.subject, root: spot.item, ...(!tolerant && { tolerated: () => FALSE }) });
  }

  private remedied(part: RequirementNode, remedy: Remedy, spot: Spot, isThere: boolean): Patch {
    return remedy.op === 'none'
      ? always()
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
      ...this.containerPatches(CONTAINER_LISTS, (container) => (
        { when: and(atContainer(container), this.mayDo(remedy, container)), patches: this.remedyPatches(remedy, container, true) }
      ), false),
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
    return parts.reduceRight<Cel>((others, part) => {
      const { patches } = this.patchOf(part, spot);
      return parts.length === 1 ? patches : choice(not(this.isMet(part, spot)), patches, others);
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
        return isRepaired(node.of)
          ? and(...inParts(node).map((part) => this.isFixable(part, spot)))
          : this.isRemediable(node, remedyOf(node.of, node.repair), spot);
      default:
        if (isLeaf(node)) {
          return this.isRemediable(node, remedyOf(node), spot);
        }
        return isWhollyFixable(node) ? TRUE : this.isMet(node, spot);
    }
  }

  private isRemediable(node: RequirementNode, remedy: Remedy, spot: Spot): Cel {
    const mayDo = this.mayDo(remedy, spot);
    return remedy.op !== 'none' && mayDo === TRUE ? TRUE : or(this.isMet(node, spot), ...remedy.op === 'none' ? [] : [mayDo]);
  }

  private spec(): Spot {
    return spotBelow(this.root, ['spec']);
  }
}

/** False where the first is false, so that nothing is written about what can't be. */
function both(first: Cel, second: Cel): Cel {
  return first === FALSE ? FALSE : and(first, second);
}

function always(...patches: readonly Cel[]): Patch {
  const [first = NO_PATCHES, ...others] = patches;
  const sum = () => tight(patches.map((each) => (each.binding === 'choice' ? `(${each.text})` : each.text)).join(' + '));
  return { when: TRUE, patches: others.length === 0 ? first : sum() };
}
