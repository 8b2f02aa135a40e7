import { ApiObject, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { mutatingPolicy, mutatingPolicyBinding, whyNoMutation } from './admission/mutating-policy';
import { policyBinding, PolicyBindingOptions, PolicyPhase } from './admission/policy-binding';
import { policyObstacle, validatingPolicy } from './admission/validating-policy';
import { Control } from './control';
import { checkPack, ControlPack } from './pack';
import { checkKinds, PodTemplateKind } from './pod-template-kind';
import { BoundControls, PolicyScope, policyScope } from './policy-scope';
import { PodTemplateLocation } from './subject';
import { effectiveControls } from './superseding';
import { ALL_TEMPLATES } from './template-kinds';
import { dependsOnWaivers } from './waivers/waiver-effects';
import { checkChoice } from '../core/choice';
import { ClusterProfile } from '../core/cluster-profile';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { KubernetesVersion } from '../core/kubernetes-version';
import { checkList } from '../core/list';
import { isMadeBy, markAs } from '../core/made-by';

/** Settings of a set of admission policies. */
export interface AdmissionPoliciesProps {
  /** The controls to bind. */
  readonly pack: ControlPack;
  /**
   * What the API server does about objects that don't comply. There is no default: on a cluster with a life of its own, begin with AUDIT and look
   * at what is there before each step.
   */
  readonly phase: PolicyPhase;
  /**
   * The only namespaces that the policies hold in. Objects that belong to no namespace, such as a ClusterRole, are judged all the same.
   * @default - all but `excludedNamespaces`
   */
  readonly namespaces?: string[];
  /**
   * Namespaces that are left out, besides those of the system (`ClusterProfile.systemNamespaces`: kube-system, kube-public, kube-node-lease and what
   * the distribution adds), whose pods need what no policy lets through.
   * @default - none
   */
  readonly excludedNamespaces?: string[];
  /**
   * The last part of the bindings' names. Give one where a tree binds one pack twice: on WARN everywhere, and on DENY in some namespaces.
   * @default - the pack's name
   */
  readonly bindingName?: string;
  /**
   * Whether Pods are also brought up to the pack as they are created, by MutatingAdmissionPolicies with the fixes of the controls. Controllers are
   * left as they are, so that GitOps tools see no difference. Only with PolicyPhase.DENY; from Kubernetes 1.36 on.
   * @default false
   */
  readonly mutate?: boolean;
  /**
   * Custom resources that embed a pod template, besides those that the library knows and those that `Controls.podTemplatesOf` names in this tree.
   * @default - none
   */
  readonly podTemplatesOf?: PodTemplateKind[];
}

const PROPS: KnownProps<AdmissionPoliciesProps> = {
  pack: true, phase: true, namespaces: true, excludedNamespaces: true, bindingName: true, mutate: true, podTemplatesOf: true,
};

/**
 * A pack of controls as ValidatingAdmissionPolicies, one for each control, and their bindings: the API server itself then refuses, warns about or
 * notes what the check at synth would find, whoever applies it. No webhook, no controller, nothing that can fail to answer.
 *
 * Updates that leave the pod spec (or what else the control reads) alone pass on objects that already violate, so that a roll-out blocks no
 * controller and no deletion. What is waived is left out as narrowly as the waiver says. From Kubernetes 1.30 on.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class AdmissionPolicies extends Construct {
  /** All sets of a tree. @internal */
  public static _all(root: IConstruct): AdmissionPolicies[] {
    return root.node.findAll().filter((construct): construct is AdmissionPolicies => isMadeBy('AdmissionPolicies', construct));
  }

  /** The controls of the pack that have a policy in this cluster's version. */
  public readonly controls: Control[];
  /** The controls of the pack that have none, each with the reason. */
  public readonly withoutPolicy: string[];
  /** The namespaces that are left out, those of the system included. */
  public readonly excludedNamespaces: string[];
  private readonly phase: PolicyPhase;
  private readonly templates: readonly PodTemplateLocation[];
  private readonly bindingName: string;
  private readonly namespaces?: readonly string[];

  /**
   * @throws if a property is unknown or wrong, the cluster's version has no ValidatingAdmissionPolicy (before 1.30), or none of the pack's controls has a policy
   */
  constructor(scope: Construct, id: string, props: AdmissionPoliciesProps) {
    super(scope, id);
    markAs('AdmissionPolicies', this);
    const profile = ClusterProfile.of(this);
    const version = profile.kubernetesVersion;
    const pack = checkPack(checkProps(props, PROPS, { at: this }).pack, this);
    this.phase = checkChoice(props.phase, PolicyPhase, 'PolicyPhase', 'phase', this);
    this.bindingName = checkDnsLabel(props.bindingName ?? pack.name, 'bindingName', this);
    this.namespaces = props.namespaces && checkNamespaces(props.namespaces, 'namespaces', this);
    this.excludedNamespaces = [...new Set([...profile.systemNamespaces, ...checkNamespaces(props.excludedNamespaces ?? [], 'excludedNamespaces', this)])].sort();

    const empty = this.namespaces?.find((name) => this.excludedNamespaces.includes(name)) ?? (this.namespaces?.length === 0 ? 'none' : undefined);
    if (empty !== undefined) {
      throw invalid({
        at: this, property: 'namespaces', got: this.namespaces, allowed: `one or more namespaces but ${this.excludedNamespaces.join(', ')}`, fix: 'Name the namespaces, or leave it out.',
      });
    }
    const effective = effectiveControls(pack.controls, version);
    const obstacles = new Map(effective.map((control) => [control, policyObstacle(control, version)]));
    this.controls = effective.filter((control) => obstacles.get(control) === undefined);
    this.withoutPolicy = effective.filter((control) => obstacles.get(control) !== undefined).map((control) => `${control.id}: ${obstacles.get(control)}`);
    if (this.controls.length === 0) {
      throw invalid({
        at: this, property: 'pack', got: pack.name, allowed: 'a pack with a control that has a policy in this cluster', fix: this.withoutPolicy[0] ?? 'Choose another pack.',
      });
    }
    this.templates = [...ALL_TEMPLATES, ...checkKinds(props.podTemplatesOf ?? [], 'podTemplatesOf', this)];
    for (const control of this.controls) {
      this.addPolicy(`${control.id}.policy`, control, (options) => validatingPolicy(control, { version, ...options }));
      this.addObject(`${control.id}.binding`, policyBinding(control, this.bindingOptions()));
    }
    if (props.mutate) {
      if (this.phase !== PolicyPhase.DENY) {
        throw invalid({
          at: this, property: 'mutate', got: true, allowed: `false in phase ${this.phase}: a mutating policy changes Pods in any phase`,
          fix: 'Set PolicyPhase.DENY, or leave mutate out until then.',
        });
      }
      this.addMutations(version);
    }
  }

  private addMutations(version: KubernetesVersion): void {
    if (!version.atLeast(KubernetesVersion.V1_36)) {
      throw invalid({
        at: this, property: 'mutate', got: true, allowed: `false: this is Kubernetes ${version}, and MutatingAdmissionPolicy is there from 1.36 on`,
        fix: 'Leave it out: Controls.harden fixes objects as they are written.',
      });
    }
    for (const control of this.controls.filter((each) => whyNoMutation(each, version) === undefined)) {
      this.addPolicy(`${control.id}.mutation`, control, (options) => mutatingPolicy(control, { version, ...options })!);
      this.addObject(`${control.id}.mutation-binding`, mutatingPolicyBinding(control, this.bindingOptions()));
    }
  }

  /** What is waived is known only after everything was judged, and all kinds when the tree is whole: the policy's spec waits for both. */
  private addPolicy(id: string, control: Control, policy: (options: PolicyScope) => Record<string, unknown>): void {
    const strict = policy({ templates: this.templates, exclusions: [] });
    const produce = () => {
      const scope = policyScope(this, control, this.templates);
      const isStrict = scope.exclusions.length === 0 && scope.templates.length === this.templates.length;
      return isStrict ? strict.spec : policy(scope).spec;
    };
    dependsOnWaivers(this.addObject(id, { ...strict, spec: Lazy.any({ produce }) }));
  }

  private bindingOptions(): PolicyBindingOptions {
    const { phase, bindingName: suffix, excludedNamespaces, namespaces } = this;
    return { phase, suffix, excludedNamespaces, ...(namespaces && { namespaces }) };
  }

  private addObject(id: string, json: Record<string, unknown>): ApiObject {
    const { apiVersion, kind, metadata, ...rest } = json as unknown as ObjectJson;
    return new ApiObject(this, id, { apiVersion, kind, metadata, ...rest });
  }

  /** What it refuses, for whoever refuses it elsewhere too; undefined in the other phases. @internal */
  public get _denied(): BoundControls | undefined {
    return this.phase === PolicyPhase.DENY ? { controls: this.controls, templates: this.templates, binding: this.bindingOptions() } : undefined;
  }

  /** Whether it refuses, in a namespace, what a control finds. @internal */
  public _denies(control: Control, namespace: string): boolean {
    return this.phase === PolicyPhase.DENY && this.controls.some(({ id, supersedes }) => id === control.id || supersedes.includes(control.id))
      && !this.excludedNamespaces.includes(namespace) && (this.namespaces?.includes(namespace) ?? true);
  }
}

/** Plain JSON of an object of the API. */
interface ObjectJson {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Record<string, unknown>;
  readonly spec: unknown;
}

function checkNamespaces(names: string[], property: string, at: IConstruct): string[] {
  return checkList(names, property, 'names', at).map((name, i) => checkDnsLabel(name, `${property}[${i}]`, at)).sort();
}
