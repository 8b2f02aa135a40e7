import { ApiObject, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { freeId } from './hardening-accounts';
import { CheckedOptions } from './hardening-options';
import { accountOf, at, HardeningTree, objectsBelow, templatePlaces, TreeObject } from './hardening-tree';
import { selects } from '../../controls/catalog/workload-model';
import { groupOf } from '../../controls/group';
import { isObject, Json, valueAt } from '../../controls/path';
import { UnfixedFault } from '../../controls/results/checked-object';
import { ALL_TEMPLATES } from '../../controls/template-kinds';
import { ClusterProfile } from '../../core/cluster-profile';
import { treeRegistry } from '../../core/tree-registry';
import { allowDns, defaultDeny } from '../../network/namespace-policies';
import { budgetOf, limitRange, resourceQuota } from '../namespace/namespace-limits';

const DENY = 'namespace-default-deny';
const QUOTA = 'namespace-resource-quota';
const LIMITS = 'namespace-limit-range';

/** An object that was made for a namespace, for a control. */
export interface MadeObject {
  readonly object: ApiObject;
  readonly control: string;
}

/** What was made for the namespaces of a scope, and what a person has to see to. */
export interface NamespaceHardening {
  readonly made: readonly MadeObject[];
  /** What was found at the call. */
  readonly left: readonly UnfixedFault[];
  /** Namespaces that deny what nothing allows since then. */
  readonly closed: readonly string[];
}

/** Adds what was asked for to every namespace of the objects below a construct. */
export function hardenNamespaces(scope: IConstruct, { defaultDeny: denies, quota }: CheckedOptions): NamespaceHardening {
  const [made, left, closed]: [MadeObject[], UnfixedFault[], string[]] = [[], [], []];
  if (!denies && quota === undefined) {
    return { made, left, closed };
  }
  const tree = new HardeningTree(scope.node.root, true);
  const below = objectsBelow(scope, true);
  for (const object of below.filter((each) => each.namespaceName === undefined && isPodMaker(each))) {
    left.push(gap(object, denies ? DENY : QUOTA, 'metadata.namespace', 'It names no namespace, so that nothing can be added to it: state it, or give the chart one.'));
  }
  const namespaces = [...new Set(below.filter(isPodMaker).map(({ namespaceName }) => namespaceName).filter((name) => name !== undefined))].sort();
  for (const name of namespaces) {
    const present = below.find((each) => each.namespaceName === name)!;
    if (ClusterProfile.of(scope).isSystemNamespace(name)) {
      left.push(gap(present, denies ? DENY : QUOTA, 'metadata.namespace', `Namespace ${name} belongs to the cluster: what its pods need is for its operators to say.`));
      continue;
    }
    if (treeRegistry(scope).get(`namespace/${name}`)) {
      // A HardenedNamespace has it all.
      closed.push(...denies ? [name] : []);
      continue;
    }
    const home = () => homeOf(scope, present, name, tree);
    if (denies) {
      closed.push(name);
      const clash = (policy: string) => tree.find('NetworkPolicy', name, policy);
      if (!tree.objects.some((each) => each.namespaceName === name && deniesAll(each.json))) {
        left.push(...addUnless(clash('default-deny'), DENY, made, () => defaultDeny(home(), name)));
      }
      left.push(...addUnless(clash('allow-dns'), DENY, made, () => allowDns(home(), name, ClusterProfile.of(scope).dns), isDnsPolicy));
    }
    if (quota !== undefined) {
      const ofKind = (kind: string) => tree.objects.find((each) => each.json.kind === kind && each.namespaceName === name);
      const [theirs, range] = [ofKind('ResourceQuota'), ofKind('LimitRange')];
      const isQuota = (json: Json) => valueAt(json, ['metadata', 'name']) === 'quota';
      left.push(...addUnless(theirs, QUOTA, made, () => resourceQuota(home(), name, budgetOf(quota, scope)), isQuota));
      if (!range) {
        made.push({ object: limitRange(home(), name, {}), control: LIMITS });
      }
      left.push(...openServices(tree, name).map((service) => (
        gap(service, QUOTA, 'spec.type', `The quota of namespace ${name} admits no Service of type ${String(valueAt(service.json, ['spec', 'type']))}: publish it by an Ingress or a Gateway, or leave out quota.`)
      )));
    }
  }
  return { made, left, closed };
}

/** Traffic of namespaces that deny what nothing allows: what no policy of the tree lets through. */
export function cutTraffic(scope: IConstruct, closed: readonly string[], tree: HardeningTree): UnfixedFault[] {
  const isClosed = ({ namespaceName }: TreeObject) => namespaceName !== undefined && closed.includes(namespaceName);
  return tree.objects.filter((each) => isClosed(each) && each.construct.node.scopes.includes(scope)).flatMap((object): UnfixedFault[] => {
    const policies = tree.objects.filter((each) => each.namespaceName === object.namespaceName && isPolicy(each.json)).map(({ json }) => json);
    if (object.json.kind === 'Service' && groupOf(object.json.apiVersion) === '') {
      return serviceGap(object, tree, policies);
    }
    return templatesOf(object).flatMap(({ spec, labels }): UnfixedFault[] => {
      if (valueAt(spec, ['hostNetwork']) === true) {
        return [gap(object, DENY, 'spec', 'Its pods share the node\'s network, which policies don\'t hold for.')];
      }
      if (allows(policies, 'egress', labels)) {
        return [];
      }
      const calls = tree.bindingsOf(object.namespaceName, accountOf(spec));
      return [gap(object, DENY, 'spec', calls.length === 0
        ? 'Its pods may call nothing but DNS: allow what they need by a NetworkPolicy with egress.'
        : `Its pods may call nothing but DNS, though ${calls.join(', ')} ${calls.length === 1 ? 'lets' : 'let'} them call the Kubernetes API: allow what they need by a NetworkPolicy with egress.`)];
    });
  });
}

function serviceGap(service: TreeObject, tree: HardeningTree, policies: readonly Json[]): UnfixedFault[] {
  const selector = valueAt(service.json, ['spec', 'selector']);
  if (!isObject(selector) || Object.keys(selector).length === 0) {
    return [];
  }
  const pods = tree.objects.filter(({ namespaceName }) => namespaceName === service.namespaceName).flatMap(templatesOf)
    .map(({ labels }) => labels).filter((labels) => selects({ matchLabels: selector }, labels));
  const reached = (pods.length > 0 ? pods : [selector]).every((labels) => allows(policies, 'ingress', labels));
  return reached ? [] : [gap(service, DENY, 'spec.selector', 'Nobody may reach the pods that it selects: allow its callers by a NetworkPolicy with ingress.')];
}

/** Whether a policy for these pods lets anything through. The one for DNS, which holds for all pods, doesn't count. */
function allows(policies: readonly Json[], direction: 'ingress' | 'egress', labels: unknown): boolean {
  return policies.some((json) => {
    const rules = valueAt(json, ['spec', direction]);
    return !isDnsPolicy(json) && Array.isArray(rules) && rules.length > 0 && selects(valueAt(json, ['spec', 'podSelector']), labels);
  });
}

function templatesOf({ json }: TreeObject): { spec: unknown; labels: unknown }[] {
  const location = ALL_TEMPLATES.find(({ group, kind }) => kind === json.kind && group === groupOf(json.apiVersion));
  return templatePlaces(json, location).map((place) => ({ spec: at(json, [...place, 'spec']), labels: at(json, [...place, 'metadata', 'labels']) ?? {} }));
}

function isPolicy({ apiVersion, kind }: Json): boolean {
  return kind === 'NetworkPolicy' && groupOf(apiVersion) === 'networking.k8s.io';
}

function isPodMaker(object: TreeObject): boolean {
  return templatesOf(object).length > 0;
}

/** One that selects every pod and lets nothing through, either way. */
function deniesAll(json: Json): boolean {
  const { podSelector, policyTypes, ingress, egress } = isPolicy(json) && isObject(json.spec) ? json.spec : {} as Json;
  const isNone = (rules: unknown) => rules === undefined || (Array.isArray(rules) && rules.length === 0);
  return isObject(podSelector) && Object.keys(podSelector).length === 0 && isNone(ingress) && isNone(egress)
    && Array.isArray(policyTypes) && ['Ingress', 'Egress'].every((type) => policyTypes.includes(type));
}

function isDnsPolicy(json: Json): boolean {
  const rules = valueAt(json, ['spec', 'egress']);
  const portsOf = (rule: unknown) => (isObject(rule) && Array.isArray(rule.ports) ? rule.ports as unknown[] : [undefined]);
  const ports = Array.isArray(rules) ? rules.flatMap(portsOf) : [];
  return isPolicy(json) && valueAt(json, ['spec', 'ingress']) === undefined && ports.length > 0
    && ports.every((each) => isObject(each) && (each.port === 53 || each.port === 5353));
}

function openServices(tree: HardeningTree, namespaceName: string): TreeObject[] {
  return tree.objects.filter((each) => (
    each.namespaceName === namespaceName && each.json.kind === 'Service' && ['NodePort', 'LoadBalancer'].includes(String(valueAt(each.json, ['spec', 'type'])))
  ));
}

/** Adds an object, unless there is one in its place; that is reported where it is another one. */
function addUnless(
  present: TreeObject | undefined, control: string, made: MadeObject[], make: () => ApiObject, isSame: (json: Json) => boolean = deniesAll,
): UnfixedFault[] {
  if (!present) {
    made.push({ object: make(), control });
    return [];
  }
  return isSame(present.json) ? [] : [gap(present, control, 'metadata.name', 'It is there already, and stays as it is: see whether it does what was asked for.')];
}

/** Where objects for a namespace are made: below the scope, in the chart of what is there, after the Namespace. */
function homeOf(scope: IConstruct, { construct }: TreeObject, name: string, tree: HardeningTree): Construct {
  const ofScope = scope.node.scopes.some((each) => Chart.isChart(each)) ? scope : Chart.of(construct);
  const parent = (ApiObject.isApiObject(ofScope) ? ofScope.node.scope : ofScope) as Construct;
  const home = new Construct(parent, freeId(parent, `hardening-${name}`));
  const namespace = tree.find('Namespace', undefined, name);
  if (namespace && Chart.of(namespace.construct) === Chart.of(home)) {
    home.node.addDependency(namespace.construct);
  }
  return home;
}

function gap({ resource, construct }: TreeObject, control: string, path: string, reason: string): UnfixedFault {
  return { resource, constructPath: construct.node.path, control, path, reason };
}
