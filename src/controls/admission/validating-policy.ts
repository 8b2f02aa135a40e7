import { celOf, CelSubject, FailingNames } from './cel';
import { below, CelItem, CelStep, itemOf } from './cel-item';
import { BLANK, isOneOf, NOTHING } from './cel-leaf';
import { and, celString, not, or, relation, tight } from './cel-text';
import { containersIn, TEMPLATE, templateRules, templateVariables } from './pod-templates';
import { PolicyVariable, usedVariables } from './policy-variables';
import { fieldPaths, readPaths } from './read-paths';
import { ResourceRule, resourceRules } from './resource-rules';
import { Tolerances } from './tolerances';
import { invalid } from '../../core/errors';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { apiResource } from '../api-fields/api-resource';
import { fieldType } from '../api-fields/lookup';
import { ActsAt, Control } from '../control';
import { Exclusion } from '../exclusion';
import { Path } from '../path';
import { partsOf, RequirementNode } from '../requirement-node';
import { PodTemplateLocation } from '../subject';
import { ALL_TEMPLATES } from '../template-kinds';

export { judgedAsPodsOnly } from './pod-templates';

/** Whose writes policies about whole objects let pass: the API server lays out its own objects at every start, and must be able to. */
const SYSTEM_USERS: readonly string[] = ['system:apiserver'];

/** Who adds up the rules of aggregated ClusterRoles, each of which was judged when somebody wrote it. */
const AGGREGATION_USERS: readonly string[] = ['system:kube-controller-manager', 'system:serviceaccount:kube-system:clusterrole-aggregation-controller'];

/** How a control becomes a policy. */
export interface ValidatingPolicyOptions {
  readonly version: KubernetesVersion;
  /**
   * Kinds with pod templates; those with several are left out (`judgedAsPodsOnly`).
   * @default - every kind that the library knows
   */
  readonly templates?: readonly PodTemplateLocation[];
  /**
   * Findings of this control that are let through.
   * @default - none
   */
  readonly exclusions?: readonly Exclusion[];
}

/** Why there is no policy for a control at a version; undefined: there is one. */
export function policyObstacle(control: Control, version: KubernetesVersion): string | undefined {
  if (!version.atLeast(KubernetesVersion.V1_30)) {
    return `Kubernetes has ValidatingAdmissionPolicy in v1 from 1.30 on, and this is ${version}`;
  }
  if (control.actsAt === ActsAt.SYNTH) {
    return `It acts at synth only: ${control.actsAtReason}`;
  }
  if (control._nodeAt(version) === undefined) {
    return `It asks nothing of Kubernetes ${version}`;
  }
  const tooNew = control.appliesTo.kindNames.find((kind) => (apiResource(kind)?.since ?? 0) > version.effective.minor);
  return tooNew && `Kubernetes ${version} has no ${tooNew}`;
}

/** The name of a control's policy. */
export function policyName(control: Control): string {
  return `hardened-${control.id}`;
}

