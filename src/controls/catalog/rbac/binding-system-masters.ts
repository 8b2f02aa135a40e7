import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { bindingOf } from '../example-objects';
import { BINDING_KINDS } from '../roles';

export const control = new Control({
  id: 'binding-system-masters',
  title: 'Nothing is bound to the group system:masters',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'The group passes every authorizer unasked, and a certificate that names it can\'t be revoked: what is bound to it invites its use.',
  remediation: 'Bind a group of your own, and keep system:masters for emergencies.',
  requirement: Requirement.each('subjects', Requirement.exemptWhen(Requirement.noneOf('kind', 'Group'), Requirement.noneOf('name', 'system:masters')))
    .notFixable('Which group is to have the permissions has to be decided.'),
  appliesTo: AppliesTo.kinds(...BINDING_KINDS),
  references: [Reference.cis('5.1.7'), Reference.nsa('Role-based access control'), Reference.mitre('T1098.006')],
  example: { compliant: bindingOf(), path: 'subjects[0].name', value: 'system:masters' },
});
