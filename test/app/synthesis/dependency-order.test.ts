import { ApiObject, App, Chart } from 'cdk8s';
import { Construct, DependencyGroup, IConstruct } from 'constructs';
import { DependencyGraph } from '../../../src/app/synthesis/dependency-graph';
import { resolveOrder } from '../../../src/app/synthesis/dependency-order';

afterEach(() => {
  jest.restoreAllMocks();
});

function object(scope: Construct, id: string): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap' });
}

function objects(scope: Construct, ...ids: string[]): ApiObject[] {
  return ids.map((id) => object(scope, id));
}

function paths(constructs: IConstruct[]): string[] {
  return constructs.map((construct) => construct.node.path);
}

/** The order of an app, and that cdk8s has the same or fails the same way; cdk8s goes last, since it changes the tree. */
function orderOf(app: App): { charts: string[]; objects: string[] } {
  const order = resolveOrder(app);
  const charts = order.charts();
  const found = charts.flatMap((chart) => order.objectsOf(chart));
  expect(found.map((each) => each.name)).toEqual(charts.flatMap((chart) => chart.toJson().map((json) => json.metadata.name)));
  expect(charts).toEqual(app.charts);
  return { charts: paths(charts), objects: paths(found) };
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/** The error for an app, which cdk8s words the same way. */
function sharedError(app: App): string {
  const message = errorOf(() => resolveOrder(app).charts());
  expect(errorOf(() => app.synthYaml())).toBe(message);
  return message;
}

describe('charts', () => {
  test('keep the order in which they were made', () => {
    const app = new App();
    ['b', 'a', 'c'].forEach((id) => new Chart(app, id));
    expect(orderOf(app).charts).toEqual(['b', 'a', 'c']);
    expect(resolveOrder(app).hasDependentCharts).toBe(false);
  });

  test('whose ids look like integers come first, by number', () => {
    const app = new App();
    ['web', '10', '007', '7', '4294967295', '4294967294'].forEach((id) => new Chart(app, id));
    expect(orderOf(app).charts).toEqual(['7', '10', '4294967294', 'web', '007', '4294967295']);
  });

  test('whose ids look like integers also come before what the constructs of another such chart lead to', () => {
    const app = new App();
    const [web, other, seven] = ['web', 'other', '7', '10'].map((id) => new Chart(app, id));
    object(seven, 'object').addDependency(other);
    web.addDependency(seven);
    expect(orderOf(app).charts).toEqual(['10', 'other', '7', 'web']);
  });

  test('come after charts that one of their constructs depends on', () => {
    const app = new App();
    const [first, second] = ['first', 'second'].map((id) => new Chart(app, id));
    object(first, 'a').addDependency(object(second, 'b'));
    expect(resolveOrder(app).hasDependentCharts).toBe(true);
    expect(orderOf(app).charts).toEqual(['second', 'first']);
  });

  test('come after the charts directly in them, but not after those further down', () => {
    const app = new App();
    const outer = new Chart(app, 'outer');
    new Chart(outer, 'inner');
    new Chart(new Construct(outer, 'group'), 'deep');
    expect(orderOf(app).charts).toEqual(['outer/inner', 'outer', 'outer/group/deep']);
  });
});

describe('objects', () => {
  test('come after all objects below a construct that they depend on', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const first = object(chart, 'first');
    const group = new Construct(chart, 'group');
    objects(group, 'a', 'b');
    first.addDependency(group);
    expect(orderOf(app).objects).toEqual(['chart/group/a', 'chart/group/b', 'chart/first']);
  });

  test('come first after their own dependencies, then the outer ancestor\'s, then the inner one\'s', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const outer = new Construct(chart, 'outer');
    const inner = new Construct(outer, 'inner');
    const member = object(inner, 'member');
    const [neededByInner, neededByOuter, needed] = ['x', 'y', 'z'].map((id) => {
      const group = new Construct(chart, id);
      object(group, 'object');
      return group;
    });
    inner.node.addDependency(neededByInner);
    outer.node.addDependency(neededByOuter);
    member.addDependency(needed.node.findChild('object'));
    expect(orderOf(app).objects).toEqual(['chart/z/object', 'chart/y/object', 'chart/x/object', 'chart/outer/inner/member']);
  });

  test('come after an object that their common ancestor depends on, and that object after nothing', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const scope = new Construct(chart, 'namespace');
    const [before, resource, after] = objects(scope, 'before', 'Resource', 'after');
    scope.node.addDependency(resource);
    expect(orderOf(app).objects).toEqual(paths([resource, before, after]));
  });

  test('keep their place if only their own ancestor depends on them', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const scope = new Construct(chart, 'scope');
    const part = new Construct(scope, 'part');
    const resource = object(part, 'resource');
    const third = object(chart, 'third');
    scope.node.addDependency(part);
    expect(orderOf(app).objects).toEqual(paths([resource, third]));
  });

  test('don\'t lead the order if only their common ancestor and others depend on them', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const other = object(chart, 'other');
    const scope = new Construct(chart, 'scope');
    const part = new Construct(scope, 'part');
    const resource = object(part, 'resource');
    const [third, last] = objects(chart, 'third', 'last');
    other.addDependency(part);
    scope.node.addDependency(part);
    last.addDependency(other);
    expect(orderOf(app).objects).toEqual(paths([third, resource, other, last]));
  });

  test('of a nested chart don\'t inherit what the outer chart depends on', () => {
    const app = new App();
    const outer = new Chart(app, 'outer');
    const inner = new Chart(outer, 'inner');
    const [a] = objects(inner, 'a', 'b');
    const [c, d] = objects(outer, 'c', 'd');
    c.addDependency(d);
    outer.addDependency(a);
    expect(orderOf(app)).toEqual({ charts: ['outer/inner', 'outer'], objects: ['outer/inner/a', 'outer/inner/b', 'outer/d', 'outer/c'] });
  });

  test('may depend on several constructs through a group', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const [a, b, c] = objects(chart, 'a', 'b', 'c');
    a.node.addDependency(new DependencyGroup(c, b));
    expect(orderOf(app).objects).toEqual(paths([c, b, a]));
  });
});

