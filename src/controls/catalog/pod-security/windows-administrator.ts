import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { windowsPodWith } from '../base-pod';

export const control = new Control({
  id: 'windows-administrator',
  title: 'Windows containers don\'t run as ContainerAdministrator',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'ContainerAdministrator is to a Windows container what root is to a Linux one.',
  remediation: 'Set windowsOptions.runAsUserName to ContainerUser or to an account of the program\'s own.',
  requirement: Requirement.eachSecurityContext(
    Requirement.negation(Requirement.matches('windowsOptions.runAsUserName', '(^|\\\\)ContainerAdministrator$', { ignoreCase: true }))
      .describedAs('an account that is no administrator')
      .fixedBySetting('windowsOptions.runAsUserName', 'ContainerUser'),
  ),
  references: [Reference.nsa('"Non-root" containers and "rootless" container engines')],
  example: {
    compliant: windowsPodWith({}),
    path: 'spec.securityContext.windowsOptions.runAsUserName',
    value: 'ContainerAdministrator',
  },
});
