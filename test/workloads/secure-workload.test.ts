import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { find, IMAGE, names, refusal, shop, templateOf, written } from './fixtures';
import { violations } from './restricted';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';

const STATEFUL = { kind: WorkloadKind.STATEFUL_SET, port: 5432, persistentPaths: [{ path: '/data', size: Size.gibibytes(1) }] };

const SERVING: [string, Partial<SecureWorkloadProps>][] = [['Deployment', {}], ['StatefulSet', STATEFUL], ['DaemonSet', { kind: WorkloadKind.DAEMON_SET }]];

describe.each(SERVING)('the pods of a %s', (kind, props) => {
  const { app, workload } = shop();
  workload('web', {
    ...props,
    secretEnv: { PASSWORD: { secretName: 'db', key: 'password' } },
    secretFiles: [{ secretName: 'tls', path: '/etc/tls' }],
    writablePaths: ['/var/cache'],
  });
  const { template } = find(app, kind).spec;
  const [container] = template.spec.containers;

  test('pass every field of PSS restricted', () => {
    expect(violations(template)).toEqual([]);
  });

  test('state the profile on the pod as well, so that containers added later fall under it', () => {
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } });
  });

  test('run as a user and group of their own, never root, and own their volumes', () => {
    expect(container.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001 });
    expect(template.spec.securityContext).toMatchObject({ fsGroup: 10001, runAsGroup: 10001 });
  });

  test('have a read-only root filesystem with /tmp and the named paths writable, and bounded', () => {
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    expect(container.volumeMounts).toEqual(expect.arrayContaining([{ mountPath: '/tmp', name: 'tmp' }, { mountPath: '/var/cache', name: 'var-cache' }]));
    expect(template.spec.volumes).toEqual(expect.arrayContaining([{ name: 'tmp', emptyDir: { sizeLimit: '256Mi' } }]));
  });

  test('have a service account of their own, and no token of it', () => {
    expect(template.spec).toMatchObject({ serviceAccountName: 'web', automountServiceAccountToken: false });
    expect(find(app, 'ServiceAccount', 'web')).toMatchObject({ automountServiceAccountToken: false, metadata: { namespace: 'shop' } });
  });

  test('have bounded CPU, memory and disk', () => {
    expect(container.resources).toEqual({
      requests: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '128Mi' },
      limits: { 'cpu': '500m', 'memory': '256Mi', 'ephemeral-storage': '1Gi' },
    });
  });

  test('are probed on their port', () => {
    const { port } = { port: 8080, ...props };
    for (const probe of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
      expect(container[probe].tcpSocket).toEqual({ port });
    }
  });

  test('have five minutes to start', () => {
    expect(container.startupProbe.periodSeconds * container.startupProbe.failureThreshold).toBe(300);
  });

  test('see no variables of other services', () => {
    expect(template.spec.enableServiceLinks).toBe(false);
  });

  test('get secrets by reference, readable for their own group alone', () => {
    expect(container.env).toContainEqual({ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } });
    expect(template.spec.volumes).toContainEqual({ name: 'etc-tls', secret: { secretName: 'tls', defaultMode: 0o440 } });
    expect(container.volumeMounts).toContainEqual({ name: 'etc-tls', mountPath: '/etc/tls', readOnly: true });
  });

  test('are selected by their name alone, by the workload and its service alike', () => {
    const selector = { 'app.kubernetes.io/name': 'web' };
    expect(find(app, kind).spec.selector).toEqual({ matchLabels: selector });
    expect(find(app, 'Service').spec.selector).toEqual(selector);
    expect(template.metadata.labels).toMatchObject(selector);
  });

  test('say all that the API server keeps, so that what it returns is what was applied', () => {
    expect(find(app, 'Service').spec.ports[0].protocol).toBe('TCP');
    expect(container.ports[0].protocol).toBe('TCP');
    expect(find(app, kind).spec).not.toHaveProperty('minReadySeconds');
    expect(template.spec).not.toHaveProperty('hostNetwork');
    expect(find(app, 'Service').spec).not.toHaveProperty('externalIPs');
  });
});

