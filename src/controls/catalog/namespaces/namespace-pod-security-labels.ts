import { podSecurityLabels } from '../../configurable/namespace-guards';
import { PLATFORM_GROUPS } from '../platform';

export const control = podSecurityLabels({ groups: PLATFORM_GROUPS });
