import { namespaceAnnotations } from '../../configurable/namespace-guards';
import { PLATFORM_GROUPS } from '../platform';

export const control = namespaceAnnotations({ groups: PLATFORM_GROUPS });
