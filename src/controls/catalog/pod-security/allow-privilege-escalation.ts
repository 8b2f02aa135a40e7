import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'allow-privilege-escalation',
  title: 'Containers can\'t gain more privileges than they start with',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Without this a program that was broken into becomes root through any set-user-ID file of its image.',
  remediation: 'Set allowPrivilegeEscalation to false.',
  requirement: Requirement.exemptWhen(
    Requirement.oneOf('spec.os.name', 'windows'),
    Requirement.eachContainer(Requirement.oneOf('securityContext.allowPrivilegeEscalation', false)),
  ),
  references: [
    Reference.pss('restricted/allowPrivilegeEscalation'),
    Reference.cis('5.2.6'),
    Reference.nsa('Pod security enforcement'),
    Reference.mitre('T1068'),
  ],
  example: { path: 'spec.containers[0].securityContext.allowPrivilegeEscalation' },
});
