import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { roleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions } from '../roles';

const WAYS_IN = { group: '', resources: ['pods/exec', 'pods/attach', 'pods/portforward'] };
const NEW_CONTAINERS = { group: '', resources: ['pods/ephemeralcontainers'], verbs: ['update', 'patch'] };

export const control = new Control({
  id: 'role-pod-exec',
  title: 'Roles open no way into running pods',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'Who gets into a running pod has its files, its secrets and its service account. Before 1.35 the verb get is enough, over WebSocket.',
  remediation: 'Remove the resource; people get it by a role of its own, for a reason and a time.',
  requirement: Requirement.byVersion(
    KubernetesVersion.V1_35,
    withoutPermissions({ ...WAYS_IN, verbs: ['create'] }, NEW_CONTAINERS),
    withoutPermissions({ ...WAYS_IN, verbs: ['create', 'get'] }, NEW_CONTAINERS),
  ),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.nsa('Role-based access control'), Reference.mitre('T1609')],
  example: {
    compliant: roleWith({ apiGroups: [''], resources: ['pods/log'], verbs: ['create'] }),
    path: 'rules[0].resources[0]',
    value: 'pods/exec',
  },
});
