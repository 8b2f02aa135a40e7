import { Change } from './fix';
import { showPath } from '../path';
import { show } from '../../core/errors';

/** A change in one line, such as `spec.containers[0].securityContext.privileged: true → removed`. */
export function showChange({ control, place, before, after }: Change): string {
  const shown = (value: unknown, none: string): string => {
    if (value === undefined) {
      return none;
    }
    return control.concealsValues ? 'a value that is not shown' : show(value);
  };
  return `${showPath(place)}: ${shown(before, 'absent')} → ${shown(after, 'removed')}`;
}
