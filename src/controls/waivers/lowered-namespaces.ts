import { IConstruct } from 'constructs';
import { ENFORCE_LABEL, levelsForWaived, lowerLevel, PodSecurityLevel } from './pod-security-level';
import { isDependentOnWaivers } from './waiver-effects';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { catalogControls } from '../catalog/index.generated';
import { ControlSet } from '../control-set';
import { isObject, Json, valueAt } from '../path';
import { CheckedObject } from '../results/checked-object';
import { Judged } from '../results/finding-maker';
import { controlledParts } from '../results/parts';
import { ControlsResolver } from '../results/resolved-controls';
import { effectiveControls } from '../superseding';
import { ALL_TEMPLATES } from '../template-kinds';

const ENFORCE = ['metadata', 'labels', ENFORCE_LABEL];

/**
 * What will be found of namespaces whose enforced level drops for what is waived in them. Policies have to let that one label through: they would
 * refuse the namespace.
 */
export function loweredNamespaces(
  root: IConstruct, objects: readonly CheckedObject[], waived: readonly Judged[], version: KubernetesVersion,
): Judged[] {
  const levels = levelsForWaived(waived, version);
  const lowered = levels.size === 0 ? [] : objects.flatMap((object) => {
    const json = isDependentOnWaivers(object.construct) ? withLevel(object.json, levels) : undefined;
    return json ? [{ ...object, json }] : [];
  });
  if (lowered.length === 0) {
    return [];
  }
  const set = new ControlSet(effectiveControls(catalogControls(), version), version, ALL_TEMPLATES);
  return controlledParts(lowered, new ControlsResolver(root, version)).flatMap((part) => set.violations(part.json).flatMap(({ control, faults }) => (
    faults.filter(({ place }) => JSON.stringify(place) === JSON.stringify(ENFORCE)).map((fault): Judged => ({ ...part, control, fault }))
  )));
}

function withLevel(json: unknown, levels: ReadonlyMap<string, PodSecurityLevel>): Json | undefined {
  const level = isObject(json) && json.kind === 'Namespace' ? levels.get(String(valueAt(json, ['metadata', 'name']))) : undefined;
  if (level === undefined) {
    return undefined;
  }
  const { metadata, ...rest } = json as { readonly metadata: Json };
  const labels = metadata.labels as Record<string, string>;
  return { ...rest, metadata: { ...metadata, labels: { ...labels, [ENFORCE_LABEL]: lowerLevel(labels[ENFORCE_LABEL] as PodSecurityLevel, level) } } };
}
