import { parsePath } from './path';
import { checkPattern } from './pattern';
import { CONTAINER_LISTS, isLeaf, Repair, RequirementNode, Scalar } from './requirement-node';
import { invalid, show } from '../core/errors';
import { lock } from '../core/immutable';
import { checkVersion, KubernetesVersion } from '../core/kubernetes-version';
import { checkMadeBy, markAs } from '../core/made-by';

/** How `Requirement.matches` compares. */
export interface MatchOptions {
  /**
   * Whether upper and lower case count as the same.
   * @default false
   */
  readonly ignoreCase?: boolean;
  /**
   * Whether a field that is left out passes.
   * @default false
   */
  readonly orAbsent?: boolean;
}

/** Who may change a field, and which part of it. */
export interface ChangedOnlyByOptions {
  /**
   * Groups of users.
   * @default - none
   */
  readonly groups?: string[];
  /**
   * Users by name.
   * @default - none
   */
  readonly users?: string[];
  /**
   * Only the keys of the map that begin so.
   * @default - all of them
   */
  readonly keyPrefix?: string;
}

/**
 * What a control asks of an object, as data: the check, the fix, the admission policy and the documentation all come from it.
 *
 * Paths are field names joined by dots (`spec.hostNetwork`, `metadata.annotations["example.com/owner"]`), relative to the item at hand: the
 * pod template (whatever kind it is in) or the whole object, and below `eachContainer`, `eachSecurityContext`, `each` and `eachKey` the
 * container, context, element or map value. The empty path is the item itself. Every path is checked against the fields of the Kubernetes API.
 * An immutable value.
 */
export class Requirement {
  /**
   * The field has a value. An empty text and an empty list count as none, as they do to the API server.
   * Nothing to fix by itself: say `fixedBySetting`.
   */
  public static present(path: string): Requirement {
    return new Requirement({ op: 'present', path: parsePath(path) });
  }

  /** The field is left out. Fixed by removing it. */
  public static absent(path: string): Requirement {
    return new Requirement({ op: 'absent', path: parsePath(path) });
  }

  /** The field has one of these values (texts, numbers, booleans). Fixed by setting the first. */
  public static oneOf(path: string, ...values: unknown[]): Requirement {
    return new Requirement({ op: 'oneOf', path: parsePath(path), values: scalars(values), orAbsent: false });
  }

  /** The field is left out or has one of these values. Fixed by removing it. */
  public static absentOrOneOf(path: string, ...values: unknown[]): Requirement {
    return new Requirement({ op: 'oneOf', path: parsePath(path), values: scalars(values), orAbsent: true });
  }

  /** The field has none of these values; leaving it out passes. Fixed by removing it. */
  public static noneOf(path: string, ...values: unknown[]): Requirement {
    return new Requirement({ op: 'noneOf', path: parsePath(path), values: scalars(values) });
  }

  /** The list has this element. Fixed by adding it. */
  public static contains(path: string, value: unknown): Requirement {
    return new Requirement({ op: 'contains', path: parsePath(path), value: scalars([value])[0] });
  }

  /** The list has no elements but these; leaving it out passes. Fixed by removing the others. */
  public static subsetOf(path: string, ...values: unknown[]): Requirement {
    return new Requirement({ op: 'subsetOf', path: parsePath(path), values: scalars(values) });
  }

  /**
   * The text (a number counts as its text) matches a regular expression somewhere; anchor it with `^` and `$` to compare the whole.
   * Nothing to fix by itself.
   * @param pattern in the common subset of RE2 and JavaScript: no lookaround, no back references
   */
  public static matches(path: string, pattern: string, options: MatchOptions = {}): Requirement {
    checkPattern(pattern);
    return new Requirement({
      op: 'matches', path: parsePath(path), pattern, ignoreCase: options.ignoreCase ?? false, orAbsent: options.orAbsent ?? false,
    });
  }

  /** Every element of the list meets the requirement; leaving the list out passes. */
  public static each(path: string, requirement: Requirement): Requirement {
    return new Requirement({ op: 'each', path: parsePath(path), of: nodeOf(requirement) });
  }

  /** Every value of the map whose key begins with the prefix meets the requirement; leaving the map out passes. */
  public static eachKey(path: string, prefix: string, requirement: Requirement): Requirement {
    return new Requirement({ op: 'eachKey', path: parsePath(path), prefix, of: nodeOf(requirement) });
  }

  /** Every container of the pod meets the requirement, init and ephemeral containers included. Only for pod templates. */
  public static eachContainer(requirement: Requirement): Requirement {
    return new Requirement({ op: 'eachContainer', of: nodeOf(requirement), lists: CONTAINER_LISTS });
  }

  /**
   * Every container that runs for the life of the pod meets the requirement: neither init containers nor ephemeral ones. For what only they
   * may have, such as probes. Only for pod templates.
   */
  public static eachMainContainer(requirement: Requirement): Requirement {
    return new Requirement({ op: 'eachContainer', of: nodeOf(requirement), lists: ['containers'] });
  }

  /**
   * Every container that a manifest can declare meets the requirement: not ephemeral ones, which have no resources of their own and no ports.
   * Only for pod templates.
   */
  public static eachDeclaredContainer(requirement: Requirement): Requirement {
    return new Requirement({ op: 'eachContainer', of: nodeOf(requirement), lists: CONTAINER_LISTS.filter((list) => list !== 'ephemeralContainers') });
  }

  /** The pod's security context and each container's meets the requirement; one that is left out counts as empty. Only for pod templates. */
  public static eachSecurityContext(requirement: Requirement): Requirement {
    return new Requirement({ op: 'eachSecurityContext', of: nodeOf(requirement) });
  }

