import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const ADDED_TO_VIEW = 'metadata.labels["rbac.authorization.k8s.io/aggregate-to-view"]';

export const control = new Control({
  id: 'role-aggregation-to-view',
  title: 'Cluster roles that are added to view only read',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'Such rules become part of the role view, which many hold because it is thought to change nothing.',
  remediation: 'Take verbs other than get, list and watch into a role that is added to edit or admin.',
  requirement: Requirement.exemptWhen(
    Requirement.noneOf(ADDED_TO_VIEW, 'true'),
    Requirement.each('rules', Requirement.each('verbs', Requirement.oneOf('', 'get', 'list', 'watch'))),
  ).notFixable('Who is to have the permission has to be decided.'),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.nsa('Role-based access control'), Reference.mitre('T1098.006')],
  example: {
    compliant: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'app', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [{ apiGroups: ['app.example.com'], resources: ['orders'], verbs: ['get'] }],
    },
    path: 'rules[0].verbs[0]',
    value: 'delete',
  },
});