describe('a Deployment', () => {
  test('has two pods, spread over nodes and zones, of which a drain takes one at a time', () => {
    const { app, workload } = shop();
    workload('web');
    const { spec } = find(app, 'Deployment');
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec.topologySpreadConstraints.map((each: any) => each.topologyKey)).toEqual(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
    expect(find(app, 'PodDisruptionBudget').spec).toEqual({
      maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: { 'app.kubernetes.io/name': 'web' } },
    });
  });

  test('of one pod has no disruption budget and nothing to spread', () => {
    const { app, workload } = shop();
    workload('web', { replicas: 1 });
    expect(names(app)).not.toContain('PodDisruptionBudget/shop/web');
    expect(find(app, 'Deployment').spec.template.spec).not.toHaveProperty('topologySpreadConstraints');
  });

  test('without a port has no Service, no probes, and passes restricted', () => {
    const { app, workload } = shop();
    workload('worker', { port: undefined });
    const { template } = find(app, 'Deployment').spec;
    expect(names(app)).not.toContain('Service/shop/worker');
    expect(template.spec.containers[0]).not.toHaveProperty('readinessProbe');
    expect(template.spec.containers[0]).not.toHaveProperty('ports');
    expect(violations(template)).toEqual([]);
  });
});

describe('a StatefulSet', () => {
  const { app, workload } = shop();
  workload('db', STATEFUL);

  test('has one pod and a headless service that names it', () => {
    expect(find(app, 'StatefulSet').spec).toMatchObject({ replicas: 1, serviceName: 'db' });
    expect(find(app, 'Service').spec.clusterIP).toBe('None');
  });

  test('claims a volume for each persistent path', () => {
    expect(find(app, 'StatefulSet').spec.volumeClaimTemplates).toMatchObject([{
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
    }]);
    expect(find(app, 'StatefulSet').spec.template.spec.containers[0].volumeMounts).toContainEqual({ mountPath: '/data', name: 'data' });
  });
});

describe('settings', () => {
  test('are written out', () => {
    const { app, workload } = shop();
    workload('web', { command: ['/bin/web'], args: ['--verbose'], env: { LOG_LEVEL: 'debug' }, user: 1000, group: 2000, servicePort: 80, replicas: 3 });
    const { spec } = find(app, 'Deployment');
    expect(spec.replicas).toBe(3);
    expect(spec.template.spec.containers[0]).toMatchObject({
      image: IMAGE, command: ['/bin/web'], args: ['--verbose'], env: [{ name: 'LOG_LEVEL', value: 'debug' }], securityContext: { runAsUser: 1000, runAsGroup: 2000 },
    });
    expect(find(app, 'Service').spec.ports).toEqual([{ port: 80, targetPort: 8080, protocol: 'TCP' }]);
  });

  test('variables from secrets come before those that may refer to them', () => {
    const { app, workload } = shop();
    workload('web', { env: { DB_URI: 'postgres://app:$(DB_PASSWORD)@db/app' }, secretEnv: { DB_PASSWORD: { secretName: 'db', key: 'password' } } });
    expect(find(app, 'Deployment').spec.template.spec.containers[0].env.map((each: any) => each.name)).toEqual(['DB_PASSWORD', 'DB_URI']);
  });

  test('an empty variable has no value, as the API server drops it', () => {
    const { app, workload } = shop();
    workload('web', { env: { EMPTY: '' } });
    expect(find(app, 'Deployment').spec.template.spec.containers[0].env).toEqual([{ name: 'EMPTY' }]);
  });

  test('user and group are left to OpenShift, which assigns them', () => {
    const { app, workload } = shop(new ClusterProfile({ name: 'ocp', distribution: Distribution.OPENSHIFT }));
    workload('web');
    const { template } = find(app, 'Deployment').spec;
    expect(JSON.stringify(template)).not.toMatch(/runAsUser|runAsGroup|"fsGroup"/);
    expect(violations(template)).toEqual([]);
  });

  test('patches come last and reach any field, also those that came after Kubernetes 1.28, under the manifest\'s own names', () => {
    const { app, workload } = shop();
    ApiObject.of(workload('web').resource).addJsonPatch(
      JsonPatch.add('/spec/template/spec/priorityClassName', 'high'),
      JsonPatch.add('/spec/template/spec/securityContext/appArmorProfile', { type: 'RuntimeDefault' }),
      JsonPatch.add('/spec/template/spec/setHostnameAsFQDN', true),
      JsonPatch.replace('/spec/template/spec/containers/0/resources/limits/memory', '1Gi'),
    );
    const { spec } = find(app, 'Deployment').spec.template;
    expect(spec).toMatchObject({ priorityClassName: 'high', setHostnameAsFQDN: true, securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } });
    expect(spec.containers[0].resources.limits.memory).toBe('1Gi');
  });
});

