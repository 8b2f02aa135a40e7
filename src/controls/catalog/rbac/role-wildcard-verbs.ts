import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS } from '../roles';

export const control = new Control({
  id: 'role-wildcard-verbs',
  title: 'Roles name the verbs that they give',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'The verb * gives every verb that there is and ever will be, escalate, bind and impersonate among them.',
  remediation: 'Name the verbs that the program uses.',
  requirement: Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', '*')))
    .notFixable('Which verbs the program uses has to be known.'),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.3'), Reference.nsa('Role-based access control')],
  example: { compliant: roleWith(), path: 'rules[0].verbs[0]', value: '*' },
});
