import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { basePodWith } from '../base-pod';
import { statedResource } from '../resources';

export const control = new Control({
  id: 'memory-request',
  title: 'Containers say how much memory they need',
  severity: Severity.MEDIUM,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Without a request the scheduler fills a node beyond its memory, and the kernel ends whichever program it finds.',
  remediation: 'Set resources.requests.memory to what the program uses, best the same as its limit.',
  requirement: statedResource('resources.requests.memory'),
  references: [Reference.nsa('Resource policies')],
  example: {
    compliant: basePodWith({ 'spec.containers[0].resources.limits.memory': undefined }),
    path: 'spec.containers[0].resources.requests.memory',
  },
});
