import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS } from '../roles';

export const control = new Control({
  id: 'role-unsafe-deletion',
  title: 'Roles let nobody delete what can\'t be read',
  severity: Severity.MEDIUM,
  layer: ControlLayer.RBAC,
  rationale: 'Such a deletion passes over finalizers and whatever they were to clean up, and destroys what a key that is only missing for now could still open.',
  remediation: 'Remove the verb; an administrator takes it for the hour in which it is needed.',
  requirement: Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', 'unsafe-delete-ignore-read-errors')))
    .notFixable('Whether it is needed right now has to be known.'),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.nsa('Role-based access control'), Reference.mitre('T1485')],
  example: { compliant: roleWith(), path: 'rules[0].verbs[0]', value: 'unsafe-delete-ignore-read-errors' },
});
