import { confidential, remoteAccess } from './audit-recommended';
import { AuditLevel, AuditRule } from './audit-rule';

/** What was read is not kept: the changes that made it are. */
export function forensicRules(): AuditRule[] {
  return [
    { level: AuditLevel.NONE, nonResourceUrls: ['/healthz*', '/livez*', '/readyz*'] },
    { level: AuditLevel.METADATA, resources: [...confidential(), remoteAccess()] },
    {
      // Heartbeats and events: bulk, and their bodies say what others have said.
      level: AuditLevel.METADATA,
      resources: [
        { resources: ['events'] },
        { group: 'events.k8s.io', resources: ['events'] },
        { group: 'coordination.k8s.io', resources: ['leases'] },
      ],
    },
    { level: AuditLevel.REQUEST_RESPONSE, verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    { level: AuditLevel.METADATA },
  ];
}
