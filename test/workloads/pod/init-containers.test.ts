import { Cpu, Probe } from 'cdk8s-plus-28';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { InitContainer } from '../../../src/workloads/pod/init-container';
import { podBounds } from '../../../src/workloads/pod/workload-resources';
import { find, IMAGE, refusal, shop } from '../fixtures';
import { violations } from '../restricted';

const FETCH: InitContainer = { name: 'fetch', image: IMAGE };

function pod(initContainers: InitContainer[]) {
  const { app, workload } = shop();
  workload('web', { initContainers, writablePaths: ['/work'], secretFiles: [{ secretName: 'tls', path: '/etc/tls' }] });
  return find(app, 'Deployment').spec.template;
}

const refused = (...initContainers: InitContainer[]) => refusal(() => shop().workload('web', { initContainers, writablePaths: ['/work'] }));

describe('an init container', () => {
  const template = pod([{ ...FETCH, command: ['/bin/fetch'], env: { LEVEL: 'info' }, secretEnv: { KEY: { secretName: 'db', key: 'key' } }, sharedPaths: ['/work', '/etc/tls'] }]);
  const [container] = template.spec.initContainers;

  test('is as confined as the program', () => {
    expect(violations(template)).toEqual([]);
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    expect(container.resources.limits).toEqual({ 'cpu': '500m', 'memory': '256Mi', 'ephemeral-storage': '1Gi' });
  });

  test('has a /tmp of its own, and of the program\'s volumes those that it names, secrets read-only', () => {
    expect(container.volumeMounts).toEqual([
      { name: 'fetch-tmp', mountPath: '/tmp' }, { name: 'work', mountPath: '/work' }, { name: 'etc-tls', mountPath: '/etc/tls', readOnly: true },
    ]);
    expect(template.spec.volumes).toContainEqual({ name: 'fetch-tmp', emptyDir: { sizeLimit: '256Mi' } });
  });

  test('has a /tmp that no other volume is confused with', () => {
    const { app, workload } = shop();
    const [long, longer] = ['b', 'c'].map((end) => `${'a'.repeat(60)}${end}`);
    workload('web', { initContainers: ['app', long, longer].map((name) => ({ ...FETCH, name })), writablePaths: ['/app/tmp'] });
    const { volumes, initContainers } = find(app, 'Deployment').spec.template.spec;
    const volumeNames: string[] = volumes.map(({ name }: { name: string }) => name);
    expect(new Set(volumeNames).size).toBe(5);
    expect(volumeNames.filter((name) => name.length > 63)).toEqual([]);
    expect(initContainers[0].volumeMounts).toEqual([{ name: 'app-tmp-2', mountPath: '/tmp' }]);
  });

  test('runs what is said, with variables from secrets first', () => {
    expect(container).toMatchObject({ command: ['/bin/fetch'] });
    expect(container.env).toEqual([{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'key' } } }, { name: 'LEVEL', value: 'info' }]);
  });

  test('ends before the program starts', () => {
    expect(container).not.toHaveProperty('restartPolicy');
  });
});

describe('a sidecar', () => {
  test('keeps running, and what follows waits until it accepts connections', () => {
    const [sidecar] = pod([{ ...FETCH, name: 'proxy', sidecar: true, port: 15000 }]).spec.initContainers;
    expect(sidecar).toMatchObject({ restartPolicy: 'Always', ports: [{ containerPort: 15000, protocol: 'TCP' }], startupProbe: { tcpSocket: { port: 15000 } } });
  });

  test('may listen on a port below 1024, as the program may', () => {
    expect(pod([{ ...FETCH, sidecar: true, port: 443 }]).spec.securityContext.sysctls).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '443' }]);
  });

  test('is refused where the API server would make an ordinary init container of it, which never ends', () => {
    const { workload } = shop(new ClusterProfile({ name: 'old', kubernetesVersion: KubernetesVersion.V1_28 }));
    expect(refusal(() => workload('web', { initContainers: [{ ...FETCH, sidecar: true }] }))).toBe(
      '[c/shop/web] initContainers[0].sidecar: got true; allowed: false at Kubernetes 1.28: the API server drops restartPolicy of init containers before 1.29 (KEP-753). '
      + 'Add the container beside the program by resource.addContainer, or upgrade.');
  });
});

describe('refused', () => {
  test.each<[string, InitContainer, string]>([
    ['the name of the program', { ...FETCH, name: 'web' }, 'initContainers[0].name: got "web"; allowed: a name that no other container of the workload has. Choose another name.'],
    ['a port of what ends', { ...FETCH, port: 80 }, 'initContainers[0].port: got 80; allowed: none: it ends before the program starts. Leave it out, or set sidecar: true.'],
    ['a probe of what ends', { ...FETCH, startup: Probe.fromTcpSocket({ port: 1 }) },
      'initContainers[0].startup: got "a probe"; allowed: none: it ends before the program starts. Leave it out, or set sidecar: true.'],
    ['a port that the program listens on', { ...FETCH, sidecar: true, port: 8080 },
      'initContainers[0].port: got 8080; allowed: a port of the pod that is free: container web listens on it. Let one of the two listen on another port.'],
    ['a path without volume', { ...FETCH, sharedPaths: ['/data'] },
      'initContainers[0].sharedPaths[0]: got "/data"; allowed: a path at which the workload has a volume, but for /tmp, of which each container has its own. '
      + 'Name it in writablePaths, ephemeralPaths, persistentPaths, secretFiles or configFiles as well.'],
    ['a limit below the request', { ...FETCH, resources: { cpu: { request: Cpu.units(1), limit: Cpu.millis(1) } } },
      'initContainers[0].resources.cpu.request: got "1"; allowed: at most the limit, 1m. Lower the request or raise the limit.'],
    ['a word that is none', { ...FETCH, args: [7 as unknown as string] }, 'initContainers[0].args[0]: got 7; allowed: text. Give it as a string.'],
  ])('%s', (_, container, message) => {
    expect(refused(container)).toBe(`[c/shop/web] ${message}`);
  });

  test('an image without digest, a literal secret, a probe of another host, a property that nobody reads', () => {
    expect(refused({ ...FETCH, image: 'nginx' })).toContain('[c/shop/web] initContainers[0].image: got "nginx"');
    expect(refused({ ...FETCH, env: { PASSWORD: 'hunter2' } })).toContain('[c/shop/web] initContainers[0].env.PASSWORD: ');
    expect(refused({ ...FETCH, sidecar: true, liveness: Probe.fromTcpSocket({ port: 1, host: 'x' }) })).toContain('initContainers[0].liveness.host: got "x"');
    expect(refused({ ...FETCH, sidecars: true } as InitContainer)).toContain('initContainers[0].sidecars');
  });
});

test('a pod needs its containers together, or one init container with the sidecars that run by then', () => {
  const of = (amount: number) => ({ request: amount, limit: 2 * amount });
  const need = (amount: number) => ({ cpu: of(amount), memory: of(amount), ephemeralStorage: of(amount) });
  const init = (amount: number, sidecar = false) => ({ sidecar, resources: need(amount) });
  expect(podBounds(need(100), []).cpu).toEqual({ request: 100, limit: 200 });
  expect(podBounds(need(100), [init(500)]).cpu.request).toBe(500);
  expect(podBounds(need(100), [init(50, true), init(500)]).cpu.request).toBe(550);
  expect(podBounds(need(100), [init(500), init(50, true)]).cpu.request).toBe(500);
  expect(podBounds(need(100), [init(50, true), init(60, true)]).memory.limit).toBe(420);
});
