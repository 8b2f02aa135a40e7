import { schedulingAnnotations } from '../../configurable/namespace-guards';
import { PLATFORM_GROUPS } from '../platform';

export const control = schedulingAnnotations({ groups: PLATFORM_GROUPS });
