import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { NamespaceQuota } from '../../../src/workloads/namespace/namespace-limits';
import { find, refusal, shop } from '../fixtures';

function withQuota(quota: Partial<NamespaceQuota>): App {
  const app = new App();
  new HardenedNamespace(new Chart(app, 'c'), 'shop', { quota: { cpu: Cpu.units(4), memory: Size.gibibytes(8), ...quota } });
  return app;
}

describe('the quota', () => {
  test('is written in the form that the API server stores', () => {
    expect(find(withQuota({ cpu: Cpu.units(2.5), memory: Size.mebibytes(2048), pods: 10 }), 'ResourceQuota').spec.hard).toMatchObject({
      'requests.cpu': '2500m', 'limits.cpu': '2500m', 'requests.memory': '2Gi', 'limits.memory': '2Gi', 'pods': '10',
    });
  });

  test.each([[Cpu.units(NaN), 'NaN'], [Cpu.units(-1), '-1'], [Cpu.millis(0), '0m'], [Cpu.millis(1.5), '1.5m']])('of CPU time that is none is refused', (cpu, got) => {
    expect(refusal(() => withQuota({ cpu }))).toBe(
      `[c/shop] quota.cpu: got "${got}"; allowed: CPU time of at least one thousandth of a CPU, in whole thousandths. Give it as Cpu.millis(250) or Cpu.units(2).`);
  });

  test.each([
    [Size.gibibytes(NaN), 'NaNGi'], [Size.mebibytes(NaN), 'NaNMi'], [Size.gibibytes(0), '0Gi'], [Size.kibibytes(1), '1Ki'], [Size.gibibytes(Infinity), 'InfinityGi'],
    [Size.pebibyte(8192), '8192Pi'],
  ])('of memory that is none is refused', (memory, got) => {
    expect(refusal(() => withQuota({ memory }))).toBe(
      `[c/shop] quota.memory: got "${got}"; allowed: a size of at least one mebibyte, in whole mebibytes. Give it as Size.mebibytes(256) or Size.gibibytes(1).`);
  });

  test.each([[0, '0'], [-1, '-1'], [1.5, '1.5'], [NaN, 'NaN'], [1e21, '1e+21']])('of %p pods is refused', (pods, got) => {
    expect(refusal(() => withQuota({ pods }))).toBe(
      `[c/shop] quota.pods: got ${got}; allowed: a whole number from 1 to 1000000. Give the most pods that may run at once.`);
  });
});

test('a quota that nobody reads is refused', () => {
  expect(refusal(() => withQuota({ cpus: Cpu.units(1) } as any))).toBe('[c/shop] quota.cpus: allowed: cpu, memory, pods. Correct or remove it: nobody reads it. Did you mean "cpu"?');
});

test('a container that states nothing gets bounds, so that the quota admits and counts it', () => {
  expect(find(shop().app, 'LimitRange').spec.limits).toEqual([{
    type: 'Container',
    default: { 'cpu': '500m', 'memory': '256Mi', 'ephemeral-storage': '1Gi' },
    defaultRequest: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '128Mi' },
  }]);
});
