import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { checkWithinLimits, ContainerLimits, MostPerContainer, mostPerContainer } from './namespace/container-limits';
import { NamespaceBudget } from './namespace/namespace-budget';
import { budgetOf, limitRange, NamespaceQuota, resourceQuota } from './namespace/namespace-limits';
import { chartAbove, checkChartNamespace, takeInObjects } from './namespace/namespace-members';
import { PodClaims } from './namespace/pod-claims';
import { POD_SECURITY, podSecurityOf, PodSecurityRollout } from './namespace/pod-security-rollout';
import { checkAnnotations, checkLabels } from './object-metadata';
import { checkPullSecrets } from './pod/workload-image';
import { WorkloadKind } from './secure-workload-props';
import { madeClaims } from './volumes/volume-parts';
import { WorkloadPlan } from './workload-plan';
import { dependsOnWaivers } from '../controls/waivers/waiver-effects';
import { ClusterProfile } from '../core/cluster-profile';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { checkPodLabels } from '../core/labels';
import { isMadeBy, markAs } from '../core/made-by';
import { checkPorts, Port } from '../core/port';
import { treeRegistry } from '../core/tree-registry';
import { allowApiServer } from '../network/api-server-policy';
import { allowDns, allowPlatform, defaultDeny } from '../network/namespace-policies';
import { PlatformTraffic } from '../network/platform-peers';

/** Settings of a hardened namespace; the defaults are the strictest that ordinary applications run under. */
export interface HardenedNamespaceProps {
  /**
   * Name of the namespace, a DNS label.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * The most that all pods of the namespace may ask for together.
   * @default - 8 CPUs, 16 GiB of memory, 50 pods
   */
  readonly quota?: NamespaceQuota;
  /**
   * The most that one container may use.
   * @default - no bound but the quota
   */
  readonly containerLimits?: ContainerLimits;
  /**
   * Labels of the Namespace object, for instance its owner. Labels of Pod Security admission can't be set here.
   * @default - none
   */
  readonly labels?: Record<string, string>;
  /**
   * Annotations of the Namespace object.
   * @default - none
   */
  readonly annotations?: Record<string, string>;
  /**
   * Labels of the nodes that its pods run on, whatever they say themselves. Enforced where the API server runs the admission plugin
   * PodNodeSelector. Pods don't choose nodes against it: such a pod is refused.
   * @default - any node
   */
  readonly nodeSelector?: Record<string, string>;
  /**
   * The namespace exists already and was made by something else. It is then marked so that Helm and Argo CD never delete it together with the
   * rest, since everything in it would go with it; its labels and objects of other names stay.
   * @default false
   */
  readonly adopted?: boolean;
  /**
   * Names of Secrets of type `kubernetes.io/dockerconfigjson` in the namespace that the images of its workloads, and of pods with the service account
   * `default`, are pulled with. They are not made here.
   * @default - none
   */
  readonly imagePullSecrets?: string[];
  /**
   * How far a namespace with live workloads has come on the way to "restricted".
   * @default PodSecurityRollout.enforce()
   */
  readonly podSecurity?: PodSecurityRollout;
}

const PROPS: KnownProps<HardenedNamespaceProps> = {
  name: true, quota: true, containerLimits: true, labels: true, annotations: true, nodeSelector: true, adopted: true, imagePullSecrets: true,
  podSecurity: true,
};
/** Read by the admission plugin PodNodeSelector. */
const NODE_SELECTOR = 'scheduler.alpha.kubernetes.io/node-selector';

/**
 * A namespace that is closed until something is opened: Pod Security admission enforces `restricted` at the cluster's version, no
 * traffic but DNS passes, resources are bounded, and the default service account gives no token.
 *
 * Objects made below it are put into it and written after it, whoever makes them, unless they name another namespace. A chart whose
 * `namespace` is its name joins it: `new Chart(app, 'more', { namespace: 'shop' })`.
 *
 * Sources: PSS restricted; CIS 5.1.5, 5.1.6, 5.2.x, 5.3.2; NSA 1.2 (namespaces, network policies, resource policies).
 *
 * @throws if the name isn't a DNS label or one of the system's, the same namespace is declared twice in the app, its chart names another
 * namespace, or a quota, label or annotation is malformed
 */
