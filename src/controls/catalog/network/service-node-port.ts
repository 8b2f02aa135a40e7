import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { serviceWith } from '../example-objects';

export const control = new Control({
  id: 'service-node-port',
  title: 'Services are not of type NodePort',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'A node port is open on every node\'s every address, past the load balancer, its TLS and its rules. The node ports of a LoadBalancer are service-load-balancer\'s.',
  remediation: 'Use type ClusterIP, and let an Ingress or Gateway lead to it.',
  requirement: Requirement.noneOf('spec.type', 'NodePort').notFixable('How the program is reached instead has to be decided.'),
  appliesTo: AppliesTo.kinds('Service'),
  references: [Reference.nsa('Worker node segmentation'), Reference.mitre('T1133')],
  example: { compliant: serviceWith({ type: 'ClusterIP', ports: [{ port: 80 }] }), path: 'spec.type', value: 'NodePort' },
});
