import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'service-account-token-secret',
  title: 'Secrets hold no tokens of service accounts',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'Such a token never ends, is bound to no pod, and works from anywhere for whoever has read it once.',
  remediation: 'Mount a token by a projected volume with an audience and an expiry, or ask the TokenRequest API for one.',
  requirement: Requirement.noneOf('type', 'kubernetes.io/service-account-token')
    .notFixable('Those who use the token have to ask for short-lived ones first.'),
  appliesTo: AppliesTo.kinds('Secret'),
  references: [Reference.cis('5.1.6'), Reference.nsa('Protecting Pod service account tokens'), Reference.mitre('T1528')],
  example: {
    compliant: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token', namespace: 'app', annotations: { 'kubernetes.io/service-account.name': 'app' } },
      type: 'Opaque',
    },
    path: 'type',
    value: 'kubernetes.io/service-account-token',
  },
});
