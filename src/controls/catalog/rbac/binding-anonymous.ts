import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { bindingOf } from '../example-objects';
import { BINDING_KINDS } from '../roles';

export const control = new Control({
  id: 'binding-anonymous',
  title: 'Nothing is bound to those who have not signed in',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'Whoever reaches the API server has these permissions, without any credential.',
  remediation: 'Bind the people or programs that need it, and let them sign in.',
  requirement: Requirement.each('subjects', Requirement.exemptWhen(
    Requirement.oneOf('kind', 'ServiceAccount'),
    Requirement.noneOf('name', 'system:anonymous', 'system:unauthenticated'),
  )).notFixable('Who needs the permissions has to be known.'),
  appliesTo: AppliesTo.kinds(...BINDING_KINDS),
  references: [Reference.nsa('Authentication'), Reference.mitre('T1078')],
  example: { compliant: bindingOf(), path: 'subjects[0].name', value: 'system:unauthenticated' },
});
