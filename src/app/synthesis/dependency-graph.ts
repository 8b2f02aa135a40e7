import { NONE, TreeSnapshot } from './tree-snapshot';

/**
 * What must come before what, in the order in which cdk8s would look at it, but linear in constructs and dependencies.
 *
 * An object depends on every object below each target of its own and of its ancestors' dependencies. Written out, these edges are
 * quadratic, so two virtual vertices stand for them. In a tree of `n` constructs
 * - `i` is the construct itself;
 * - `n + i` is what the objects below `i` inherit: first from above, the chart first, then the groups of `i`'s own targets;
 * - `2n + i` is the group of `i`: the objects below it that belong to its chart, in pre-order.
 */
export class DependencyGraph {
  /** True if a chart is a child of another or depends on one: output files then carry an index. */
  public readonly hasDependentCharts: boolean;
  /** What each construct depends on itself; for a chart also its child charts, and the charts that anything in it depends on. */
  public readonly dependencies: number[][];
  /** How many objects below a construct belong to its chart. */
  public readonly objectCount: number[] = [];
  /** One of these objects. */
  public readonly anyObject: number[] = [];
  /** Scratch space of searches, one mark for each vertex, so that a search needs no time for the vertices that it never reaches. */
  public readonly marks: Int32Array;

  private lastMark = 0;
  private readonly inherits: boolean[] = [];
  private readonly groups: (number[] | undefined)[] = [];
  private readonly chartTargets = new Map<number, Set<number>>();

  /** @throws if a dependency starts or ends outside any chart */
  constructor(public readonly tree: TreeSnapshot) {
    this.dependencies = tree.dependencies.map((targets) => [...targets]);
    this.addChildCharts();
    this.addCrossingCharts();
    this.hasDependentCharts = this.chartTargets.size > 0;
    this.marks = new Int32Array(3 * tree.size);
    this.markInheriting();
    this.countObjects();
  }

  /** A mark that no vertex has. */
  public nextMark(): number {
    return ++this.lastMark;
  }

  /** What must come before a vertex, one at a position; NONE after the last. */
  public before(vertex: number, position: number): number {
    const n = this.tree.size;
    if (vertex < n) {
      const own = this.dependencies[vertex];
      if (position < own.length) {
        return own[position];
      }
      return position === own.length && this.tree.isObject[vertex] && this.inherits[vertex] ? n + vertex : NONE;
    }
    if (vertex >= 2 * n) {
      return this.group(vertex - 2 * n)[position] ?? NONE;
    }
    const construct = vertex - n;
    const above = this.inheritsFromAbove(construct) ? 1 : 0;
    if (position < above) {
      return n + this.tree.parent[construct];
    }
    const target = this.dependencies[construct][position - above];
    return target === undefined ? NONE : 2 * n + target;
  }

  /** The objects below a construct that belong to its chart. */
  public group(target: number): number[] {
    return this.groups[target] ??= this.collectGroup(target);
  }

  private collectGroup(target: number): number[] {
    const { chart, end, isObject } = this.tree;
    const objects: number[] = [];
    let i = target;
    while (i < end[target]) {
      if (chart[i] !== chart[target]) {
        i = end[i];
        continue;
      }
      if (isObject[i]) {
        objects.push(i);
      }
      i++;
    }
    return objects;
  }

  private addChildCharts(): void {
    const { tree } = this;
    for (let i = 1; i < tree.size; i++) {
      if (tree.isChart(i) && tree.isChart(tree.parent[i])) {
        this.addChartDependency(tree.parent[i], i);
      }
    }
  }

  private addCrossingCharts(): void {
    const counts = this.dependencies.map((targets) => targets.length);
    counts.forEach((count, source) => {
      for (let i = 0; i < count; i++) {
        const from = this.chartOf(source);
        const to = this.chartOf(this.dependencies[source][i]);
        if (from !== to) {
          this.addChartDependency(from, to);
        }
      }
    });
  }

  private addChartDependency(from: number, to: number): void {
    const known = this.chartTargets.get(from) ?? new Set(this.dependencies[from]);
    this.chartTargets.set(from, known);
    if (!known.has(to)) {
      known.add(to);
      this.dependencies[from].push(to);
    }
  }

  private chartOf(index: number): number {
    const chart = this.tree.chart[index];
    if (chart === NONE) {
      throw new Error('cannot find a parent chart (directly or indirectly)');
    }
    return chart;
  }

  private markInheriting(): void {
    for (let i = 0; i < this.tree.size; i++) {
      this.inherits.push(this.dependencies[i].length > 0 || this.inheritsFromAbove(i));
    }
  }

  private inheritsFromAbove(construct: number): boolean {
    const { chart, parent } = this.tree;
    return chart[construct] !== construct && chart[construct] !== NONE && this.inherits[parent[construct]];
  }

  private countObjects(): void {
    const { tree } = this;
    for (let i = 0; i < tree.size; i++) {
      this.objectCount.push(tree.isObject[i] ? 1 : 0);
      this.anyObject.push(tree.isObject[i] ? i : NONE);
    }
    for (let i = tree.size - 1; i > 0; i--) {
      if (!tree.isChart(i) && this.objectCount[i] > 0) {
        this.objectCount[tree.parent[i]] += this.objectCount[i];
        this.anyObject[tree.parent[i]] = this.anyObject[i];
      }
    }
  }
}
