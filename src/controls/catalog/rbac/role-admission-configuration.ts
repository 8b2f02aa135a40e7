import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { clusterRoleWith } from '../example-objects';
import { withoutPermissions, WRITING_VERBS } from '../roles';

const KINDS = [
  'validatingwebhookconfigurations', 'mutatingwebhookconfigurations',
  'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings',
];

export const control = new Control({
  id: 'role-admission-configuration',
  title: 'Roles change nothing about admission',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'Who configures admission switches policies off, or has every object of the cluster, Secrets included, sent to a webhook and changed there.',
  remediation: 'Remove the resources; let the platform\'s own pipeline apply them.',
  requirement: withoutPermissions({
    group: 'admissionregistration.k8s.io', resources: KINDS, verbs: [...WRITING_VERBS, 'delete', 'deletecollection'],
  }),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.cis('5.1.12'), Reference.nsa('Role-based access control'), Reference.mitre('T1562.001')],
  example: {
    compliant: clusterRoleWith({ apiGroups: ['admissionregistration.k8s.io'], resources: ['validatingwebhookconfigurations'], verbs: ['get'] }),
    path: 'rules[0].verbs[0]',
    value: 'patch',
    finding: 'rules[0].resources[0]',
  },
});
