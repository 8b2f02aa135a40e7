import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { ActsAt, Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'service-account-automount',
  title: 'Service accounts give no token to pods that don\'t ask',
  severity: Severity.LOW,
  layer: ControlLayer.RBAC,
  rationale: 'A pod that says nothing about it gets a token for the Kubernetes API into every container.',
  remediation: 'Set automountServiceAccountToken to false; a program that needs the API mounts a short-lived token by a projected volume.',
  requirement: Requirement.oneOf('automountServiceAccountToken', false)
    .notFixable('Whether programs of the pods that run as it call the API has to be known.'),
  appliesTo: AppliesTo.kinds('ServiceAccount'),
  references: [Reference.cis('5.1.5'), Reference.cis('5.1.6'), Reference.nsa('Protecting Pod service account tokens'), Reference.mitre('T1528')],
  actsAt: ActsAt.SYNTH,
  actsAtReason: 'A controller makes the default service account of every namespace without the field: a refusal would leave namespaces without one.',
  example: {
    compliant: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace: 'app' }, automountServiceAccountToken: false },
    path: 'automountServiceAccountToken',
  },
});
