import { KubernetesVersion } from '../../core/kubernetes-version';
import { Standard } from '../../core/reference';
import { ControlSet } from '../control-set';
import { ControlPack } from '../pack';
import { isObject } from '../path';
import { Judged } from '../results/finding-maker';
import { effectiveControls } from '../superseding';

/** A level of Pod Security admission. */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

/** The label of a namespace that says which level is enforced. */
export const ENFORCE_LABEL = 'pod-security.kubernetes.io/enforce';

const ORDER: readonly PodSecurityLevel[] = ['privileged', 'baseline', 'restricted'];

/**
 * The highest level of Pod Security admission that lets through what is waived, by namespace. It knows no exemption for one object: the whole
 * namespace drops, and the policies keep the rest. Namespaces in which nothing of it is waived are left out.
 */
export function levelsForWaived(waived: readonly Judged[], version: KubernetesVersion): Map<string, PodSecurityLevel> {
  const levels = new Map<string, PodSecurityLevel>();
  const ofStandard = waived.filter(({ control }) => control.references.some(({ standard }) => standard === Standard.PSS));
  for (const { json, controls } of ofStandard) {
    const namespace = namespaceOf(json);
    const baseline = new ControlSet(effectiveControls(ControlPack.pssBaseline().controls, version), version, controls.set.templates);
    const level = baseline.violations(json).length > 0 ? 'privileged' : 'baseline';
    const present = levels.get(namespace) ?? 'restricted';
    levels.set(namespace, ORDER.indexOf(level) < ORDER.indexOf(present) ? level : present);
  }
  return levels;
}

/** The lower of two levels. */
export function lowerLevel(a: PodSecurityLevel, b: PodSecurityLevel): PodSecurityLevel {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b;
}

function namespaceOf(json: unknown): string {
  const metadata = isObject(json) && isObject(json.metadata) ? json.metadata : {};
  return typeof metadata.namespace === 'string' ? metadata.namespace : '';
}
