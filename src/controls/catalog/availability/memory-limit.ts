import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { statedResource } from '../resources';

export const control = new Control({
  id: 'memory-limit',
  title: 'Containers have a memory limit',
  severity: Severity.MEDIUM,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Without a limit one program that leaks, or is made to, takes the memory of every other on its node.',
  remediation: 'Set resources.limits.memory to the most that the program may use.',
  requirement: statedResource('resources.limits.memory'),
  references: [Reference.nsa('Resource policies'), Reference.mitre('T1499')],
  example: { path: 'spec.containers[0].resources.limits.memory' },
});
