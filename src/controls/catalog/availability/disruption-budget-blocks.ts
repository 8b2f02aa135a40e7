import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'disruption-budget-blocks',
  title: 'PodDisruptionBudgets let nodes be drained',
  severity: Severity.MEDIUM,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'A budget that spares no pod stops every drain: nodes then are not upgraded, or are upgraded by force.',
  remediation: 'Set maxUnavailable: 1, and run at least two replicas.',
  requirement: Requirement.allOf(
    Requirement.noneOf('spec.maxUnavailable', 0, '0', '0%').describedAs('at least one pod'),
    Requirement.negation(Requirement.matches('spec.minAvailable', '^100%$')).describedAs('less than all pods'),
  ).notFixable('How many pods the program can spare has to be known.'),
  appliesTo: AppliesTo.kinds('PodDisruptionBudget'),
  references: [Reference.nsa('Upgrading and application security practices')],
  example: {
    compliant: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'app', namespace: 'app' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'app' } } },
    },
    path: 'spec.maxUnavailable',
    value: 0,
  },
});
