import { confidential, remoteAccess, routine } from './audit-recommended';
import { AuditLevel, AuditRule } from './audit-rule';

const READS = ['get', 'list', 'watch'];
const AUTHENTICATED = ['system:authenticated'];

/** Anonymous users and refused credentials belong to no group that is passed over. */
export function minimalRules(): AuditRule[] {
  return [
    ...routine(),
    { level: AuditLevel.METADATA, resources: [...confidential(), remoteAccess()] },
    { level: AuditLevel.NONE, userGroups: AUTHENTICATED, verbs: ['get'], nonResourceUrls: ['/api', '/api/*', '/apis', '/apis/*', '/openapi/*'] },
    {
      level: AuditLevel.NONE,
      userGroups: AUTHENTICATED,
      verbs: READS,
      resources: [
        {
          resources: [
            'componentstatuses', 'endpoints', 'limitranges', 'namespaces', 'namespaces/status', 'nodes', 'nodes/status', 'persistentvolumeclaims',
            'persistentvolumeclaims/status', 'persistentvolumes', 'persistentvolumes/status', 'pods', 'pods/status', 'podtemplates', 'replicationcontrollers',
            'replicationcontrollers/*', 'resourcequotas', 'resourcequotas/status', 'serviceaccounts', 'services', 'services/status',
          ],
        },
        { group: 'apps' },
        { group: 'autoscaling' },
        { group: 'batch' },
        { group: 'coordination.k8s.io' },
        { group: 'discovery.k8s.io' },
        { group: 'flowcontrol.apiserver.k8s.io' },
        { group: 'networking.k8s.io' },
        { group: 'node.k8s.io' },
        { group: 'policy' },
        { group: 'resource.k8s.io' },
        { group: 'scheduling.k8s.io' },
        { group: 'storage.k8s.io' },
      ],
    },
    { level: AuditLevel.METADATA },
  ];
}
