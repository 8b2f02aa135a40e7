import { BLANK, CelSubject, NOTHING } from './cel';
import { and, Cel, celString, tight } from './cel-text';
import { whyUnfixable } from './mutating-parts';
import { patchesOf } from './mutating-patch';
import { rootSpot } from './mutating-spot';
import { containersIn, TEMPLATE, templateVariables } from './pod-templates';
import { policyBinding, PolicyBindingOptions, PolicyPhase } from './policy-binding';
import { PolicyVariable, usedVariables } from './policy-variables';
import { ResourceRule, resourceRules } from './resource-rules';
import { Tolerances } from './tolerances';
import { policyName } from './validating-policy';
import { invalid } from '../../core/errors';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { ActsAt, Control } from '../control';
import { Exclusion } from '../exclusion';
import { PodTemplateLocation } from '../subject';
import { ALL_TEMPLATES, BUILT_IN_TEMPLATES } from '../template-kinds';

/** How a control becomes a policy that fixes. */
export interface MutatingPolicyOptions {
  readonly version: KubernetesVersion;
  /**
   * Whether the templates of Kubernetes' own controllers are changed too, when they are created, and when an update changes them. GitOps tools then
   * see a difference between what was applied and what is there.
   * @default false - only Pods, when they are created
   */
  readonly controllers?: boolean;
  /**
   * Findings of this control that stay as they are.
   * @default - none
   */
  readonly exclusions?: readonly Exclusion[];
  /**
   * Kinds with pod templates, by which exclusions tell whose Pods they are about.
   * @default - every kind that the library knows
   */
  readonly templates?: readonly PodTemplateLocation[];
}

/** Where a policy fixes: as where one refuses. */
type MutatingBindingOptions = Omit<PolicyBindingOptions, 'phase'>;

/** The pod template of a kind of Kubernetes' own. */
const ROOT = { ...TEMPLATE, decoded: true, spec: { ...TEMPLATE.spec!, decoded: true } };

/** Or the next label that anybody puts on a Deployment rolls out new Pods, and a Job can't be updated at all. */
const CHANGED = tight('variables.changed');

const SINCE = KubernetesVersion.V1_36;

/** Why the API server can't fix what a control finds, in one sentence; undefined: it can. */
export function whyNoMutation(control: Control, version: KubernetesVersion): string | undefined {
  if (!version.atLeast(SINCE)) {
    return `Kubernetes has MutatingAdmissionPolicy in v1 from ${SINCE} on, and this is ${version}.`;
  }
  if (control.actsAt === ActsAt.SYNTH) {
    return `It acts at synth only: ${control.actsAtReason}`;
  }
  if (!control.appliesTo.isPodTemplates || control._modelCheck) {
    return 'It looks at objects that stay as they were applied: they are fixed where they are declared.';
  }
  const node = control._nodeAt(version);
  return node ? whyUnfixable(node) : `It asks nothing of Kubernetes ${version}.`;
}

