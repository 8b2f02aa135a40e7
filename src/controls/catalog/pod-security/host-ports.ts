import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'host-ports',
  title: 'Containers open no ports of the host',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A host port is open on the node\'s own addresses, past Services and often past NetworkPolicies, and keeps other pods off the node.',
  remediation: 'Remove hostPort, and expose the program by a Service.',
  requirement: Requirement.eachContainer(Requirement.each('ports', Requirement.absentOrOneOf('hostPort', 0))),
  references: [Reference.pss('baseline/hostPorts'), Reference.cis('5.2.12'), Reference.nsa('Pod security enforcement')],
  example: { path: 'spec.containers[0].ports[0].hostPort', value: 8080 },
});
