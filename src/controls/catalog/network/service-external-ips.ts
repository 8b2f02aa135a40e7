import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { serviceWith } from '../example-objects';

export const control = new Control({
  id: 'service-external-ips',
  title: 'Services take no addresses that aren\'t theirs',
  severity: Severity.HIGH,
  layer: ControlLayer.NETWORK,
  rationale: 'Whoever may make a Service with externalIPs draws traffic of other pods and nodes to such an address onto its own pods (CVE-2020-8554).',
  remediation: 'Remove externalIPs; let a load balancer give the Service an address.',
  requirement: Requirement.absent('spec.externalIPs').notFixable('How the program is reached instead has to be decided.'),
  appliesTo: AppliesTo.kinds('Service'),
  references: [Reference.nsa('Network policies')],
  example: { compliant: serviceWith({ ports: [{ port: 80 }] }), path: 'spec.externalIPs', value: ['203.0.113.7'] },
});
