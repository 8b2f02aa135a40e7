import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { isClusterScoped } from '../cluster-scope';

/** What members need to know about their namespace. */
export interface NamespaceHome extends IConstruct {
  readonly name: string;
  readonly resource: ApiObject;
}

/** The closest chart above a construct, or itself. */
export function chartAbove(construct: IConstruct): Chart | undefined {
  return construct.node.scopes.reverse().find((scope): scope is Chart => Chart.isChart(scope));
}

/** Refuses a chart that puts what is below a hardened namespace into another one. */
export function checkChartNamespace(at: IConstruct, chart: Chart | undefined, name: string): void {
  if (chart?.namespace !== undefined && chart.namespace !== name) {
    throw invalid({
      at, property: 'Chart.namespace', got: chart.namespace, allowed: `"${name}", the HardenedNamespace that this belongs to, or none`,
      fix: `Leave the namespace of chart ${chart.node.path} out, or move this to a chart of its own.`,
    });
  }
}

/**
 * Sees to it that the Namespace comes first for a member that the namespace's own edge doesn't cover, with one edge a chart.
 *
 * @throws if cdk8s writes the member's chart before the namespace's
 */
export function orderAfterNamespace(member: IConstruct, home: NamespaceHome): void {
  const chart = chartAbove(member);
  const homeChart = chartAbove(home);
  const below = member.node.scopes.includes(home);
  if (!chart || !homeChart || (below && chart === homeChart)) {
    return;
  }
  if (home.node.scopes.includes(chart)) {
    member.node.addDependency(home.resource);
    return;
  }
  if (isNestedDirectly(chart, homeChart)) {
    throw invalid({
      at: member, property: 'scope', got: `chart ${chart.node.path} directly in chart ${homeChart.node.path}`,
      allowed: `a chart that is written after the one that holds namespace "${home.name}"`,
      fix: 'Make the chart below the app or below the HardenedNamespace: cdk8s writes charts directly in a chart before it.',
    });
  }
  chart.node.addDependency(home.resource);
}

/**
 * Puts objects of other constructs below a hardened namespace into it, as cdk8s leaves them in the namespace `default`.
 * Objects that name a namespace of their own keep it. Run it before objects are serialized; a second run changes nothing.
 *
 * @throws if their chart names another namespace than the construct above it
 */
export function takeInObjects(home: NamespaceHome, isNamespace: (construct: IConstruct) => boolean): void {
  const homeChart = chartAbove(home);
  const visit = (construct: IConstruct, chartOutside: Chart | undefined) => {
    const chart = Chart.isChart(construct) ? construct : chartOutside;
    if (ApiObject.isApiObject(construct) && !isClusterScoped(construct.apiVersion, construct.kind)) {
      takeIn(construct, chart, home);
      if (chart !== homeChart) {
        orderAfterNamespace(construct, home);
      }
    }
    construct.node.children.filter((child) => !isNamespace(child)).forEach((child) => visit(child, chart));
  };
  visit(home, homeChart);
}

function takeIn(object: ApiObject, chart: Chart | undefined, home: NamespaceHome): void {
  if (object.metadata.namespace === undefined) {
    // Read-only for users alone; other constructs and patches see it as if it had been given.
    Object.assign(object.metadata, { namespace: home.name });
  } else if (object.metadata.namespace === chart?.namespace) {
    checkChartNamespace(object, chart, home.name);
  }
}

/** True if each chart on the way down from the outer to the inner one stands directly in the one above it. */
function isNestedDirectly(inner: Chart, outer: Chart): boolean {
  const parent = inner.node.scope;
  return parent !== undefined && Chart.isChart(parent) && (parent === outer || isNestedDirectly(parent, outer));
}
