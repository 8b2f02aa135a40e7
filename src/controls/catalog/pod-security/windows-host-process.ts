import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { windowsPodWith } from '../base-pod';

export const control = new Control({
  id: 'windows-host-process',
  title: 'Windows containers aren\'t host processes',
  severity: Severity.CRITICAL,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A HostProcess container runs on the Windows node itself, with all that the node\'s services may do.',
  remediation: 'Remove windowsOptions.hostProcess.',
  requirement: Requirement.eachSecurityContext(Requirement.absentOrOneOf('windowsOptions.hostProcess', false)),
  references: [Reference.pss('baseline/windowsHostProcess'), Reference.cis('5.2.10'), Reference.mitre('T1611')],
  example: {
    // The API server wants a host process on the host's network.
    compliant: windowsPodWith({ 'spec.hostNetwork': true }),
    path: 'spec.securityContext.windowsOptions.hostProcess',
    value: true,
  },
});
