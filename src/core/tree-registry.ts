import { IConstruct } from 'constructs';

const REGISTRY = Symbol.for('cdk8s-hardened.registry');

type Holder = { [REGISTRY]?: Map<string, IConstruct> };

/**
 * A map that belongs to one tree: constructs that must be unique or be found by name are kept at its root, not in module state.
 * Two copies of this library in one program share it.
 */
export function treeRegistry(scope: IConstruct): Map<string, IConstruct> {
  const root = scope.node.root as IConstruct & Holder;
  if (!root[REGISTRY]) {
    Object.defineProperty(root, REGISTRY, { value: new Map(), enumerable: false });
  }
  return root[REGISTRY]!;
}
