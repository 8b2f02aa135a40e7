import { Path } from './path';

/** A value that a field may be compared with. */
export type Scalar = string | number | boolean;

/** What `fix` does instead of what follows from the operator. */
export type Repair =
  | { readonly kind: 'set'; readonly path: Path; readonly value: unknown }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * A requirement as data. Paths are relative to the item at hand: the pod template or object, a container, a security context, a list's element.
 * The empty path is the item itself.
 */
export type RequirementNode =
  /** There is a value, neither empty text nor empty list. */
  | { readonly op: 'present'; readonly path: Path }
  /** There is no value; empty text and empty lists count as none. */
  | { readonly op: 'absent'; readonly path: Path }
  /** The value is one of these; `orAbsent`: or there is none. */
  | { readonly op: 'oneOf'; readonly path: Path; readonly values: readonly Scalar[]; readonly orAbsent: boolean }
  /** There is no value, or one that isn't among these. */
  | { readonly op: 'noneOf'; readonly path: Path; readonly values: readonly Scalar[] }
  /** The list has this element. */
  | { readonly op: 'contains'; readonly path: Path; readonly value: Scalar }
  /** The list has no element but these; no list passes. */
  | { readonly op: 'subsetOf'; readonly path: Path; readonly values: readonly Scalar[] }
  /** The text, or a number as text, matches a regular expression anywhere; `orAbsent`: or there is none. In the common subset of RE2 and JavaScript. */
  | { readonly op: 'matches'; readonly path: Path; readonly pattern: string; readonly ignoreCase: boolean; readonly orAbsent: boolean }
  /** Every element of the list meets it; no list passes. */
  | { readonly op: 'each'; readonly path: Path; readonly of: RequirementNode }
  /** Every value of the map whose key begins so meets it (the value is the item). */
  | { readonly op: 'eachKey'; readonly path: Path; readonly prefix: string; readonly of: RequirementNode }
  /** Every container of the pod meets it, init and ephemeral ones too. Only at the root of a pod template. */
  | { readonly op: 'eachContainer'; readonly of: RequirementNode; readonly lists: readonly ContainerList[] }
  /** The pod's and every container's security context meets it; one that is left out is an item without fields. Only at the root of a pod template. */
  | { readonly op: 'eachSecurityContext'; readonly of: RequirementNode }
  /** Every container's own value meets it, or it has none and the pod's does; the pod's value, where there is one, meets it in any case. Only at the root. */
  | { readonly op: 'inherited'; readonly of: LeafNode }
  | { readonly op: 'allOf'; readonly of: readonly RequirementNode[] }
  | { readonly op: 'anyOf'; readonly of: readonly RequirementNode[] }
  | { readonly op: 'negation'; readonly of: RequirementNode }
  /** Met where the condition holds; else as `of`. */
  | { readonly op: 'exemptWhen'; readonly condition: RequirementNode; readonly of: RequirementNode }
  /** `since` from this minor version on, else `before` (nothing where it is left out). */
  | { readonly op: 'byVersion'; readonly minor: number; readonly since: RequirementNode; readonly before?: RequirementNode }
  /** The field stays as it is unless one of these groups or users changes it. Only the API server can tell: at synth it is always met. */
  | { readonly op: 'changedOnlyBy'; readonly path: Path; readonly keyPrefix?: string; readonly groups: readonly string[]; readonly users: readonly string[] }
  /** As `of`, which reports put into these words. */
  | { readonly op: 'described'; readonly of: RequirementNode; readonly as: string }
  /** As `of`, with a repair of its own. */
  | { readonly op: 'repaired'; readonly of: RequirementNode; readonly repair: Repair };

export type LeafNode = Extract<RequirementNode, { readonly op: 'present' | 'absent' | 'oneOf' | 'noneOf' | 'contains' | 'subsetOf' | 'matches' }>;

/** The lists of containers that a pod has. */
export type ContainerList = 'containers' | 'initContainers' | 'ephemeralContainers';

export const CONTAINER_LISTS: readonly ContainerList[] = ['initContainers', 'containers', 'ephemeralContainers'];

export function isLeaf(node: RequirementNode): node is LeafNode {
  return 'path' in node && node.op !== 'each' && node.op !== 'eachKey' && node.op !== 'changedOnlyBy';
}

/** The nodes directly below a node. */
export function partsOf(node: RequirementNode): readonly RequirementNode[] {
  switch (node.op) {
    case 'allOf':
    case 'anyOf':
      return node.of;
    case 'exemptWhen':
      return [node.condition, node.of];
    case 'byVersion':
      return node.before ? [node.since, node.before] : [node.since];
    default:
      return 'of' in node ? [node.of] : [];
  }
}

/** The path that all fields of a requirement share: where a person has to look. */
export function commonPath(node: RequirementNode): Path {
  const paths = pathsOf(node);
  const [first, ...others] = paths;
  const length = others.reduce((shared, path) => {
    let i = 0;
    while (i < shared && path[i] === first[i]) {
      i++;
    }
    return i;
  }, first?.length ?? 0);
  return first?.slice(0, length) ?? [];
}

/** The paths that a requirement reads, from the item that it is about. */
export function pathsOf(node: RequirementNode): Path[] {
  switch (node.op) {
    case 'allOf':
    case 'anyOf':
      return node.of.flatMap(pathsOf);
    case 'described':
    case 'exemptWhen':
    case 'negation':
    case 'repaired':
      return pathsOf(node.of);
    default:
      return 'path' in node ? [node.path] : [[]];
  }
}

/** The requirement as it stands at one version: no `byVersion` is left in it. Undefined: nothing is asked. */
export function atVersion(node: RequirementNode, minor: number): RequirementNode | undefined {
  switch (node.op) {
    case 'byVersion': {
      const chosen = minor >= node.minor ? node.since : node.before;
      return chosen && atVersion(chosen, minor);
    }
    case 'allOf': {
      const parts = node.of.map((part) => atVersion(part, minor)).filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : { ...node, of: parts };
    }
    case 'anyOf': {
      const parts = node.of.map((part) => atVersion(part, minor));
      return parts.some((part) => part === undefined) ? undefined : { ...node, of: parts as RequirementNode[] };
    }
    case 'exemptWhen': {
      const condition = atVersion(node.condition, minor);
      const of = atVersion(node.of, minor);
      return condition === undefined ? undefined : of && { ...node, condition, of };
    }
    case 'negation': {
      const of = atVersion(node.of, minor);
      // What always holds, negated, never does.
      return of === undefined ? { op: 'anyOf', of: [] } : { ...node, of };
    }
    default: {
      if (!('of' in node)) {
        return node;
      }
      const of = atVersion(node.of, minor);
      return of && { ...node, of } as RequirementNode;
    }
  }
}
