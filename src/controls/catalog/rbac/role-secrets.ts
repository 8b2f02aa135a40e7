import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { roleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions, WRITING_VERBS } from '../roles';

/** All but making one: whoever changes or deletes a Secret, all of them at once too, is answered with what is in it, even by a dry run that changes nothing. */
const ANSWERED = ['get', 'list', 'watch', ...WRITING_VERBS.filter((verb) => verb !== 'create'), 'delete', 'deletecollection'];

export const control = new Control({
  id: 'role-secrets',
  title: 'Roles give access to named Secrets only',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'Who may read the Secrets of a namespace, or list or watch them, has every password and key in it; who may change or delete them is answered with what they hold.',
  remediation: 'Name the Secrets in resourceNames with the verb get, or mount them into the pod.',
  requirement: withoutPermissions({ group: '', resources: ['secrets'], verbs: ANSWERED, mayBeNamed: true }),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.2'), Reference.nsa('Role-based access control'), Reference.mitre('T1552.007')],
  example: {
    compliant: roleWith({ apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get'] }),
    path: 'rules[0].resourceNames',
    finding: 'rules[0].resources[0]',
  },
});
