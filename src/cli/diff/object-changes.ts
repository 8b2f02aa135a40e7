import { Change, Verdict } from './change';
import { controlChanges, ToldChange } from './control-changes';
import { explainedFields } from './explained-fields';
import { fieldChanges } from './field-changes';
import { faultsOfModel, faultsOfObject, FoundFault } from './found-faults';
import { frozenFields } from './immutable-fields';
import { isNetworkPolicy, lonePolicyChange, PolicyChange, policyChange, PolicyIndex, WorkloadLabels } from './network-policies';
import { normalObject } from './normal-object';
import { ObjectPair, objectPairs, OutputObject } from './output-objects';
import { podChanges } from './pod-changes';
import { ruleChanges, toldChange } from './rule-changes';
import { ruleOf } from './rules';
import { sameValue } from './same-value';
import { hidesOfObject, shownText, shownUnless } from './shown-value';
import { Control } from '../../controls/control';
import { ControlSet } from '../../controls/control-set';
import { Json, valueAt } from '../../controls/path';
import { ALL_TEMPLATES } from '../../controls/template-kinds';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { plural } from '../../core/plural';
import { Severity } from '../../core/severity';

/** What objects are held to. */
export interface Measure {
  readonly controls: readonly Control[];
  readonly version: KubernetesVersion;
}

type Side = ReadonlyMap<string, OutputObject>;

/**
 * Everything that changed between the objects of two outputs.
 * @param step called for each object
 */
export function objectChanges(before: Side, after: Side, measure: Measure, step: () => void = () => undefined): Change[] {
  return new ObjectComparison(before, after, measure).changes(step);
}

class ObjectComparison {
  private readonly set: ControlSet;
  private readonly pairs: readonly ObjectPair[];
  private readonly together: { readonly before: Map<Json, FoundFault[]>; readonly after: Map<Json, FoundFault[]> };
  private readonly policies: { readonly before: PolicyIndex; readonly after: PolicyIndex };
  private readonly workloads: ReadonlyMap<string, WorkloadLabels[]>;
  private readonly relabelled: ReadonlyMap<string, WorkloadLabels[]>;
  private readonly namespaces: { readonly before: NamespaceUse; readonly after: NamespaceUse };

  constructor(before: Side, after: Side, private readonly measure: Measure) {
    this.set = new ControlSet(measure.controls, measure.version, ALL_TEMPLATES);
    this.pairs = objectPairs(before, after);
    const faults = (side: Side) => faultsOfModel([...side.values()].map(({ json }) => json), measure.controls, this.set);
    this.together = { before: faults(before), after: faults(after) };
    this.policies = { before: new PolicyIndex(before.values()), after: new PolicyIndex(after.values()) };
    const labels = this.pairs.flatMap(labelsOf);
    this.workloads = byNamespace(labels);
    this.namespaces = { before: namespaceUse(before), after: namespaceUse(after) };
    this.relabelled = byNamespace(labels.filter((each) => !sameValue(each.before, each.after)));
  }

  public changes(step: () => void): Change[] {
    return this.pairs.flatMap((pair) => {
      step();
      return this.ofPair(pair);
    });
  }

  private ofPair(pair: ObjectPair): Change[] {
    const { before, after, isSame } = pair;
    const { subject } = (after ?? before)!;
    const [old, next] = [this.faults(before, this.together.before, isSame), this.faults(after, this.together.after, isSame)];
    const ofControls = controlChanges(pair, old, next);
    const ofRules = [...this.ruled(pair, subject), ...isSame ? [] : podChanges(pair, subject)]
      .filter(({ change, pattern }) => !ofControls.some((other) => saysTheSame(other, change, pattern)));
    const told = [...ofControls.filter((each) => !ofRules.some((other) => tellsWhichWay(other, each))), ...ofRules];
    if (before && after && !isSame) {
      return this.rest(before, after, subject, told);
    }
    const changes = told.map(({ change }) => change);
    return before && after ? changes : [this.presenceChange(pair, subject), ...changes];
  }

