import { AuditLevel, AuditResources, AuditRule } from './audit-rule';

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const READS = ['get', 'list', 'watch'];
const AUTHENTICATED = ['system:authenticated'];

/** The order matters: silence, then what must never be logged with its body, then what is worth its body. */
export function recommendedRules(): AuditRule[] {
  return [...silence(), ...metadataOnly(), ...withBodies(), { level: AuditLevel.METADATA }];
}

function silence(): AuditRule[] {
  return [
    {
      level: AuditLevel.NONE,
      users: ['system:kube-proxy'],
      verbs: ['watch'],
      resources: [
        { resources: ['endpoints', 'services', 'services/status'] },
        { group: 'discovery.k8s.io', resources: ['endpointslices'] },
      ],
    },
    ...routine(),
  ];
}

/** What comes all the time and says nothing. Outside health checks, anonymous users and refused credentials belong to no such group: they leave a record. */
export function routine(): AuditRule[] {
  return [
    { level: AuditLevel.NONE, nonResourceUrls: ['/healthz*', '/livez*', '/readyz*', '/version'] },
    {
      level: AuditLevel.NONE,
      userGroups: AUTHENTICATED,
      verbs: [...READS, 'update', 'patch'],
      resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }],
    },
    {
      // Whoever deletes events hides tracks: that is logged.
      level: AuditLevel.NONE,
      userGroups: AUTHENTICATED,
      verbs: [...READS, 'create', 'update', 'patch'],
      resources: [{ resources: ['events'] }, { group: 'events.k8s.io', resources: ['events'] }],
    },
  ];
}

function metadataOnly(): AuditRule[] {
  return [
    { level: AuditLevel.METADATA, resources: confidential() },
    { level: AuditLevel.METADATA, resources: [remoteAccess()] },
  ];
}

/** What carries credentials in its bodies. */
export function confidential(): AuditResources[] {
  return [
    { resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
    { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
    { group: 'certificates.k8s.io', resources: ['certificatesigningrequests/*'] },
  ];
}

/** Ways into containers and through the API server to others. */
export function remoteAccess(): AuditResources {
  return { resources: ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'services/proxy', 'nodes/proxy'] };
}

function withBodies(): AuditRule[] {
  return [
    {
      level: AuditLevel.REQUEST_RESPONSE,
      verbs: WRITES,
      resources: [{ group: 'rbac.authorization.k8s.io' }, { group: 'admissionregistration.k8s.io' }],
    },
    {
      level: AuditLevel.REQUEST,
      verbs: WRITES,
      resources: [
        {
          resources: [
            'pods', 'pods/ephemeralcontainers', 'podtemplates', 'replicationcontrollers', 'services', 'serviceaccounts', 'namespaces', 'persistentvolumes',
            'persistentvolumeclaims',
          ],
        },
        { group: 'apps', resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets', '*/scale'] },
        { group: 'batch', resources: ['cronjobs', 'jobs'] },
        { group: 'networking.k8s.io', resources: ['ingresses', 'networkpolicies'] },
        { group: 'policy', resources: ['poddisruptionbudgets'] },
      ],
    },
  ];
}
