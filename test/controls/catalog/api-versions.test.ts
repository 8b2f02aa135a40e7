import { control as served } from '../../../src/controls/catalog/availability/api-version-served';
import { control as stable } from '../../../src/controls/catalog/availability/api-version-stable';
import { modelObject, ObjectModel } from '../../../src/controls/object-model';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

/** What both controls say of one object: `served: …`, `stable: …`. */
function said(apiVersion: string, kind: string, version: string): string[] {
  const model = new ObjectModel([modelObject({ apiVersion, kind, metadata: { name: 'app' } })], KubernetesVersion.of(version));
  return [served, stable].flatMap((control) => control._modelCheck!(model).map(({ place, got, expected }) => {
    expect([place, got]).toEqual([['apiVersion'], apiVersion]);
    return `${control === served ? 'served' : 'stable'}: ${expected}`;
  }));
}

test.each([
  ['policy/v1beta1', 'PodDisruptionBudget', '1.28', 'served: policy/v1 that 1.28 serves: this one went with 1.25'],
  ['extensions/v1beta1', 'Ingress', '1.36', 'served: networking.k8s.io/v1 that 1.36 serves: this one went with 1.22'],
  ['policy/v1beta1', 'PodSecurityPolicy', '1.36', 'served: a version that 1.36 serves: this one went with 1.25'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.32', 'served: flowcontrol.apiserver.k8s.io/v1 that 1.32 serves: this one went with 1.32'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.31', 'stable: flowcontrol.apiserver.k8s.io/v1: this one goes with 1.32'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', '1.29', 'served: a version that 1.29 serves: this one came with 1.30'],
  ['admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy', '1.37', 'stable: admissionregistration.k8s.io/v1: this one goes with 1.40'],
  ['internal.apiserver.k8s.io/v1alpha1', 'StorageVersion', '1.33', 'stable: a stable version'],
])('%s %s on %s: %s', (apiVersion, kind, version, expected) => {
  expect(said(apiVersion, kind, version)).toEqual([expected]);
});

test.each([
  ['policy/v1', 'PodDisruptionBudget', '1.28'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', '1.30'],
  ['v1', 'Service', '1.37'],
  ['argoproj.io/v1alpha1', 'Rollout', '1.36'],
  ['gateway.networking.k8s.io/v1', 'Gateway', '1.36'],
  ['policy/v1', 'PodDisruptionBudget', '1.99'],
])('%s %s on %s is fine', (apiVersion, kind, version) => {
  expect(said(apiVersion, kind, version)).toEqual([]);
});
