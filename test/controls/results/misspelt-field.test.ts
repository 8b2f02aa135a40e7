import { misspeltField } from '../../../src/controls/results/misspelt-field';

const deployment = (container: object, spec: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: { containers: [container], ...spec } } },
});
const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];

test.each<[string, object, (string | number)[], string]>([
  ['a letter in the wrong case', deployment({ securityContext: { readOnlyRootFileSystem: true } }), [...CONTAINER, 'securityContext', 'readOnlyRootFilesystem'], 'readOnlyRootFileSystem'],
  ['the map above', deployment({ securitycontext: { privileged: false } }), [...CONTAINER, 'securityContext', 'allowPrivilegeEscalation'], 'securitycontext'],
  ['a missing letter', deployment({}, { automountServiceAcountToken: false }), ['spec', 'template', 'spec', 'automountServiceAccountToken'], 'automountServiceAcountToken'],
])('%s is named where the field is missing', (_, object, place, typo) => {
  expect(misspeltField(object, place)).toBe(typo);
});

test.each<[string, unknown, (string | number)[]]>([
  ['another field of the API', deployment({ securityContext: { runAsGroup: 1 } }), [...CONTAINER, 'securityContext', 'runAsUser']],
  ['a key that is called quite otherwise', deployment({ securityContext: { hardened: true } }), [...CONTAINER, 'securityContext', 'runAsNonRoot']],
  ['a label', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: { 'pod-security.kubernetes.io/enforced': 'restricted' } } },
    ['metadata', 'labels', 'pod-security.kubernetes.io/enforce']],
  ['a kind that nobody knows', { apiVersion: 'example.com/v1', kind: 'Web', spec: { replica: 2 } }, ['spec', 'replicas']],
  ['what is there', deployment({ name: 'app' }), [...CONTAINER, 'name']],
  ['no object', null, ['spec']],
])('not %s', (_, object, place) => {
  expect(misspeltField(object, place)).toBeUndefined();
});
