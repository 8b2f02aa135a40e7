import { IConstruct } from 'constructs';
import { CheckedObject, checkObjects, CheckOptions, CheckOutcome } from './check-objects';
import { resourceName } from './finding-maker';
import { AdmissionPolicies } from '../admission-policies';
import { lacksNamespace } from '../waivers/exclusions';
import { loweredNamespaces } from '../waivers/lowered-namespaces';
import { podSecurityFailures } from '../waivers/pod-security-failures';
import { statedNeeds } from '../waivers/stated-needs';
import { setWaiverEffects } from '../waivers/waiver-effects';
import { waiverFailures } from '../waivers/waiver-failures';

/** What controls say to a tree. */
export interface Judgement {
  readonly outcome: CheckOutcome;
  /** Waivers that fail the synth, one line each: what they say and why they are of no use. */
  readonly waiverFailures: readonly string[];
  /** What fails the synth besides those and enforced findings, one line each. */
  readonly otherFailures: readonly string[];
  /** Whether waivers change what is written: objects for which `isDependentOnWaivers` holds have to be asked anew. */
  readonly hasEffects: boolean;
}

/** Judges every object of a tree, and works out what its waivers change about policies and namespaces. */
export function judgeTree(root: IConstruct, objects: readonly CheckedObject[], options: CheckOptions): Judgement {
  const outcome = checkObjects(root, objects, options);
  const waived = [...outcome.waived, ...statedNeeds(root, objects, options.version)];
  return {
    outcome,
    waiverFailures: [...waiverFailures(outcome.waivers), ...namespaceFailures(root, outcome)],
    otherFailures: [...baselineFailures(outcome), ...podSecurityFailures(root, objects, waived, options.version)],
    hasEffects: setWaiverEffects(root, [...waived, ...loweredNamespaces(root, objects, waived, options.version)], options.version),
  };
}

/** Waivers that policies can't honour for one object alone. */
function namespaceFailures(root: IConstruct, { waived }: CheckOutcome): string[] {
  if (AdmissionPolicies._all(root).length === 0) {
    return [];
  }
  return waived.filter(({ json, controls }) => lacksNamespace(json, controls.set.controlsFor(json).location)).map(({ control, json }) => (
    `waiver of ${control.id} for ${resourceName(json)}: the object states no namespace, and policies would let it through in all of them. State metadata.namespace.`
  ));
}

/** Entries of baseline files that are of no use any more. */
function baselineFailures({ staleBaseline }: CheckOutcome): string[] {
  return staleBaseline.map(({ file, control, resource, path }) => (
    `${file}: ${[control, resource, path].filter((part) => part !== undefined).join(' ')} is fixed or waived. Remove it from the file, so that it can't come back (CDK8S_HARDENED_UPDATE_BASELINE=1 writes the file anew).`
  ));
}
