import { Change } from './fix';
import { show } from '../../core/errors';
import { showPath } from '../path';
import { isConcealed } from '../results/finding-maker';

/** A change in one line, such as `spec.containers[0].securityContext.privileged: true → removed`. */
export function showChange({ control, place, before, after }: Change): string {
  const shown = (value: unknown, none: string): string => {
    if (value === undefined) {
      return none;
    }
    return isConcealed(control, place, value) ? 'a value that is not shown' : show(value);
  };
  return `${showPath(place)}: ${shown(before, 'absent')} → ${shown(after, 'removed')}`;
}
