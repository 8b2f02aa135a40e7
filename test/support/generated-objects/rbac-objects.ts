import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, someOf, sometimes, weighted } from './arbitraries';

const GROUP = 'rbac.authorization.k8s.io';

const resourceRule = fc.record({
  what: weighted<Fields>(
    [30, { apiGroups: [''], resources: ['configmaps'], resourceNames: ['flags'] }],
    [12, { apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'] }],
    [8, { apiGroups: [''], resources: ['secrets'] }],
    [4, { apiGroups: [''], resources: ['secrets'], resourceNames: ['db'] }],
    [8, { apiGroups: [''], resources: ['pods', 'pods/exec', 'pods/attach', 'pods/portforward'] }],
    [4, { apiGroups: [''], resources: ['pods/ephemeralcontainers'] }],
    [5, { apiGroups: ['*'], resources: ['*'] }],
    [4, { apiGroups: [''], resources: ['*'] }],
    [3, { apiGroups: ['', '*'], resources: ['pods'] }],
    [3, { apiGroups: [''], resources: ['pods', '*/exec', 'secrets/*'] }],
    [5, { apiGroups: [GROUP], resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] }],
    [4, { apiGroups: [''], resources: ['users', 'groups', 'serviceaccounts'] }],
    [4, { apiGroups: [''], resources: ['serviceaccounts/token'] }],
    [4, { apiGroups: [''], resources: ['nodes/proxy', 'nodes', 'persistentvolumes'] }],
    [4, { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval', 'signers'] }],
    [4, { apiGroups: ['admissionregistration.k8s.io'], resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'] }],
    [2, { apiGroups: ['example.com'], resources: ['unheard'] }],
  ),
  verbs: weighted<string[]>(
    [50, ['get', 'list', 'watch']],
    [15, ['create', 'update', 'patch', 'delete', 'deletecollection']],
    [8, ['*']],
    [3, ['get', '*']],
    [5, ['escalate', 'bind']],
    [5, ['impersonate']],
    [3, ['approve', 'sign']],
    [4, oneOf(['impersonate:user-info'], ['impersonate-on:user-info:get'], ['unsafe-delete-ignore-read-errors', 'delete'])],
    [4, ['get']],
    [3, ['GET']],
  ),
}).map(({ what, verbs }) => ({ ...what, verbs }));

const urlRule = fc.record({
  nonResourceURLs: oneOf(['/metrics'], ['*'], ['/healthz', '/readyz/*'], ['/debug/*']),
  verbs: oneOf(['get'], ['*'], ['get', 'post']),
});

export const role = fields({ rules: fc.array(resourceRule, { maxLength: 3 }) });

export const clusterRole = fields({
  rules: fc.array(weighted<Fields>([80, resourceRule], [20, urlRule]), { maxLength: 3 }),
  aggregationRule: sometimes(8, fc.constant({ clusterRoleSelectors: [{ matchLabels: { 'example.com/aggregate': 'true' } }] })),
});

const subjects = (namespaced: boolean) => fc.array(weighted<Fields>(
  [40, { kind: 'ServiceAccount', name: 'app', namespace: 'generated' }],
  [8, { kind: 'ServiceAccount', name: 'default', namespace: 'generated' }],
  [6, { kind: 'ServiceAccount', name: 'app', ...namespaced ? {} : { namespace: 'kube-system' } }],
  [12, { kind: 'Group', name: 'payments', apiGroup: GROUP }],
  [8, { kind: 'User', name: 'jane@example.com', apiGroup: GROUP }],
  [5, { kind: 'Group', name: 'system:masters', apiGroup: GROUP }],
  [5, { kind: 'Group', name: 'system:authenticated', apiGroup: GROUP }],
  [5, { kind: 'Group', name: 'system:unauthenticated', apiGroup: GROUP }],
  [5, { kind: 'User', name: 'system:anonymous', apiGroup: GROUP }],
  [3, oneOf('system:serviceaccounts', 'system:serviceaccounts:generated').map((name): Fields => ({ kind: 'Group', name, apiGroup: GROUP }))],
  // The group of the API is the default for users and groups.
  [3, { kind: 'Group', name: 'system:masters' }],
), { maxLength: 3 });

const clusterRoleRef = oneOf('view', 'cluster-admin', 'admin', 'edit', 'system:node', 'own-role').map((name) => ({ apiGroup: GROUP, kind: 'ClusterRole', name }));

export const roleBinding = fc.record({
  subjects: sometimes(96, subjects(true)),
  roleRef: weighted<Fields>([60, clusterRoleRef], [40, { apiGroup: GROUP, kind: 'Role', name: 'app' }]),
}).map(compact);

export const clusterRoleBinding = fc.record({ subjects: sometimes(96, subjects(false)), roleRef: clusterRoleRef }).map(compact);

export const serviceAccount = fields({
  automountServiceAccountToken: weighted<boolean | undefined>([60, false], [25, undefined], [15, true]),
  imagePullSecrets: sometimes(20, fc.constant([{ name: 'registry' }])),
  secrets: sometimes(8, someOf(['token', 'other'], { min: 1, max: 2 }).map((names) => names.map((name) => ({ name })))),
});
