import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { clusterRoleWith } from '../example-objects';
import { withoutPermissions, WRITING_VERBS } from '../roles';

export const control = new Control({
  id: 'role-nodes',
  title: 'Roles change no nodes',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'Who changes labels, taints or addresses of nodes draws pods with their secrets to a node of their choice, or has the API server talk to another machine.',
  remediation: 'Remove the resource; where a controller must taint nodes, waive this for it.',
  requirement: withoutPermissions({ group: '', resources: ['nodes', 'nodes/status'], verbs: [...WRITING_VERBS, 'delete', 'deletecollection'] }),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.nsa('Role-based access control')],
  example: {
    compliant: clusterRoleWith({ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }),
    path: 'rules[0].verbs[0]',
    value: 'patch',
    finding: 'rules[0].resources[0]',
  },
});
