import { ApiObject, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { mutatingPolicy, mutatingPolicyBinding, whyNoMutation } from './admission/mutating-policy';
import { policyBinding, PolicyBindingOptions, SYSTEM_NAMESPACES } from './admission/policy-binding';
import { policyObstacle, validatingPolicy } from './admission/validating-policy';
import { Control } from './control';
import { Exclusion } from './exclusion';
import { ControlPack } from './pack';
import { PodTemplateKind } from './pod-template-kind';
import { PodTemplateLocation } from './subject';
import { effectiveControls } from './superseding';
import { ALL_TEMPLATES } from './template-kinds';
import { dependsOnWaivers, waiverEffects } from './waivers/waiver-effects';
import { checkChoice } from '../core/choice';
import { ClusterProfile } from '../core/cluster-profile';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { KubernetesVersion } from '../core/kubernetes-version';

/** What the API server does about an object that a policy refuses. */
export enum PolicyPhase {
  /** Notes it in the audit log; nobody else sees it. Begin here. */
  AUDIT = 'audit',
  /** Tells whoever applies it, and notes it in the audit log. */
  WARN = 'warn',
  /** Refuses it. */
  DENY = 'deny',
}

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
   * The only namespaces that the policies hold in.
   * @default - all but `excludedNamespaces`
   */
  readonly namespaces?: string[];
  /**
   * Namespaces that are left out, besides those of the system: kube-system, kube-public and kube-node-lease, whose pods need what no policy lets
   * through.
   * @default - none
   */
  readonly excludedNamespaces?: string[];
  /**
   * Whether Pods are also brought up to the pack as they are created, by MutatingAdmissionPolicies with the fixes of the controls. Controllers are
   * left as they are, so that GitOps tools see no difference. From Kubernetes 1.36 on.
   * @default false
   */
  readonly mutate?: boolean;
  /**
   * Custom resources that embed a pod template, besides those that the library knows.
   * @default - none
   */
  readonly podTemplatesOf?: PodTemplateKind[];
}

const MARK = Symbol.for('cdk8s-hardened.admission-policies');

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
    return root.node.findAll().filter((construct): construct is AdmissionPolicies => MARK in construct);
  }

  /** The namespaces of the system that policies are never bound to. */
  public static readonly SYSTEM_NAMESPACES: string[] = [...SYSTEM_NAMESPACES];

  /** The controls of the pack that have a policy in this cluster's version. */
  public readonly controls: Control[];
  /** The controls of the pack that have none, each with the reason. */
  public readonly withoutPolicy: string[];
  private readonly phase: PolicyPhase;
  private readonly namespaces?: readonly string[];
  private readonly excludedNamespaces: readonly string[];

  /**
   * @throws if the cluster's version has no ValidatingAdmissionPolicy (before 1.30), or none of the pack's controls has a policy
   */
  constructor(scope: Construct, id: string, props: AdmissionPoliciesProps) {
    super(scope, id);
    Object.defineProperty(this, MARK, { value: true });
    const version = ClusterProfile.of(this).kubernetesVersion;
    if (!(props.pack instanceof ControlPack)) {
      throw invalid({ at: this, property: 'pack', got: props.pack, allowed: 'a ControlPack', fix: 'Give, for instance, ControlPack.pssRestricted().' });
    }
    this.phase = checkChoice(props.phase, PolicyPhase, 'PolicyPhase', 'phase', this);
    this.namespaces = props.namespaces && checkNamespaces(props.namespaces, 'namespaces', this);
    this.excludedNamespaces = [...new Set([...SYSTEM_NAMESPACES, ...checkNamespaces(props.excludedNamespaces ?? [], 'excludedNamespaces', this)])].sort();

    const effective = effectiveControls(props.pack.controls, version);
    const obstacles = new Map(effective.map((control) => [control, policyObstacle(control, version)]));
    this.controls = effective.filter((control) => obstacles.get(control) === undefined);
    this.withoutPolicy = effective.filter((control) => obstacles.get(control) !== undefined).map((control) => `${control.id}: ${obstacles.get(control)}`);
    if (this.controls.length === 0) {
      throw invalid({
        at: this, property: 'pack', got: props.pack.name, allowed: 'a pack with a control that has a policy in this cluster', fix: this.withoutPolicy[0] ?? 'Choose another pack.',
      });
    }
    const templates = [...ALL_TEMPLATES, ...(props.podTemplatesOf ?? []).map((kind) => kind._location)];
    for (const control of this.controls) {
      this.addPolicy(`${control.id}.policy`, control, (exclusions) => validatingPolicy(control, { version, templates, exclusions }));
      this.addObject(`${control.id}.binding`, policyBinding(control, this.bindingOptions(props.pack.name)));
    }
    if (props.mutate) {
      this.addMutations(props.pack.name, { version, templates });
    }
  }

  private addMutations(pack: string, options: { readonly version: KubernetesVersion; readonly templates: PodTemplateLocation[] }): void {
    if (!options.version.atLeast(KubernetesVersion.V1_36)) {
      throw invalid({
        at: this, property: 'mutate', got: true, allowed: `false: this is Kubernetes ${options.version}, and MutatingAdmissionPolicy is there from 1.36 on`,
        fix: 'Leave it out: Controls.harden fixes objects as they are written.',
      });
    }
    for (const control of this.controls.filter((each) => whyNoMutation(each, options.version) === undefined)) {
      this.addPolicy(`${control.id}.mutation`, control, (exclusions) => mutatingPolicy(control, { ...options, exclusions })!);
      this.addObject(`${control.id}.mutation-binding`, mutatingPolicyBinding(control, this.bindingOptions(pack)));
    }
  }

  /** What is waived is known only after everything was judged: the policy's spec waits for it. */
  private addPolicy(id: string, control: Control, policy: (exclusions: readonly Exclusion[]) => Record<string, unknown>): void {
    const strict = policy([]);
    const produce = () => {
      const exclusions = waiverEffects(this).exclusions.of(control);
      return exclusions.length === 0 ? strict.spec : policy(exclusions).spec;
    };
    dependsOnWaivers(this.addObject(id, { ...strict, spec: Lazy.any({ produce }) }));
  }

  private bindingOptions(suffix: string): PolicyBindingOptions {
    return {
      phase: this.phase, suffix, excludedNamespaces: this.excludedNamespaces, ...(this.namespaces && { namespaces: this.namespaces }),
    };
  }

  private addObject(id: string, json: Record<string, unknown>): ApiObject {
    const { apiVersion, kind, metadata, ...rest } = json as unknown as ObjectJson;
    return new ApiObject(this, id, { apiVersion, kind, metadata, ...rest });
  }

  /** Whether it refuses, in a namespace, what a control finds. @internal */
  public _denies(control: Control, namespace: string): boolean {
    return this.phase === PolicyPhase.DENY && this.controls.some(({ id }) => id === control.id)
      && (this.namespaces?.includes(namespace) ?? !this.excludedNamespaces.includes(namespace));
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
  if (!Array.isArray(names)) {
    throw invalid({ at, property, got: names, allowed: 'a list of names', fix: 'Name the namespaces.' });
  }
  names.forEach((name, i) => checkDnsLabel(name, `${property}[${i}]`, at));
  return [...names].sort();
}
