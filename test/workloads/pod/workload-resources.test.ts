import { Size } from 'cdk8s';
import { ContainerResources, Cpu } from 'cdk8s-plus-28';
import { find, refusal, shop } from '../fixtures';

function resources(given: ContainerResources): any {
  const { app, workload } = shop();
  workload('web', { resources: given });
  return find(app, 'Deployment').spec.template.spec.containers[0].resources;
}

const CPU = 'allowed: CPU time of at least one thousandth of a CPU, in whole thousandths. Give it as Cpu.millis(250) or Cpu.units(2).';

describe('resources', () => {
  test('are written in the form that the API server stores', () => {
    const given = {
      cpu: { request: Cpu.units(0.25), limit: Cpu.millis(2000) },
      memory: { request: Size.mebibytes(1024), limit: Size.gibibytes(1.5) },
      ephemeralStorage: { request: Size.mebibytes(512), limit: Size.gibibytes(2048) },
    };
    expect(resources(given)).toEqual({
      requests: { 'cpu': '250m', 'memory': '1Gi', 'ephemeral-storage': '512Mi' },
      limits: { 'cpu': '2', 'memory': '1536Mi', 'ephemeral-storage': '2Ti' },
    });
  });

  test('half of a pair stands for both, so that nothing is unbounded or below what it asks for', () => {
    expect(resources({ cpu: { request: Cpu.units(2) }, memory: { limit: Size.mebibytes(64) } })).toMatchObject({
      requests: { cpu: '2', memory: '64Mi' }, limits: { cpu: '2', memory: '64Mi' },
    });
  });

  test('what is not named has the default', () => {
    expect(resources({ cpu: {} })).toMatchObject({ requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } });
  });

  test('a request above its limit is refused', () => {
    expect(refusal(() => resources({ memory: { request: Size.gibibytes(1), limit: Size.mebibytes(512) } }))).toBe(
      '[c/shop/web] resources.memory.request: got "1Gi"; allowed: at most the limit, 512Mi. Lower the request or raise the limit.');
  });

  test.each([
    [Cpu.millis(NaN), 'NaNm'], [Cpu.units(NaN), 'NaN'], [Cpu.millis(-5), '-5m'], [Cpu.units(0), '0'], [Cpu.millis(0.5), '0.5m'], [Cpu.units(1e21), '1e+21'],
    [Cpu.units(Infinity), 'Infinity'],
  ])('CPU time that is none is refused: %p', (cpu, got) => {
    expect(refusal(() => resources({ cpu: { limit: cpu } }))).toBe(`[c/shop/web] resources.cpu.limit: got "${got}"; ${CPU}`);
  });

  test('memory that is none is refused', () => {
    expect(refusal(() => resources({ memory: { request: Size.mebibytes(NaN) } }))).toBe(
      '[c/shop/web] resources.memory.request: got "NaNMi"; allowed: a size of at least one mebibyte, in whole mebibytes. '
      + 'Give it as Size.mebibytes(256) or Size.gibibytes(1).');
  });

  test.each<[string, any, string]>([
    ['the fields of a manifest', { limits: { cpu: '1' } }, 'resources.limits: allowed: cpu, memory, ephemeralStorage. Correct or remove it: nobody reads it.'],
    ['an amount in place of request and limit', { cpu: '500m' }, 'resources.cpu: got "500m"; allowed: an object with request, limit. Write it like { request: … }.'],
    ['CPU time as text', { cpu: { limit: '500m' } }, `resources.cpu.limit: got "500m"; ${CPU}`],
    ['a size as text', { memory: { limit: '1Gi' } },
      'resources.memory.limit: got "1Gi"; allowed: a size of at least one mebibyte, in whole mebibytes. Give it as Size.mebibytes(256) or Size.gibibytes(1).'],
  ])('%s would not be read, and is refused', (_, given, message) => {
    expect(refusal(() => resources(given))).toBe(`[c/shop/web] ${message}`);
  });
});
