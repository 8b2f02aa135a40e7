import { imagesOf, withImages } from '../../src/core/image-places';

const pod = (image: string) => ({ spec: { containers: [{ name: 'main', image }] } });
const upper = (json: unknown) => withImages(json, (image) => image.toUpperCase());

describe('the images of an object are', () => {
  test.each<[string, object, string[]]>([
    ['those of all containers', {
      kind: 'Pod', spec: { initContainers: [{ image: 'a' }], containers: [{ image: 'b' }, { image: 'c' }], ephemeralContainers: [{ image: 'd' }] },
    }, ['a', 'b', 'c', 'd']],
    ['those of image volumes', { kind: 'Pod', spec: { volumes: [{ name: 'v', image: { reference: 'a', pullPolicy: 'Always' } }, { name: 'w', emptyDir: {} }] } }, ['a']],
    ['those of templates', { kind: 'CronJob', spec: { jobTemplate: { spec: { template: pod('a') } } } }, ['a']],
    ['those of templates in custom resources', { apiVersion: 'example.com/v1', kind: 'Farm', spec: { plots: { north: { podTemplate: pod('a') } } } }, ['a']],
    ['those of lists', { kind: 'List', items: [{ kind: 'Pod', ...pod('a') }, { kind: 'List', items: [{ kind: 'Pod', ...pod('b') }] }] }, ['a', 'b']],
    ['what operators are told to run', {
      apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', spec: { image: 'a', containers: [{ name: 'prometheus' }, { image: 'b' }] },
    }, ['a', 'b']],
    ['what operators call otherwise', { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', spec: { imageName: 'a' } }, ['a']],
    ['those of kinds in a subdomain', { apiVersion: 'elasticsearch.k8s.elastic.co/v1', kind: 'Elasticsearch', spec: { image: 'a' } }, ['a']],
    ['those of workflow steps', {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: { templates: [{ container: { image: 'a' } }, { script: { image: 'b' }, sidecars: [{ image: 'c' }] }] },
    }, ['a', 'b', 'c']],
    ['what operators are given by variables', {
      kind: 'Deployment', spec: { template: { spec: { containers: [{ image: 'a', env: [{ name: 'RELATED_IMAGE_PROXY', value: 'b' }, { name: 'OTHER_IMAGE', value: 'c' }] }] } } },
    }, ['a', 'b']],
    ['what stands in lists of operators\' objects', {
      apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'monitoring.coreos.com/v1', kind: 'Alertmanager', spec: { image: 'a' } }, { apiVersion: 'x.io/v1', kind: 'X', image: 'b' }],
    }, ['a']],
  ])('%s', (_, object, images) => {
    expect(imagesOf(object)).toEqual(images);
    expect(imagesOf(upper(object))).toEqual(images.map((image) => image.toUpperCase()));
  });

  test.each<[string, object]>([
    ['machines\' images', { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1', kind: 'OpenStackMachine', spec: { image: 'ubuntu-24.04' } }],
    ['text in data', { kind: 'ConfigMap', data: { 'pod.yaml': 'spec: { containers: [{ image: a }] }', 'image': 'a' } }],
    ['Istio\'s placeholder', { kind: 'Pod', spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } }],
    ['left out or empty', { kind: 'Pod', spec: { containers: [{ name: 'a' }, { name: 'b', image: '' }, { name: 'c', image: null }] } }],
    ['schemas', { kind: 'CustomResourceDefinition', spec: { schema: { properties: { containers: { type: 'array' }, image: { type: 'string' } } } } }],
    ['malformed', { kind: 'Pod', spec: { containers: [null, 'a', ['b']], volumes: ['c', { image: 'd' }, { image: { reference: 7 } }], initContainers: 'e' } }],
  ])('none where they are %s', (_, object) => {
    expect(imagesOf(object)).toEqual([]);
    expect(upper(object)).toBe(object);
  });
});

test('nothing but the images is changed, and nothing in the object itself', () => {
  const before = { kind: 'Pod', metadata: { name: 'a' }, ...pod('a') };
  const copy = JSON.parse(JSON.stringify(before));
  const after: any = upper(before);
  expect(after).toEqual({ kind: 'Pod', metadata: { name: 'a' }, ...pod('A') });
  expect(before).toEqual(copy);
  expect(after.metadata).toBe(before.metadata);
});

test('an object whose images stay is the same object', () => {
  const object = { kind: 'Pod', ...pod('a') };
  expect(withImages(object, (image) => image)).toBe(object);
});
