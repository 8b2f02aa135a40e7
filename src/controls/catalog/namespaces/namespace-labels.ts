import { namespaceLabels } from '../../configurable/namespace-guards';
import { PLATFORM_GROUPS } from '../platform';

export const control = namespaceLabels({ groups: PLATFORM_GROUPS });
