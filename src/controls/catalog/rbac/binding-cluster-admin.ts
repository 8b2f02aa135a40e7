import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { BINDING_KINDS } from '../roles';

export const control = new Control({
  id: 'binding-cluster-admin',
  title: 'Nobody is given the role cluster-admin',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'The role cluster-admin may do everything: a program that holds it hands the cluster, or its namespace, to whoever breaks into it.',
  remediation: 'Bind a role with the permissions that are needed.',
  // Subjects are read so that adding one to a binding that is there is judged: the role of a binding never changes.
  requirement: Requirement.exemptWhen(
    Requirement.anyOf(Requirement.noneOf('roleRef.kind', 'ClusterRole'), Requirement.absent('subjects')),
    Requirement.noneOf('roleRef.name', 'cluster-admin').describedAs('a role with the permissions that are needed'),
  ).notFixable('Which permissions are needed has to be known.'),
  appliesTo: AppliesTo.kinds(...BINDING_KINDS),
  references: [Reference.cis('5.1.1'), Reference.nsa('Role-based access control'), Reference.mitre('T1098.006')],
  example: {
    compliant: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'app' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'app' }],
    },
    path: 'roleRef.name',
    value: 'cluster-admin',
  },
});
