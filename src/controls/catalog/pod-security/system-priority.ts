import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'system-priority',
  title: 'Pods don\'t take the priority of the system\'s own',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Pods of a system priority evict others, up to what keeps the node and the cluster running.',
  remediation: 'Name a PriorityClass of your own, or none.',
  requirement: Requirement.noneOf('spec.priorityClassName', 'system-node-critical', 'system-cluster-critical'),
  example: { path: 'spec.priorityClassName', value: 'system-cluster-critical' },
});
