import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'default-service-account',
  title: 'Pods have a service account of their own',
  severity: Severity.LOW,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'What is granted to the default service account, every pod of the namespace may do.',
  remediation: 'Make a ServiceAccount for the program, and name it in serviceAccountName.',
  requirement: Requirement.allOf(
    Requirement.present('spec.serviceAccountName').describedAs('a service account of its own'),
    Requirement.noneOf('spec.serviceAccountName', 'default').describedAs('a service account of its own'),
  )
    .notFixable('A service account has to be made, and what it may do has to be decided.'),
  references: [Reference.cis('5.1.5'), Reference.nsa('Protecting Pod service account tokens')],
  example: { path: 'spec.serviceAccountName' },
});
