import { exclusionsOf } from './exclusions';
import { AdmissionPolicies } from '../admission-policies';
import { ControlSet } from '../control-set';
import { Exclusion } from '../exclusion';
import { isObject, Json, parsePlace, valueAt } from '../path';
import { CONTAINER_LISTS } from '../requirement-node';
import { canonical } from '../results/canonical';
import { Judged, resourceName } from '../results/finding-maker';
import { ControlledPart } from '../results/parts';
import { templateSubjects } from '../subject';

/**
 * The other objects of the namespace whose Pods policies let through because of waived findings: a Pod's name tells nothing, so that whoever has the
 * service account, the container and the value has them in common. Undefined: there are none, or no policy is bound.
 */
export function alsoAdmitted(waived: readonly Judged[], parts: readonly ControlledPart[]): string | undefined {
  const texts = waived.filter(hasPolicy).flatMap((judged) => {
    const { control, fault, json } = judged;
    return exclusionsOf(control, judged, fault).filter(isAboutPods).flatMap((exclusion) => {
      const others = parts.filter((part) => part.json !== json && namespaceOf(part.json) === exclusion.namespace && shares(exclusion, judged, part));
      const names = [...new Set(others.map((part) => resourceName(part.json)))].sort();
      const who = [`service account "${exclusion.serviceAccount}"`, ...(exclusion.container === undefined ? [] : [`container "${exclusion.container}"`])];
      return names.length === 0 ? [] : [`Pods of ${names.join(', ')} (${who.join(', ')})`];
    });
  });
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ');
}

function hasPolicy({ control, construct }: Judged): boolean {
  const ids = [control.id, ...control.supersedes];
  return AdmissionPolicies._all(construct.node.root).some(({ controls }) => controls.some(({ id }) => ids.includes(id)));
}

/** A Pod makes no others. */
function isAboutPods({ kind, group, serviceAccount }: Exclusion): boolean {
  return serviceAccount !== undefined && !(kind === 'Pod' && group === '');
}

/** Whether a policy that lets a finding through does so in Pods of another object. */
function shares(exclusion: Exclusion, judged: Judged, other: ControlledPart): boolean {
  const { control, controls: { set } } = judged;
  const hasValue = exclusion.value !== undefined;
  const own = placeInPod(exclusion, judged, hasValue);
  return new ControlSet([control], set.version, other.controls.set.templates).violations(other.json)
    .flatMap(({ faults }) => faults.filter(({ malformed }) => !malformed).flatMap((fault) => exclusionsOf(control, other, fault)))
    .some((theirs) => theirs.serviceAccount === exclusion.serviceAccount && theirs.container === exclusion.container
      && (exclusion.isConcealed ? theirs.isConcealed : !theirs.isConcealed && canonical(theirs.value) === canonical(exclusion.value))
      && (own === undefined || own === (placeInPod(theirs, other, hasValue) ?? own)));
}

/** A path from the Pod, without the positions that policies leave open; undefined where an object's paths tell nothing about its Pods. */
function placeInPod({ path = '' }: Exclusion, { json, controls }: Pick<Judged, 'json' | 'controls'>, withoutPositions: boolean): string | undefined {
  const { location } = controls.set.controlsFor(json);
  const place = parsePlace(path);
  const start = location && location.shape === undefined
    ? templateSubjects(json as Json, location).map(({ placeOf }) => placeOf([])).find((at) => at.every((step, i) => step === place[i])) : undefined;
  if (start === undefined) {
    return undefined;
  }
  const [spec, list, ...rest] = place.slice(start.length);
  // A container is known by its name, in whichever list.
  const steps = CONTAINER_LISTS.some((each) => each === list) ? ['containers', ...rest.slice(1)] : [spec, list, ...rest];
  return JSON.stringify(withoutPositions ? steps.map((step) => (typeof step === 'number' ? '[]' : step)) : steps);
}

function namespaceOf(json: unknown): unknown {
  return isObject(json) ? valueAt(json, ['metadata', 'namespace']) : undefined;
}
