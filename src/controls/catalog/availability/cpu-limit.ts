import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { statedResource } from '../resources';

export const control = new Control({
  id: 'cpu-limit',
  title: 'Containers have a CPU limit',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Without a limit a program takes whatever CPU its neighbours leave: fine where all of them state requests, and what miners look for where not.',
  remediation: 'Set resources.limits.cpu, or keep to requests and a quota for the namespace.',
  requirement: statedResource('resources.limits.cpu'),
  references: [Reference.nsa('Resource policies'), Reference.mitre('T1496')],
  recommended: false,
  example: { path: 'spec.containers[0].resources.limits.cpu' },
});
