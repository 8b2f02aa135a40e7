import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Cron, Duration, Size } from 'cdk8s';
import { ConfigMap, Cpu, ImagePullPolicy, Probe } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { admissionFaults, loosened, podTemplatesOf, refusalOf, settleQuotas } from './admission';
import { API_SERVER_PROGRAMS, ApiServer } from './api-server';
import { applyAll, generations } from './kubectl';
import { describeWith } from './programs';
import { ClusterDns } from '../../src/core/cluster-dns';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { ImageMirror } from '../../src/core/image-mirror';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Port } from '../../src/core/port';
import { NetworkPeer } from '../../src/network/network-peer';
import { ImageProfile } from '../../src/supply-chain/image-profile';
import { isClusterScoped } from '../../src/workloads/cluster-scope';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { WorkloadKind } from '../../src/workloads/secure-workload-props';
import { EphemeralMedium } from '../../src/workloads/volumes/workload-volumes';
import { violations } from '../workloads/restricted';

const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;
const VERSIONS = Array.from({ length: 10 }, (_, i) => KubernetesVersion.of(`1.${28 + i}`));

/** All kinds in all their options, connected in every way, in two namespaces, a chart that joins one and objects that others make. */
function everything(app: App): void {
  new ClusterProfile({
    name: 'prod', cni: Cni.CALICO, dns: ClusterDns.nodeLocal(), ingress: [{ namespaceName: 'ingress', podLabels: { app: 'gateway' } }], monitoring: [{ namespaceName: 'monitoring' }],
    controlPlaneCidrs: ['192.0.2.0/28', '2001:db8::/64'], podCidrs: ['10.244.0.0/16', 'fd00:10::/56'], serviceCidrs: ['10.96.0.0/16', 'fd00:20::/112'],
    imageMirror: ImageMirror.of({ others: 'mirror.example/all' }),
  }).attachTo(app);
  const namespace = new HardenedNamespace(new Chart(app, 'shop'), 'shop', {
    quota: { cpu: Cpu.millis(12500), memory: Size.mebibytes(20000), pods: 20 },
    labels: { 'example.com/team': 'payments' },
    annotations: { 'example.com/owner': 'payments' },
    containerLimits: { cpu: Cpu.units(2), memory: Size.gibibytes(2) },
    nodeSelector: { pool: 'shop' },
    adopted: true,
  });
  namespace.allowFromMonitoring(Port.tcp(9090));
  namespace.allowFromApiServer(Port.tcp(9443), Port.tcpRange(10000, 10010));
  const data = new HardenedNamespace(new Chart(app, 'data'), 'data', { imagePullSecrets: ['registry'] });
  new ConfigMap(namespace, 'flags', { metadata: { name: 'flags' }, data: { beta: 'on' } });
  new ConfigMap(new Chart(namespace, 'nested'), 'more-flags', { metadata: { name: 'more-flags' } });

  const web = new SecureWorkload(namespace, 'web', {
    image: IMAGE,
    port: 8080,
    servicePort: 80,
    replicas: 3,
    command: ['/bin/web'],
    args: ['--verbose'],
    env: { 'LOG_LEVEL': 'debug', 'DB_URI': 'postgres://app:$(DB_PASSWORD)@db.data/app', 'dotted.name-1': '' },
    secretEnv: { DB_PASSWORD: { secretName: 'db', key: 'password' } },
    secretFiles: [{ secretName: 'tls', path: '/etc/tls' }, { secretName: 'tls', path: '/tmp/keys', items: { 'tls.key': 'private/key.pem' } }],
    writablePaths: ['/var/cache/web', '/var/cache-web', '/dev/shm'],
    user: 1000,
    group: 2000,
    resources: {
      cpu: { request: Cpu.millis(100), limit: Cpu.units(1) },
      memory: { limit: Size.mebibytes(1536) },
      ephemeralStorage: { request: Size.mebibytes(64) },
    },
    readiness: Probe.fromHttpGet('/ready'),
    liveness: Probe.fromCommand(['/bin/alive']),
    startup: Probe.fromTcpSocket(),
  });
  const db = new SecureWorkload(data, 'db', {
    image: IMAGE,
    kind: WorkloadKind.STATEFUL_SET,
    port: 5432,
    replicas: 2,
    persistentPaths: [{ path: '/var/lib/data', size: Size.gibibytes(10), storageClassName: 'encrypted' }, { path: '/var/lib/wal', size: Size.mebibytes(1500) }],
  });
  const only = new SecureWorkload(data, 'only', {
    image: IMAGE,
    kind: WorkloadKind.STATEFUL_SET,
    port: 1,
    persistentPaths: [{ path: '/tmp', size: Size.gibibytes(1) }],
    selectorLabels: { 'app': 'only', 'cdk8s.io/metadata.addr': 'x' },
  });
  const job = new SecureWorkload(new Chart(app, 'a-joins', { namespace: 'shop' }), 'worker', { image: IMAGE, replicas: 0 });
  const agent = new SecureWorkload(data, 'agent', { image: IMAGE, kind: WorkloadKind.DAEMON_SET, port: 9100 });
  const migrate = new SecureWorkload(data, 'migrate', { image: IMAGE, kind: WorkloadKind.JOB, job: { completions: 2, ttlAfterFinished: Duration.days(1) } });
  const report = new SecureWorkload(data, 'report', {
    image: IMAGE, kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.schedule({ minute: '*/15', hour: '1-5', weekDay: 'mon' }), timeZone: 'Europe/Berlin' },
  });
  report.resource.addContainer({ name: 'beside', image: IMAGE });
  agent.resource.addContainer({ name: 'beside', image: IMAGE, portNumber: 9101 });
  new SecureWorkload(data, 'files', {
    image: IMAGE,
    persistentPaths: [{ path: '/data', size: Size.gibibytes(1) }],
    ephemeralPaths: [
      { path: '/disk', size: Size.gibibytes(1) }, { path: '/memory', size: Size.mebibytes(64), medium: EphemeralMedium.MEMORY },
      { path: '/volume', size: Size.gibibytes(100), medium: EphemeralMedium.VOLUME, storageClassName: 'encrypted' },
    ],
    configFiles: [{ path: '/etc/web', files: { 'web.conf': 'listen 8080;\n' } }, { path: '/etc/flags', configMapName: 'flags' }],
  });
  new SecureWorkload(data, 'beside', {
    image: IMAGE,
    writablePaths: ['/work'],
    initContainers: [
      { name: 'proxy', image: IMAGE, sidecar: true, port: 15000, liveness: Probe.fromHttpGet('/live', { port: 15001 }) },
      { name: 'fetch', image: IMAGE, args: ['/work'], sharedPaths: ['/work'], env: { EMPTY: '', LEVEL: 'info' }, secretEnv: { KEY: { secretName: 'db', key: 'key' } } },
    ],
  });
  new SecureWorkload(data, 'site', {
    image: IMAGE, replicas: 1, imageProfile: ImageProfile.nginx(), imagePullPolicy: ImagePullPolicy.ALWAYS, imagePullSecrets: ['own'],
  });
  new SecureWorkload(data, 'postgres', {
    image: IMAGE, kind: WorkloadKind.STATEFUL_SET, imageProfile: ImageProfile.postgres(17), imagePullPolicy: ImagePullPolicy.NEVER,
    persistentPaths: [{ path: '/var/lib/postgresql/data', size: Size.gibibytes(1) }],
  });
  migrate.allowTo(db);
  web.allowTo(agent);
  web.allowTo(db);
  web.allowTo(NetworkPeer.internet(), Port.tcp(443));
  web.allowTo(NetworkPeer.cidr('192.0.2.0/24'), Port.tcpRange(9000, 9010), Port.udp(53), Port.sctp(7));
  web.allowFromIngress();
  web.allowFromMonitoring();
  job.allowTo(web);
  db.allowTo(db);
  only.allowFrom(NetworkPeer.pods({ namespaceName: 'backup', podLabels: { app: 'velero' } }));
}