export class HardenedNamespace extends Construct {
  /**
   * The hardened namespace that a construct belongs to: the nearest one above it, else the one that its chart names.
   * @throws if there is none, or the chart below it names another
   */
  public static of(scope: IConstruct): HardenedNamespace {
    const above = scope.node.scopes.reverse().find(isHardenedNamespace);
    const chart = chartAbove(scope);
    if (above) {
      checkChartNamespace(scope, chart, above.name);
      return above;
    }
    const name = chart?.namespace;
    const named = name === undefined ? undefined : treeRegistry(scope).get(registryKey(name));
    if (!named) {
      throw invalid({
        at: scope, property: 'scope', got: name === undefined ? 'a chart without namespace' : `a chart with namespace "${name}"`,
        allowed: 'a construct below a HardenedNamespace, or in a chart whose namespace is one of this app\'s',
        fix: 'Make it below the HardenedNamespace: new SecureWorkload(namespace, …), or declare the namespace first.',
      });
    }
    return named as HardenedNamespace;
  }

  /** Name of the namespace. */
  public readonly name: string;
  /** The Namespace object. */
  public readonly resource: ApiObject;
  /** @internal */
  public readonly _imagePullSecrets: readonly string[];
  /** @internal */
  public readonly _nodeSelector: Record<string, string>;
  private readonly pods = new PodClaims();
  private readonly budget: NamespaceBudget;
  private readonly most: MostPerContainer;

