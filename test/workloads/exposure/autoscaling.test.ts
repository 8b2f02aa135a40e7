import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { catalogControls } from '../../../src/controls/catalog';
import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { show } from '../../../src/core/errors';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { VolumeAccess } from '../../../src/workloads/volumes/workload-volumes';
import { findings, VERSIONS } from '../../support/twins';
import { find, IMAGE, names, refusal, shop, written } from '../fixtures';

const SCALED = { autoscaling: { maxReplicas: 6 } };

describe.each([WorkloadKind.DEPLOYMENT, WorkloadKind.STATEFUL_SET])('an autoscaled %s', (kind) => {
  const { app, workload } = shop();
  workload('web', { kind, ...SCALED });

  test('states no number of pods: each apply would undo what the autoscaler did', () => {
    expect(find(app, kind).spec).not.toHaveProperty('replicas');
  });

  test('has two pods at least, and more where the program uses four fifths of the CPU time that it asks for', () => {
    expect(find(app, 'HorizontalPodAutoscaler')).toEqual({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web' } },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind, name: 'web' },
        minReplicas: 2,
        maxReplicas: 6,
        metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web', target: { type: 'Utilization', averageUtilization: 80 } } }],
      },
    });
  });

  test('is spread, and drained one pod at a time', () => {
    expect(find(app, kind).spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    expect(find(app, 'PodDisruptionBudget').spec.maxUnavailable).toBe(1);
  });
});

test('without autoscaling the number of pods is stated, and nothing scales it', () => {
  const { app, workload } = shop();
  workload('web');
  expect(find(app, 'Deployment').spec.replicas).toBe(2);
  expect(names(app)).not.toContain('HorizontalPodAutoscaler/shop/web');
});

test('memory is looked at where it is named, and CPU then only where it is, too', () => {
  const { app, workload } = shop();
  workload('a', { autoscaling: { maxReplicas: 3, memoryUtilization: 90 } });
  workload('b', { autoscaling: { maxReplicas: 3, memoryUtilization: 90, cpuUtilization: 50, minReplicas: 1, scaleDownStabilization: Duration.minutes(30) } });
  const looked = (name: string) => find(app, 'HorizontalPodAutoscaler', name).spec.metrics.map(({ containerResource: { name: of, target } }: any) => [of, target.averageUtilization]);
  expect(looked('a')).toEqual([['memory', 90]]);
  expect(looked('b')).toEqual([['cpu', 50], ['memory', 90]]);
  expect(find(app, 'HorizontalPodAutoscaler', 'a').spec).not.toHaveProperty('behavior');
  expect(find(app, 'HorizontalPodAutoscaler', 'b').spec.behavior).toEqual({ scaleDown: { stabilizationWindowSeconds: 1800 } });
});

test('a single pod at least is spread and budgeted too, since there may be more; the budget lets it go', () => {
  const { app, workload } = shop();
  workload('web', { autoscaling: { minReplicas: 1, maxReplicas: 3 } });
  expect(find(app, 'Deployment').spec.template.spec.topologySpreadConstraints).toHaveLength(2);
  expect(find(app, 'PodDisruptionBudget').spec.maxUnavailable).toBe(1);
});

test.each(VERSIONS.map((version): [string, KubernetesVersion] => [String(version), version]))('nothing is found in it at %s, but a single pod at least by the control for that', (_, version) => {
  const found = (minReplicas: number, pack: ControlPack, more: string[] = []) => {
    const { app, workload } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion: version }));
    workload('web', { autoscaling: { minReplicas, maxReplicas: 4 } });
    return findings([...pack.controls, ...catalogControls().filter(({ id }) => more.includes(id))], version, written(app));
  };
  expect(found(2, ControlPack.recommended(), ['replicas'])).toEqual([]);
  expect(found(1, ControlPack.recommended())).toEqual([]);
  expect(found(1, ControlPack.recommended(), ['replicas'])).toEqual([expect.stringMatching(/^replicas: /)]);
});

describe('the quota', () => {
  const make = (maxReplicas: number, pods: number) => {
    const namespace = new HardenedNamespace(new Chart(new App(), 'c'), 'shop', { quota: { cpu: Cpu.units(100), memory: Size.gibibytes(100), pods } });
    return new SecureWorkload(namespace, 'web', { image: IMAGE, autoscaling: { maxReplicas } });
  };

  test('has to have room for the most pods, and a quarter of them while they are rolled out', () => {
    expect(refusal(() => make(8, 9))).toBe(
      '[c/shop/web] autoscaling.maxReplicas: got "10 pods with the other workloads of namespace \\"shop\\" and one roll-out at a time"; allowed: its quota, 9. '
      + 'Raise quota.pods of the HardenedNamespace, or lower autoscaling.maxReplicas or resources.');
    expect(() => make(8, 10)).not.toThrow();
  });
});