  /** Objects that say the same have the same findings, but for those that concern several objects. */
  private faults(side: OutputObject | undefined, together: Map<Json, FoundFault[]>, isSame: boolean): FoundFault[] {
    return side ? [...isSame ? [] : faultsOfObject(side.json, this.set), ...together.get(side.json) ?? []] : [];
  }

  private ruled(pair: ObjectPair, subject: string): ToldChange[] {
    const { before, after, isSame } = pair;
    const either = (after ?? before)!;
    if (isNetworkPolicy(either)) {
      const selectsAlike = before && after && sameValue(valueAt(before.json, SELECTOR), valueAt(after.json, SELECTOR));
      const workloads = (selectsAlike ? this.relabelled : this.workloads).get(either.namespace) ?? [];
      const isUntouched = isSame && workloads.length === 0;
      const directed = !before || !after ? this.lone(either, after !== undefined).directed : isUntouched ? [] : policyChange(pair, workloads);
      return directed.map((each) => toldChange(subject, 'network-policy', each));
    }
    const rule = isSame ? undefined : ruleOf(either.group, either.kind);
    return rule ? ruleChanges(subject, rule, pair) : [];
  }

  private lone(object: OutputObject, isNew: boolean): PolicyChange {
    return this.comesWithNamespace(object, isNew) ? { directed: [], verdict: 'neutral' } : lonePolicyChange(object, isNew ? this.policies.before : this.policies.after, isNew);
  }

  /** What protects a namespace protects nothing where all that was in it is gone, too. */
  private comesWithNamespace({ namespace }: OutputObject, isNew: boolean): boolean {
    const [here, there] = isNew ? [this.namespaces.after, this.namespaces.before] : [this.namespaces.before, this.namespaces.after];
    return here.inhabited.has(namespace) && !there.known.has(namespace);
  }

  private presenceChange({ before, after }: ObjectPair, subject: string): Change {
    const kind = after ? 'new' : 'removed';
    const object = (after ?? before)!;
    const { presence, id } = ruleOf(object.group, object.kind) ?? {};
    if (isNetworkPolicy(object)) {
      const { verdict } = this.lone(object, after !== undefined);
      const what = after ? 'isolates its pods, which no other policy did' : 'its pods are isolated by no other policy';
      return verdict === 'neutral'
        ? { verdict, kind, subject, rule: 'network-policy', message: after ? 'new' : 'removed' }
        : { verdict, kind, subject, rule: 'network-policy', severity: Severity.HIGH, message: `${kind}: ${what}` };
    }
    if (!presence || this.comesWithNamespace(object, after !== undefined)) {
      return { verdict: 'neutral', kind, subject, rule: 'object', message: kind };
    }
    const verdict: Verdict = (kind === 'new') === presence.protects ? 'stronger' : 'weaker';
    return { verdict, kind, subject, rule: id!, severity: presence.severity, message: `${kind}: ${presence.text}` };
  }

  /** What was told, what can't be changed in place, and everything that was told by nothing else. */
  private rest(before: OutputObject, after: OutputObject, subject: string, told: readonly ToldChange[]): Change[] {
    const [old, next] = [normalObject(before.json), normalObject(after.json)];
    if (sameValue(old, next)) {
      return told.map(({ change }) => change).filter(({ verdict }) => verdict !== 'neutral');
    }
    const frozen = frozenFields(after.group, after.kind, old, next, this.measure.version.effective.minor).map((field): Change => ({
      verdict: 'neutral', kind: 'recreated', subject, rule: 'immutable-field', path: field.path,
      message: `${field.path} cannot be changed: ${field.note ?? 'applying it is refused until the object is deleted and made anew'}`,
      ...valuesOf(after, field.path, field.before, field.after),
    }));
    const rule = ruleOf(after.group, after.kind);
    const whole = [...told.length > 0 ? rule?.told ?? [] : [], ...told.length > 0 && isNetworkPolicy(after) ? ['spec.ingress', 'spec.egress'] : []];
    const paths = new Set(frozen.filter((each) => each.before !== undefined).map(({ path }) => path!));
    const fields = fieldChanges(old, next, hidesOfObject(after.group, after.kind)).filter(({ path }) => !whole.some((each) => path === each || path.startsWith(`${each}[`)));
    const toldWhole = new Set(told.filter(({ change }) => change.verdict !== 'neutral' && change.before !== undefined && change.after !== undefined).map(({ pattern }) => pattern));
    const images = fields.filter(({ path }) => IMAGE.test(path) && !toldWhole.has(path));
    const explained = explainedFields(told, fields.filter(({ path }) => !paths.has(path) && !IMAGE.test(path)));
    const { others } = explained;
    return [
      ...explained.told.map(({ change }) => ({ ...change, ...(change.details && { details: change.details.map(shownText) }) })),
      ...frozen,
      ...images.map(({ path, text: _text, ...values }): Change => ({
        verdict: 'neutral', kind: 'changed', subject, rule: 'image', message: 'image changed', path: shownText(path), ...values,
      })),
      ...(others.length === 0 ? [] : [{
        verdict: 'neutral' as const, kind: 'changed' as const, subject, rule: 'fields', message: `${plural(others.length, 'field')} changed`,
        details: others.map(({ text }) => shownText(text)),
      }]),
    ];
  }
}

