import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'seccomp-profile-restricted',
  title: 'Containers have a seccomp profile',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Without a profile the rarely used system calls, where most kernel flaws are found, are open to a process that was broken into.',
  remediation: 'Set seccompProfile.type of the pod to RuntimeDefault, or to Localhost with a profile of your own.',
  requirement: Requirement.exemptWhen(
    Requirement.oneOf('spec.os.name', 'windows'),
    Requirement.inherited(Requirement.oneOf('securityContext.seccompProfile.type', 'RuntimeDefault', 'Localhost')),
  ),
  references: [
    Reference.pss('restricted/seccompProfile_restricted'),
    Reference.cis('5.6.2'),
    Reference.nsa('Pod security enforcement'),
    Reference.mitre('T1611'),
  ],
  supersedes: ['seccomp-profile-baseline'],
  example: { path: 'spec.securityContext.seccompProfile', finding: 'spec.containers[0].securityContext.seccompProfile.type' },
});
