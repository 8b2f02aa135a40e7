import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'automount-token',
  title: 'Pods get no token for the Kubernetes API',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'The token in every container lets whoever breaks in ask the API server in the service account\'s name.',
  remediation: 'Set automountServiceAccountToken to false; a program that needs the API mounts a short-lived token by a projected volume.',
  requirement: Requirement.oneOf('spec.automountServiceAccountToken', false)
    .notFixable('Whether the program calls the API has to be known.'),
  references: [Reference.cis('5.1.6'), Reference.nsa('Protecting Pod service account tokens'), Reference.mitre('T1528')],
  example: { path: 'spec.automountServiceAccountToken' },
});
