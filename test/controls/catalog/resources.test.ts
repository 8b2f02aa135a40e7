import { control as cpuRequest } from '../../../src/controls/catalog/availability/cpu-request';
import { control as liveness } from '../../../src/controls/catalog/availability/liveness-probe';
import { control as memoryLimit } from '../../../src/controls/catalog/availability/memory-limit';
import { control as readiness } from '../../../src/controls/catalog/availability/readiness-probe';
import { control as quantities } from '../../../src/controls/catalog/availability/resource-quantities';
import { basePodWith } from '../../../src/controls/catalog/base-pod';
import { Control } from '../../../src/controls/control';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const found = (control: Control, pod: unknown, version = KubernetesVersion.V1_36) => findings([control], version, pod).map((each) => each.replace(/^.*?: /, ''));
const withMemory = (memory: unknown) => basePodWith({ 'spec.containers[0].resources': { limits: { memory }, requests: {} } });

test.each(['64Mi', '1.5Gi', '129e6', '1E3', '+1Gi', '.5', '1.', '0', '100m', '128974848', 64, 0.5, 1e21])('%s is an amount', (amount) => {
  expect(found(quantities, basePodWith({ 'spec.containers[0].resources': { requests: { memory: amount } } }))).toEqual([]);
});

test.each(['banana', '-1', '64 Mi', '64MB', '1,5Gi', '.', 'Mi', '0x10', '64mi', '1e', true, ['64Mi'], -1, {}])('%j is none', (amount) => {
  expect(found(quantities, basePodWith({ 'spec.containers[0].resources': { requests: { memory: amount } } }))).toEqual(['spec.containers[0].resources.requests.memory']);
});

test.each(['0', 0, '0Mi', '', null])('a limit of %j bounds nothing', (amount) => {
  expect(found(memoryLimit, withMemory(amount))).toEqual(['spec.containers[0].resources.limits.memory']);
  expect(found(memoryLimit, withMemory('1'))).toEqual([]);
});

test('a limit is a request where no other is stated, as the API server takes it', () => {
  const stated = (resources: object) => found(cpuRequest, basePodWith({ 'spec.containers[0].resources': resources }));
  expect(stated({ limits: { cpu: '1' } })).toEqual([]);
  expect(stated({ limits: { memory: '1Gi' } })).toEqual(['spec.containers[0].resources.requests.cpu']);
});

test('a whole pod\'s limit counts where the cluster knows such', () => {
  const pod = basePodWith({ 'spec.containers[0].resources': {}, 'spec.resources': { limits: { memory: '1Gi' } } });
  expect(found(memoryLimit, pod, KubernetesVersion.V1_34)).toEqual([]);
  expect(found(memoryLimit, pod, KubernetesVersion.V1_33)).toEqual(['spec.containers[0].resources.limits.memory']);
});

test('init containers need bounds too, containers for debugging can have none', () => {
  const pod = basePodWith({ 'spec.initContainers': [{ name: 'init', image: 'init' }], 'spec.ephemeralContainers': [{ name: 'debug', image: 'debug' }] });
  expect(found(memoryLimit, pod)).toEqual(['spec.initContainers[0].resources.limits.memory']);
});

describe('probes', () => {
  const bare = { 'spec.containers[0].readinessProbe': undefined, 'spec.containers[0].livenessProbe': undefined };

  test.each(['OnFailure', 'Never'])('are asked of nothing that runs to its end: %s', (policy) => {
    expect([readiness, liveness].flatMap((control) => found(control, basePodWith({ ...bare, 'spec.restartPolicy': policy })))).toEqual([]);
  });

  test('are asked of what stays', () => {
    expect([readiness, liveness].flatMap((control) => found(control, basePodWith({ ...bare, 'spec.restartPolicy': 'Always' }))))
      .toEqual(['spec.containers[0].readinessProbe', 'spec.containers[0].livenessProbe']);
  });

  test('of readiness are asked of containers that open a port', () => {
    expect(found(readiness, basePodWith({ ...bare, 'spec.containers[0].ports': [] }))).toEqual([]);
  });

  test('are asked of no init container', () => {
    expect([readiness, liveness].flatMap((control) => found(control, basePodWith({ 'spec.initContainers': [{ name: 'init', ports: [{ containerPort: 1 }] }] })))).toEqual([]);
  });
});
