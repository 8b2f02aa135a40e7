import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'app-armor-profile',
  title: 'Pods keep the runtime\'s AppArmor profile or a local one',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Without AppArmor a process that breaks out of its program may mount, trace and write where the profile forbids it.',
  remediation: 'Remove the profile, or name one that is loaded on the nodes.',
  requirement: Requirement.allOf(
    Requirement.eachSecurityContext(Requirement.exemptWhen(
      Requirement.absent('appArmorProfile'),
      Requirement.oneOf('appArmorProfile.type', 'RuntimeDefault', 'Localhost'),
    ).fixedByRemoving('appArmorProfile')),
    Requirement.eachKey(
      'metadata.annotations',
      'container.apparmor.security.beta.kubernetes.io/',
      Requirement.matches('', '^(runtime/default$|localhost/|$)', { orAbsent: true }).describedAs('runtime/default or localhost/…').fixedByRemoving(''),
    ),
  ),
  references: [Reference.pss('baseline/appArmorProfile'), Reference.nsa('Pod security enforcement')],
  example: {
    path: 'spec.securityContext.appArmorProfile',
    value: { type: 'Unconfined' },
    finding: 'spec.securityContext.appArmorProfile.type',
  },
});