const SELECTOR = ['spec', 'podSelector'];
const IMAGE = /ontainers\[[^\]]*\]\.image$/;

/** Short values only: a whole template says nothing on one line. */
function valuesOf({ group, kind }: OutputObject, path: string, before: unknown, after: unknown): Pick<Change, 'before' | 'after'> {
  const isPlain = (value: unknown) => typeof value !== 'object' || value === null;
  const steps = path.split('.');
  const name = steps[steps.length - 1];
  const shown = (value: unknown) => shownUnless(hidesOfObject(group, kind), value, steps, name);
  return isPlain(before) && isPlain(after) ? { before: shown(before), after: shown(after) } : {};
}

function saysTheSame(other: ToldChange, change: Change, pattern: string): boolean {
  return pattern !== '' && other.change.verdict === change.verdict && other.pattern === pattern;
}

/** Whether a rule knows the direction of what a control only calls another value. */
function tellsWhichWay({ change, pattern }: ToldChange, other: ToldChange): boolean {
  return change.rule === 'pod-isolation' && other.change.verdict === 'neutral' && (pattern === other.pattern || pattern.startsWith(`${other.pattern}.`));
}

interface NamespaceUse {
  /** Something is in it, or it is there itself. */
  readonly known: ReadonlySet<string>;
  /** It is there itself, or pods are made in it. */
  readonly inhabited: ReadonlySet<string>;
}

function namespaceUse(side: Side): NamespaceUse {
  const [known, inhabited] = [new Set<string>(), new Set<string>()];
  for (const { group, kind, namespace, json } of side.values()) {
    const name = group === '' && kind === 'Namespace' ? valueAt(json, ['metadata', 'name']) : undefined;
    const own = typeof name === 'string' ? name : namespace;
    known.add(own);
    if (name !== undefined || ALL_TEMPLATES.some((each) => each.group === group && each.kind === kind)) {
      inhabited.add(own);
    }
  }
  known.delete('');
  inhabited.delete('');
  return { known, inhabited };
}

interface NamespacedLabels extends WorkloadLabels {
  readonly namespace: string;
}

/** The labels of the pods that workloads on both sides make. */
function labelsOf({ before, after }: ObjectPair): NamespacedLabels[] {
  const location = before && after ? ALL_TEMPLATES.find(({ group, kind }) => group === after.group && kind === after.kind) : undefined;
  if (!before || !after || !location) {
    return [];
  }
  return location.templates.filter((path) => !path.some((step) => step === '[]' || step === '{}')).map((path) => {
    const labels = ({ json }: OutputObject) => valueAt(json, [...path, 'metadata', 'labels']);
    return { namespace: after.namespace, subject: after.subject, before: labels(before), after: labels(after) };
  });
}

function byNamespace(labels: readonly NamespacedLabels[]): Map<string, WorkloadLabels[]> {
  const map = new Map<string, WorkloadLabels[]>();
  for (const each of labels) {
    const list = map.get(each.namespace);
    if (list) {
      list.push(each);
    } else {
      map.set(each.namespace, [each]);
    }
  }
  return map;
}
