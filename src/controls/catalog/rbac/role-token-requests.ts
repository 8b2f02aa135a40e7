import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { roleWith } from '../example-objects';
import { ROLE_KINDS, withoutPermissions } from '../roles';

export const control = new Control({
  id: 'role-token-requests',
  title: 'Roles make tokens of named service accounts only',
  severity: Severity.HIGH,
  layer: ControlLayer.RBAC,
  rationale: 'Who may make a token of any service account acts in the name of the strongest one there is.',
  remediation: 'Name the service accounts in resourceNames.',
  requirement: withoutPermissions({ group: '', resources: ['serviceaccounts/token'], verbs: ['create'], mayBeNamed: true }),
  appliesTo: AppliesTo.kinds(...ROLE_KINDS),
  references: [Reference.cis('5.1.13'), Reference.nsa('Role-based access control'), Reference.mitre('T1528')],
  example: {
    compliant: roleWith({ apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['ci'], verbs: ['create'] }),
    path: 'rules[0].resourceNames',
    finding: 'rules[0].resources[0]',
  },
});
