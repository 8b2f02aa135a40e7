import { dependencyCycle } from './dependency-cycle';
import { DependencyGraph } from './dependency-graph';
import { NONE } from './tree-snapshot';

/** A vertex whose predecessors are being visited. */
interface Frame {
  readonly vertex: number;
  /** The construct for which a virtual vertex is looked through. */
  readonly construct: number;
  position: number;
  skipped: boolean;
}

/**
 * The constructs of a subtree in dependency order: depth first, each after what it depends on, starting from those that nothing
 * in the subtree depends on. Dependencies that leave the subtree don't count.
 *
 * @throws if constructs depend on each other in a circle
 */
export function topologicalSort(graph: DependencyGraph, root: number): number[] {
  const search = new DepthFirstSearch(graph, root);
  startingPoints(graph, root).forEach((construct) => search.visit(construct));
  for (let construct = root; construct < graph.tree.end[root]; construct++) {
    search.visit(construct);
  }
  return search.visited;
}

class DepthFirstSearch {
  public readonly visited: number[] = [];
  private readonly frames: Frame[] = [];
  private readonly size: number;
  private readonly end: number;
  private readonly open: number;
  private readonly done: number;

  constructor(private readonly graph: DependencyGraph, private readonly root: number) {
    this.size = graph.tree.size;
    this.end = graph.tree.end[root];
    this.open = graph.nextMark();
    this.done = graph.nextMark();
  }

  public visit(construct: number): void {
    if (this.graph.marks[construct] === this.done) {
      return;
    }
    this.push(construct, construct);
    while (this.frames.length > 0) {
      const frame = this.frames[this.frames.length - 1];
      const next = this.graph.before(frame.vertex, frame.position++);
      if (next === NONE) {
        this.close(frame);
      } else if (this.graph.marks[next] !== this.done && this.isInside(next)) {
        this.descend(frame, next);
      }
    }
  }

  private descend(frame: Frame, next: number): void {
    if (next >= this.size) {
      this.push(next, frame.construct);
    } else if (next === frame.construct) {
      frame.skipped = true;
    } else if (this.graph.marks[next] === this.open) {
      throw new Error(dependencyCycle(this.graph, this.root, next));
    } else {
      this.push(next, next);
    }
  }

  private push(vertex: number, construct: number): void {
    if (vertex < this.size) {
      this.graph.marks[vertex] = this.open;
    }
    this.frames.push({ vertex, construct, position: 0, skipped: false });
  }

  /** A virtual vertex that skipped the construct itself must be looked through again for others: they do depend on it. */
  private close(frame: Frame): void {
    this.frames.pop();
    if (frame.vertex < this.size) {
      this.graph.marks[frame.vertex] = this.done;
      this.visited.push(frame.vertex);
    } else if (!frame.skipped) {
      this.graph.marks[frame.vertex] = this.done;
    } else {
      this.frames[this.frames.length - 1].skipped = true;
    }
  }

  private isInside(vertex: number): boolean {
    const construct = vertex % this.size;
    return construct >= this.root && construct < this.end;
  }
}

/** Constructs that nothing in the subtree depends on, in the order of a plain object's keys that are their paths. */
function startingPoints(graph: DependencyGraph, root: number): number[] {
  const { tree } = graph;
  const hasDependents = dependedUpon(graph, root);
  const first: number[] = [];
  const others: number[] = [];
  for (let i = root; i < tree.end[root]; i++) {
    if (!hasDependents.has(i)) {
      (tree.parent[i] === 0 && isArrayIndex(tree.constructs[i].node.id) ? first : others).push(i);
    }
  }
  return [...first, ...others];
}

function dependedUpon(graph: DependencyGraph, root: number): Set<number> {
  const { tree, dependencies, objectCount, anyObject } = graph;
  const end = tree.end[root];
  const found = new Set<number>();
  const groupSources = new Map<number, number>();
  const several = tree.size;
  for (let source = root; source < end; source++) {
    for (const target of dependencies[source]) {
      if (target >= root && target < end) {
        found.add(target);
        if (objectCount[source] > 0) {
          const from = objectCount[source] === 1 ? anyObject[source] : several;
          const known = groupSources.get(target) ?? from;
          groupSources.set(target, known === from ? from : several);
        }
      }
    }
  }
  for (const [target, source] of groupSources) {
    graph.group(target).filter((object) => object !== source).forEach((object) => found.add(object));
  }
  return found;
}

/** Keys that JavaScript objects list first, as numbers. */
function isArrayIndex(key: string): boolean {
  return /^(0|[1-9][0-9]{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}
