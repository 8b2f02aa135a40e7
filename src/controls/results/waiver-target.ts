import { canonical } from './canonical';
import { hasName, Judged, visibleValue } from './finding-maker';
import { Finding } from '../../core/finding';
import { checkWaiver, Waiver } from '../waivers/waiver';

/** What a waiver says to accept one finding and no other: all but why, by whom and until when. */
export type WaiverTarget = Pick<Waiver, 'control' | 'resource' | 'container' | 'path' | 'value'>;

/** What a waiver of a finding has to say; undefined where none can be written, as for an object without a kind or a name. */
export function waiverTarget(judged: Judged, { control, resource, container, path }: Finding): WaiverTarget | undefined {
  if (!hasName(judged.json)) {
    return undefined;
  }
  const value = canonical(visibleValue(judged));
  const target = {
    control, resource: resource ?? '', ...(container !== undefined && { container }), ...(path !== undefined && { path }),
    ...(value !== undefined && { value: JSON.parse(value) as unknown }),
  };
  try {
    checkWaiver({ ...target, reason: 'any', owner: 'any', expires: '2000-01-01' }, control);
    return target;
  } catch {
    return undefined;
  }
}
