import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const DEFAULT_SET = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
];

export const control = new Control({
  id: 'capabilities-baseline',
  title: 'Containers add no capabilities beyond a runtime\'s default set',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Capabilities such as SYS_ADMIN, NET_ADMIN or SYS_PTRACE give parts of root\'s power over the node; NET_RAW forges packets of other pods.',
  remediation: 'Remove the capability, or use a program that does without it.',
  requirement: Requirement.eachContainer(Requirement.subsetOf('securityContext.capabilities.add', ...DEFAULT_SET)),
  references: [Reference.pss('baseline/capabilities_baseline'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1611')],
  example: { path: 'spec.containers[0].securityContext.capabilities.add', value: ['NET_ADMIN'] },
});
