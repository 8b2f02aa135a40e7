import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'seccomp-profile-baseline',
  title: 'Pods don\'t turn off seccomp',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Without seccomp every system call of the node\'s kernel is open to a process that was broken into.',
  remediation: 'Set seccompProfile.type to RuntimeDefault, or to Localhost with a profile of your own.',
  requirement: Requirement.eachSecurityContext(Requirement.exemptWhen(
    Requirement.absent('seccompProfile'),
    Requirement.oneOf('seccompProfile.type', 'RuntimeDefault', 'Localhost'),
  )),
  references: [Reference.pss('baseline/seccompProfile_baseline'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1611')],
  example: { path: 'spec.securityContext.seccompProfile.type', value: 'Unconfined' },
});
