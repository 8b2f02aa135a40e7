import { CheckedObject } from './checked-object';
import { isList, listItems } from './list-items';
import { ControlsResolver, ResolvedControls } from './resolved-controls';
import { Place } from '../path';

/** An object, or one that a List holds. */
export interface Part extends CheckedObject {
  /** Where it is in what is written. */
  readonly within: Place;
}

/** An object with what holds for it. */
export interface ControlledPart extends Part {
  readonly controls: ResolvedControls;
}

/** Every object that will be applied, with what was said at its scopes. Lists are opened, as kubectl does; what has items and is no list counts, too. */
export function controlledParts(objects: readonly CheckedObject[], resolver: ControlsResolver): ControlledPart[] {
  return objects.flatMap((object) => partsOf({ ...object, within: [] })).map((part) => ({ ...part, controls: resolver.at(part.construct) }));
}

/** An object, or those that a List holds, at any depth. */
export function partsOf(part: Part): Part[] {
  const items = listItems(part.json) ?? [];
  return [...isList(part.json) ? [] : [part], ...items.flatMap((json, i) => partsOf({ ...part, json, within: [...part.within, 'items', i] }))];
}