describe('circles', () => {
  test('are told as cdk8s tells them', () => {
    const app = new App();
    const [a, b, c] = objects(new Chart(app, 'chart'), 'a', 'b', 'c');
    a.addDependency(b);
    b.addDependency(c);
    c.addDependency(a);
    expect(sharedError(app)).toBe('Dependency cycle detected: chart/a => chart/b => chart/c => chart/a');
  });

  test('are told with the entry that cdk8s drops when a later way leads nowhere', () => {
    const app = new App();
    const [a, b, c, dead] = objects(new Chart(app, 'chart'), 'a', 'b', 'c', 'dead');
    a.addDependency(b, dead);
    b.addDependency(c);
    c.addDependency(a);
    expect(sharedError(app)).toBe('Dependency cycle detected: chart/a => chart/b => chart/a');
  });

  test('of two charts that need each other\'s objects are found', () => {
    const app = new App();
    const [a, b] = ['a', 'b'].map((id) => object(new Chart(app, id), 'object'));
    a.addDependency(b);
    b.addDependency(a);
    expect(sharedError(app)).toBe('Dependency cycle detected: a => b => a');
  });

  test('are found behind an object that was skipped in its own group', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const scope = new Construct(chart, 'scope');
    const inner = new Construct(scope, 'inner');
    object(inner, 'resource');
    const group = new Construct(chart, 'group');
    scope.node.addDependency(inner, group);
    object(group, 'other').addDependency(inner);
    expect(sharedError(app)).toBe('Dependency cycle detected: chart/scope/inner/resource => chart/group/other => chart/scope/inner/resource');
  });

  test('of objects that all depend on each other through their ancestor are found', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const scope = new Construct(chart, 'scope');
    const inner = new Construct(scope, 'inner');
    objects(inner, 'a', 'b');
    scope.node.addDependency(inner);
    expect(sharedError(app)).toBe('Dependency cycle detected: chart/scope/inner/a => chart/scope/inner/b => chart/scope/inner/a');
  });

  test('too large to be written out as cdk8s would are told the shortest way', () => {
    const app = new App();
    const [left, right] = ['left', 'right'].map((id) => new Chart(app, id));
    for (let i = 0; i < 1600; i++) {
      object(left, `l${i}`);
      object(right, `r${i}`);
    }
    left.addDependency(right);
    right.addDependency(left);
    const message = errorOf(() => resolveOrder(app).charts());
    expect(message).toMatch(/^Dependency cycle detected: (left|right)[^ ]* => (left|right)[^ ]* => (left|right)[^ ]*$/);
    const names = message.replace('Dependency cycle detected: ', '').split(' => ');
    expect(names[2]).toBe(names[0]);
  });
});

describe('what cdk8s drops or doesn\'t survive is refused:', () => {
  test('an object that depends on itself', () => {
    const app = new App();
    const a = object(new Chart(app, 'chart'), 'a');
    a.addDependency(a);
    expect(() => resolveOrder(app)).toThrow(new Error('[chart/a] dependencies: got "chart/a"; allowed: constructs other than itself. '
      + 'Remove the dependency of the construct on itself.'));
  });

  test('a construct without objects that depends on itself', () => {
    const app = new App();
    const group = new Construct(new Chart(app, 'chart'), 'group');
    group.node.addDependency(group);
    expect(() => resolveOrder(app)).toThrow('[chart/group] dependencies: got "chart/group"; allowed: constructs other than itself.');
  });
});

