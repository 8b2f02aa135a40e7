import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { clusterRoleWith } from '../example-objects';
import { withoutPermissions } from '../roles';

export const control = new Control({
  id: 'role-certificate-approval',
  title: 'Roles approve and sign no certificates',
  severity: Severity.CRITICAL,
  layer: ControlLayer.RBAC,
  rationale: 'Who approves or signs certificates gives anyone any name, and a certificate can\'t be taken back before it ends.',
  remediation: 'Remove the resource; where a controller signs for one purpose, waive this for it and let a policy check what it signs.',
  requirement: withoutPermissions(
    {
      group: 'certificates.k8s.io',
      resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'],
      verbs: ['update', 'patch'],
    },
    { group: 'certificates.k8s.io', resources: ['signers'], verbs: ['approve', 'sign', 'attest'] },
  ),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.cis('5.1.11'), Reference.nsa('Role-based access control'), Reference.mitre('T1098.006')],
  example: {
    compliant: clusterRoleWith({ apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'], verbs: ['update'] }),
    path: 'rules[0].resources[0]',
    value: 'certificatesigningrequests/approval',
  },
});
