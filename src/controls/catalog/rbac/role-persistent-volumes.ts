import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { clusterRoleWith } from '../example-objects';
import { withoutPermissions, WRITING_VERBS } from '../roles';

export const control = new Control({
  id: 'role-persistent-volumes',
  title: 'Roles make no PersistentVolumes',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'A PersistentVolume may stand for any path of a node, and a claim on it mounts that into a pod that no rule about hostPath sees.',
  remediation: 'Remove the resource: storage classes make volumes for claims.',
  requirement: withoutPermissions({ group: '', resources: ['persistentvolumes'], verbs: WRITING_VERBS }),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.cis('5.1.9'), Reference.nsa('Role-based access control'), Reference.mitre('T1611')],
  example: {
    compliant: clusterRoleWith({ apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get'] }),
    path: 'rules[0].verbs[0]',
    value: 'create',
    finding: 'rules[0].resources[0]',
  },
});
