import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { bindingOf } from '../example-objects';
import { BINDING_KINDS } from '../roles';

export const control = new Control({
  id: 'binding-default-service-account',
  title: 'Nothing is bound to default service accounts',
  severity: Severity.MEDIUM,
  layer: ControlLayer.RBAC,
  rationale: 'Every pod of the namespace that names no service account has these permissions, also pods that nobody thought of.',
  remediation: 'Make a ServiceAccount for the program that needs it, and bind that.',
  requirement: Requirement.each('subjects', Requirement.exemptWhen(
    Requirement.noneOf('kind', 'ServiceAccount'),
    Requirement.noneOf('name', 'default'),
  )).notFixable('Which program needs the permissions has to be known.'),
  appliesTo: AppliesTo.kinds(...BINDING_KINDS),
  references: [Reference.cis('5.1.5'), Reference.nsa('Role-based access control'), Reference.mitre('T1078.001')],
  example: { compliant: bindingOf({ kind: 'ServiceAccount', name: 'app', namespace: 'app' }), path: 'subjects[0].name', value: 'default' },
});