/**
 * A control as a MutatingAdmissionPolicy, plain JSON: what `fix` does at synth, done to Pods on their way into the cluster, by the same remedies
 * and with the same result. It does nothing until it is bound. Undefined where nothing can be fixed (`whyNoMutation`).
 *
 * Pods are changed when they are created, whoever makes them; what makes them stays as it was applied, so that GitOps tools see no difference. It
 * refuses nothing: bind the control's validating policy too, which judges what comes out. A Pod is seen as the API server has completed it: with
 * the host's network its container ports have become host ports, and stay so when the host's network is taken away.
 * @throws before Kubernetes 1.36
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
export function mutatingPolicy(control: Control, options: MutatingPolicyOptions): Record<string, unknown> | undefined {
  const { version, controllers = false, exclusions = [], templates = ALL_TEMPLATES } = options;
  const at = `Control ${control.id}`;
  if (!version.atLeast(SINCE)) {
    throw invalid({
      at, property: 'version', got: String(version), allowed: `Kubernetes ${SINCE} or newer, which has MutatingAdmissionPolicy v1`,
      fix: 'Fix the objects at synth, or upgrade the cluster.',
    });
  }
  const node = control._nodeAt(version);
  if (!node || whyNoMutation(control, version) !== undefined) {
    return undefined;
  }
  const locations = BUILT_IN_TEMPLATES.filter(({ kind }) => controllers || kind === 'Pod');
  const tolerances = new Tolerances({ exclusions, ofTemplates: true, templates, at });
  const subject: CelSubject = {
    root: ROOT, pod: { spec: ROOT.spec, containers: containersIn }, tolerated: (part, item) => tolerances.of(part, item), at,
  };
  const { needed, patches } = patchesOf(node, subject, rootSpot(ROOT, controllers ? 'variables.at' : undefined));
  const expressions = patches.map(({ text }) => text);
  const candidates = [NOTHING, BLANK, pointerVariable(locations), ...templateVariables(node, locations), ...tolerances.variables];
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: {
      name: policyName(control),
      labels: { 'app.kubernetes.io/managed-by': 'cdk8s-hardened', 'cdk8s-hardened/control': control.id },
      annotations: { 'cdk8s-hardened/title': control.title.trim().replace(/\s+/g, ' ') },
    },
    spec: {
      failurePolicy: 'Fail',
      // What other plugins add afterwards is fixed too.
      reinvocationPolicy: 'IfNeeded',
      matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, resourceRules: rulesOf(locations) },
      // Every mutation costs a copy of the object, even one that does nothing.
      matchConditions: [{ name: 'needed', expression: inlined(controllers ? and(CHANGED, needed) : needed, candidates) }],
      variables: usedVariables(candidates, expressions),
      mutations: expressions.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })),
    },
  };
}

/** A binding of a control's mutating policy, plain JSON. */
export function mutatingPolicyBinding(control: Control, options: MutatingBindingOptions): Record<string, unknown> {
  const { metadata, spec } = policyBinding(control, { ...options, phase: PolicyPhase.DENY }) as { metadata: unknown; spec: Record<string, unknown> };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: spec.policyName, matchResources: spec.matchResources },
  };
}

/** An expression without variables: where a policy says what it matches, it has none. */
function inlined({ text }: Cel, variables: readonly PolicyVariable[]): string {
  // Texts stay as they are, whatever they say.
  return text.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\bvariables\.(\w+)/g, (literal, name?: string) => {
    if (name === undefined) {
      return literal;
    }
    const { expression } = variables.find((variable) => variable.name === name)!;
    const inner = inlined(tight(expression), variables);
    return /^[\w.()]+$|^\[[^[\]]*\]$/.test(inner) ? inner : `(${inner})`;
  });
}

/** A Pod's spec hardly changes once it is there. */
function rulesOf(locations: readonly PodTemplateLocation[]): ResourceRule[] {
  const resources = (each: PodTemplateLocation) => ({ group: each.group, versions: each.versions, resources: [each.resource] });
  const others = locations.filter(({ kind }) => kind !== 'Pod');
  return [
    ...resourceRules(locations.filter(({ kind }) => kind === 'Pod').map(resources), ['CREATE']),
    ...resourceRules(others.map(resources), ['CREATE', 'UPDATE']),
  ];
}

/** Where in the object a JSON patch finds the template. */
function pointerVariable(locations: readonly PodTemplateLocation[]): PolicyVariable {
  const pointers = locations.map(({ kind, templates: [path] }) => ({ kind, pointer: path.map((step) => `/${step}`).join('') }));
  const [usual, ...special] = [...new Set(pointers.map(({ pointer }) => pointer))]
    .sort((a, b) => pointers.filter(({ pointer }) => pointer === b).length - pointers.filter(({ pointer }) => pointer === a).length);
  const expression = special.reduceRight((otherwise, pointer) => {
    const kinds = pointers.filter((each) => each.pointer === pointer).map(({ kind }) => celString(kind));
    return `object.kind ${kinds.length === 1 ? `== ${kinds[0]}` : `in [${kinds.join(', ')}]`} ? ${celString(pointer)} : ${otherwise}`;
  }, celString(usual));
  return { name: 'at', expression };
}
