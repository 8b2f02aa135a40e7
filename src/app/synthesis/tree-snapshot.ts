import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';

/** No chart, no parent: the place of a construct that has none. */
export const NONE = -1;

/** A dependency on a construct of another tree, which the linear order can't resolve. */
export interface OutsideDependency {
  readonly source: IConstruct;
  readonly target: IConstruct;
}

/**
 * The construct tree at one moment, as numbers: constructs in pre-order, so that a subtree is the interval from `i` to `end[i]`.
 * Dependencies are read once; nothing is added to the constructs' own.
 *
 * @throws if a construct depends on itself
 */
export class TreeSnapshot {
  public readonly constructs: IConstruct[];
  public readonly parent: number[] = [];
  /** First construct after the subtree. */
  public readonly end: number[] = [];
  /** The closest chart, which may be the construct itself. */
  public readonly chart: number[] = [];
  public readonly isObject: boolean[] = [];
  /** What each construct says it depends on, inside the tree. */
  public readonly dependencies: number[][] = [];
  /** The first dependency that leaves the tree. */
  public readonly outside: OutsideDependency | undefined;

  private readonly declared: IConstruct[][] = [];
  private readonly indexes = new Map<IConstruct, number>();

  constructor(root: IConstruct) {
    this.constructs = [];
    this.visit(root, NONE, NONE);
    this.outside = this.resolveTargets();
  }

  public get size(): number {
    return this.constructs.length;
  }

  public isChart(index: number): boolean {
    return this.chart[index] === index;
  }

  public indexOf(construct: IConstruct): number {
    const index = this.indexes.get(construct);
    if (index === undefined) {
      throw new Error(`${construct.node.path} is not part of this snapshot`);
    }
    return index;
  }

  /** True if nothing was added to, removed from or made dependent in the subtree of a construct since. */
  public isCurrent(scope: IConstruct): boolean {
    const first = this.indexes.get(scope);
    return first !== undefined && this.sameFrom(first) === this.end[first];
  }

  private visit(construct: IConstruct, parent: number, chartAbove: number): void {
    const index = this.constructs.push(construct) - 1;
    const chart = Chart.isChart(construct) ? index : chartAbove;
    this.indexes.set(construct, index);
    this.parent.push(parent);
    this.chart.push(chart);
    this.isObject.push(ApiObject.isApiObject(construct));
    this.end.push(index);
    for (const child of construct.node.children) {
      this.visit(child, index, chart);
    }
    this.end[index] = this.constructs.length;
  }

  private resolveTargets(): OutsideDependency | undefined {
    let outside: OutsideDependency | undefined;
    this.constructs.forEach((source, index) => {
      const declared = source.node.dependencies;
      const inside: number[] = [];
      for (const target of declared) {
        const found = this.indexes.get(target);
        if (found === undefined) {
          outside ??= { source, target };
        } else if (found === index) {
          throw invalid({
            at: source, property: 'dependencies', got: source.node.path, allowed: 'constructs other than itself',
            fix: 'Remove the dependency of the construct on itself.',
          });
        } else {
          inside.push(found);
        }
      }
      this.declared.push(declared);
      this.dependencies.push(inside);
    });
    return outside;
  }

  /** Compares the subtree at an index; returns the index after it, or NONE if it differs. */
  private sameFrom(index: number): number {
    const { node } = this.constructs[index];
    const declared = this.declared[index];
    const now = node.dependencies;
    if (now.length !== declared.length || now.some((target, i) => target !== declared[i])) {
      return NONE;
    }
    let next = index + 1;
    for (const child of node.children) {
      if (this.constructs[next] !== child || this.parent[next] !== index) {
        return NONE;
      }
      next = this.sameFrom(next);
      if (next === NONE) {
        return NONE;
      }
    }
    return next === this.end[index] ? next : NONE;
  }
}
