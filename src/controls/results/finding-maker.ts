import { CheckedObject } from './checked-object';
import { ResolvedControls } from './resolved-controls';
import { show } from '../../core/errors';
import { Finding } from '../../core/finding';
import { secretIn } from '../../core/secret-text';
import { Control } from '../control';
import { Fault } from '../evaluate';
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

/** Fields in which programs keep what nobody may read, whatever it looks like. */
const PRIVATE = new Set(['args', 'binaryData', 'command', 'data', 'env', 'stringData']);

/** What is there, as far as reports may show it: undefined where nothing is, or where it may be a secret. */
export function visibleValue({ control, fault: { got, place } }: { readonly control: Control; readonly fault: Fault }): unknown {
  return isConcealed(control, place, got) || typeof got === 'symbol' ? undefined : got;
}

/** Whether reports must not show what is at a place, for where it is or for what it holds. */
export function isConcealed(control: Control, place: Place, got: unknown): boolean {
  return got !== undefined && (control.concealsValues || isPrivatePlace(place) || holdsPrivate(got) || secretIn(typeof got === 'string' ? got : JSON.stringify(got) ?? '') !== undefined);
}

/** Whether a place is in a field whose contents nobody may read. */
export function isPrivatePlace(place: Place): boolean {
  return place.some((step) => typeof step === 'string' && PRIVATE.has(step));
}

function holdsPrivate(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    && Object.entries(value).some(([key, each]) => (each !== undefined && each !== null && PRIVATE.has(key)) || holdsPrivate(each));
}

function shown({ control, fault }: Judged): string {
  if (fault.got === undefined) {
    return 'missing';
  }
  if (typeof fault.got === 'symbol') {
    return 'below something that is no object';
  }
  return isConcealed(control, fault.place, fault.got) ? 'a value that is not shown' : show(fault.got);
}

/** How a report names an object: `Kind/namespace/name`, without the namespace where none is stated. */
export function resourceName(json: unknown): string {
  const { kind, metadata } = isObject(json) ? json : {} as Json;
  const { namespace, name } = isObject(metadata) ? metadata : {} as Json;
  return [kind, namespace, name].filter((part) => typeof part === 'string' && part !== '').join('/') || '(no kind)';
}