/** Where the server's answer differs from what was applied: values changed, dropped, or lists of another length. */
function differences(applied: any, live: any, at: string): string[] {
  if (Array.isArray(applied) && Array.isArray(live)) {
    return applied.length === live.length ? applied.flatMap((each, i) => differences(each, live[i], `${at}[${i}]`)) : [`${at} has ${live.length} elements`];
  }
  if (typeof applied === 'object' && typeof live === 'object') {
    return Object.keys(applied).flatMap((key) => key in live ? differences(applied[key], live[key], `${at}.${key}`) : [`${at}.${key} was dropped`]);
  }
  return applied === live ? [] : [`${at} was ${JSON.stringify(applied)}, is ${JSON.stringify(live)}`];
}

describeWith(API_SERVER_PROGRAMS, 'namespaces and workloads on a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workloads-'));
  const files = () => readdirSync(folder).sort().map((file) => join(folder, file));
  let server: ApiServer;

  beforeAll(async () => {
    const app = new App({ outdir: folder });
    everything(app);
    app.synth();
    server = await ApiServer.start({ flags: { 'enable-admission-plugins': 'PodNodeSelector' } });
    await applyAll(server, folder);
    await settleQuotas(server);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.stop();
  });

  const live = async (file: string): Promise<any[]> => {
    const { stdout } = await server.kubectl(['get', '-f', file, '-o', 'json']);
    const answer = JSON.parse(stdout);
    return answer.kind === 'List' ? answer.items : [answer];
  };
  const versions = async () => {
    const objects = (await Promise.all(files().map(live))).flat();
    return objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name} ${metadata.generation} ${metadata.resourceVersion}`);
  };

  test('a second apply changes nothing', async () => {
    // The server rewrites a claim once by itself, with the same bytes but for its version.
    await applyAll(server, folder);
    const [before, generated] = [await versions(), await generations(server, folder)];
    expect(before.length).toBeGreaterThan(30);

    expect((await applyAll(server, folder)).absent).toEqual([]);

    expect(await versions()).toEqual(before);
    expect(await generations(server, folder)).toEqual(generated);
  });

  test('the server keeps every value as it was written, so that a GitOps tool sees no difference', async () => {
    for (const file of files()) {
      const applied = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
      const kept = await live(file);
      expect(applied.flatMap((object, i) => differences(object, kept[i], `${object.kind} ${object.metadata.name}`))).toEqual([]);
    }
  });

  test('a value that the server does not keep shows', async () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'dropped', namespace: 'shop' }, spec: { externalIPs: [], selector: { a: 'b' }, ports: [{ port: 80 }] } };
    const { stdout } = await server.kubectl(['apply', '--server-side', '-f', '-', '-o', 'json'], { input: JSON.stringify(service) });
    expect(differences(service, JSON.parse(stdout), 'Service')).toEqual(['Service.spec.externalIPs was dropped']);
  });

  test('every pod is admitted, and refused for each field that restricted requires, loosened one at a time', async () => {
    const templates = podTemplatesOf(folder);
    expect(templates.map(({ owner }) => owner).sort()).toEqual([
      'CronJob data/report', 'DaemonSet data/agent', 'Deployment data/beside', 'Deployment data/files', 'Deployment data/site', 'Deployment shop/web', 'Deployment shop/worker', 'Job data/migrate', 'StatefulSet data/db', 'StatefulSet data/only',
      'StatefulSet data/postgres',
    ]);
    expect(await admissionFaults(server, templates, 35)).toEqual([]);
  });

  test('pods run on the nodes that their namespace names, whatever they say themselves', async () => {
    const { pod } = podTemplatesOf(folder).find(({ owner }) => owner === 'Deployment shop/web')!;
    const created = (spec: object) => server.request('POST', '/api/v1/namespaces/shop/pods?dryRun=All', { body: { ...pod, spec: { ...pod.spec, ...spec } } });
    expect((await created({})).body.spec.nodeSelector).toEqual({ pool: 'shop' });
    const elsewhere = await created({ nodeSelector: { pool: 'other' } });
    expect(elsewhere.status).toBe(403);
    expect(elsewhere.body.message).toContain('pod node label selector conflicts with its namespace node label selector');
  });

  test('the checker that unit tests use says the same as the server about every loosened pod', async () => {
    for (const { pod } of podTemplatesOf(folder)) {
      expect(violations(pod)).toEqual([]);
      expect(loosened(pod).filter((each) => violations(each.pod).length === 0).map(({ what }) => what)).toEqual([]);
    }
  });

  test.each(VERSIONS.map((version) => [version.toString(), version] as const))('labels pinned to %s are enforced', async (name, version) => {
    const namespace = `pinned-${name.replace('.', '-')}`;
    const app = new App();
    new ClusterProfile({ name: 'prod', kubernetesVersion: version }).attachTo(app);
    const home = new HardenedNamespace(new Chart(app, 'c'), namespace);
    new SecureWorkload(home, 'web', { image: IMAGE, port: 8080 });
    await server.kubectl(['apply', '--server-side', '--validate=strict', '-f', '-'], { input: app.synthYaml() });
    await settleQuotas(server);

    const [{ pod: template }] = podTemplatesOf(folder);
    const pod = { ...template, metadata: { ...template.metadata, namespace }, spec: { ...template.spec, serviceAccountName: 'web' } };
    expect(await admissionFaults(server, [{ owner: namespace, pod }], version.minor)).toEqual([]);
    expect(await refusalOf(server, loosened(pod, version.minor)[0].pod)).toContain(`violates PodSecurity "restricted:v${name}"`);
  });

  test('a label with a typo enforces nothing, and a level with a typo is refused', async () => {
    const { metadata } = (await live(join(folder, readdirSync(folder).find((file) => file.endsWith('shop.k8s.yaml'))!)))[0];
    const renamed = Object.fromEntries(Object.entries(metadata.labels).filter(([key]) => key !== 'kubernetes.io/metadata.name')
      .map(([key, value]) => [key.replace('pod-security.kubernetes.io/', 'pod-securty.kubernetes.io/'), value]));
    const create = (name: string, labels: object) => server.request('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } } });
    expect((await create('typo', renamed)).status).toBe(201);
    await server.kubectl(['create', 'serviceaccount', 'web', '--namespace=typo']);
    const [{ pod }] = podTemplatesOf(folder);
    const [loose] = loosened({ ...pod, metadata: { ...pod.metadata, namespace: 'typo' }, spec: { ...pod.spec, serviceAccountName: 'web' } });
    expect(await refusalOf(server, loose.pod)).toBeUndefined();

    expect((await create('typo2', { 'pod-security.kubernetes.io/enforce': 'restrictd' })).body.message).toContain('Invalid value: "restrictd"');
  });

  test('no service opens a port of the nodes or a load balancer', async () => {
    const create = (type: string) => server.request('POST', '/api/v1/namespaces/shop/services?dryRun=All', {
      body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'open' }, spec: { type, selector: { a: 'b' }, ports: [{ port: 80 }] } },
    });
    expect((await create('NodePort')).body.message).toContain('exceeded quota: quota, requested: services.nodeports=1');
    expect((await create('LoadBalancer')).body.message).toContain('exceeded quota: quota, requested: services.loadbalancers=1');
    expect((await create('ClusterIP')).status).toBe(201);
  });

  test('a container that states nothing gets bounds', async () => {
    const pod = structuredClone(podTemplatesOf(folder).find(({ owner }) => owner === 'Deployment shop/web')!.pod);
    delete pod.spec.containers[0].resources;
    const { body } = await server.request('POST', '/api/v1/namespaces/shop/pods?dryRun=All', { body: pod });
    expect(body.spec.containers[0].resources).toEqual({
      requests: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '128Mi' }, limits: { 'cpu': '500m', 'memory': '256Mi', 'ephemeral-storage': '1Gi' },
    });
  });

  test('the kinds that have no namespace are those of the server', async () => {
    const { body: { groups } } = await server.request('GET', '/apis');
    const paths = ['/api/v1', ...groups.flatMap((group: any) => group.versions.map(({ groupVersion }: any) => `/apis/${groupVersion}`))];
    const wrong: string[] = [];
    let seen = 0;
    for (const path of paths) {
      const { body } = await server.request('GET', path);
      for (const { name, kind, namespaced } of body.resources.filter((each: any) => !each.name.includes('/'))) {
        seen++;
        if (isClusterScoped(body.groupVersion, kind) === namespaced) {
          wrong.push(`${body.groupVersion} ${name}`);
        }
      }
    }
    expect(seen).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  test('a custom kind of unknown scope may carry a namespace: the server drops it where the kind has none', async () => {
    const app = new App();
    new ApiObject(new Chart(app, 'c', { namespace: 'shop' }), 'class', { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 7 });
    const { stdout } = await server.kubectl(['apply', '--server-side', '--validate=strict', '-f', '-', '-o', 'json'], { input: app.synthYaml() });
    expect(JSON.parse(stdout).metadata).not.toHaveProperty('namespace');
  });
});
