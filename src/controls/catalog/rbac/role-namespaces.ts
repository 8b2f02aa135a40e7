import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { clusterRoleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions, WRITING_VERBS } from '../roles';

export const control = new Control({
  id: 'role-namespaces',
  title: 'Roles change no namespaces',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'The labels of a namespace decide what its pods may do and who may reach them: who changes them switches Pod Security admission off.',
  remediation: 'Remove the resource; let the platform\'s own pipeline make namespaces.',
  requirement: withoutPermissions({ group: '', resources: ['namespaces'], verbs: [...WRITING_VERBS, 'delete'] }),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.nsa('Role-based access control'), Reference.mitre('T1562.001')],
  example: {
    compliant: clusterRoleWith({ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }),
    path: 'rules[0].verbs[0]',
    value: 'patch',
    finding: 'rules[0].resources[0]',
  },
});