describe.each(Object.values(WorkloadKind))('a container that is added to a %s', (kind) => {
  const { app, workload } = shop();
  const { resource } = workload('web', { kind });
  resource.addContainer({ name: 'helper', image: IMAGE, portNumber: 9090 });
  resource.addInitContainer({ name: 'before', image: IMAGE });
  resource.addContainer({ name: 'open', image: IMAGE, securityContext: { allowPrivilegeEscalation: true } });
  const { spec } = templateOf(find(app, kind));

  test('gets what the controls ask for', () => {
    for (const container of [spec.containers[1], spec.initContainers[0]]) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('keeps what was said about it, and has its ports as the API server keeps them', () => {
    expect(spec.containers[2].securityContext.allowPrivilegeEscalation).toBe(true);
    expect(spec.containers[1].ports).toEqual([{ containerPort: 9090, protocol: 'TCP' }]);
  });
});

describe('a DaemonSet', () => {
  test('has a pod on each node: no number of pods, no spreading, no disruption budget', () => {
    const { app, workload } = shop();
    workload('agent', { kind: WorkloadKind.DAEMON_SET });
    const { spec } = find(app, 'DaemonSet');
    expect(spec).not.toHaveProperty('replicas');
    expect(spec.template.spec).not.toHaveProperty('topologySpreadConstraints');
    expect(spec.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'agent' } });
    expect(names(app)).toEqual(expect.not.arrayContaining(['PodDisruptionBudget/shop/agent']));
  });
});

describe('names and selectors', () => {
  test('can be set to those of an object that is adopted', () => {
    const { app, workload } = shop();
    workload('web', { name: 'legacy-web', selectorLabels: { app: 'web', tier: 'front' } });
    const { metadata, spec } = find(app, 'Deployment');
    expect(metadata).toEqual({ name: 'legacy-web', namespace: 'shop', labels: { app: 'web', tier: 'front' } });
    expect(spec.selector.matchLabels).toEqual({ app: 'web', tier: 'front' });
    expect(spec.template.metadata.labels).toEqual({ 'app': 'web', 'tier': 'front', 'cdk8s.io/metadata.addr': 'legacy-web' });
  });

  test('the selector of an object that cdk8s-plus made can be adopted', () => {
    const { app, workload } = shop();
    workload('web', { selectorLabels: { 'cdk8s.io/metadata.addr': 'c-web-c8a1b2c3' } });
    expect(find(app, 'Deployment').spec.template.metadata.labels).toEqual({ 'cdk8s.io/metadata.addr': 'c-web-c8a1b2c3' });
  });
});

describe('nesting', () => {
  test.each([[1], [2]])('%p more constructs around the tree change no name, selector or label', (depth) => {
    const build = (wrappers: number) => {
      const app = new App();
      let outer: Construct = app;
      for (let i = 0; i < wrappers; i++) {
        outer = new Construct(outer, `outer-${i}`);
      }
      let scope: Construct = new Chart(outer, 'c');
      for (let i = 0; i < wrappers; i++) {
        scope = new Construct(scope, `wrapper-${i}`);
      }
      const namespace = new HardenedNamespace(scope, 'shop');
      let inner: Construct = namespace;
      for (let i = 0; i < wrappers; i++) {
        inner = new Construct(inner, `inner-${i}`);
      }
      const web = new SecureWorkload(inner, 'web', { image: IMAGE, port: 8080, secretFiles: [{ secretName: 'tls', path: '/tls' }] });
      web.allowTo(new SecureWorkload(inner, 'db', { image: IMAGE, ...STATEFUL }));
      return written(app).map((object) => JSON.stringify(object)).sort();
    };
    expect(build(depth)).toEqual(build(0));
  });
});

describe('platform peers', () => {
  const profile = new ClusterProfile({ name: 'prod', ingress: [{ namespaceName: 'ingress', podLabels: { app: 'gateway' } }], monitoring: [{ namespaceName: 'monitoring' }] });

  test('the ingress controller and the monitoring are let in by name', () => {
    const { app, workload } = shop(profile);
    const web = workload('web');
    web.allowFromIngress();
    web.allowFromMonitoring();
    const peer = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
    expect(find(app, 'NetworkPolicy', 'web').spec.ingress).toEqual([
      { from: [{ ...peer('ingress'), podSelector: { matchLabels: { app: 'gateway' } } }], ports: [{ port: 8080, protocol: 'TCP' }] },
      { from: [peer('monitoring')], ports: [{ port: 8080, protocol: 'TCP' }] },
    ]);
  });

  test('an ingress controller that the profile does not name is refused', () => {
    expect(refusal(() => shop().workload('web').allowFromIngress())).toBe(
      '[c/shop/web] ClusterProfile.ingress: got []; allowed: at least one selection of its pods. '
      + 'Name them once in the profile: ingress: [{ namespaceName: … }].');
  });
});
