import { ApiObject, App, Chart, Lazy, YamlOutputType } from 'cdk8s';
import { Construct, DependencyGroup, IConstruct } from 'constructs';
import { Random } from './random';

/** A tree as data, from which two equal apps can be built: synthesis by cdk8s changes the tree that it works on. */
export interface TreePlan {
  readonly nodes: PlannedNode[];
  readonly dependencies: PlannedDependency[];
  readonly outputType: YamlOutputType;
  readonly recordConstructMetadata: boolean;
}

type Kind = 'app' | 'chart' | 'self-rendering-chart' | 'group' | 'object';

interface PlannedNode {
  readonly kind: Kind;
  readonly id: string;
  readonly parent: number;
  /** The closest chart, or -1. */
  readonly chart: number;
  readonly name?: string;
  readonly invalid?: boolean;
  /** The chart in which rendering this object makes another. */
  readonly adds?: number;
}

interface PlannedDependency {
  readonly source: number;
  /** Several: through a group of dependables. */
  readonly targets: number[];
  /** The target is the construct of the same path in another app. */
  readonly elsewhere?: boolean;
}

const IDS = ['a', 'b', 'c', 'web', 'Default', 'Resource', 'A', '1x', 'under_score', '-', 'toString-'];
const NUMBERS = ['0', '1', '7', '10', '007', '4294967294', '4294967295', '1e3'];
const KINDS = ['ConfigMap', 'Service', 'Deployment'];

export function planTree(seed: number): TreePlan {
  const random = new Random(seed);
  const nodes = planNodes(random, random.integer(3, random.chance(0.1) ? 60 : 24));
  const dependencies = random.chance(0.3) ? random.pick([planDiamond, planAncestors, planAncestors, planOwnMember])(random, nodes) : [];
  const wild = random.chance(0.2);
  const order = wild ? undefined : safeOrder(random, nodes);
  for (let i = random.integer(0, 8); i > 0; i--) {
    const dependency = planDependency(random, nodes, order);
    if (dependency) {
      dependencies.push(dependency);
    }
  }
  return { nodes, dependencies, outputType: random.integer(0, 3), recordConstructMetadata: random.chance(0.2) };
}

export function buildTree(plan: TreePlan, outdir: string): App {
  const app = new App({ outdir, yamlOutputType: plan.outputType, recordConstructMetadata: plan.recordConstructMetadata });
  const constructs = buildNodes(plan, app);
  const others = plan.dependencies.some(({ elsewhere }) => elsewhere) ? buildNodes(plan, new App({ outdir })) : [];
  for (const { source, targets, elsewhere } of plan.dependencies) {
    const dependables = targets.map((target) => (elsewhere ? others : constructs)[target]);
    constructs[source].node.addDependency(dependables.length === 1 ? dependables[0] : new DependencyGroup(...dependables));
  }
  return app;
}

class SelfRenderingChart extends Chart {
  public toJson(): any[] {
    return super.toJson().reverse().map((json) => ({ ...json, extra: 'from the chart' }));
  }
}

function buildNodes(plan: TreePlan, app: App): IConstruct[] {
  const constructs: IConstruct[] = [app];
  plan.nodes.slice(1).forEach((node, i) => {
    const scope = constructs[node.parent] as Construct;
    const made = node.kind === 'chart' ? new Chart(scope, node.id)
      : node.kind === 'self-rendering-chart' ? new SelfRenderingChart(scope, node.id)
        : node.kind === 'group' ? new Construct(scope, node.id)
          : buildObject(scope, node, i, () => constructs[node.adds!]);
    if (node.invalid) {
      made.node.addValidation({ validate: () => [`node ${i} is not valid`] });
    }
    constructs.push(made);
  });
  return constructs;
}

function buildObject(scope: Construct, node: PlannedNode, number: number, addTo: () => IConstruct): ApiObject {
  const late = () => {
    if (addTo().node.tryFindChild(`late${number}`) === undefined) {
      new ApiObject(addTo() as Construct, `late${number}`, { apiVersion: 'v1', kind: 'Late' });
    }
    return number;
  };
  return new ApiObject(scope, node.id, {
    apiVersion: 'v1', kind: KINDS[number % KINDS.length], metadata: node.name === undefined ? undefined : { name: node.name },
    data: { number, text: `text ${number}`, late: node.adds === undefined ? undefined : Lazy.any({ produce: late }) },
  });
}

function planNodes(random: Random, size: number): PlannedNode[] {
  const nodes: PlannedNode[] = [{ kind: 'app', id: '', parent: -1, chart: -1 }];
  const special = (share: number) => random.chance(share / size);
  while (nodes.length < size) {
    const parent = random.chance(0.25) ? 0 : random.integer(Math.max(0, nodes.length - 8), nodes.length - 1);
    const above = nodes[parent];
    const kind = above.chart === -1
      ? random.pick<Kind>(['chart', 'chart', 'chart', 'group'])
      : random.pick<Kind>(['object', 'object', 'object', 'object', 'group', 'group', 'chart']);
    const id = planId(random, nodes.filter((node) => node.parent === parent).map((node) => node.id), kind === 'chart');
    const charts = nodes.map((_, i) => i).filter((i) => isChart(nodes[i]));
    nodes.push({
      kind: kind === 'chart' && special(0.3) ? 'self-rendering-chart' : kind,
      id, parent,
      chart: kind === 'chart' ? nodes.length : above.chart,
      name: kind === 'object' && random.chance(0.1) ? random.pick(['same', '12', 'other']) : undefined,
      invalid: special(0.04),
      adds: kind === 'object' && charts.length > 0 && special(0.1) ? random.pick(charts) : undefined,
    });
  }
  return nodes;
}