  /**
   * Every container meets the requirement by its own field, or has none and the pod's field of the same path meets it. A field of the pod that
   * does not meet it is refused even where every container overrides it, as the Pod Security Standards do.
   * @param requirement on one field, for instance `Requirement.oneOf('securityContext.runAsNonRoot', true)`
   */
  public static inherited(requirement: Requirement): Requirement {
    const node = nodeOf(requirement);
    if (!isLeaf(node)) {
      throw invalid({ property: 'requirement', got: node.op, allowed: 'a requirement on one field, such as oneOf', fix: 'Join several inherited requirements by allOf.' });
    }
    return new Requirement({ op: 'inherited', of: node });
  }

  /** All of them are met. */
  public static allOf(...requirements: Requirement[]): Requirement {
    return new Requirement({ op: 'allOf', of: atLeastOne(requirements, 'allOf').map(nodeOf) });
  }

  /** At least one of them is met. Fixed as the first that can be. */
  public static anyOf(...requirements: Requirement[]): Requirement {
    return new Requirement({ op: 'anyOf', of: atLeastOne(requirements, 'anyOf').map(nodeOf) });
  }

  /** The requirement is not met. Nothing to fix by itself. */
  public static negation(requirement: Requirement): Requirement {
    return new Requirement({ op: 'negation', of: nodeOf(requirement) });
  }

  /** Nothing is asked of an item that meets the condition. */
  public static exemptWhen(condition: Requirement, requirement: Requirement): Requirement {
    return new Requirement({ op: 'exemptWhen', condition: nodeOf(condition), of: nodeOf(requirement) });
  }

  /**
   * One requirement from a version of Kubernetes on, another before.
   * @param version the first of the versions that `since` is for
   * @param before nothing is asked of older versions if it is left out
   */
  public static byVersion(version: KubernetesVersion, since: Requirement, before?: Requirement): Requirement {
    return new Requirement({ op: 'byVersion', minor: checkVersion(version).minor, since: nodeOf(since), ...(before && { before: nodeOf(before) }) });
  }

  /**
   * The field is changed by nobody but these groups and users. Only an admission policy can tell, on updates: at synth it is always met.
   * @param path of a field, or of a map such as `metadata.labels`
   */
  public static changedOnlyBy(path: string, who: ChangedOnlyByOptions): Requirement {
    const { groups = [], users = [], keyPrefix } = who;
    return new Requirement({ op: 'changedOnlyBy', path: parsePath(path), groups, users, ...(keyPrefix !== undefined && { keyPrefix }) });
  }

  /**
   * Nothing is asked: what judges is code.
   * @internal
   */
  public static _nothing(): Requirement {
    return new Requirement({ op: 'allOf', of: [] });
  }

  /**
   * Never met, as a part of others.
   * @internal
   */
  public static _never(): Requirement {
    return new Requirement({ op: 'anyOf', of: [] });
  }

  /** @internal */
  public readonly _node: RequirementNode;

  private constructor(node: RequirementNode) {
    this._node = freeze(node);
    lock(this);
    markAs('Requirement', this);
  }

  /**
   * The same requirement, in words that say more than its operators do: reports show them as what was expected.
   * @param expected a noun phrase, for instance `an image by digest`
   */
  public describedAs(expected: string): Requirement {
    return new Requirement({ op: 'described', of: this._node, as: expected });
  }

  /**
   * The same requirement, fixed by setting a field where the natural fix would be wrong or where there is none.
   * @param path of the field, relative to the item at hand
   * @param value plain JSON
   */
  public fixedBySetting(path: string, value: unknown): Requirement {
    return this.repairedBy({ kind: 'set', path: parsePath(path), value: JSON.parse(JSON.stringify(value)) });
  }

  /**
   * The same requirement, fixed by removing a field, or by the empty path the whole item: an element of a list, a value of a map.
   * @param path of the field, relative to the item at hand
   */
  public fixedByRemoving(path: string): Requirement {
    return this.repairedBy({ kind: 'remove', path: parsePath(path) });
  }

  /**
   * The same requirement, which no program can fix.
   * @param reason what has to be decided or done by a person, in one sentence
   */
  public notFixable(reason: string): Requirement {
    return this.repairedBy({ kind: 'none', reason });
  }

  /** What is said last of one requirement counts. */
  private repairedBy(repair: Repair): Requirement {
    return new Requirement({ op: 'repaired', of: this._node.op === 'repaired' ? this._node.of : this._node, repair });
  }
}

/** The data of what has to be a requirement. */
function nodeOf(requirement: Requirement): RequirementNode {
  return checkRequirement(requirement)._node;
}

/** Refuses what no method of Requirement made. */
export function checkRequirement(requirement: Requirement, at?: string): Requirement {
  return checkMadeBy('Requirement', requirement, { at, property: 'requirement', fix: 'Make it with Requirement.oneOf and the like.' });
}

/** All of nothing always holds, and one of nothing never does: neither is what anybody means. */
function atLeastOne(requirements: Requirement[], operator: 'allOf' | 'anyOf'): Requirement[] {
  if (requirements.length === 0) {
    throw invalid({ property: 'requirements', got: requirements, allowed: 'one or more Requirements', fix: `Name what ${operator} joins.` });
  }
  return requirements;
}

function scalars(values: unknown[]): Scalar[] {
  const wrong = values.findIndex((value) => !['string', 'boolean'].includes(typeof value) && !Number.isFinite(value));
  if (values.length === 0 || wrong >= 0) {
    throw invalid({
      property: 'values', got: values.length === 0 ? values : values[wrong], allowed: 'one or more texts, numbers or booleans',
      fix: `Give the values one by one, for instance oneOf(path, ${show(true)}).`,
    });
  }
  return values as Scalar[];
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
