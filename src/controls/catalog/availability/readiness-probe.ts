import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { RUNS_TO_ITS_END } from '../probes';

export const control = new Control({
  id: 'readiness-probe',
  title: 'Containers with a port tell when they are ready',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Without a probe a container gets requests before it can answer them, and still when it no longer can.',
  remediation: 'Add a readinessProbe that asks whether the program can answer now.',
  requirement: Requirement.exemptWhen(
    RUNS_TO_ITS_END,
    Requirement.eachMainContainer(Requirement.exemptWhen(Requirement.absent('ports'), Requirement.present('readinessProbe').describedAs('a probe'))),
  ).notFixable('What tells that the program is ready has to be known.'),
  example: { path: 'spec.containers[0].readinessProbe' },
});