  constructor(scope: Construct, id: string, props: HardenedNamespaceProps = {}) {
    super(scope, id);
    checkProps(props, PROPS, { at: this });
    const profile = ClusterProfile.of(this);
    this.name = this.checkName(props.name ?? id, profile);
    this.checkPlace();
    const budget = budgetOf(props.quota, this);
    this.budget = new NamespaceBudget(budget);
    this.most = mostPerContainer(props.containerLimits, this);
    const version = profile.kubernetesVersion;
    const podSecurity = podSecurityOf(props.podSecurity, version, this);
    const labels = { ...this.checkReserved(checkLabels(props.labels ?? {}, this)), ...podSecurity._labelsOf(this, this.name, version) };
    const annotations = { ...checkAnnotations(props.annotations ?? {}, this), ...ownAnnotations(props, this) };
    this._imagePullSecrets = checkPullSecrets(props.imagePullSecrets, this);
    this._nodeSelector = { ...props.nodeSelector };
    this.register();

    this.resource = new k8s.KubeNamespace(this, 'Resource', { metadata: { name: this.name, labels, annotations } });
    dependsOnWaivers(this.resource);
    podSecurity._accept(this.resource, this.name, version);
    if (this.resource.metadata.namespace !== undefined) {
      // cdk8s puts a chart's namespace into every object of it.
      this.resource.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
    this.node.addDependency(this.resource);
    defaultDeny(this, this.name);
    allowDns(this, this.name, profile.dns);
    resourceQuota(this, this.name, budget);
    limitRange(this, this.name, this.most);
    const account = new ServiceAccount(this, 'DefaultServiceAccount', { metadata: { name: 'default', namespace: this.name }, automountToken: false });
    if (this._imagePullSecrets.length > 0) {
      ApiObject.of(account).addJsonPatch(JsonPatch.add('/imagePullSecrets', this._imagePullSecrets.map((name) => ({ name }))));
    }

    // Validations run before anything is serialized.
    this.node.addValidation({
      validate: () => {
        takeInObjects(this, isHardenedNamespace);
        return [];
      },
    });
  }

  /**
   * Lets the cluster's monitoring scrape every pod of the namespace.
   * @param ports on which ports, at least one
   * @throws if the profile names no monitoring
   */
  public allowFromMonitoring(...ports: Port[]): void {
    this.allowPlatform('allow-monitoring', 'monitoring', ports);
  }

  /**
   * Lets the cluster's ingress controllers reach every pod of the namespace.
   * @param ports on which ports, at least one
   * @throws if the profile names none
   */
  public allowFromIngress(...ports: Port[]): void {
    this.allowPlatform('allow-ingress', 'ingress', ports);
  }

  /**
   * Lets the API server call webhooks and aggregated APIs in the namespace.
   * @param ports on which ports, at least one
   * @throws if the profile names no `controlPlaneCidrs`
   */
  public allowFromApiServer(...ports: Port[]): void {
    this.allowPlatform('allow-api-server', 'controlPlaneCidrs', ports);
    allowApiServer(this, 'allow-api-server', { namespaceName: this.name }, 'ingress', ports);
  }

  /**
   * Takes in a workload: its name and selector are its own, and the namespace has room for it.
   * @internal
   */
  public _claim(workload: IConstruct, { kind, name, podLabels, selector, need, resources, initContainers, volumes }: WorkloadPlan): void {
    checkWithinLimits(resources, this.most, 'resources', workload);
    initContainers.forEach((each, i) => checkWithinLimits(each.resources, this.most, `initContainers[${i}].resources`, workload));
    const made = madeClaims(volumes, name, kind === WorkloadKind.STATEFUL_SET);
    this.pods.check({ owner: workload, labels: podLabels, selector }, name, this.name, made);
    this.budget.claim(workload, this.name, need);
    this.pods.take({ owner: workload, labels: podLabels, selector }, name, made);
  }

  private allowPlatform(name: string, traffic: PlatformTraffic, ports: Port[]): void {
    if (ports.length === 0) {
      throw invalid({
        at: this, property: `${name}.ports`, got: 'no port', allowed: 'at least one port: pods of a namespace have none of their own', fix: 'Name it, for instance Port.tcp(9090).',
      });
    }
    if (this.node.tryFindChild(name)) {
      throw invalid({ at: this, property: name, got: 'a second call', allowed: 'one call with all ports', fix: 'Name all ports in one call.' });
    }
    allowPlatform(this, name, this.name, traffic, checkPorts(ports, `${name}.ports`, this));
  }

  private checkName(name: string, profile: ClusterProfile): string {
    checkDnsLabel(name, 'name', this);
    if (name === 'default' || profile.isSystemNamespace(name)) {
      throw invalid({
        at: this, property: 'name', got: name, allowed: 'a namespace of your own', source: 'CIS 5.6.4',
        fix: 'Choose another name: system namespaces run what restricted refuses, and default can\'t be owned.',
      });
    }
    return name;
  }

  private checkPlace(): void {
    const chart = chartAbove(this);
    if (!chart) {
      throw invalid({
        at: this, property: 'scope', got: this.node.scope!.constructor.name, allowed: 'a construct in a Chart', fix: 'Make it in one: new Chart(app, \'shop\').',
      });
    }
    checkChartNamespace(this, chart, this.name);
  }

  private register(): void {
    const registry = treeRegistry(this);
    const other = registry.get(registryKey(this.name));
    if (other) {
      throw invalid({
        at: this, property: 'name', got: this.name, allowed: 'a namespace that is declared once in the app', fix: `Use the one at ${other.node.path}, or choose another name.`,
      });
    }
    registry.set(registryKey(this.name), this);
    markAs('HardenedNamespace', this);
  }

  private checkReserved(labels: Record<string, string>): Record<string, string> {
    const reserved = Object.keys(labels).find((key) => key.startsWith(POD_SECURITY) || key === 'kubernetes.io/metadata.name');
    if (reserved) {
      throw invalid({
        at: this, property: `labels.${reserved}`, got: labels[reserved], allowed: 'labels that don\'t decide about security', fix: 'Leave it out: this construct sets it.',
      });
    }
    return labels;
  }
}

function isHardenedNamespace(construct: IConstruct): construct is HardenedNamespace {
  return isMadeBy('HardenedNamespace', construct);
}

/** What the properties say in annotations of other programs. */
function ownAnnotations({ nodeSelector, adopted }: HardenedNamespaceProps, namespace: HardenedNamespace): Record<string, string> {
  const selector = nodeSelector && checkPodLabels(nodeSelector, 'nodeSelector', namespace);
  return {
    ...(selector && { [NODE_SELECTOR]: Object.entries(selector).map(([key, value]) => `${key}=${value}`).sort().join(',') }),
    ...(adopted && { 'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false', 'helm.sh/resource-policy': 'keep' }),
  };
}

function registryKey(name: string): string {
  return `namespace/${name}`;
}
