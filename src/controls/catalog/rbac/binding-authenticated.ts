import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { bindingOf } from '../example-objects';
import { BINDING_KINDS } from '../roles';

export const control = new Control({
  id: 'binding-authenticated',
  title: 'Nothing is bound to everyone who has signed in',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'These groups hold every person and every pod\'s service account, in some managed clusters everyone with an account at the provider.',
  remediation: 'Bind the people or service accounts that need it.',
  requirement: Requirement.each('subjects', Requirement.exemptWhen(
    Requirement.noneOf('kind', 'Group'),
    Requirement.noneOf('name', 'system:authenticated', 'system:serviceaccounts'),
  )).notFixable('Who needs the permissions has to be known.'),
  appliesTo: AppliesTo.kinds(...BINDING_KINDS),
  references: [Reference.nsa('Role-based access control'), Reference.mitre('T1098.006')],
  example: { compliant: bindingOf(), path: 'subjects[0].name', value: 'system:authenticated' },
});
