import { has, since } from '../../src/control-plane/availability';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

test('a feature is there from its version on', () => {
  expect(has(KubernetesVersion.V1_31, 'anonymous conditions')).toBe(false);
  expect(has(KubernetesVersion.V1_32, 'anonymous conditions')).toBe(true);
  expect(has(KubernetesVersion.V1_37, 'anonymous conditions')).toBe(true);
  expect(since('policies from files').toString()).toBe('1.37');
});