function planId(random: Random, taken: string[], numbers: boolean): string {
  const id = random.pick(random.chance(numbers ? 0.4 : 0.1) ? NUMBERS : IDS);
  return taken.includes(id) ? `${id}-${taken.length}` : id;
}

function isChart({ kind }: PlannedNode): boolean {
  return kind === 'chart' || kind === 'self-rendering-chart';
}

function ancestors(nodes: PlannedNode[], index: number): number[] {
  return index === -1 ? [] : [index, ...ancestors(nodes, nodes[index].parent)];
}

/** A place for every node such that dependencies on earlier places rarely make a circle; nothing like the order of creation. */
function safeOrder(random: Random, nodes: PlannedNode[]): number[] {
  const place: number[] = [];
  let next = 0;
  const visit = (index: number) => {
    const children = nodes.map((_, i) => i).filter((i) => nodes[i].parent === index);
    const shuffled = random.shuffle(children);
    shuffled.filter((i) => isChart(nodes[i])).forEach(visit);
    shuffled.filter((i) => !isChart(nodes[i])).forEach(visit);
    place[index] = next++;
  };
  visit(0);
  return place;
}

/** Circles are common in random graphs and hide all orders but one, so most trees get dependencies that respect some order. */
function planDependency(random: Random, nodes: PlannedNode[], order: number[] | undefined): PlannedDependency | undefined {
  const inCharts = nodes.map((_, i) => i).filter((i) => nodes[i].chart !== -1);
  if (inCharts.length === 0) {
    return undefined;
  }
  const start = random.chance(0.01) ? random.integer(0, nodes.length - 1) : random.pick(inCharts);
  // Ancestors of objects are where the order of dependencies is easily got wrong.
  const line = ancestors(nodes, start).filter((i) => nodes[i].chart === nodes[start].chart);
  const source = random.chance(0.6) ? random.pick(line) : start;
  const target = random.pick(inCharts);
  const related = ancestors(nodes, target).includes(source) || ancestors(nodes, source).includes(target);
  const elsewhere = random.chance(0.004);
  if (source === target || (order && related && !random.chance(0.1))) {
    return undefined;
  }
  const backwards = order && !related && precedes(nodes, order, source, target);
  const [from, to] = backwards ? [target, source] : [source, target];
  const second = random.pick(inCharts);
  const targets = random.chance(0.05) && second !== from && (!order || second > to) ? [to, second] : [to];
  return { source: from, targets, elsewhere };
}

function precedes(nodes: PlannedNode[], order: number[], a: number, b: number): boolean {
  const [chartA, chartB] = [nodes[a].chart, nodes[b].chart];
  return chartA === chartB ? order[a] < order[b] : order[chartA] < order[chartB];
}

/** Layers of constructs, each of which depends on all of the next layer. */
function planDiamond(random: Random, nodes: PlannedNode[]): PlannedDependency[] {
  const result: PlannedDependency[] = [];
  const layers = random.integer(2, 6);
  let above: number[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const chart = nodes.length;
    nodes.push({ kind: 'chart', id: `layer${layer}`, parent: 0, chart });
    const members = [0, 1].map((i) => nodes.push({ kind: 'object', id: `member${i}`, parent: chart, chart }) - 1);
    above.forEach((source) => members.forEach((target) => result.push({ source, targets: [target] })));
    above = members;
  }
  return result;
}

/**
 * Constructs inside each other, each of which depends on a group of its own. Only here does the order of inherited dependencies show:
 * groups have no edges to their members, and nothing else leads to these.
 */
function planAncestors(random: Random, nodes: PlannedNode[]): PlannedDependency[] {
  const chart = nodes.push({ kind: 'chart', id: 'ancestors', parent: 0, chart: nodes.length }) - 1;
  const add = (kind: Kind, id: string, parent: number) => nodes.push({ kind, id, parent, chart }) - 1;
  const depth = random.integer(2, 4);
  let inner = chart;
  const line = Array.from({ length: depth }, (_, i) => {
    inner = add('group', `inside${i}`, inner);
    return inner;
  });
  line.filter((_, i) => i === depth - 1 || random.chance(0.3)).forEach((group) => add('object', 'member', group));
  const targets = line.map((_, i) => add('group', `target${i}`, chart));
  targets.forEach((target) => Array.from({ length: random.integer(1, 2) }, (_, i) => add('object', `member${i}`, target)));
  const shuffled = random.shuffle(targets);
  return random.shuffle(line.map((source, i) => ({ source, targets: [shuffled[i]] })));
}

/** A construct that depends on a part of its own: the object in that part depends on all others in it, but not on itself. */
function planOwnMember(random: Random, nodes: PlannedNode[]): PlannedDependency[] {
  const chart = nodes.push({ kind: 'chart', id: 'own', parent: 0, chart: nodes.length }) - 1;
  const add = (kind: Kind, id: string, parent: number) => nodes.push({ kind, id, parent, chart }) - 1;
  const siblings = ['x', 'y'].filter(() => random.chance(0.5)).map((id) => add('object', id, chart));
  const scope = add('group', 'scope', chart);
  const part = add('group', 'part', scope);
  siblings.push(...['u', 'v'].filter(() => random.chance(0.4)).map((id) => add('object', id, scope)));
  const resource = add('object', 'resource', part);
  siblings.push(...['w', 'z'].filter(() => random.chance(0.5)).map((id) => add('object', id, chart)));
  const dependencies = [{ source: scope, targets: [part] }];
  for (const sibling of siblings.filter(() => random.chance(0.5))) {
    const [source, target] = random.chance(0.6) ? [sibling, random.pick([part, scope, resource])] : [resource, sibling];
    dependencies.push({ source, targets: [target] });
  }
  return random.shuffle(dependencies);
}
