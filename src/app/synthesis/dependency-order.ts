import { ApiObject, App, Chart, DependencyGraph as PlainGraph } from 'cdk8s';
import { IConstruct } from 'constructs';
import { DependencyGraph } from './dependency-graph';
import { topologicalSort } from './topological-sort';
import { OutsideDependency, TreeSnapshot } from './tree-snapshot';

/** The order in which charts and their objects are written: the one that cdk8s gives them. */
export interface DependencyOrder {
  /** True if output files need an index in their names: a chart is a child of another or depends on one. */
  readonly hasDependentCharts: boolean;
  /** Set if the order came from cdk8s itself, slowly, since a dependency leaves the tree. */
  readonly outside?: OutsideDependency;
  /** Every chart of the app. @throws if constructs depend on each other in a circle, with the text of cdk8s */
  charts(): Chart[];
  /** The objects whose closest chart this is. */
  objectsOf(chart: Chart): ApiObject[];
  /** False if the subtree was changed since the dependencies were resolved. */
  isCurrent(scope: Chart | App): boolean;
}

/**
 * Resolves the dependencies of an app, once and linearly. A dependency on a construct of another tree is left to cdk8s's own code,
 * which is quadratic and looks such constructs up by their path.
 *
 * @throws if a construct depends on itself, which cdk8s drops or doesn't survive; if a dependency starts or ends outside any chart
 */
export function resolveOrder(app: App): DependencyOrder {
  const tree = new TreeSnapshot(app);
  return tree.outside ? new PlainOrder(app, tree.outside) : new LinearOrder(tree);
}

class LinearOrder implements DependencyOrder {
  private readonly graph: DependencyGraph;

  constructor(private readonly tree: TreeSnapshot) {
    this.graph = new DependencyGraph(tree);
  }

  public get hasDependentCharts(): boolean {
    return this.graph.hasDependentCharts;
  }

  public charts(): Chart[] {
    return topologicalSort(this.graph, 0)
      .filter((index) => this.tree.isChart(index))
      .map((index) => this.tree.constructs[index] as Chart);
  }

  public objectsOf(chart: Chart): ApiObject[] {
    const root = this.tree.indexOf(chart);
    return topologicalSort(this.graph, root)
      .filter((index) => this.tree.isObject[index] && this.tree.chart[index] === root)
      .map((index) => this.tree.constructs[index] as ApiObject);
  }

  public isCurrent(scope: Chart | App): boolean {
    return this.tree.isCurrent(scope);
  }
}

/** The order by cdk8s's own public graph, which wants every edge to be added to the constructs' own. */
class PlainOrder implements DependencyOrder {
  public readonly hasDependentCharts: boolean;

  constructor(private readonly app: App, public readonly outside: OutsideDependency) {
    this.hasDependentCharts = this.addEdges();
  }

  public charts(): Chart[] {
    return this.app.charts;
  }

  public objectsOf(chart: Chart): ApiObject[] {
    this.addEdges();
    return new PlainGraph(chart.node).topology()
      .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && Chart.of(construct) === chart);
  }

  public isCurrent(): boolean {
    return true;
  }

  private addEdges(): boolean {
    const constructs = this.app.node.findAll();
    let dependent = false;
    const dependencies = () => constructs.flatMap((source) => source.node.dependencies.map((target) => ({ source, target })));
    for (const parent of constructs.filter(Chart.isChart)) {
      for (const child of parent.node.children.filter(Chart.isChart)) {
        parent.node.addDependency(child);
        dependent = true;
      }
    }
    for (const { source, target } of dependencies()) {
      if (Chart.of(source) !== Chart.of(target)) {
        Chart.of(source).node.addDependency(Chart.of(target));
        dependent = true;
      }
    }
    for (const { source, target } of dependencies()) {
      const sources = objectsBelow(source);
      for (const object of objectsBelow(target)) {
        sources.filter((other) => other !== object).forEach((other) => other.node.addDependency(object));
      }
    }
    return dependent;
  }
}

function objectsBelow(scope: IConstruct): ApiObject[] {
  const chart = Chart.of(scope);
  return scope.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && Chart.of(construct) === chart);
}
