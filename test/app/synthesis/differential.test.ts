import { YamlOutputType } from 'cdk8s';
import { compare, Comparison, same } from './differential';
import { buildTree, planTree } from './random-tree';
import { DependencyGraph } from '../../../src/app/synthesis/dependency-graph';
import { NONE } from '../../../src/app/synthesis/tree-snapshot';

/** How many random trees are compared; `TREES=10000 npx jest differential` compares more. */
const TREES = Number(process.env.TREES ?? 1000);

const seeds = Array.from({ length: TREES }, (_, seed) => seed);

function errorOf({ expected }: Comparison): string {
  return 'error' in expected ? expected.error : '';
}

describe('random trees', () => {
  const errors = new Map<string, number>();
  const synthesized = new Map<YamlOutputType, number>();

  test('are synthesized to the same files, bytes and errors as by cdk8s', () => {
    for (const seed of seeds) {
      const comparison = compare(seed);
      const kind = errorOf(comparison).split(/[:\n(]/)[0];
      errors.set(kind, (errors.get(kind) ?? 0) + 1);
      if (kind === '') {
        synthesized.set(comparison.plan.outputType, (synthesized.get(comparison.plan.outputType) ?? 0) + 1);
      }
      expect({ seed, outcome: comparison.actual }).toEqual({ seed, outcome: comparison.expected });
    }
  }, 60_000 + TREES * 100);

  test('are of every kind: each output type, circles, failed validations, dependencies from outside any chart', () => {
    expect([...synthesized.keys()].sort()).toEqual([0, 1, 2, 3]);
    expect(Math.min(...synthesized.values())).toBeGreaterThan(TREES / 10);
    expect(errors.get('Dependency cycle detected')).toBeGreaterThan(TREES / 50);
    expect(errors.get('Validation failed with the following errors')).toBeGreaterThan(TREES / 100);
    expect(errors.get('cannot find a parent chart ')).toBeGreaterThanOrEqual(1);
  });

  test('are the same tree for the same seed', () => {
    const paths = () => buildTree(planTree(42), 'unused').node.findAll().map((construct) => construct.node.path);
    expect(paths()).toEqual(paths());
  });
});

describe('a mistake in the order is noticed:', () => {
  type Before = DependencyGraph['before'];
  const right: Before = DependencyGraph.prototype.before;
  const rightGroup = DependencyGraph.prototype.group;

  afterEach(() => {
    jest.restoreAllMocks();
  });

  function firstDifference(): number | undefined {
    return seeds.find((seed) => !same(compare(seed)));
  }

  function all(graph: DependencyGraph, vertex: number): number[] {
    const result: number[] = [];
    for (let next = right.call(graph, vertex, 0); next !== NONE; next = right.call(graph, vertex, result.length)) {
      result.push(next);
    }
    return result;
  }

  function replaceBefore(change: (graph: DependencyGraph, vertex: number, right: number[]) => number[]): void {
    jest.spyOn(DependencyGraph.prototype, 'before').mockImplementation(function (this: DependencyGraph, vertex, position) {
      return change(this, vertex, all(this, vertex))[position] ?? NONE;
    });
  }

  test('no mistake, no difference', () => {
    replaceBefore((_, __, order) => order);
    expect(seeds.slice(0, 100).find((seed) => !same(compare(seed)))).toBeUndefined();
  });

  test('dependencies of the inner ancestor before those of the outer one', () => {
    replaceBefore((graph, vertex, order) => {
      const n = graph.tree.size;
      return vertex >= n && vertex < 2 * n && order[0] < 2 * n ? [...order.slice(1), order[0]] : order;
    });
    expect(firstDifference()).toBeDefined();
  });

  test('inherited dependencies before the object\'s own', () => {
    replaceBefore((graph, vertex, order) => (vertex < graph.tree.size ? [...order].reverse() : order));
    expect(firstDifference()).toBeDefined();
  });

  test('no dependencies from the ancestors at all', () => {
    replaceBefore((graph, vertex, order) => (vertex < graph.tree.size ? order.filter((next) => next < graph.tree.size) : order));
    expect(firstDifference()).toBeDefined();
  });

  test('the objects of a group in another order', () => {
    jest.spyOn(DependencyGraph.prototype, 'group').mockImplementation(function (this: DependencyGraph, target) {
      return [...rightGroup.call(this, target)].reverse();
    });
    expect(firstDifference()).toBeDefined();
  });

  test('groups that reach into nested charts', () => {
    jest.spyOn(DependencyGraph.prototype, 'group').mockImplementation(function (this: DependencyGraph, target) {
      const { end, isObject } = this.tree;
      return Array.from({ length: end[target] - target }, (_, i) => target + i).filter((i) => isObject[i]);
    });
    expect(firstDifference()).toBeDefined();
  });
});
