import { ApiObject, App, Chart } from 'cdk8s';
import { DependencyOrder, resolveOrder } from './dependency-order';
import { validateTree } from './validation';
import { objectOfDocument } from '../../controls/results/object-of-document';

/** One document of the output. */
export interface ManifestDocument {
  /** The very JSON that is written. */
  readonly json: unknown;
  /** The chart that it belongs to. */
  readonly chart: Chart;
  /** The object that it was made from; not known for a chart that renders itself and changes what its objects are called. */
  readonly object?: ApiObject;
}

/** The documents of a chart, in the order in which they are written. */
export interface EvaluatedChart {
  readonly chart: Chart;
  readonly documents: ManifestDocument[];
}

/** An app's charts and objects in dependency order, and what each object says. */
export interface Evaluation {
  readonly charts: EvaluatedChart[];
  readonly hasDependentCharts: boolean;
  /** Every object of every chart, in order, those included that evaluating others has added. */
  readonly objects: () => ApiObject[];
}

export interface EvaluationOptions {
  /**
   * What comes first: `synth` validates before it resolves dependencies, `synthYaml` the other way round. Only the choice between
   * two errors depends on it.
   * @default false
   */
  readonly resolveFirst?: boolean;
  /**
   * Whether charts that render themselves are asked to.
   * @default true
   */
  readonly honourChartToJson?: boolean;
}

/**
 * Validates an app once, puts it in order once, and evaluates each of its objects once.
 *
 * Where evaluating an object adds constructs or dependencies (a `Lazy` may), the charts that follow are ordered and validated anew,
 * as cdk8s does for each of them.
 *
 * @throws the errors of cdk8s, with their text: failed validations, circular dependencies, objects that can't be serialized
 */
export function evaluate(app: App, options: EvaluationOptions = {}): Evaluation {
  if (options.resolveFirst) {
    resolveOrder(app);
  }
  validateTree(app);
  let order = resolveOrder(app);
  const { hasDependentCharts } = order;
  const charts: EvaluatedChart[] = [];
  for (const chart of order.charts()) {
    if (!order.isCurrent(chart)) {
      order = resolveOrder(app);
      validateTree(app);
    }
    charts.push({ chart, documents: documentsOf(chart, order, options.honourChartToJson ?? true) });
  }
  const objects = () => {
    const final = order.isCurrent(app) ? order : resolveOrder(app);
    return final.charts().flatMap((chart) => final.objectsOf(chart));
  };
  return { charts, hasDependentCharts, objects };
}

function documentsOf(chart: Chart, order: DependencyOrder, honourChartToJson: boolean): ManifestDocument[] {
  if (honourChartToJson && chart.toJson !== Chart.prototype.toJson) {
    const documents: unknown[] = Object.values(chart.toJson());
    return documents.map((json) => ({ chart, json, object: objectOfDocument(chart, json) }));
  }
  return order.objectsOf(chart).map((object) => ({ chart, object, json: object.toJson() }));
}
