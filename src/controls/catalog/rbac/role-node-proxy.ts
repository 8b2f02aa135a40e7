import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { clusterRoleWith } from '../example-objects';
import { withoutPermissions } from '../roles';

export const control = new Control({
  id: 'role-node-proxy',
  title: 'Roles reach no kubelets through the API server',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'The kubelet runs commands in every pod of its node for whoever may use this resource, and the audit log shows no more of it than a proxied request.',
  remediation: 'Give nodes/metrics, nodes/stats or, from 1.36 on, nodes/pods and the like in its place.',
  requirement: withoutPermissions({ group: '', resources: ['nodes/proxy'], verbs: ['get', 'create', 'update', 'patch', 'delete'] }),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.cis('5.1.10'), Reference.nsa('Role-based access control'), Reference.mitre('T1609')],
  example: {
    compliant: clusterRoleWith({ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }),
    path: 'rules[0].resources[0]',
    value: 'nodes/proxy',
  },
});
