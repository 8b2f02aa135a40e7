import { NotCovered } from './checked-object';
import { resourceName } from './finding-maker';
import { ControlledPart } from './parts';
import { isObject } from '../path';
import { makesPodsByOperator } from '../template-kinds';

/** What an object says of pods that nobody judges before they exist; undefined: it makes none, or they are judged. */
export function notCovered({ json, construct, controls }: ControlledPart): NotCovered | undefined {
  if (!controls.all.some(({ control }) => control.appliesTo.isPodTemplates)) {
    return undefined;
  }
  const reason = reasonOf(json, controls.set.controlsFor(json).location !== undefined);
  return reason === undefined ? undefined : { resource: resourceName(json), constructPath: construct.node.path, reason };
}

function reasonOf(json: unknown, hasTemplates: boolean): string | undefined {
  if (hasTemplates) {
    return undefined;
  }
  if (makesPodsByOperator(json)) {
    return 'An operator makes its pods from settings of its own.';
  }
  return holdsContainers(json) ? 'It holds containers at a place that is not known: name the kind by Controls.of(app).podTemplatesOf.' : undefined;
}

function holdsContainers(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(holdsContainers);
  }
  return isObject(value) && Object.entries(value).some(([key, each]) => (
    (/^(initC|c)ontainers$/.test(key) && Array.isArray(each) && each.some((container) => isObject(container) && typeof container.image === 'string')) || holdsContainers(each)
  ));
}
