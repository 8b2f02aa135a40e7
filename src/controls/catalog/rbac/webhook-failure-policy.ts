import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { ActsAt, Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'webhook-failure-policy',
  title: 'Admission webhooks refuse what they can\'t judge',
  severity: Severity.MEDIUM,
  layer: ControlLayer.RBAC,
  rationale: 'A webhook that fails open is passed by whoever makes it fail: by load, by a slow object, or by deleting its pods.',
  remediation: 'Set failurePolicy to Fail, run several replicas of the webhook, and leave system namespaces out by its namespaceSelector.',
  requirement: Requirement.each('webhooks', Requirement.absentOrOneOf('failurePolicy', 'Fail'))
    .notFixable('Without its webhook a cluster then changes nothing: its replicas and the namespaces it leaves out come first.'),
  appliesTo: AppliesTo.kinds('ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'),
  actsAt: ActsAt.SYNTH,
  actsAtReason: 'Operators renew the caBundle of the webhooks that they installed: a refusal would break their certificates\' rotation, and with it the webhook.',
  references: [Reference.mitre('T1562.001')],
  example: {
    compliant: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'policies' },
      webhooks: [{
        name: 'policies.example.com',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 'policies', namespace: 'policies' } },
        failurePolicy: 'Fail',
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        sideEffects: 'None',
      }],
    },
    path: 'webhooks[0].failurePolicy',
    value: 'Ignore',
  },
});
