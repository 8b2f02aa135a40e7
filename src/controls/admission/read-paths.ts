import { Path } from '../path';
import { partsOf, RequirementNode } from '../requirement-node';

/**
 * The paths from the root that a requirement reads, none of them below another. Of security contexts and of what containers inherit it is the field
 * of the pod spec; containers themselves are left out.
 */
export function readPaths(node: RequirementNode): Path[] {
  const paths = allPaths(node);
  const isBelow = (path: Path, other: Path) => other.length < path.length && other.every((step, i) => step === path[i]);
  const isSame = (path: Path, other: Path) => other.length === path.length && other.every((step, i) => step === path[i]);
  return paths.filter((path, i) => !paths.some((other) => isBelow(path, other)) && paths.findIndex((other) => isSame(path, other)) === i);
}

function allPaths(node: RequirementNode): Path[] {
  switch (node.op) {
    case 'each':
    case 'eachKey':
    case 'changedOnlyBy':
      return [node.path];
    case 'eachContainer':
      return [];
    case 'eachSecurityContext':
      return [['spec', 'securityContext']];
    case 'inherited':
      return [['spec', node.of.path[0] ?? '']];
    default:
      return 'path' in node ? [node.path] : partsOf(node).flatMap(allPaths);
  }
}

/** Every field that a requirement reads, from the type at its root on; `[]` is an element, `{}` a map's value. Containers are left out. */
export function fieldPaths(node: RequirementNode, at: Path = []): Path[] {
  switch (node.op) {
    case 'each':
      return [[...at, ...node.path], ...fieldPaths(node.of, [...at, ...node.path, '[]'])];
    case 'eachKey':
      return [[...at, ...node.path], ...fieldPaths(node.of, [...at, ...node.path, '{}'])];
    case 'eachContainer':
    case 'eachSecurityContext':
    case 'inherited':
      return [];
    default:
      return 'path' in node ? [[...at, ...node.path]] : partsOf(node).flatMap((part) => fieldPaths(part, at));
  }
}
