import { deprecatedIn, introducedIn, removedIn } from '../../../src/controls/api-fields/removed-api-versions';

describe('a version of a kind that is not served any more', () => {
  test.each([
    ['extensions/v1beta1', 'Deployment', 16, 'apps/v1'],
    ['extensions/v1beta1', 'NetworkPolicy', 16, 'networking.k8s.io/v1'],
    ['apps/v1beta2', 'StatefulSet', 16, 'apps/v1'],
    ['batch/v2alpha1', 'CronJob', 21, 'batch/v1'],
    ['extensions/v1beta1', 'Ingress', 22, 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'Ingress', 22, 'networking.k8s.io/v1'],
    ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole', 22, 'rbac.authorization.k8s.io/v1'],
    ['admissionregistration.k8s.io/v1beta1', 'ValidatingWebhookConfiguration', 22, 'admissionregistration.k8s.io/v1'],
    ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 22, 'apiextensions.k8s.io/v1'],
    ['storage.k8s.io/v1beta1', 'StorageClass', 22, 'storage.k8s.io/v1'],
    ['batch/v1beta1', 'CronJob', 25, 'batch/v1'],
    ['policy/v1beta1', 'PodDisruptionBudget', 25, 'policy/v1'],
    ['events.k8s.io/v1beta1', 'Event', 25, 'events.k8s.io/v1'],
    ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', 25, 'autoscaling/v2'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 26, 'autoscaling/v2'],
    ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 27, 'storage.k8s.io/v1'],
    ['flowcontrol.apiserver.k8s.io/v1beta2', 'FlowSchema', 29, 'flowcontrol.apiserver.k8s.io/v1'],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'PriorityLevelConfiguration', 32, 'flowcontrol.apiserver.k8s.io/v1'],
    ['admissionregistration.k8s.io/v1alpha1', 'ValidatingAdmissionPolicy', 32, 'admissionregistration.k8s.io/v1'],
    ['admissionregistration.k8s.io/v1beta1', 'ValidatingAdmissionPolicyBinding', 34, 'admissionregistration.k8s.io/v1'],
    ['storage.k8s.io/v1alpha1', 'VolumeAttributesClass', 35, 'storage.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'ServiceCIDR', 37, 'networking.k8s.io/v1'],
  ])('%s %s went with 1.%s, %s takes its place', (apiVersion, kind, minor, replacement) => {
    expect(removedIn(apiVersion, kind)).toEqual({ minor, replacement });
  });

  test.each([
    ['policy/v1beta1', 'PodSecurityPolicy', 25],
    ['extensions/v1beta1', 'PodSecurityPolicy', 16],
    ['settings.k8s.io/v1alpha1', 'PodPreset', 20],
    ['networking.k8s.io/v1alpha1', 'ClusterCIDR', 29],
  ])('%s %s went with 1.%s, and nothing takes its place', (apiVersion, kind, minor) => {
    expect(removedIn(apiVersion, kind)).toEqual({ minor });
  });

  test('the replacement is one that the cluster serves', () => {
    expect(removedIn('storagemigration.k8s.io/v1alpha1', 'StorageVersionMigration', 35)!.replacement).toBe('storagemigration.k8s.io/v1beta1');
    expect(removedIn('storagemigration.k8s.io/v1alpha1', 'StorageVersionMigration', 37)!.replacement).toBe('storagemigration.k8s.io/v1');
    expect(removedIn('flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', 28)!.replacement).toBe('flowcontrol.apiserver.k8s.io/v1beta3');
    expect(removedIn('flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', 99)!.replacement).toBe('flowcontrol.apiserver.k8s.io/v1');
  });

  test.each([
    ['apps/v1', 'Deployment'],
    ['v1', 'Pod'],
    ['admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy'],
    ['resource.k8s.io/v1beta1', 'ResourceClaim'],
    ['policy/v1', 'PodSecurityPolicy'],
    ['argoproj.io/v1alpha1', 'Rollout'],
    ['', ''],
  ])('%s %s is served, or none of Kubernetes\' own', (apiVersion, kind) => {
    expect(removedIn(apiVersion, kind)).toBeUndefined();
  });
});

describe('a version of a kind that is deprecated and still served', () => {
  test('says when it was, and when it is planned to go', () => {
    expect(deprecatedIn('resource.k8s.io/v1beta1', 'ResourceClaim')).toEqual({ minor: 35, removal: 38, replacement: 'resource.k8s.io/v1' });
    expect(deprecatedIn('coordination.k8s.io/v1alpha2', 'LeaseCandidate')).toEqual({ minor: 35, removal: 38, replacement: 'coordination.k8s.io/v1beta1' });
  });

  test('names no replacement where there is no better version', () => {
    expect(deprecatedIn('coordination.k8s.io/v1beta1', 'LeaseCandidate')).toEqual({ minor: 36, removal: 39 });
  });

  test('is neither a stable one nor one that is gone', () => {
    expect(deprecatedIn('apps/v1', 'Deployment')).toBeUndefined();
    expect(deprecatedIn('policy/v1beta1', 'PodDisruptionBudget')).toBeUndefined();
  });
});

test('a version of a kind says when it was first served, if after 1.28', () => {
  expect(introducedIn('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy')).toBe(30);
  expect(introducedIn('resource.k8s.io/v1', 'ResourceClaim')).toBe(34);
  expect(introducedIn('apps/v1', 'Deployment')).toBeUndefined();
});
