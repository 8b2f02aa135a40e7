import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'host-aliases',
  title: 'Pods don\'t override name resolution',
  severity: Severity.LOW,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Entries in /etc/hosts lead a name elsewhere, past DNS, its logs and policies by name, and go stale unseen.',
  remediation: 'Remove hostAliases, and give the name a Service or a DNS record.',
  requirement: Requirement.absent('spec.hostAliases').notFixable('Whether the names resolve without them has to be checked.'),
  example: { path: 'spec.hostAliases', value: [{ ip: '10.0.0.2', hostnames: ['db.example.com'] }] },
});
