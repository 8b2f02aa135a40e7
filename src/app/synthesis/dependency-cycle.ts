import { DependencyGraph } from './dependency-graph';
import { NONE } from './tree-snapshot';

/** How much of a large or branching circle is written out as cdk8s would, before the shortest way round is told instead. */
const BUDGET = 2_000_000;

/**
 * The error text for a circular dependency. cdk8s adds one edge after another, and names the way that its search took back from
 * the edge that closed the circle, detours included; the same way is told here.
 *
 * @param root the subtree that was sorted
 * @param onCycle a construct on a circle
 */
export function dependencyCycle(graph: DependencyGraph, root: number, onCycle: number): string {
  const edges = writeOut(graph, root);
  const route = (edges && routeOfFirstCycle(edges)) ?? shortestCycle(graph, root, onCycle);
  return `Dependency cycle detected: ${route.map((index) => graph.tree.constructs[index].node.path).join(' => ')}`;
}

interface Edges {
  readonly sources: number[];
  readonly targets: number[];
}

/** Every edge between two constructs of the subtree, in the order in which cdk8s adds them. */
function writeOut(graph: DependencyGraph, root: number): Edges | undefined {
  const sources: number[] = [];
  const targets: number[] = [];
  for (let source = root; source < graph.tree.end[root]; source++) {
    for (const target of new Set(targetsOf(graph, root, source))) {
      sources.push(source);
      targets.push(target);
    }
    if (sources.length > BUDGET) {
      return undefined;
    }
  }
  return { sources, targets };
}

function* targetsOf(graph: DependencyGraph, root: number, source: number): Iterable<number> {
  const { tree, dependencies } = graph;
  const inside = (index: number) => index >= root && index < tree.end[root];
  yield* dependencies[source].filter(inside);
  if (!tree.isObject[source]) {
    return;
  }
  const ancestors = [source];
  while (!tree.isChart(ancestors[0])) {
    ancestors.unshift(tree.parent[ancestors[0]]);
  }
  for (const ancestor of ancestors) {
    for (const target of dependencies[ancestor].filter(inside)) {
      yield* graph.group(target).filter((object) => object !== source);
    }
  }
}

function routeOfFirstCycle(edges: Edges): number[] | undefined {
  let acyclic = 0;
  let cyclic = edges.sources.length;
  while (cyclic - acyclic > 1) {
    const middle = Math.floor((acyclic + cyclic) / 2);
    if (hasCycle(edges, middle)) {
      cyclic = middle;
    } else {
      acyclic = middle;
    }
  }
  const closing = cyclic - 1;
  const target = edges.targets[closing];
  const route = findRoute(successors(edges, closing), target, edges.sources[closing]);
  return route && [...route, target];
}

function successors(edges: Edges, count: number): Map<number, number[]> {
  const result = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const known = result.get(edges.sources[i]);
    if (known) {
      known.push(edges.targets[i]);
    } else {
      result.set(edges.sources[i], [edges.targets[i]]);
    }
  }
  return result;
}

/** Whether the first edges contain a circle: takes away what nothing points to until nothing is left. */
function hasCycle(edges: Edges, count: number): boolean {
  const outgoing = successors(edges, count);
  const incoming = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    incoming.set(edges.targets[i], (incoming.get(edges.targets[i]) ?? 0) + 1);
  }
  const free = [...outgoing.keys()].filter((source) => !incoming.has(source));
  let left = count;
  for (let source = free.pop(); source !== undefined; source = free.pop()) {
    for (const target of outgoing.get(source) ?? []) {
      left--;
      const remaining = incoming.get(target)! - 1;
      incoming.set(target, remaining);
      if (remaining === 0) {
        free.push(target);
      }
    }
  }
  return left > 0;
}

/** cdk8s's search for a way, with its quirk: a child without a way, after one that has it, takes the last entry off the route. */
function findRoute(outgoing: Map<number, number[]>, from: number, to: number): number[] | undefined {
  const route = [from];
  const frames = [{ targets: outgoing.get(from) ?? [], position: 0, found: false }];
  const leave = (found: boolean) => {
    frames.pop();
    if (frames.length > 0) {
      frames[frames.length - 1].found = found;
    }
  };
  for (let steps = 0; frames.length > 0; steps++) {
    if (steps > BUDGET) {
      return undefined;
    }
    const frame = frames[frames.length - 1];
    const next = frame.targets[frame.position++];
    if (next === undefined) {
      if (!frame.found) {
        route.pop();
      }
      leave(frame.found);
    } else {
      route.push(next);
      if (next === to) {
        leave(true);
      } else {
        frames.push({ targets: outgoing.get(next) ?? [], position: 0, found: false });
      }
    }
  }
  return route;
}

/** The shortest circle through a construct, found breadth first through the virtual vertices. */
function shortestCycle(graph: DependencyGraph, root: number, start: number): number[] {
  const n = graph.tree.size;
  const end = graph.tree.end[root];
  // The virtual vertices that the start itself looks through lead back to it without a circle, so they are told apart.
  const key = (vertex: number, direct: boolean) => (direct ? vertex + 3 * n : vertex);
  const cameFrom = new Map<number, number>();
  const queue = [{ vertex: start, direct: true }];
  for (const { vertex, direct } of queue) {
    for (let position = 0; ; position++) {
      const next = graph.before(vertex, position);
      if (next === NONE) {
        break;
      }
      const stillDirect = direct && next >= n;
      if (next % n < root || next % n >= end || cameFrom.has(key(next, stillDirect)) || (direct && next === start)) {
        continue;
      }
      cameFrom.set(key(next, stillDirect), key(vertex, direct));
      if (next === start) {
        return wayBack(cameFrom, key(start, false), key(start, true)).map((k) => k % (3 * n)).filter((index) => index < n);
      }
      queue.push({ vertex: next, direct: stillDirect });
    }
  }
  return [start];
}

function wayBack(cameFrom: Map<number, number>, last: number, first: number): number[] {
  const way = [last];
  for (let at = last; at !== first; way.push(at)) {
    at = cameFrom.get(at)!;
  }
  return way.reverse();
}