describe('refused', () => {
  const refused = (autoscaling: object, props: object = {}) => refusal(() => shop().workload('web', { autoscaling: autoscaling as never, ...props }));

  test('a fixed number of pods besides', () => {
    expect(refused({ maxReplicas: 4 }, { replicas: 3 })).toBe(
      '[c/shop/web] replicas: got 3; allowed: none where autoscaling decides: each apply would undo what it did. Leave replicas out, and give autoscaling.minReplicas.');
  });

  test.each([WorkloadKind.DAEMON_SET, WorkloadKind.JOB, WorkloadKind.CRON_JOB])('autoscaling of a %s', (kind) => {
    expect(refused({ maxReplicas: 4 }, { kind })).toBe(`[c/shop/web] autoscaling: got {"maxReplicas":4}; allowed: none for a ${kind}. Leave autoscaling out.`);
  });

  test.each([[0], [-1], [1.5], [NaN], ['2'], [2147483647]])('%p pods at least', (minReplicas) => {
    expect(refused({ minReplicas, maxReplicas: 4 })).toBe(
      `[c/shop/web] autoscaling.minReplicas: got ${show(minReplicas)}; allowed: a whole number from 1 to 2147483646. Give the fewest pods that may run.`);
  });

  test.each([[2], [1], [undefined], [2.5], [2147483648]])('%p pods at most, of two at least', (maxReplicas) => {
    expect(refused({ maxReplicas })).toBe(
      `[c/shop/web] autoscaling.maxReplicas: got ${show(maxReplicas)}; allowed: a whole number from 3 to 2147483647. Give the most pods that may run; for a fixed number give replicas.`);
  });

  test.each([[0], [455], [80.5], ['80']])('a CPU target of %p, of 100m asked and 500m at most', (cpuUtilization) => {
    expect(refused({ maxReplicas: 4, cpuUtilization })).toBe(
      `[c/shop/web] autoscaling.cpuUtilization: got ${show(cpuUtilization)}; allowed: a whole number from 1 to 454: a tenth above the target has to be below the limit in resources.cpu, `
      + 'or pods never get there. Give the percentage of resources.cpu.request above which there are more pods.');
  });

  test('a target that pods at their limit never exceed', () => {
    const resources = { memory: { limit: Size.mebibytes(256) } };
    expect(refused({ maxReplicas: 4, memoryUtilization: 91 }, { resources })).toContain('autoscaling.memoryUtilization: got 91; allowed: a whole number from 1 to 90: ');
    expect(() => shop().workload('web', { resources, autoscaling: { maxReplicas: 4, memoryUtilization: 90 } })).not.toThrow();
  });

  test('a target by default that pods at their limit never exceed', () => {
    expect(() => shop().workload('web', { resources: { cpu: { limit: Cpu.millis(100) } }, ...SCALED })).not.toThrow();
  });

  test('a time to wait that the API server refuses', () => {
    const wait = (scaleDownStabilization: Duration) => refused({ maxReplicas: 4, scaleDownStabilization });
    expect(wait(Duration.minutes(61))).toBe(
      '[c/shop/web] autoscaling.scaleDownStabilization: got "3660 s"; allowed: whole seconds, at most 3600. Give a shorter time in whole seconds.');
    expect(wait(Duration.millis(1500))).toContain('got "1.5 s"');
  });

  test('a volume that the pods of one node alone may mount', () => {
    const path = { path: '/data', size: Size.gibibytes(1) };
    expect(refused({ maxReplicas: 4 }, { persistentPaths: [path] })).toBe(
      '[c/shop/web] persistentPaths[0].access: got "ReadWriteOnce"; allowed: ReadWriteMany where several pods share the volume. '
      + 'Run one pod, take a StatefulSet, or name a volume that several nodes may mount: access: VolumeAccess.READ_WRITE_MANY.');
    expect(() => shop().workload('web', { ...SCALED, persistentPaths: [{ ...path, access: VolumeAccess.READ_WRITE_MANY }] })).not.toThrow();
    expect(() => shop().workload('db', { ...SCALED, kind: WorkloadKind.STATEFUL_SET, persistentPaths: [path] })).not.toThrow();
  });

  test('a name that nobody reads, and what is no object', () => {
    expect(refused({ maxReplicas: 4, cpu: 80 })).toContain('[c/shop/web] autoscaling.cpu: allowed: minReplicas, maxReplicas, cpuUtilization, ');
    expect(refused(4 as never)).toContain('[c/shop/web] autoscaling: got 4; allowed: an object with minReplicas, ');
  });
});
