import { apiResource, parseApiVersion } from '../../../src/controls/api-fields/api-resource';
import { knownKinds } from '../../../src/controls/api-fields/lookup';

describe('what rules and policies call a kind', () => {
  test.each([
    ['Pod', { group: '', version: 'v1', plural: 'pods', namespaced: true }],
    ['Deployment', { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true }],
    ['CronJob', { group: 'batch', version: 'v1', plural: 'cronjobs', namespaced: true }],
    ['ReplicationController', { group: '', version: 'v1', plural: 'replicationcontrollers', namespaced: true }],
    ['NetworkPolicy', { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', namespaced: true }],
    ['Namespace', { group: '', version: 'v1', plural: 'namespaces', namespaced: false }],
    ['ClusterRoleBinding', { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterrolebindings', namespaced: false }],
    ['Endpoints', { group: '', version: 'v1', plural: 'endpoints', namespaced: true }],
    ['ValidatingAdmissionPolicy', { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicies', namespaced: false, since: 30 }],
    ['MutatingAdmissionPolicy', { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicies', namespaced: false, since: 36 }],
    ['Node', { group: '', version: 'v1', plural: 'nodes', namespaced: false }],
  ])('%s', (kind, resource) => {
    expect(apiResource(kind)).toEqual(resource);
  });

  test('of several versions the newest stable one counts, and the core group where two groups have the kind', () => {
    expect(apiResource('HorizontalPodAutoscaler')!.version).toBe('v2');
    expect(apiResource('Event')!.group).toBe('');
  });

  test('a version that is gone does not count', () => {
    expect(apiResource('ClusterCIDR')).toBeUndefined();
  });

  test('a kind that is not built in has none', () => {
    expect(apiResource('Rollout')).toBeUndefined();
    expect(apiResource('PodTemplateSpec')).toBeUndefined();
  });

  test('every kind whose fields are known has one', () => {
    expect(knownKinds().filter((kind) => apiResource(kind) === undefined)).toEqual(['PodTemplateSpec']);
  });
});

test('an API version is a group and a version, the core group being empty', () => {
  expect(parseApiVersion('apps/v1')).toEqual({ group: 'apps', version: 'v1' });
  expect(parseApiVersion('v1')).toEqual({ group: '', version: 'v1' });
});
