import { IConstruct } from 'constructs';
import { checkWaiver, dateState, durationProblem, Waiver } from './waiver';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { today } from '../../core/today';
import { catalogControls } from '../catalog/index.generated';
import { ActsAt, Control } from '../control';
import { ControlSet } from '../control-set';
import { Json, showPath } from '../path';
import { resourceName, visibleValue } from '../results/finding-maker';
import { ScopeControls } from '../scope-controls';
import { effectiveControls } from '../superseding';

/**
 * Why something that the controls don't want is needed all the same, who answers for it, and until when. It accepts the findings of that one
 * need as a waiver does, and shows in the evidence like one.
 */
export interface ReviewedException {
  /** Why it has to be so, in a sentence that a reviewer can judge. */
  readonly reason: string;
  /** Who answers for it: a team or a person. */
  readonly owner: string;
  /** The last day on which it holds, as `YYYY-MM-DD`: at most 90 days on for critical findings, 180 for high ones, else a year. */
  readonly expires: string;
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

const FIELDS: KnownProps<ReviewedException> = { reason: true, owner: true, expires: true, ticket: true, approver: true };

/** One place where an object of this library's own would not meet the catalog. */
export interface CatalogFinding {
  readonly control: Control;
  readonly path: string;
  /** The container that it is in. */
  readonly container?: string;
  /** As far as reports show it. */
  readonly value: unknown;
}

/** Where an object doesn't meet the catalog, recommended or not. */
export function catalogFindings(json: Json, version: KubernetesVersion): CatalogFinding[] {
  return findingsOf(effectiveControls(catalogControls(), version), json, version);
}

/** The same, with what weaker controls say beside the stronger ones: packs may hold them alone. */
export function everyFinding(json: Json, version: KubernetesVersion): CatalogFinding[] {
  return findingsOf(catalogControls(), json, version);
}

function findingsOf(controls: readonly Control[], json: Json, version: KubernetesVersion): CatalogFinding[] {
  return new ControlSet(controls.filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION), version).violations(json).flatMap(({ control, faults }) => (
    faults.map((fault) => ({
      control, path: showPath(fault.place), value: visibleValue({ json, control, fault }),
      ...(fault.container !== undefined && { container: fault.container }),
    }))
  ));
}

/**
 * Holds findings against the exception that was stated for them.
 * @returns a copy of the exception; undefined where none is needed
 * @throws if one is needed and missing, or stated and not needed, or it isn't whole, has ended, or runs for too long
 */
export function checkException(
  exception: ReviewedException | undefined, findings: readonly CatalogFinding[], property: string, at: IConstruct,
): ReviewedException | undefined {
  const controls = [...new Map(findings.map(({ control }) => [control.id, control])).values()];
  if (exception === undefined || exception === null) {
    if (controls.length > 0) {
      throw invalid({
        at, property, got: undefined, allowed: `a reviewed exception from ${controls.map(({ id, title }) => `${id} ("${title}")`).join(', ')}`,
        fix: `${controls[0].remediation} Where it has to be, state ${property}: { reason, owner, expires }.`,
      });
    }
    return undefined;
  }
  checkProps(exception, FIELDS, { at, property });
  const stated = `${at.node.path}, ${property}`;
  const { control: _control, resource: _resource, ...checked } = checkWaiver({ ...exception, control: 'any', resource: 'Any/any' }, stated);
  if (controls.length === 0) {
    throw invalid({ at, property, allowed: 'none: no control speaks against it', fix: 'Leave it out, so that it accepts nothing later.' });
  }
  const date = today(at);
  const waiver = { ...checked, control: 'any', resource: 'Any/any' };
  if (dateState(waiver, date) === 'expired') {
    throw invalid({ at: stated, property: 'expires', got: checked.expires, allowed: `a day from ${date} on`, fix: 'Do without it, or have it reviewed anew.' });
  }
  for (const { severity } of controls) {
    const problem = durationProblem(waiver, severity, date);
    if (problem !== undefined) {
      throw invalid({ at: stated, property: 'expires', got: checked.expires, allowed: 'a nearer day', fix: `As it stands, ${problem}.` });
    }
  }
  return checked;
}

/**
 * Accepts findings of an object, where the controls hold that find them. Called again, it takes the place of what it accepted before.
 * @param json the object as it is written, from which it takes its name
 */
export function acceptFindings(object: IConstruct, json: Json, accepted: readonly AcceptedFinding[], declaredAt: string): void {
  const { waivers } = ScopeControls.at(object);
  const others = waivers.filter(({ wherever }) => !wherever);
  waivers.splice(0, waivers.length, ...others, ...accepted.map(({ finding, exception }) => ({
    waiver: checkWaiver(waiverOf(finding, resourceName(json), exception), declaredAt), declaredAt, wherever: true,
  })));
}

/** A finding with why it is accepted. */
export interface AcceptedFinding {
  readonly finding: CatalogFinding;
  readonly exception: ReviewedException;
}

function waiverOf({ control, path, container, value }: CatalogFinding, resource: string, exception: ReviewedException): Waiver {
  return { ...exception, control: control.id, resource, path, ...(container !== undefined && { container }), ...(value !== undefined && { value }) };
}