test('a dependency that starts outside any chart is refused as by cdk8s', () => {
  const app = new App();
  const a = object(new Chart(app, 'chart'), 'a');
  new Construct(app, 'group').node.addDependency(a);
  expect(sharedError(app)).toBe('cannot find a parent chart (directly or indirectly)');
});

describe('a dependency on another app', () => {
  test('is left to cdk8s, and said to the caller', () => {
    const app = new App();
    const [a, b] = objects(new Chart(app, 'chart'), 'a', 'b');
    const foreign = object(new Chart(new App(), 'elsewhere'), 'foreign');
    a.addDependency(foreign, b);
    expect(resolveOrder(app).outside).toEqual({ source: a, target: foreign });
    expect(orderOf(app).objects).toEqual(['chart/b', 'chart/a']);
  });

  test('is taken for the construct of the same path, as cdk8s has it', () => {
    const app = new App();
    const [a] = objects(new Chart(app, 'chart'), 'a', 'b');
    const [, twin] = objects(new Chart(new App(), 'chart'), 'a', 'b');
    a.addDependency(twin);
    expect(sharedError(app)).toBe('Dependency cycle detected: chart/a => chart/b => chart/a');
  });

  test('is the only thing that adds to the constructs\' own dependencies', () => {
    const app = new App();
    const [first, second] = ['first', 'second'].map((id) => new Chart(app, id));
    const [a] = objects(first, 'a', 'b');
    objects(second, 'c', 'd');
    a.addDependency(second);
    const before = app.node.findAll().map((construct) => construct.node.dependencies.length);
    resolveOrder(app).charts().forEach((chart) => resolveOrder(app).objectsOf(chart));
    expect(app.node.findAll().map((construct) => construct.node.dependencies.length)).toEqual(before);
  });
});

describe('changes since', () => {
  test.each([
    ['a new construct', (chart: Chart) => { object(chart, 'new'); }],
    ['a removed construct', (chart: Chart) => { chart.node.tryRemoveChild('a'); }],
    ['a new dependency', (chart: Chart) => { chart.node.findChild('a').node.addDependency(chart.node.findChild('b')); }],
  ])('are seen in the chart that has them: %s', (_, change) => {
    const app = new App();
    const [changed, other] = ['changed', 'other'].map((id) => new Chart(app, id));
    [changed, other].forEach((chart) => objects(chart, 'a', 'b'));
    const order = resolveOrder(app);
    expect(order.isCurrent(changed)).toBe(true);
    change(changed);
    expect([order.isCurrent(changed), order.isCurrent(other), order.isCurrent(app)]).toEqual([false, true, false]);
  });
});

describe('the work', () => {
  /** How many vertices were looked at. */
  function steps(app: App): number {
    const before = jest.spyOn(DependencyGraph.prototype, 'before');
    const order = resolveOrder(app);
    order.charts().forEach((chart) => order.objectsOf(chart));
    return before.mock.calls.length;
  }

  test('grows with the layers of a diamond, not with the ways through it', () => {
    const diamond = (layers: number) => {
      const app = new App();
      let below: Chart[] = [];
      for (let layer = 0; layer < layers; layer++) {
        const charts = [0, 1].map((i) => new Chart(app, `${layer}-${i}`));
        charts.forEach((chart) => chart.addDependency(...below));
        below = charts;
      }
      return app;
    };
    expect(steps(diamond(40))).toBeLessThan(3 * steps(diamond(20)));
  });

  test('grows with the objects of two charts, not with the pairs of them', () => {
    const pair = (size: number) => {
      const app = new App();
      const [a, b] = ['a', 'b'].map((id) => new Chart(app, id));
      Array.from({ length: size }, (_, i) => [a, b].forEach((chart) => object(chart, `o${i}`)));
      a.addDependency(b);
      return app;
    };
    expect(steps(pair(400))).toBeLessThan(2.5 * steps(pair(200)));
  });

  test('grows with the charts that all depend on one', () => {
    const star = (size: number) => {
      const app = new App();
      const charts = Array.from({ length: size }, (_, i) => new Chart(app, `chart${i}`));
      charts.forEach((chart) => objects(chart, 'a', 'b', 'c'));
      charts.slice(1).forEach((chart) => chart.addDependency(charts[0]));
      return app;
    };
    expect(steps(star(200))).toBeLessThan(2.5 * steps(star(100)));
  });

  test('doesn\'t overflow the stack for a chain of 20,000 objects', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const chain = Array.from({ length: 20_000 }, (_, i) => object(chart, `o${i}`));
    chain.slice(1).forEach((next, i) => chain[i].addDependency(next));
    expect(resolveOrder(app).objectsOf(chart)).toEqual([...chain].reverse());
  });
});
