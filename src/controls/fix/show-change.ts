import { Change } from './fix';
import { show } from '../../core/errors';
import { Place, showPath } from '../path';
import { isConcealed } from '../results/finding-maker';

/**
 * A change in one line, such as `spec.containers[0].securityContext.privileged: true → removed`.
 * @param json the object as it came
 * @param within where it is in what is written
 */
export function showChange({ control, place, before, after }: Change, json: unknown, within: Place = []): string {
  const shown = (value: unknown, none: string): string => {
    if (value === undefined) {
      return none;
    }
    return isConcealed(control, place, value, json) ? 'a value that is not shown' : show(value);
  };
  return `${showPath([...within, ...place])}: ${shown(before, 'absent')} → ${shown(after, 'removed')}`;
}
