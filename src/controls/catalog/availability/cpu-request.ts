import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { basePodWith } from '../base-pod';
import { statedResource } from '../resources';

export const control = new Control({
  id: 'cpu-request',
  title: 'Containers say how much CPU they need',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Without a request the scheduler puts any number of such containers on one node, and the busiest starves the others.',
  remediation: 'Set resources.requests.cpu to what the program uses on an ordinary day.',
  requirement: statedResource('resources.requests.cpu'),
  references: [Reference.nsa('Resource policies')],
  example: {
    compliant: basePodWith({ 'spec.containers[0].resources.limits.cpu': undefined }),
    path: 'spec.containers[0].resources.requests.cpu',
  },
});
