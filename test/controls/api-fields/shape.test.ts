import * as fc from 'fast-check';
import { misshapen, misshapenObject } from '../../../src/controls/api-fields/shape';
import { basePodWith, Fields } from '../../../src/controls/catalog/base-pod';
import { Json, showPath } from '../../../src/controls/path';
import { OBJECT_KINDS, objectArbitrary } from '../../support/generated-objects/objects';
import { WORKLOAD_KINDS, workloadArbitrary } from '../../support/generated-objects/workloads';

const said = (object: unknown) => misshapenObject(object as Json).map(({ place, got, expected }) => `${showPath(place)} is ${JSON.stringify(got)}, not ${expected}`);
const pod = (changes: Fields) => said(basePodWith(changes));

describe('a value of a type that its field can\'t have', () => {
  test.each<[string, Fields, string]>([
    ['text for a boolean', { 'spec.hostNetwork': 'true' }, 'spec.hostNetwork is "true", not a boolean'],
    ['a number for text', { 'metadata.labels.version': 7 }, 'metadata.labels.version is 7, not a string'],
    ['text for an object', { 'spec.containers[0].livenessProbe': 'wrong' }, 'spec.containers[0].livenessProbe is "wrong", not an object (Probe)'],
    ['an object for a list', { 'spec.volumes': {} }, 'spec.volumes is {}, not an array of Volume'],
    ['a list for an object', { 'spec.securityContext': [] }, 'spec.securityContext is [], not an object (PodSecurityContext)'],
    ['text in a list of objects', { 'spec.volumes[1]': 'data' }, 'spec.volumes[1] is "data", not an object (Volume)'],
    ['a number in a list of texts', { 'spec.containers[0].args': ['serve', 7] }, 'spec.containers[0].args[1] is 7, not a string'],
    ['a fraction for an integer', { 'spec.securityContext.runAsUser': 0.5 }, 'spec.securityContext.runAsUser is 0.5, not an integer'],
    ['text for a map', { 'metadata.annotations': 'none' }, 'metadata.annotations is "none", not a map of string values'],
    ['a boolean for an amount', { 'spec.containers[0].resources.limits.cpu': true }, 'spec.containers[0].resources.limits.cpu is true, not a quantity'],
    ['a word for an amount', { 'spec.containers[0].resources.limits.cpu': 'banana' }, 'spec.containers[0].resources.limits.cpu is "banana", not a quantity'],
    ['a boolean for a port', { 'spec.containers[0].readinessProbe.httpGet.port': true }, 'spec.containers[0].readinessProbe.httpGet.port is true, not an integer or a string'],
  ])('%s is found', (_what, changes, expected) => {
    expect(pod(changes)).toEqual([expected]);
  });

  test('is found at every place, and below nothing that is wrong itself', () => {
    expect(pod({ 'spec.hostPID': 'no', 'spec.containers[0].env': [{ name: 'A', value: 1 }, { name: 2 }], 'spec.containers[0].ports': 'http' })).toEqual([
      'spec.containers[0].ports is "http", not an array of ContainerPort',
      'spec.containers[0].env[0].value is 1, not a string',
      'spec.containers[0].env[1].name is 2, not a string',
      'spec.hostPID is "no", not a boolean',
    ]);
  });

  test('is found in what a custom resource embeds, at its place there', () => {
    expect(misshapen('PodTemplateSpec', { spec: { hostNetwork: 1 } }, ['spec', 'template'])).toEqual([
      { place: ['spec', 'template', 'spec', 'hostNetwork'], got: 1, expected: 'a boolean' },
    ]);
  });
});

describe('nothing is said of', () => {
  test.each<[string, Fields]>([
    ['null, which is no value', { 'spec.hostNetwork': null, 'spec.volumes': null, 'spec.containers[0].securityContext': null }],
    ['an amount that is a number', { 'spec.containers[0].resources.limits.cpu': 0.5 }],
    ['a port that has a name', { 'spec.containers[0].readinessProbe.httpGet.port': 'http' }],
    ['a field that no version has', { 'spec.hostNetwrok': 7 }],
  ])('%s', (_what, changes) => {
    expect(pod(changes)).toEqual([]);
  });

  test.each<[string, object]>([
    ['a custom resource', { apiVersion: 'example.com/v1', kind: 'Pod', spec: 7 }],
    ['another version of a kind', { apiVersion: 'apps/v1beta1', kind: 'Deployment', spec: 7 }],
    ['a kind that is none', { apiVersion: 'v1', kind: 7 }],
  ])('%s', (_what, object) => {
    expect(said(object)).toEqual([]);
  });

  test.each([...WORKLOAD_KINDS, ...OBJECT_KINDS])('any %s that a server finds valid', (kind) => {
    const workload = WORKLOAD_KINDS.find((each) => each === kind);
    const object = OBJECT_KINDS.find((each) => each === kind);
    const arbitrary = workload ? workloadArbitrary({ minor: 37, kinds: [workload], nulls: true }) : objectArbitrary(object!, { minor: 37 });
    fc.assert(fc.property(arbitrary, (each) => expect(said(each)).toEqual([])), { numRuns: 50 });
  });
});
