import { Control } from './control';
import { invalid } from '../core/errors';
import { KubernetesVersion } from '../core/kubernetes-version';

/**
 * The controls that ask something at a version, without those that another one of them supersedes.
 * @param strength of a control where it is attached; a weaker one never silences a stronger one
 * @throws if controls supersede each other in a circle: none of them would be left
 */
export function effectiveControls(
  controls: readonly Control[], version: KubernetesVersion, strength: (control: Control) => number = () => 0,
): Control[] {
  const active = controls.filter((control) => control._nodeAt(version) !== undefined || control._modelCheck !== undefined);
  checkNoCircle(active);
  const strongest = new Map<string, number>();
  for (const control of active) {
    for (const id of control.supersedes) {
      strongest.set(id, Math.max(strongest.get(id) ?? -Infinity, strength(control)));
    }
  }
  return active.filter((control) => (strongest.get(control.id) ?? -Infinity) < strength(control));
}

function checkNoCircle(controls: readonly Control[]): void {
  const byId = new Map(controls.map((control) => [control.id, control]));
  const done = new Set<string>();
  const visit = (control: Control, above: readonly string[]) => {
    if (above.includes(control.id)) {
      throw invalid({
        at: `Control ${control.id}`, property: 'supersedes', got: [...above.slice(above.indexOf(control.id)), control.id].join(' → '),
        allowed: 'ids of controls that ask for less', fix: 'Let only the one that asks for more name the other.',
      });
    }
    if (!done.has(control.id)) {
      control.supersedes.map((id) => byId.get(id)).forEach((weaker) => weaker && visit(weaker, [...above, control.id]));
      done.add(control.id);
    }
  };
  controls.forEach((control) => visit(control, []));
}
