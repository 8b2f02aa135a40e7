import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS } from '../roles';

export const control = new Control({
  id: 'role-escalation-verbs',
  title: 'Roles let nobody raise permissions',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'Who may escalate roles or bind any of them gives themselves every permission of the cluster.',
  remediation: 'Remove the verb: whoever holds the permissions of a role may pass it on without it.',
  requirement: Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', 'escalate', 'bind')))
    .notFixable('Whether the program passes on permissions that it does not hold has to be known.'),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.8'), Reference.nsa('Role-based access control'), Reference.mitre('T1098.006')],
  example: { compliant: roleWith(), path: 'rules[0].verbs[0]', value: 'escalate' },
});
