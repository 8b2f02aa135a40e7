import { IConstruct } from 'constructs';

const REGISTRY = Symbol.for('cdk8s-hardened.registry');

/**
 * What belongs to one tree: constructs that must be unique or be found by name are kept at its root, not in module state.
 * Constructs that were taken out of the tree (`tryRemoveChild`) are no longer found.
 */
export class TreeRegistry {
  private readonly constructs = new Map<string, IConstruct>();

  public get(key: string): IConstruct | undefined {
    const construct = this.constructs.get(key);
    return construct && isInTree(construct) ? construct : undefined;
  }

  public set(key: string, construct: IConstruct): void {
    this.constructs.set(key, construct);
  }

  /** All whose key begins so, by key. */
  public startingWith(prefix: string): IConstruct[] {
    return [...this.constructs.keys()].filter((key) => key.startsWith(prefix)).sort()
      .map((key) => this.get(key))
      .filter((construct) => construct !== undefined);
  }
}

/** The registry of the tree that a construct belongs to. Two copies of this library in one program share it. */
export function treeRegistry(scope: IConstruct): TreeRegistry {
  const root = scope.node.root as IConstruct & { [REGISTRY]?: TreeRegistry };
  if (!root[REGISTRY]) {
    Object.defineProperty(root, REGISTRY, { value: new TreeRegistry(), enumerable: false });
  }
  return root[REGISTRY]!;
}

function isInTree(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isInTree(scope));
}
