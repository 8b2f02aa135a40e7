import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { serviceWith } from '../example-objects';

export const control = new Control({
  id: 'service-external-name',
  title: 'Services stand for pods, not for foreign names',
  severity: Severity.LOW,
  layer: ControlLayer.NETWORK,
  rationale: 'A Service of type ExternalName leads whoever trusts its name, an ingress controller too, to any host that its author likes.',
  remediation: 'Name the host in the program\'s configuration, and allow it there by a NetworkPolicy.',
  requirement: Requirement.noneOf('spec.type', 'ExternalName').notFixable('Its callers have to be told the host\'s own name.'),
  appliesTo: AppliesTo.kinds('Service'),
  recommended: false,
  example: {
    compliant: serviceWith({ type: 'ClusterIP', externalName: 'db.example.com', ports: [{ port: 80 }] }),
    path: 'spec.type',
    value: 'ExternalName',
  },
});
