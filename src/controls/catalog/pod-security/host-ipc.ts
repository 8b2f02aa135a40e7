import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'host-ipc',
  title: 'Pods don\'t share the host\'s inter-process communication',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A pod in the host\'s IPC namespace reads and changes the shared memory of the node\'s own processes and of other pods that share it.',
  remediation: 'Remove hostIPC; containers of one pod share theirs anyway.',
  requirement: Requirement.absentOrOneOf('spec.hostIPC', false),
  references: [Reference.pss('baseline/hostNamespaces'), Reference.cis('5.2.4'), Reference.nsa('Pod security enforcement')],
  example: { path: 'spec.hostIPC', value: true },
});
