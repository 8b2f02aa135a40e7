import { RelatedPrints } from './baseline';
import { CheckedObject } from './checked-object';
import { isPrivatePlace, mayBeSecret, nameOf } from './concealed';
import { fingerprintOf, Identity } from './fingerprint';
import { misspeltField } from './misspelt-field';
import { ResolvedControls } from './resolved-controls';
import { show } from '../../core/errors';
import { Finding } from '../../core/finding';
import { apiFields } from '../api-fields/table';
import { Control } from '../control';
import { Fault } from '../faults';
import { groupOf } from '../group';
import { isObject, Json, Place, showPath } from '../path';
import { Waiver } from '../waivers/waiver';

/** One place where an object doesn't meet a control. */
export interface Judged extends CheckedObject {
  readonly control: Control;
  readonly fault: Fault;
  readonly controls: ResolvedControls;
  /** Where the object is in what is written: not at its root within a List. */
  readonly within: Place;
  /** Fails the synth whatever was said of the control itself. */
  readonly fails?: boolean;
}

/** What a finding leads to. */
export type Status = 'enforced' | 'warned' | 'waived' | 'baselined';

/** A finding with what was decided about it. */
export interface DecidedFinding extends Finding {
  readonly fingerprint: string;
  readonly status: Status;
  readonly waiver?: Waiver;
  readonly manifest?: string;
}

/** Puts what was found into words. */
export function findingOf(judged: Judged, fingerprint: string): DecidedFinding {
  const { control, fault, json, construct, manifest, within } = judged;
  const path = showPath([...within, ...fault.place]);
  return {
    control: control.id,
    severity: control.severity,
    message: `Not met: ${control.title}`,
    fix: control.remediation,
    constructPath: construct.node.path,
    resource: resourceName(json),
    ...(fault.container !== undefined && { container: fault.container }),
    ...(path !== '' && { path }),
    got: shown(judged),
    expected: fault.expected,
    references: control.references,
    fingerprint,
    status: 'warned',
    manifest,
  };
}

/** What a finding is known by in later runs. */
export function identityOf(judged: Judged): Identity {
  const { control, json, construct, fault: { place } } = judged;
  return {
    control: control.id, resource: resourceName(json), constructPath: construct.node.path, object: json, place,
    got: visibleValue(judged), isConcealed: control.concealsValues || hidesValue(judged),
  };
}

/**
 * How baselines know the same place where controls ask for more of it, or for less. Which of them speaks is a matter of what fails a run, so that a
 * baseline of one run may name another than the next finds.
 */
export function relatedPrints(judged: Judged): RelatedPrints {
  const { control, controls } = judged;
  const printsOf = (ids: readonly string[]) => ids.map((id) => fingerprintOf({ ...identityOf(judged), control: id }));
  const stronger = controls.all.filter((attached) => attached.control.supersedes.includes(control.id));
  return { stronger: printsOf(stronger.map((attached) => attached.control.id)), weaker: printsOf(control.supersedes) };
}

/** A fault with whose it is. */
export interface FoundFault {
  readonly json: unknown;
  readonly control: Control;
  readonly fault: Fault;
}

/** What is there, as far as reports may show it: undefined where nothing is, or where it may be a secret. */
export function visibleValue(found: FoundFault): unknown {
  return hidesValue(found) || typeof found.fault.got === 'symbol' ? undefined : found.fault.got;
}

/** Whether something is where a fault was found that reports must not show. */
export function hidesValue({ control, fault: { got, place }, json }: FoundFault): boolean {
  return isConcealed(control, place, got, json);
}

/** Whether reports must not show what is at a place of an object, for where it is or for what it holds. In a text of several lines anything may stand. */
export function isConcealed(control: Control, place: Place, got: unknown, json: unknown): boolean {
  const isText = typeof got === 'string' && got.includes('\n');
  const isPrivate = control.concealsValues || isText || isOfSecret(place, got, json) || isPrivatePlace(place);
  return got !== undefined && (isPrivate || mayBeSecret(got, nameOf(place, json)));
}

/** Fields of a Secret in which no text but its name and type belongs: what somebody wrote there by mistake may be what it keeps. */
function isOfSecret(place: Place, got: unknown, json: unknown): boolean {
  return isObject(json) && String(json.kind).toLowerCase() === 'secret'
    && (typeof got === 'object' || !['apiVersion', 'kind', 'type', 'metadata.name', 'metadata.namespace'].includes(place.join('.')));
}

function shown(judged: Judged): string {
  const { fault } = judged;
  if (fault.got === undefined) {
    const typo = misspeltField(judged.json, fault.place);
    return typo === undefined ? 'missing' : `missing: "${typo}", which is there, is no field`;
  }
  if (typeof fault.got === 'symbol') {
    return 'below something that is no object';
  }
  return hidesValue(judged) ? 'a value that is not shown' : show(fault.got);
}

/**
 * How a report names an object: `Kind/namespace/name`, without the namespace where none is stated. Custom resources are named with their group,
 * as kubectl does it (`Rollout.argoproj.io/shop/web`): several groups may have kinds of one name.
 */
export function resourceName(json: unknown): string {
  const { apiVersion, kind, metadata } = isObject(json) ? json : {} as Json;
  const { namespace, name } = isObject(metadata) ? metadata : {} as Json;
  const group = groupOf(apiVersion);
  const whole = typeof kind === 'string' && kind !== '' && !isOfKubernetes(group) ? `${kind}.${group}` : kind;
  return [whole, namespace, name].filter((part) => typeof part === 'string' && part !== '').join('/') || '(no kind)';
}

/** Whether an object has a name of its own: one with `generateName` shares what reports call it with others. */
export function hasName(json: unknown): boolean {
  const { metadata } = isObject(json) ? json : {} as Json;
  return isObject(metadata) && typeof metadata.name === 'string' && metadata.name !== '';
}

let groups: Set<string> | undefined;

/** Whether Kubernetes itself has a group: within those, one kind is one thing. Other groups have a dot. */
export function isOfKubernetes(group: string): boolean {
  groups ??= new Set([...apiFields().served.values()].map(({ apiVersion }) => groupOf(apiVersion)));
  return !group.includes('.') || groups.has(group);
}
