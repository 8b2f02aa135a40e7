import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { roleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions, WRITING_VERBS } from '../roles';

const CONTROLLERS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'];

export const control = new Control({
  id: 'role-pod-creation',
  title: 'Roles make no pods',
  severity: Severity.LOW,
  layer: ControlLayer.RBAC,
  rationale: 'Who makes pods runs any program as any service account of the namespace, and mounts every Secret in it.',
  remediation: 'Let a pipeline make workloads, with Pod Security admission and policies on the namespace.',
  requirement: withoutPermissions(
    { group: '', resources: ['pods', 'replicationcontrollers'], verbs: ['create'] },
    { group: 'apps', resources: CONTROLLERS, verbs: WRITING_VERBS },
    { group: 'batch', resources: ['jobs', 'cronjobs'], verbs: WRITING_VERBS },
  ),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.4'), Reference.mitre('T1610')],
  recommended: false,
  example: {
    compliant: roleWith({ apiGroups: [''], resources: ['pods'], verbs: ['get'] }),
    path: 'rules[0].verbs[0]',
    value: 'create',
    finding: 'rules[0].resources[0]',
  },
});
