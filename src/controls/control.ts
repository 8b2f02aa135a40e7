import { AppliesTo } from './applies-to';
import { ObjectModel, ModelFault } from './object-model';
import { checkPaths } from './path-check';
import { checkRequirement, Requirement } from './requirement';
import { atVersion, RequirementNode } from './requirement-node';
import { checkChoice } from '../core/choice';
import { invalid } from '../core/errors';
import { lock } from '../core/immutable';
import { checkProps, KnownProps } from '../core/known-props';
import { checkVersion, KubernetesVersion } from '../core/kubernetes-version';
import { checkList } from '../core/list';
import { checkMadeBy, markAs } from '../core/made-by';
import { Reference } from '../core/reference';
import { Severity } from '../core/severity';

/** The part of a cluster that a control protects. */
export enum ControlLayer {
  /** What a pod may do to its node and to other pods. */
  POD_SECURITY = 'pod-security',
  /** Where images come from, and that they stay what they were. */
  SUPPLY_CHAIN = 'supply-chain',
  /** Passwords, keys and tokens. */
  SECRETS = 'secrets',
  /** Who may do what with the API. */
  RBAC = 'rbac',
  /** Who may talk to whom. */
  NETWORK = 'network',
  /** What bounds a tenant. */
  NAMESPACES = 'namespaces',
  /** That a program keeps running. */
  AVAILABILITY = 'availability',
}

/** Where a control can act. */
export enum ActsAt {
  /** On the output, and in the API server. */
  BOTH = 'both',
  /** On the output only. */
  SYNTH = 'synth',
  /** In the API server only. */
  ADMISSION = 'admission',
}

/** An object that meets a control, and the one change after which it doesn't. Documentation shows it, and tests hold every control to it. */
export interface ControlExample {
  /**
   * An object that meets the control, as plain JSON; a list of objects where the control looks at several (`path` then begins with the
   * position of one: `[1].spec.podSelector`).
   * @default - a Pod with one container, `app`, that meets every control of the catalog
   */
  readonly compliant?: unknown;
  /** The one place that differs, for instance `spec.hostNetwork`. */
  readonly path: string;
  /**
   * What is there in the object that doesn't meet the control.
   * @default - nothing: the field is removed
   */
  readonly value?: unknown;
  /**
   * Path of the finding.
   * @default - `path`
   */
  readonly finding?: string;
}

/** What a control is. */
export interface ControlProps {
  /** Unique, in kebab case, for instance `host-network`. */
  readonly id: string;
  /** What holds where the control is met, in a few words that complete "Pods …" or name the object: `Pods don't use the host's network`. */
  readonly title: string;
  /** How much it matters where it isn't met. */
  readonly severity: Severity;
  /** What it protects. */
  readonly layer: ControlLayer;
  /** Why, in one or two sentences: what an attacker gains where it isn't met. */
  readonly rationale: string;
  /** What to do where it isn't met, in one sentence. */
  readonly remediation: string;
  /** What it asks. */
  readonly requirement: Requirement;
  /**
   * What it looks at.
   * @default - pod templates of every kind
   */
  readonly appliesTo?: AppliesTo;
  /**
   * Rules of published standards behind it.
   * @default - none
   */
  readonly references?: Reference[];
  /**
   * The first version of Kubernetes that it is for.
   * @default - all
   */
  readonly since?: KubernetesVersion;
  /**
   * Where it can act.
   * @default ActsAt.BOTH
   */
  readonly actsAt?: ActsAt;
  /**
   * Why it can't act at synth, or not in the API server. Required with `actsAt`.
   * @default - it acts at both
   */
  readonly actsAtReason?: string;
  /**
   * Ids of controls that ask for less of the same: where both are on, only this one speaks.
   * @default - none
   */
  readonly supersedes?: string[];
  /**
   * Whether it is part of what the library recommends for every workload.
   * @default true
   */
  readonly recommended?: boolean;
  /**
   * Whether the values that it finds may be secrets: reports then never show them.
   * @default false
   */
  readonly concealsValues?: boolean;
  /**
   * An object that meets it, and one that doesn't.
   * @default - none
   */
  readonly example?: ControlExample;
}

const PROPS: KnownProps<ControlProps> = {
  id: true, title: true, severity: true, layer: true, rationale: true, remediation: true, requirement: true, appliesTo: true, references: true,
  since: true, actsAt: true, actsAtReason: true, supersedes: true, recommended: true, concealsValues: true, example: true,
};

const EXAMPLE: KnownProps<ControlExample> = { path: true, compliant: true, value: true, finding: true };

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_ID = 50;

/**
 * One rule about Kubernetes objects, declared once: the check at synth, the fix, the admission policy and the documentation come from it.
 * An immutable value.
 */
export class Control {
  /**
   * A control over all objects together: code instead of a requirement, and on the output only.
   * @internal
   */
  public static _ofModel(props: Omit<ControlProps, 'requirement' | 'actsAt'>, check: (model: ObjectModel) => ModelFault[]): Control {
    const control = new Control({
      actsAtReason: 'It compares objects with each other, and an admission policy sees one at a time.',
      ...props,
      requirement: Requirement._nothing(),
      actsAt: ActsAt.SYNTH,
    });
    Object.defineProperty(control, '_modelCheck', { value: check });
    return control;
  }

