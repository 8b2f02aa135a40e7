import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

export const control = new Control({
  id: 'host-network',
  title: 'Pods don\'t use the host\'s network',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'On the host\'s network a pod reaches what listens on the node\'s loopback, sees the traffic of other pods, and no NetworkPolicy holds it.',
  remediation: 'Remove hostNetwork, and expose the program by a Service.',
  requirement: Requirement.absentOrOneOf('spec.hostNetwork', false),
  references: [Reference.pss('baseline/hostNamespaces'), Reference.cis('5.2.5'), Reference.nsa('Pod security enforcement')],
  example: {
    // In a Pod on the host's network, the API server makes every port one of the host.
    compliant: basePodWith({ 'spec.containers[0].ports': undefined }),
    path: 'spec.hostNetwork',
    value: true,
  },
});
