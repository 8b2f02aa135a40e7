import { messageOf } from './message-of';
import { checkPodLabels } from '../../src/core/labels';

test('well-formed labels are returned as a copy', () => {
  const labels = { 'app': 'prometheus', 'app.kubernetes.io/name': 'Web_1.x', 'empty': '' };
  const checked = checkPodLabels(labels, 'podLabels');
  expect(checked).toEqual(labels);
  expect(checked).not.toBe(labels);
});

test('no labels at all would select every pod', () => {
  expect(messageOf(() => checkPodLabels({}, 'ingress.podLabels', 'ClusterProfile prod')))
    .toBe('[ClusterProfile prod] ingress.podLabels: got {}; allowed: at least one label. Leave ingress.podLabels out to mean every pod of the namespace.');
});

test.each([
  ['', 'x'], ['-app', 'x'], ['app', 'a b'], ['app', '-x'], ['app', 'x'.repeat(64)], ['a/b/c', 'x'], ['/app', 'x'], ['Example.com/app', 'x'], ['app', 5 as never],
])('%j: %j is no label', (key, value) => {
  expect(messageOf(() => checkPodLabels({ [key]: value }, 'podLabels'))).toBe(
    `podLabels: got ${JSON.stringify({ [key]: value })}; allowed: labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 `
    + "letters, digits, -, _ and dots. Copy the labels from the pods' manifest.");
});