  /**
   * Set for a control over all objects together.
   * @internal
   */
  public readonly _modelCheck?: (model: ObjectModel) => ModelFault[];
  /** Unique, in kebab case. */
  public readonly id: string;
  /** What holds where the control is met. */
  public readonly title: string;
  /** How much it matters where it isn't met. */
  public readonly severity: Severity;
  /** What it protects. */
  public readonly layer: ControlLayer;
  /** What an attacker gains where it isn't met. */
  public readonly rationale: string;
  /** What to do where it isn't met. */
  public readonly remediation: string;
  /** What it asks. */
  public readonly requirement: Requirement;
  /** What it looks at. */
  public readonly appliesTo: AppliesTo;
  /** Rules of published standards behind it. */
  public readonly references: Reference[];
  /** The first version of Kubernetes that it is for; undefined: all. */
  public readonly since?: KubernetesVersion;
  /** Where it can act. */
  public readonly actsAt: ActsAt;
  /** Why it can't act at synth, or not in the API server. */
  public readonly actsAtReason?: string;
  /** Ids of controls that ask for less of the same. */
  public readonly supersedes: string[];
  /** Whether it is part of what the library recommends for every workload. */
  public readonly recommended: boolean;
  /** Whether reports never show the values that it finds. */
  public readonly concealsValues: boolean;
  /** An object that meets it, and one that doesn't. */
  public readonly example?: ControlExample;

  /**
   * @throws if the id is no kebab case, a text is missing, a property is unknown, or a path names no field of the objects that the control looks at
   */
  constructor(props: ControlProps) {
    const at = `Control ${typeof props?.id === 'string' ? props.id : ''}`.trim();
    checkProps(props, PROPS, { at });
    checkId(props.id, 'id', at);
    for (const property of ['title', 'rationale', 'remediation'] as const) {
      if (typeof props[property] !== 'string' || props[property].trim() === '') {
        throw invalid({ at, property, got: props[property], allowed: 'a sentence', fix: 'Say it in plain words: people act on it.' });
      }
    }
    this.id = props.id;
    this.title = props.title;
    this.severity = checkChoice(props.severity, Severity, 'Severity', 'severity', at);
    this.layer = checkChoice(props.layer, ControlLayer, 'ControlLayer', 'layer', at);
    this.rationale = props.rationale;
    this.remediation = props.remediation;
    this.requirement = checkRequirement(props.requirement, at);
    this.appliesTo = checkMadeBy('AppliesTo', props.appliesTo ?? AppliesTo.podTemplates(), {
      at, property: 'appliesTo', fix: 'Make it with AppliesTo.kinds and the like.',
    });
    checkPaths(at, this.appliesTo, this.requirement._node);
    this.references = checkReferences(props.references ?? [], at);
    this.since = props.since && checkVersion(props.since, 'since', at);
    this.actsAt = checkChoice(props.actsAt ?? ActsAt.BOTH, ActsAt, 'ActsAt', 'actsAt', at);
    this.actsAtReason = props.actsAtReason;
    if (this.actsAt !== ActsAt.BOTH && !this.actsAtReason?.trim()) {
      throw invalid({ at, property: 'actsAtReason', got: props.actsAtReason, allowed: `the reason why it acts at ${this.actsAt} only`, fix: 'Say why in one sentence: the documentation shows it.' });
    }
    this.supersedes = checkList(props.supersedes ?? [], 'supersedes', 'ids of controls', at);
    this.supersedes.forEach((id, i) => checkId(id, `supersedes[${i}]`, at));
    this.recommended = props.recommended ?? true;
    this.concealsValues = props.concealsValues ?? false;
    this.example = props.example && checkProps(props.example, EXAMPLE, { at, property: 'example' });
    lock(this);
    markAs('Control', this);
  }

  /** What it asks at one version; undefined where it asks nothing. @internal */
  public _nodeAt(version: KubernetesVersion): RequirementNode | undefined {
    if (this.since && !version.atLeast(this.since)) {
      return undefined;
    }
    return atVersion(this.requirement._node, version.effective.minor);
  }
}

/** Whether two controls say the same, also where two copies of this library made them. */
export function isSameControl(one: Control, other: Control): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function checkId(id: string, property: string, at: string): void {
  if (typeof id !== 'string' || !ID.test(id) || id.length > LONGEST_ID) {
    throw invalid({ at, property, got: id, allowed: `a name in kebab case of at most ${LONGEST_ID} characters`, fix: 'Name it like host-network.' });
  }
}

function checkReferences(references: Reference[], at: string): Reference[] {
  return checkList(references, 'references', 'References', at).map((reference, i) => (
    checkMadeBy('Reference', reference, { at, property: `references[${i}]`, fix: 'Make it with Reference.cis and the like.' })
  ));
}
