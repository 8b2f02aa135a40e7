import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { roleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions, WRITING_VERBS } from '../roles';

export const control = new Control({
  id: 'role-network-policies',
  title: 'Roles change no network policies',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'Policies add up: who may write or delete one opens every connection that default deny had closed.',
  remediation: 'Remove the resource: policies come from the pipeline. Where a controller must write them, waive this for it.',
  requirement: withoutPermissions({
    group: 'networking.k8s.io', resources: ['networkpolicies'], verbs: [...WRITING_VERBS, 'delete', 'deletecollection'],
  }),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.nsa('Role-based access control'), Reference.nsa('Network policies')],
  example: {
    compliant: roleWith({ apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['get'] }),
    path: 'rules[0].verbs[0]',
    value: 'patch',
    finding: 'rules[0].resources[0]',
  },
});
