import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS } from '../roles';

export const control = new Control({
  id: 'role-wildcard-api-groups',
  title: 'Roles name the API groups that they give access to',
  severity: Severity.MEDIUM,
  layer: ControlLayer.RBAC,
  rationale: 'The group * holds every resource of the same name, whoever defines it, now and later.',
  remediation: 'Name the groups of the resources that the program uses.',
  requirement: Requirement.each('rules', Requirement.each('apiGroups', Requirement.noneOf('', '*')))
    .notFixable('Which groups the program uses has to be known.'),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.3'), Reference.nsa('Role-based access control')],
  example: { compliant: roleWith(), path: 'rules[0].apiGroups[0]', value: '*' },
});
