import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { HardenedNamespace, HardenedNamespaceProps } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { find, IMAGE, needed, refusal } from '../fixtures';

/** Each pod asks for 100m and 128Mi, and may use 500m and 256Mi. */
function namespaceWith(props: HardenedNamespaceProps) {
  const shop = new HardenedNamespace(new Chart(new App(), 'c'), 'shop', props);
  return (id: string, workload: Partial<SecureWorkloadProps> = {}) => (
    new SecureWorkload(shop, id, { image: IMAGE, ...needed(workload.kind), ...workload }));
}

const quota = (cpu: Cpu, memory: Size, pods = 50) => ({ quota: { cpu, memory, pods } });

describe('the quota', () => {
  test('has to suffice for the pods of all workloads and the roll-out of one', () => {
    const workload = namespaceWith(quota(Cpu.millis(2500), Size.gibibytes(4)));
    workload('web');
    workload('api');
    expect(refusal(() => workload('more', { replicas: 1 }))).toBe(
      '[c/shop/more] resources: got "3 of cpu limits with the other workloads of namespace \\"shop\\" and one roll-out at a time"; allowed: its quota, 2500m. '
      + 'Raise quota.cpu of the HardenedNamespace, or lower replicas or resources.');
  });

  test('of memory and of pods is held as well', () => {
    expect(refusal(() => namespaceWith(quota(Cpu.units(9), Size.mebibytes(700)))('web'))).toContain('got "768Mi of memory limits ');
    expect(refusal(() => namespaceWith(quota(Cpu.units(9), Size.gibibytes(9), 2))('web'))).toContain('replicas: got "3 pods with the other workloads');
  });

  test('need not have room for a second pod where none is made first', () => {
    const workload = namespaceWith(quota(Cpu.millis(1000), Size.gibibytes(4)));
    workload('db', { kind: WorkloadKind.STATEFUL_SET });
    workload('agent', { kind: WorkloadKind.DAEMON_SET });
    expect(refusal(() => workload('task', { kind: WorkloadKind.JOB }))).toContain('got "1500m of cpu limits');
  });

  test('counts the pods of a Job that run at once', () => {
    const workload = namespaceWith(quota(Cpu.millis(1000), Size.gibibytes(4)));
    workload('two', { kind: WorkloadKind.JOB, job: { completions: 9, parallelism: 2 } });
    expect(refusal(() => workload('web'))).toContain('of cpu limits');
  });

  test('is not used up by what was refused', () => {
    const workload = namespaceWith(quota(Cpu.millis(1500), Size.gibibytes(4)));
    expect(refusal(() => workload('large', { resources: { cpu: { limit: Cpu.units(9) } } }))).toContain('of cpu limits');
    workload('web');
  });

  test('leaves the name of what was refused free', () => {
    const workload = namespaceWith(quota(Cpu.millis(1500), Size.gibibytes(4)));
    expect(refusal(() => workload('large', { name: 'web', resources: { cpu: { limit: Cpu.units(9) } } }))).toContain('of cpu limits');
    expect(() => workload('web')).not.toThrow();
  });
});

describe('what one container may use', () => {
  const limits = { containerLimits: { cpu: Cpu.millis(400), memory: Size.mebibytes(200) } };

  test('binds those that state nothing as well', () => {
    const app = new App();
    new HardenedNamespace(new Chart(app, 'c'), 'shop', limits);
    expect(find(app, 'LimitRange').spec.limits[0]).toMatchObject({
      default: { cpu: '400m', memory: '200Mi' }, defaultRequest: { cpu: '100m', memory: '128Mi' }, max: { cpu: '400m', memory: '200Mi' },
    });
  });

  test('is held by workloads', () => {
    const workload = namespaceWith(limits);
    expect(refusal(() => workload('web'))).toBe(
      '[c/shop/web] resources.cpu.limit: got "500m"; allowed: at most 400m, containerLimits.cpu of the namespace. Lower it, or raise what containers of the namespace may use.');
    expect(refusal(() => workload('api', { resources: { cpu: { limit: Cpu.millis(100) } } }))).toContain('resources.memory.limit: got "256Mi"; allowed: at most 200Mi');
    workload('small', { resources: { cpu: { limit: Cpu.millis(400) }, memory: { limit: Size.mebibytes(200) } } });
  });
});
