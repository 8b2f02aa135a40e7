import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS } from '../roles';

export const control = new Control({
  id: 'role-wildcard-resources',
  title: 'Roles name the resources that they give access to',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'The resource * is all there is in the group, Secrets and pods/exec among them, and all that is added later.',
  remediation: 'Name the resources that the program uses.',
  requirement: Requirement.each('rules', Requirement.each('resources', Requirement.matches('', '^[^*]+$').describedAs('the name of a resource')))
    .notFixable('Which resources the program uses has to be known.'),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.3'), Reference.nsa('Role-based access control')],
  example: { compliant: roleWith(), path: 'rules[0].resources[0]', value: '*' },
});
