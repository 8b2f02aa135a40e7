import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { RUNS_TO_ITS_END } from '../probes';

export const control = new Control({
  id: 'liveness-probe',
  title: 'Containers that hang are restarted',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'A program that hangs keeps its place until someone notices; one whose probe is too strict is restarted when it is needed most, so weigh it.',
  remediation: 'Add a livenessProbe that asks the program alone, not what it depends on.',
  requirement: Requirement.exemptWhen(RUNS_TO_ITS_END, Requirement.eachMainContainer(Requirement.present('livenessProbe').describedAs('a probe')))
    .notFixable('What tells that the program hangs has to be known.'),
  recommended: false,
  example: { path: 'spec.containers[0].livenessProbe' },
});
