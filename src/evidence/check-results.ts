import { createHash } from 'crypto';
import { WaiverTarget } from '../controls/results/waiver-target';
import { Finding } from '../core/finding';
import { Severity } from '../core/severity';

/** A control that was evaluated, as reports show it. */
export interface ControlSummary {
  /** For instance `privileged-containers`. */
  readonly id: string;
  /** What it asks for, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** What it is about, for instance `workloads`; letters, digits, hyphens. */
  readonly layer: string;
  /** Why it matters. */
  readonly rationale: string;
  /** How to comply. */
  readonly remediation: string;
  /** Rules of published standards, as people cite them. */
  readonly references: string[];
  /** Packs that brought it in; none where it was attached by itself. */
  readonly packs?: string[];
}

/**
 * What a finding leads to: `enforced` fails the synth, `warned` is shown, `waived` is accepted by a waiver, `baselined` was there before checks
 * began and doesn't fail yet.
 */
export type FindingStatus = 'enforced' | 'warned' | 'waived' | 'baselined';

/** Every status, the one to act on first. */
export const STATUSES: readonly FindingStatus[] = ['enforced', 'warned', 'waived', 'baselined'];

/** Why and by whom something is accepted. */
export interface WaiverTerms {
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, as `YYYY-MM-DD`. */
  readonly expires?: string;
  readonly ticket?: string;
  readonly approver?: string;
}

/** A finding with what was decided about it. */
export interface ReportedFinding extends Finding {
  readonly status: FindingStatus;
  /** The same for the same finding in every run, whatever else is found; different for any two findings. */
  readonly fingerprint: string;
  /** What a waiver that accepts it and nothing else says, besides why, by whom and until when; undefined where none can. */
  readonly toWaive?: WaiverTarget;
  /** The waiver that accepts it; set where `status` is `waived`. */
  readonly waiver?: WaiverTerms;
  /** The file that holds the object, from the working directory, with forward slashes, for instance `dist/shop.k8s.yaml`. */
  readonly manifest?: string;
  /** The line of `manifest` on which the object starts, from 1; the first line where nobody knows. */
  readonly manifestLine?: number;
}

/** Whether a waiver does something: `expiring` ones are used, but not for long; `unused` and `expired` ones fail the synth. */
export type WaiverState = 'used' | 'expiring' | 'unused' | 'expired';

/** One waiver and what became of it. */
export interface WaiverSummary extends WaiverTerms {
  readonly control: string;
  readonly state: WaiverState;
  /** What it covers, for people, for instance `Deployment/shop/web, container "proxy", value true`. */
  readonly covers: string;
  /** What it would have to say to be of use; set where it is unused. */
  readonly hint?: string;
  /** What else it can't help to let through in the cluster, for people. */
  readonly alsoAdmits?: string;
  /** Where it was declared: the construct's path or the file. */
  readonly declaredAt?: string;
}

/** One change that hardening made to an object before it was written. */
export interface HardeningChange {
  readonly resource: string;
  readonly constructPath: string;
  /** The control that it meets by it. */
  readonly control: string;
  /** For instance `spec.hostNetwork: true → removed`. */
  readonly change: string;
  /** What the program may need of what was there, and what to check. */
  readonly mayNeed?: string;
}

/** What hardening had to leave as it is. */
export interface HardeningGap {
  readonly resource: string;
  readonly constructPath: string;
  readonly control: string;
  /** Path inside the object. */
  readonly path: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** An object whose pods no check sees before they exist. */
export interface UncoveredObject {
  readonly resource: string;
  readonly constructPath: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** Everything that checking an app yielded, in the form that all result formats read. */
export interface CheckResults {
  /** The controls that were evaluated, also those that found nothing. */
  readonly controls: ControlSummary[];
  readonly findings: ReportedFinding[];
  /** Every waiver, also those that did nothing. */
  readonly waivers: WaiverSummary[];
  readonly objectsChecked: number;
  /** Objects that a run was told to leave out; undefined where it can't be. */
  readonly objectsLeftOut?: number;
  /** Findings that are less severe than what was asked for; undefined where all are. */
  readonly findingsLeftOut?: number;
  /** What hardening changed, and what it had to leave. */
  readonly changes: HardeningChange[];
  readonly unfixed: HardeningGap[];
  readonly notCovered: UncoveredObject[];
  /** What fails the synth besides enforced findings and waivers, one line each. */
  readonly failures: string[];
}

/** A finding of a check that knows no waivers and no baselines, in the form of those that do. */
export function warned(finding: Finding): ReportedFinding {
  const { control, constructPath, resource, path, message } = finding;
  const identity = JSON.stringify([control, constructPath ?? '', resource ?? '', path ?? '', message]);
  return { ...finding, status: 'warned', fingerprint: createHash('sha256').update(identity).digest('hex') };
}
