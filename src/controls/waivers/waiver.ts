import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { secretIn } from '../../core/secret-text';
import { Severity } from '../../core/severity';
import { checkDate, daysBetween } from '../../core/today';
import { parsePlace, showPath } from '../path';
import { isPrivatePlace, mayBeSecret } from '../results/concealed';

/**
 * One finding that is accepted, by whom, why and until when. As narrow as the finding: copy `control`, `resource`, `container`, `path` and the
 * value from the report.
 */
export interface Waiver {
  /** Id of the control, for instance `host-path-volumes`. */
  readonly control: string;
  /**
   * The object as reports name it: `Kind/namespace/name`, without the namespace for cluster-wide ones, for instance
   * `DaemonSet/monitoring/node-exporter`. A kind alone is that of Kubernetes itself; custom resources are named with their group, as kubectl does it:
   * `DaemonSet.apps.kruise.io/monitoring/node-exporter`.
   */
  readonly resource: string;
  /** Why it has to be so, in a sentence that a reviewer can judge. */
  readonly reason: string;
  /** Who answers for it: a team or a person. */
  readonly owner: string;
  /** The last day on which it holds, as `YYYY-MM-DD`. */
  readonly expires: string;
  /**
   * The container that the finding is in. Required where the finding names one.
   * @default - a finding that is in no container
   */
  readonly container?: string;
  /**
   * Path in the object, as the report shows it, for instance `spec.template.spec.volumes[0].hostPath`. Required where the report conceals the value:
   * what may be a secret is accepted at one place.
   * @default - wherever in the object (or container) the control finds the permitted value
   */
  readonly path?: string;
  /**
   * The value that is permitted there, as plain JSON. Required where the finding shows one: another value is another finding.
   * @default - a finding about something that is missing, or whose value reports conceal
   */
  readonly value?: unknown;
  /**
   * Where it was discussed, for instance `SEC-123`.
   * @default - none
   */
  readonly ticket?: string;
  /**
   * Who agreed.
   * @default - not stated
   */
  readonly approver?: string;
}

/** A waiver with where it was declared. */
export interface DeclaredWaiver {
  readonly waiver: Waiver;
  /** The construct's path, or the file with the entry's number. */
  readonly declaredAt: string;
  /** It comes with what it is for, wherever that is made: also where its control doesn't hold, so that it is never unused. */
  readonly wherever?: boolean;
}

/** The most days that a waiver may run from the day of the synth, by the severity of what it accepts. */
const LONGEST_DAYS: Record<Severity, number> = {
  [Severity.CRITICAL]: 90,
  [Severity.HIGH]: 180,
  [Severity.MEDIUM]: 365,
  [Severity.LOW]: 365,
  [Severity.INFO]: 365,
};

/** From so many days before its end on, a waiver is reported as expiring. */
const WARN_DAYS = 30;

const FIELDS: KnownProps<Waiver> = {
  control: true, resource: true, reason: true, owner: true, expires: true, container: true, path: true, value: true, ticket: true, approver: true,
};

/** Checks and copies what somebody declared. */
export function checkWaiver(waiver: Waiver, at: string): Waiver {
  if (typeof waiver !== 'object' || waiver === null || Array.isArray(waiver)) {
    throw invalid({ at, property: 'waiver', got: waiver, allowed: 'an object with control, resource, reason, owner and expires', fix: 'Copy control and resource from the report.' });
  }
  checkProps(waiver, FIELDS, { at, fix: 'Correct or remove it: a field that nobody reads makes a waiver wider than it looks.' });
  for (const property of ['control', 'resource', 'reason', 'owner', 'expires'] as const) {
    if (typeof waiver[property] !== 'string' || waiver[property].trim() === '') {
      throw invalid({ at, property, got: waiver[property], allowed: ALLOWED[property], fix: FIX[property] });
    }
  }
  for (const property of ['container', 'path', 'ticket', 'approver'] as const) {
    if (waiver[property] !== undefined && (typeof waiver[property] !== 'string' || waiver[property].trim() === '')) {
      throw invalid({ at, property, got: waiver[property], allowed: 'text', fix: 'Fill it in or leave it out.' });
    }
  }
  for (const property of ['reason', 'owner', 'ticket', 'approver'] as const) {
    const secret = secretIn(waiver[property] ?? '');
    if (secret !== undefined) {
      throw invalid({ at, property, got: `(${secret})`, allowed: 'text that holds no secret: the evidence shows it', fix: 'Take it out, and change the secret: it stands in the waiver.' });
    }
  }
  if (!/^[A-Za-z][A-Za-z0-9]*(\.[a-z0-9][a-z0-9.-]*)?(\/[^/\s*]+){1,2}$/.test(waiver.resource)) {
    throw invalid({ at, property: 'resource', got: waiver.resource, allowed: ALLOWED.resource, fix: FIX.resource });
  }
  checkDate(waiver.expires, 'expires', at);
  const place = waiver.path === undefined ? undefined : placeOf(waiver.path, at);
  if (waiver.value !== undefined && ((place && isPrivatePlace(place)) || mayBeSecret(waiver.value))) {
    throw invalid({ at, property: 'value', allowed: 'nothing where reports conceal it, for it may be a secret', fix: 'Leave it out and name the path. If it is a secret, change it: it stands in the waiver.' });
  }
  return { ...waiver, ...(place && { path: showPath(place) }) };
}

function placeOf(path: string, at: string): ReturnType<typeof parsePlace> {
  try {
    return parsePlace(path);
  } catch {
    throw invalid({ at, property: 'path', got: path, allowed: ALLOWED.path, fix: FIX.path });
  }
}

const ALLOWED = {
  control: 'the id of a control',
  resource: 'one object as reports name it, Kind/namespace/name or Kind/name, for custom resources Kind.group/namespace/name; no wildcards',
  reason: 'a sentence',
  owner: 'a team or a person',
  expires: 'a day as YYYY-MM-DD',
  path: 'the path of one place as reports show it, with positions from 0; no wildcards',
};

const FIX = {
  control: 'Copy it from the report.',
  resource: 'Copy it from the report, for instance DaemonSet/monitoring/node-exporter.',
  reason: 'Say why it has to be so: the evidence shows it to whoever reviews the cluster.',
  owner: 'Name who answers for it.',
  expires: 'Say when it has to be looked at again, for instance 2027-01-31.',
  path: 'Copy it from the report, for instance spec.template.spec.containers[0].image or metadata.annotations["example.com/owner"].',
};

/** Why a waiver can't accept a finding of some severity: it runs longer than it may. */
export function durationProblem({ expires }: Waiver, severity: Severity, today: string): string | undefined {
  const longest = LONGEST_DAYS[severity];
  return daysBetween(today, expires) <= longest ? undefined
    : `it runs to ${expires}, and a finding of severity ${severity} is waived for at most ${longest} days from now: choose a nearer day, and look at it again then`;
}

/** What becomes of a waiver by its date alone. It holds on its last day. */
export function dateState(waiver: Waiver, today: string): 'expired' | 'expiring' | 'valid' {
  const left = daysBetween(today, waiver.expires);
  return left < 0 ? 'expired' : left <= WARN_DAYS ? 'expiring' : 'valid';
}
