import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import { k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { limitRange, NamespaceQuota, quotaBounds, resourceQuota } from './namespace-limits';
import { chartAbove, checkChartNamespace, takeInObjects } from './namespace-members';
import { checkAnnotations, checkLabels } from './object-metadata';
import { PodClaims } from './pod-claims';
import { dependsOnWaivers, waiverEffects } from '../controls/waivers/waiver-effects';
import { ClusterProfile } from '../core/cluster-profile';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { treeRegistry } from '../core/tree-registry';
import { allowDns, defaultDeny } from '../network/namespace-policies';

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
   * Labels of the Namespace object, for instance its owner. Labels of Pod Security admission can't be set here.
   * @default - none
   */
  readonly labels?: Record<string, string>;
  /**
   * Annotations of the Namespace object.
   * @default - none
   */
  readonly annotations?: Record<string, string>;
}

/** Recognises namespaces that another copy of this library made. */
const MARK = Symbol.for('cdk8s-hardened.HardenedNamespace');
const POD_SECURITY = 'pod-security.kubernetes.io/';

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
  /**
   * The pods that are declared in it.
   * @internal
   */
  public readonly _pods = new PodClaims();

  constructor(scope: Construct, id: string, props: HardenedNamespaceProps = {}) {
    super(scope, id);
    const profile = ClusterProfile.of(this);
    this.name = this.checkName(props.name ?? id, profile);
    this.checkPlace();
    const bounds = quotaBounds(props.quota, this);
    const labels = { ...this.checkReserved(checkLabels(props.labels ?? {}, this)), ...podSecurityLabels(profile, this) };
    const annotations = checkAnnotations(props.annotations ?? {}, this);
    this.register();

    this.resource = new k8s.KubeNamespace(this, 'Resource', { metadata: { name: this.name, labels, annotations } });
    dependsOnWaivers(this.resource);
    if (this.resource.metadata.namespace !== undefined) {
      // cdk8s puts a chart's namespace into every object of it.
      this.resource.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
    this.node.addDependency(this.resource);
    defaultDeny(this, this.name);
    allowDns(this, this.name, profile.dns);
    resourceQuota(this, this.name, bounds);
    limitRange(this, this.name);
    new ServiceAccount(this, 'DefaultServiceAccount', { metadata: { name: 'default', namespace: this.name }, automountToken: false });

    // Validations run before anything is serialized.
    this.node.addValidation({
      validate: () => {
        takeInObjects(this, isHardenedNamespace);
        return [];
      },
    });
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
    Object.defineProperty(this, MARK, { value: true });
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
  return MARK in construct;
}

function registryKey(name: string): string {
  return `namespace/${name}`;
}

/** Pinned to the cluster's version: an upgrade of the API server alone changes nothing, an upgrade of the profile does. */
function podSecurityLabels(profile: ClusterProfile, namespace: HardenedNamespace): Record<string, string> {
  const version = `v${profile.kubernetesVersion.effective}`;
  // Pod Security admission knows no exemption for one object: what is waived lowers the level that is enforced, and policies keep the rest.
  const enforced: unknown = Lazy.any({ produce: () => waiverEffects(namespace).levels.get(namespace.name) ?? 'restricted' });
  return Object.fromEntries(['enforce', 'audit', 'warn'].flatMap((mode) => [
    [`${POD_SECURITY}${mode}`, mode === 'enforce' ? enforced as string : 'restricted'],
    [`${POD_SECURITY}${mode}-version`, version],
  ]));
}
