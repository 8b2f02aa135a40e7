import { IConstruct } from 'constructs';
import { ObjectChange, UnfixedFault } from './checked-object';
import { Control } from '../control';
import { ControlSet } from '../control-set';
import { Fault } from '../faults';
import { Place } from '../path';
import { PodTemplateLocation } from '../subject';

/** An object while it is hardened. */
export interface StepObject {
  /** As it stands. */
  readonly json: unknown;
  readonly construct: IConstruct;
  /** Where it is in what is written. */
  readonly within: Place;
  /** Where its pod templates are; undefined where it has none that is known. */
  readonly location?: PodTemplateLocation;
  /** The controls whose fixes are applied to it. */
  readonly fixes: ControlSet;
  /** Whether something in the object that doesn't meet a control is accepted: it stays as it is. */
  isWaived(control: string): boolean;
}

/** What a step has made of an object. Places are in the object. */
export interface StepResult {
  readonly json: unknown;
  readonly changes: readonly StepChange[];
  readonly left: readonly StepGap[];
}

/** One change of a step. */
export interface StepChange {
  /** The control that it serves. */
  readonly control: string;
  readonly place: Place;
  readonly before?: unknown;
  readonly after: unknown;
  readonly mayNeed?: string;
}

/** What a step leaves to a person. */
export interface StepGap {
  readonly control: string;
  readonly place: Place;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** What hardening does at a scope besides the controls' own fixes. Done twice, it changes nothing more. */
export interface HardeningStep {
  /** Comes before the fixes. */
  prepare(object: StepObject): StepResult;
  /** Why a fault is left as it is; undefined: it is fixed where it can be. */
  leaves(object: StepObject, control: Control, fault: Fault): string | undefined;
  /**
   * Comes after the fixes.
   * @param before the object as it was before them
   */
  complete(object: StepObject, before: unknown): StepResult;
  /** Objects that it has added to the tree. */
  created(): readonly ObjectChange[];
  /** What it leaves of the tree as a whole. */
  remains(): readonly UnfixedFault[];
}