/**
 * A control as a ValidatingAdmissionPolicy, plain JSON. It does nothing until it is bound.
 *
 * Updates that change nothing of what the control reads (of pod templates, nothing of the pod spec) pass.
 * @throws if there is no policy (`policyObstacle`), or an exclusion is about nothing that the control looks at
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function validatingPolicy(control: Control, options: ValidatingPolicyOptions): Record<string, unknown> {
  const at = `Control ${control.id}`;
  const obstacle = policyObstacle(control, options.version);
  if (obstacle !== undefined) {
    throw invalid({ at, property: 'version', got: String(options.version), allowed: `a control and a version that have an admission policy. ${obstacle}`, fix: 'Leave the policy out: the check at synth stays.' });
  }
  const node = control._nodeAt(options.version)!;
  const { rules, variables, validations } = new PolicyWriter(control, node, options, at).write();
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: {
      name: policyName(control),
      labels: { 'app.kubernetes.io/managed-by': 'cdk8s-hardened', 'cdk8s-hardened/control': control.id, 'cdk8s-hardened/severity': control.severity },
      annotations: {
        'cdk8s-hardened/title': oneLine(control.title),
        ...(control.references.length > 0 && { 'cdk8s-hardened/references': control.references.map(String).join('; ') }),
      },
    },
    spec: {
      failurePolicy: 'Fail',
      ...(!control.appliesTo.isPodTemplates && { matchConditions: [notBySystem(control.appliesTo.kindNames)] }),
      matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, resourceRules: rules },
      ...(variables.length > 0 && { variables }),
      validations,
    },
  };
}

interface PolicyParts {
  readonly rules: readonly ResourceRule[];
  readonly variables: readonly PolicyVariable[];
  readonly validations: readonly Record<string, string>[];
}

class PolicyWriter {
  private readonly failing: PolicyVariable[] = [];
  private readonly shares: PolicyVariable[] = [];
  private readonly tolerances: Tolerances;
  private readonly templates: readonly PodTemplateLocation[];
  private readonly version: KubernetesVersion;

  constructor(
    private readonly control: Control, private readonly node: RequirementNode, options: ValidatingPolicyOptions, private readonly at: string,
  ) {
    this.templates = options.templates ?? ALL_TEMPLATES;
    this.version = options.version;
    this.tolerances = new Tolerances({
      exclusions: options.exclusions ?? [],
      ofTemplates: control.appliesTo.isPodTemplates,
      templates: this.templates,
      at,
    });
  }

  public write(): PolicyParts {
    const { control, node } = this;
    const ofTemplates = control.appliesTo.isPodTemplates;
    const met = celOf(node, ofTemplates ? this.podSubject() : this.objectSubject());
    this.tolerances.checkAllUsed();
    const expression = or(not(tight('variables.changed')), met).text;
    const messageExpression = this.messageExpression();
    const candidates = [
      NOTHING,
      BLANK,
      ...(ofTemplates ? templateVariables(node, this.templates) : this.objectVariables()),
      ...this.tolerances.variables,
      ...this.failingVariables(),
    ];
    return {
      rules: ofTemplates ? templateRules(this.templates, this.version) : this.objectRules(),
      variables: usedVariables(candidates, [expression, messageExpression ?? '']),
      validations: [{ expression, message: this.message(''), ...(messageExpression !== undefined && { messageExpression }), reason: 'Forbidden' }],
    };
  }

  private podSubject(): CelSubject {
    return {
      root: TEMPLATE,
      pod: {
        spec: TEMPLATE.spec!,
        containers: containersIn,
        failing: (names) => this.failingVariable(names),
      },
      tolerated: (node, item) => this.tolerances.of(node, item),
      isText: (item) => isText('PodTemplateSpec', item),
      at: this.at,
    };
  }

  private objectSubject(): CelSubject {
    const { kindNames, custom } = this.control.appliesTo;
    return {
      root: this.root(),
      tolerated: (node, item) => this.tolerances.of(node, item),
      isText: (item) => custom.length === 0 && kindNames.every((kind) => isText(kind, item)),
      at: this.at,
    };
  }

  /** The object. Of one kind it keeps its type, so that the API server's type checker reads along. */
  private root(): CelItem {
    const { kindNames, custom } = this.control.appliesTo;
    const known = fieldPaths(this.node).every((path) => (fieldType(kindNames[0] ?? '', path)?.since ?? 0) <= this.version.effective.minor);
    return kindNames.length === 1 && custom.length === 0 && known
      ? { ...itemOf('object', { typed: true }), old: itemOf('oldObject', { typed: true }) }
      : { ...itemOf('variables.object', { decoded: custom.length === 0 }), old: itemOf('variables.oldObject') };
  }

  private objectVariables(): PolicyVariable[] {
    const root = this.root();
    const parts = readPaths(this.node).map((path) => relation(`${below(root, path).chain} != ${below(root.old!, path).chain}`));
    return [
      { name: 'object', expression: 'dyn(object)' },
      { name: 'oldObject', expression: 'dyn(oldObject)' },
      { name: 'changed', expression: or(relation('request.operation != \'UPDATE\''), ...parts).text },
    ];
  }

  private objectRules(): ResourceRule[] {
    const { kindNames, custom } = this.control.appliesTo;
    const readsMetadata = readPaths(this.node).some(([step]) => step === 'metadata');
    return resourceRules([
      ...kindNames.map((kind) => {
        const { group, version, plural } = apiResource(kind)!;
        return { group, versions: [version], resources: withSubresources(kind, plural, readsMetadata) };
      }),
      ...custom.map(({ group = '', version, kind, resource }) => ({ group, versions: [version], resources: withSubresources(kind, resource, readsMetadata) })),
    ], onlyChangesMatter(this.node) ? ['UPDATE'] : ['CREATE', 'UPDATE']);
  }

  /** What it is about, what fails and what to do, in one line. */
  private message(failing: string): string {
    const { title, remediation } = this.control;
    return `${sentence(title)}${failing}. ${sentence(remediation)}.`;
  }

  /** Names up to three of the containers that fail: Warnings are cut at 256 characters. Empty where no container does: then `message` is shown. */
  private messageExpression(): string | undefined {
    if (this.failing.length === 0) {
      return undefined;
    }
    const list = `variables.${this.failing.length === 1 ? this.failing[0].name : ALL_FAILING}`;
    const [before, after] = this.message('; not met by \0').split('\0').map(celString);
    return `${and(tight('variables.changed'), relation(`${list} != []`)).text} ? ${before} + (size(${list}) < 4 ? ${list}.join(', ') : `
      + `${list}[0] + ', ' + ${list}[1] + ' and ' + string(size(${list}) - 2) + ' more') + ${after} : ''`;
  }

  private failingVariable(lists: readonly FailingNames[]): string {
    const name = this.failing.length === 0 ? 'failing' : `failing${this.failing.length + 1}`;
    const shares = lists.length === 1 ? [] : lists.map(({ names, when }, i) => ({ name: `${name}Share${i + 1}`, expression: names, when }));
    const expression = lists.length === 1
      ? lists[0].names
      : shares.map((share) => (share.when === undefined ? `variables.${share.name}` : `(${share.when} ? variables.${share.name} : [])`)).join(' + ');
    const known = this.failing.find((each) => each.expression === expression);
    if (!known) {
      this.shares.push(...shares.map(({ name: share, expression: names }) => ({ name: share, expression: names })));
      this.failing.push({ name, expression });
    }
    return `variables.${known?.name ?? name}`;
  }

  /** A container that fails twice is named once. */
  private failingVariables(): PolicyVariable[] {
    const lists = this.failing.map(({ name }) => `variables.${name}`);
    const isNamedBefore = (i: number) => lists.slice(0, i).map((list) => `n in ${list}`).join(' || ');
    const all = lists.map((list, i) => (i === 0 ? list : `${list}.filter(n, !(${isNamedBefore(i)}))`)).join(' + ');
    return [...this.shares, ...this.failing, { name: ALL_FAILING, expression: all }];
  }
}

