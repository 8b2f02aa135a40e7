import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { roleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions } from '../roles';

export const control = new Control({
  id: 'role-pod-proxy',
  title: 'Roles reach no pods through the API server',
  severity: Severity.MEDIUM,
  layer: ControlLayer.RBAC,
  rationale: 'The API server passes such requests on from its own address, past every NetworkPolicy, and the program sees nobody\'s name.',
  remediation: 'Remove the resource, and reach the program through its Service.',
  requirement: withoutPermissions({ group: '', resources: ['pods/proxy', 'services/proxy'], verbs: ['get', 'create', 'update', 'patch', 'delete'] }),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.nsa('Role-based access control')],
  example: { compliant: roleWith({ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }), path: 'rules[0].resources[0]', value: 'pods/proxy' },
});
