import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'host-pid',
  title: 'Pods don\'t share the host\'s process ids',
  severity: Severity.CRITICAL,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A pod among the host\'s processes sees their arguments and environments, and with root\'s rights enters any of them: the node is taken.',
  remediation: 'Remove hostPID.',
  requirement: Requirement.absentOrOneOf('spec.hostPID', false),
  references: [Reference.pss('baseline/hostNamespaces'), Reference.cis('5.2.3'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1611')],
  example: { path: 'spec.hostPID', value: true },
});