/** The variable that has all that fails, where it takes several to find them. */
const ALL_FAILING = 'allFailing';

function notBySystem(kinds: readonly string[]): { name: string; expression: string } {
  const users = [...SYSTEM_USERS, ...(kinds.includes('ClusterRole') ? AGGREGATION_USERS : [])];
  return { name: 'not-by-the-system-itself', expression: not(isOneOf('request.userInfo.?username.orValue(\'\')', users)).text };
}

/** Whether objects that are new always meet it. */
function onlyChangesMatter(node: RequirementNode): boolean {
  const parts = partsOf(node);
  return node.op === 'changedOnlyBy' || (['allOf', 'anyOf', 'repaired', 'described'].includes(node.op) && parts.length > 0 && parts.every(onlyChangesMatter));
}

/** Labels and annotations can be written through these, too. */
function withSubresources(kind: string, plural: string, readsMetadata: boolean): string[] {
  return [plural, ...(readsMetadata ? [...(kind === 'Namespace' ? [`${plural}/finalize`] : []), `${plural}/status`] : [])];
}

function isText(type: string, item: CelItem): boolean {
  const place = item.outside?.place ?? item.container?.place ?? [];
  return fieldType(type, place.flatMap(asFieldPath))?.kind === 'string';
}

function asFieldPath(step: CelStep): Path {
  if (typeof step === 'string') {
    return step === 'containers[]' ? ['containers', '[]'] : [step];
  }
  return 'among' in step ? step.among[0].path : ['key' in step ? '{}' : '[]'];
}

function sentence(text: string): string {
  return oneLine(text).replace(/\.$/, '');
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
