import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS } from '../roles';

export const control = new Control({
  id: 'role-impersonation',
  title: 'Roles let nobody act in another\'s name',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'Who may impersonate users or groups is whoever they like, administrators of the cluster too; from 1.36 on also by the constrained verbs.',
  remediation: 'Remove the verb, and give the permissions that are needed themselves.',
  requirement: Requirement.each('rules', Requirement.each('verbs', Requirement.negation(Requirement.matches('', '^impersonate(-on)?(:|$)'))
    .describedAs('a verb other than impersonate'))).notFixable('Which permissions are needed instead has to be known.'),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.8'), Reference.nsa('Role-based access control'), Reference.mitre('T1078')],
  example: { compliant: roleWith(), path: 'rules[0].verbs[0]', value: 'impersonate' },
});
