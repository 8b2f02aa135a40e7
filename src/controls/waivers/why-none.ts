import { Waiver } from './waiver';
import { nearestName } from '../../core/nearest-name';
import { resourceName } from '../results/finding-maker';
import { MALFORMED_OBJECT } from '../results/malformed-object';
import { ControlledPart } from '../results/parts';

/** Why no finding of a waiver's control is in its object. */
export function whyNone({ control, resource }: Waiver, parts: readonly ControlledPart[]): string {
  const named = parts.filter(({ json }) => resourceName(json) === resource);
  if (named.length === 0) {
    const names = [...new Set(parts.map(({ json }) => resourceName(json)))].sort();
    const near = names.find((each) => each.replace(/^(\w+)\.[^/]+/, '$1') === resource) ?? names.find((each) => isNearly(each, resource));
    return `there is no ${resource}${near === undefined ? '' : ` (${near}?)`}`;
  }
  const attached = named.flatMap(({ controls }) => controls.all.map((each) => each.control));
  if (control !== MALFORMED_OBJECT.id && !attached.some(({ id }) => id === control)) {
    const near = nearestName(control, new Set(attached.map(({ id }) => id)));
    return `no control "${control}" holds for it${near === undefined ? '' : ` (${near}?)`}`;
  }
  const stronger = attached.find(({ id, supersedes }) => supersedes.includes(control) && named.some(({ controls }) => controls.speaks(id)));
  return stronger && !named.some(({ controls }) => controls.speaks(control))
    ? `${stronger.id} speaks in its place there: waive that`
    : `${resource} meets it`;
}

/** Whether two objects differ in their namespaces alone, in their kinds alone, or by a typo in their names. */
function isNearly(a: string, b: string): boolean {
  const [one, other] = [a, b].map((resource) => {
    const parts = resource.split('/');
    return { kind: parts[0], namespace: parts.slice(1, -1).join('/'), name: parts[parts.length - 1] };
  });
  const sameKind = one.kind === other.kind;
  const sameNamespace = one.namespace === other.namespace;
  return one.name === other.name ? sameKind || sameNamespace : sameKind && sameNamespace && nearestName(one.name, [other.name]) !== undefined;
}
