import { kindProblem } from '../../../src/controls/results/kind-problem';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

function problem(apiVersion: string, kind: string, version = KubernetesVersion.V1_36): string | undefined {
  const fault = kindProblem(apiVersion, kind, version);
  return fault && `${fault.place.join('.')} is ${String(fault.got)}, not ${fault.expected}`;
}

test.each([
  ['v1', 'Pod'], ['apps/v1', 'Deployment'], ['batch/v1', 'CronJob'], ['networking.k8s.io/v1', 'NetworkPolicy'], ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ['admissionregistration.k8s.io/v1alpha1', 'MutatingAdmissionPolicy'], ['policy/v1beta1', 'PodSecurityPolicy'], ['extensions/v1beta1', 'Deployment'],
])('%s %s is or was a kind of Kubernetes', (apiVersion, kind) => {
  expect(problem(apiVersion, kind)).toBeUndefined();
});

test('nothing is said of custom resources', () => {
  expect(problem('argoproj.io/v1alpha1', 'Rollout')).toBeUndefined();
  expect(problem('snapshot.storage.k8s.io/v1', 'VolumeSnapshot')).toBeUndefined();
});

test('a kind that a group of Kubernetes does not have is named, with the one that was meant', () => {
  expect(problem('apps/v1', 'Deploymnet')).toBe('kind is Deploymnet, not a kind of apps/v1 (Deployment?)');
  expect(problem('v1', 'Deployment')).toBe('kind is Deployment, not a kind of v1');
});

test('a group that can be none of custom resources, which have a dot, is named too', () => {
  expect(problem('app/v1', 'Deployment')).toBe('apiVersion is app/v1, not a group of the Kubernetes API, or a domain (apps?)');
});

test('a version of Kubernetes that is newer than the library may have more kinds', () => {
  expect(problem('apps/v1', 'Novelty', KubernetesVersion.of('1.60'))).toBeUndefined();
});
