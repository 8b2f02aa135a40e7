import { IConstruct } from 'constructs';
import { Exclusions } from './exclusions';
import { levelsForWaived, PodSecurityLevel } from './pod-security-level';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { catalogControls } from '../catalog/index.generated';
import { Judged } from '../results/finding-maker';

const EFFECTS = Symbol.for('cdk8s-hardened.waiver-effects');
const DEPENDENT = Symbol.for('cdk8s-hardened.depends-on-waivers');

/** What the waivers of a tree change about other objects: what policies let through, and the levels of namespaces. */
interface WaiverEffects {
  readonly exclusions: Exclusions;
  readonly levels: ReadonlyMap<string, PodSecurityLevel>;
}

const NONE: WaiverEffects = { exclusions: new Exclusions(), levels: new Map() };

/** The effects as the last check found them. Objects that ask are made with `dependsOnWaivers`. */
export function waiverEffects(scope: IConstruct): WaiverEffects {
  return (scope.node.root as IConstruct & { [EFFECTS]?: WaiverEffects })[EFFECTS] ?? NONE;
}

/** Works out what waivers change. @returns whether it is anything */
export function setWaiverEffects(root: IConstruct, waived: readonly Judged[], version: KubernetesVersion): boolean {
  Object.defineProperty(root, EFFECTS, {
    value: waived.length === 0 ? NONE : { exclusions: new Exclusions(waived, catalogControls(), version), levels: levelsForWaived(waived, version) },
    enumerable: false,
    configurable: true,
  });
  return waived.length > 0;
}

/** Before a tree is judged, its objects are as if nothing were waived. */
export function forgetWaiverEffects(root: IConstruct): void {
  Object.defineProperty(root, EFFECTS, { value: NONE, enumerable: false, configurable: true });
}

/** Says that an object's JSON reads the effects of waivers: it is written after everything was judged. */
export function dependsOnWaivers(object: IConstruct): void {
  Object.defineProperty(object, DEPENDENT, { value: true, enumerable: false });
}

export function isDependentOnWaivers(construct: IConstruct): boolean {
  return DEPENDENT in construct;
}
