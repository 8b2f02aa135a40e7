import { IConstruct } from 'constructs';
import { ENFORCE_LABEL, levelsForWaived, lowerLevel, PodSecurityLevel } from './pod-security-level';
import { isDependentOnWaivers } from './waiver-effects';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { AdmissionPolicies } from '../admission-policies';
import { Control } from '../control';
import { ControlPack } from '../pack';
import { isObject, valueAt } from '../path';
import { CheckedObject } from '../results/check-objects';
import { Judged } from '../results/finding-maker';
import { effectiveControls } from '../superseding';

const ENFORCE = ['metadata', 'labels', ENFORCE_LABEL];

/**
 * Waivers that Pod Security admission would not honour, one line each: it knows no exemption for one object, so that the namespace's level has to
 * drop, which is no more than the waiver says only where policies refuse all the rest.
 */
export function podSecurityFailures(
  root: IConstruct, objects: readonly CheckedObject[], waived: readonly Judged[], version: KubernetesVersion,
): string[] {
  const levels = levelsForWaived(waived, version);
  if (levels.size === 0) {
    return [];
  }
  const sets = AdmissionPolicies._all(root);
  const packs = { baseline: ControlPack.pssBaseline(), restricted: ControlPack.pssRestricted() };
  return objects.flatMap(({ json, construct }) => {
    const namespace = namespaceName(json);
    const enforced = valueAt(json, ENFORCE);
    const level = namespace === undefined ? undefined : levels.get(namespace);
    if (namespace === undefined || level === undefined || !isLevel(enforced) || enforced === 'privileged' || lowerLevel(enforced, level) === enforced) {
      return [];
    }
    const asked = effectiveControls(packs[enforced].controls, version);
    const at = `[${construct.node.path}] Namespace ${namespace} enforces "${enforced}", which refuses what is waived there`;
    const open = asked.filter((control) => !sets.some((set) => set._denies(control, namespace)));
    return [
      ...(isDependentOnWaivers(construct) ? [] : [`${at}. Set its label ${ENFORCE[2]} to "${level}".`]),
      ...(open.length > 0 ? [`${at}, and Pod Security admission knows no exemption for one object. ${remedy(open, enforced, level, version)}`] : []),
    ];
  });
}

function remedy(open: readonly Control[], enforced: 'baseline' | 'restricted', level: PodSecurityLevel, version: KubernetesVersion): string {
  const pack = enforced === 'baseline' ? 'pssBaseline' : 'pssRestricted';
  return version.atLeast(KubernetesVersion.V1_30)
    ? `The level can drop to "${level}" once policies refuse all the rest: add AdmissionPolicies with ControlPack.${pack}() and PolicyPhase.DENY `
      + `(still open: ${open.map(({ id }) => id).join(', ')}).`
    : 'Kubernetes has policies that refuse the rest from 1.30 on: upgrade, or move the object to a namespace of its own with a lower level.';
}

function namespaceName(json: unknown): string | undefined {
  const name = isObject(json) && json.apiVersion === 'v1' && json.kind === 'Namespace' ? valueAt(json, ['metadata', 'name']) : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isLevel(value: unknown): value is PodSecurityLevel {
  return value === 'privileged' || value === 'baseline' || value === 'restricted';
}
