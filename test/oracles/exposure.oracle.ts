import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { settleQuotas } from './admission';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { PolicyPhase } from '../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../src/controls/admission-policies';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Port } from '../../src/core/port';
import { PathMatch } from '../../src/workloads/exposure/exposure';
import { GatewayRouteKind } from '../../src/workloads/exposure/gateway-exposure';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';
import { findings } from '../support/twins';
import { IMAGE, written } from '../workloads/fixtures';

const GATEWAY = { name: 'public', namespaceName: 'edge', sectionName: 'https' };

function shop(version: KubernetesVersion, quota = { cpu: Cpu.units(30), memory: Size.gibibytes(30), pods: 100 }) {
  const app = new App();
  new ClusterProfile({
    name: 'prod', kubernetesVersion: version, ingress: [{ namespaceName: 'edge', podLabels: { app: 'envoy' } }], monitoring: [{ namespaceName: 'monitoring' }],
  }).attachTo(app);
  const namespace = new HardenedNamespace(new Chart(app, 'shop'), 'shop', { quota });
  const workload = (id: string, props: Partial<SecureWorkloadProps> = {}) => (
    new SecureWorkload(namespace, id, { image: IMAGE, port: 8080, ...props }));
  return { app, workload };
}

/** Every way to be reached and to be scaled, in all its options. */
function everything(version: KubernetesVersion): any[] {
  const { app, workload } = shop(version);
  const web = workload('web', {
    servicePort: 80,
    furtherPorts: { 'metrics': Port.tcp(9090), 'dns': Port.udp(53), 'dns-tcp': Port.tcp(53), 'signal': Port.sctp(38412) },
    autoscaling: { minReplicas: 3, maxReplicas: 12, cpuUtilization: 70, memoryUtilization: 90, scaleDownStabilization: Duration.minutes(10) },
    disruptionBudget: { minAvailable: 2 },
  });
  const db = workload('db', { kind: WorkloadKind.STATEFUL_SET, autoscaling: { maxReplicas: 3 }, furtherPorts: { metrics: Port.tcp(9187) } });
  const agent = workload('agent', { kind: WorkloadKind.DAEMON_SET, port: undefined, furtherPorts: { metrics: Port.tcp(9100) } });
  const fixed = workload('fixed', { replicas: 5, disruptionBudget: { maxUnavailable: 2 } });
  web.exposeByIngress({
    hosts: ['shop.example.com', '*.shop.example.com'], clusterIssuer: 'letsencrypt', ingressClassName: 'public', path: '/api', pathMatch: PathMatch.EXACT,
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' },
  });
  web.exposeByIngress({ hosts: ['metrics.example.com'], tlsSecretName: 'metrics', portName: 'metrics', name: 'web-metrics' });
  db.exposeByIngress({ hosts: ['db.example.com'], tlsSecretName: 'db' });
  web.exposeByGateway({ gateway: GATEWAY, hostnames: ['shop.example.com', '*.shop.example.com'], path: '/api', pathMatch: PathMatch.EXACT });
  fixed.exposeByGateway({ gateway: GATEWAY, hostnames: ['fixed.example.com'] });
  fixed.exposeByGateway({ gateway: GATEWAY, hostnames: ['grpc.example.com'], routeKind: GatewayRouteKind.GRPC });
  [web, db, agent].forEach((each) => each.allowFromMonitoring());
  web.allowTo(db);
  return written(app);
}

const KINDS = ['Ingress', 'HTTPRoute', 'GRPCRoute', 'Service', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'];

/** An app with whatever this library takes of what it was given at random, and whether it took each. */
function randomly(version: KubernetesVersion): { readonly app: App; readonly made: boolean[] } {
  const label = fc.oneof({ weight: 9, arbitrary: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,3}[a-z0-9])?$/) }, fc.stringMatching(/^[a-zA-Z*_-]{0,3}$/));
  const host = fc.tuple(fc.constantFrom('', '', '*.', '*'), fc.array(label, { maxLength: 3 })).map(([first, labels]) => first + labels.join('.'));
  const part = fc.constantFrom('', 'a', 'a', 'b', '.', '..', '...', '%2f', '%20', '%', '~x', 'ä', '?q', '#f', ' ', 'a+b', '!$&\'()*,;=:@', '*', '{id}', '\\');
  const path = fc.array(part, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
  const count = fc.integer({ min: 0, max: 6 });
  const cases = fc.sample(fc.record({
    hosts: fc.array(host, { minLength: 1, maxLength: 2 }), path, pathMatch: fc.constantFrom(...Object.values(PathMatch)),
    portName: fc.stringMatching(/^[a-z0-9A-Z-]{1,16}$/), port: fc.integer({ min: 1, max: 65535 }),
    minReplicas: count, maxReplicas: fc.integer({ min: 2, max: 12 }), cpuUtilization: fc.constantFrom(0, 1, 80, 454, 455),
    maxUnavailable: fc.integer({ min: 0, max: 2 }),
  }), { numRuns: 200, seed: 5 });
  const { app, workload } = shop(version, { cpu: Cpu.units(100000), memory: Size.tebibytes(100), pods: 100000 });
  const web = workload('web');
  const takes = (call: () => void): boolean => {
    try {
      call();
      return true;
    } catch (error) {
      expect((error as Error).name).toBe('HardenedError');
      return false;
    }
  };
  const made = cases.flatMap(({ hosts, path: each, pathMatch, portName, port, minReplicas, maxReplicas, cpuUtilization, maxUnavailable }, i) => {
    const name = `random-${i}`;
    const gateway = { ...GATEWAY, sectionName: name };
    return [
      takes(() => web.exposeByIngress({ name, hosts, tlsSecretName: 'tls', path: each, pathMatch, ingressClassName: name })),
      takes(() => web.exposeByGateway({ name, gateway, hostnames: hosts, path: each, pathMatch })),
      takes(() => web.exposeByGateway({ name, gateway, hostnames: hosts, routeKind: GatewayRouteKind.GRPC })),
      takes(() => workload(`${name}-port`, { furtherPorts: { [portName]: Port.tcp(port) } })),
      takes(() => workload(`${name}-scale`, { autoscaling: { minReplicas, maxReplicas, cpuUtilization }, disruptionBudget: { maxUnavailable } })),
    ];
  });
  return { app, made };
}

/** A change of one object that was made to be good. */
function changed(objects: any[], kind: string, change: (object: any) => void): any {
  const twin = structuredClone(objects.find((object) => object.kind === kind));
  twin.metadata.name = 'twin';
  change(twin);
  return twin;
}

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith([...policyServerPrograms(version), 'gateway-api'], 'workloads that are reached from outside, and scaled', (paths) => {
    let server: PolicyServer;
    let stated: KubernetesVersion;
    let objects: any[];
    let stored: any[];

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      stated = KubernetesVersion.of(`1.${server.minor}`);
      await server.apply(['httproutes', 'grpcroutes'].map((name) => (
        parse(readFileSync(join(paths['gateway-api'], `gateway.networking.k8s.io_${name}.yaml`), 'utf8')))));
      const app = new App();
      new ClusterProfile({ name: 'prod', kubernetesVersion: stated }).attachTo(app);
      new AdmissionPolicies(new Chart(app, 'policies'), 'policies', { pack: ControlPack.recommended(), phase: PolicyPhase.DENY });
      const policies = written(app);
      await server.apply(policies.filter(({ kind }) => !kind.endsWith('Binding')));
      await server.apply(policies.filter(({ kind }) => kind.endsWith('Binding')));
      await server.settle();
      objects = everything(stated);
      stored = await server.apply(objects);
      await settleQuotas(server);
    });
    afterAll(async () => server?.stop());

    test('are admitted by all policies on deny, which find nothing in them either', () => {
      const kinds = stored.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['Ingress', 'HTTPRoute', 'GRPCRoute', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Service']));
      expect(findings(ControlPack.recommended().controls, stated, objects)).toEqual([]);
    });

    test('have pods that are admitted', async () => {
      const owners = objects.filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind));
      const pods = owners.map(({ kind, metadata, spec: { template } }) => (
        { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: `${kind.toLowerCase()}-${metadata.name}`, namespace: 'shop' }, spec: template.spec }));
      const answers = await Promise.all(pods.map(async (pod) => server.dryRun(pod)));
      expect(answers.map(({ message, allowed }) => `${allowed} ${message}`)).toEqual(pods.map(() => 'true '));
    });

    test('are kept by the server value by value', () => {
      objects.forEach((object, i) => expect(stored[i]).toMatchObject(object));
    });

    test('are not changed by a second apply', async () => {
      const again = await server.apply(objects);
      const versions = (list: any[]) => list.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.generation} ${metadata.resourceVersion}`);
      const settled = (list: any[]) => versions(list.filter(({ kind }) => kind !== 'ResourceQuota'));
      expect(settled(again)).toEqual(settled(stored));
    });

    const deployment = (name: string) => objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
    const replicasAfter = async (object: any) => (await server.apply([object]))[0].spec.replicas;
    const scale = async (name: string) => {
      const path = `/apis/apps/v1/namespaces/shop/deployments/${name}/scale`;
      const { status } = await server.request('PATCH', path, { body: { spec: { replicas: 7 } }, contentType: 'application/merge-patch+json' });
      expect(status).toBe(200);
    };

    test('keep the number of pods that an autoscaler gave them; a stated number would come back', async () => {
      await scale('web');
      await scale('fixed');
      expect(await replicasAfter(deployment('web'))).toBe(7);
      expect(await replicasAfter(deployment('fixed'))).toBe(5);
    });

    test('fall back to one pod where a stated number is left out, unless an autoscaler has changed it before', async () => {
      const named = (object: any) => ({ ...object, metadata: { ...object.metadata, name: 'moving' } });
      const [before, after] = [deployment('fixed'), { ...deployment('fixed'), spec: { ...deployment('fixed').spec, replicas: undefined } }].map(named);
      expect(await replicasAfter(before)).toBe(5);
      expect(await replicasAfter(after)).toBe(1);
      expect(await replicasAfter(before)).toBe(5);
      await scale('moving');
      expect(await replicasAfter(after)).toBe(7);
    });

    test.each<[string, string, (object: any) => void, string]>([
      ['an Ingress without TLS', 'Ingress', ({ spec }) => delete spec.tls, 'Ingresses serve TLS'],
      ['an Ingress with a snippet', 'Ingress', ({ metadata }) => metadata.annotations['nginx.org/server-snippets'] = 'x', 'snippets of configuration'],
      ['a budget that blocks drains', 'PodDisruptionBudget', ({ spec }) => Object.assign(spec, { minAvailable: undefined, maxUnavailable: 0 }), 'let nodes be drained'],
      ['a Service on ports of the nodes', 'Service', ({ spec }) => Object.assign(spec, { type: 'NodePort', clusterIP: undefined }), 'NodePort'],
      ['a Service for everybody', 'Service', ({ spec }) => Object.assign(spec, { type: 'LoadBalancer', clusterIP: undefined }), 'who may reach them'],
      ['a load balancer, even with a source', 'Service', ({ spec }) => (
        Object.assign(spec, { type: 'LoadBalancer', clusterIP: undefined, loadBalancerSourceRanges: ['192.0.2.0/24'] })), 'exceeded quota'],
    ])('refuse %s', async (_, kind, change, words) => {
      expect((await server.dryRun(changed(objects, kind, () => undefined))).message).toBe('');
      const { allowed, message } = await server.dryRun(changed(objects, kind, change));
      expect([allowed, message]).toEqual([false, expect.stringMatching(new RegExp(words, 'i'))]);
    });

    test.each<[string, string, (object: any) => void]>([
      ['a catch-all wildcard', 'Ingress', ({ spec }) => spec.rules[0].host = '*'],
      ['an address as host', 'Ingress', ({ spec }) => spec.rules[0].host = '192.0.2.1'],
      ['an ambiguous path', 'HTTPRoute', ({ spec }) => spec.rules[0].matches[0].path.value = '/a/../b'],
      ['a port without name beside others', 'Service', ({ spec }) => delete spec.ports[0].name],
      ['fewer pods at most than at least', 'HorizontalPodAutoscaler', ({ spec }) => spec.maxReplicas = 1],
      ['a target of nothing', 'HorizontalPodAutoscaler', ({ spec }) => spec.metrics[0].containerResource.target.averageUtilization = 0],
      ['too long a wait', 'HorizontalPodAutoscaler', ({ spec }) => spec.behavior.scaleDown.stabilizationWindowSeconds = 3601],
    ])('refuse %s, as this library does', async (_, kind, change) => {
      const { allowed } = await server.dryRun(changed(objects, kind, change));
      expect(allowed).toBe(false);
    });

    test('take whatever this library takes: hosts, paths, names of ports, numbers of pods', async () => {
      const { app, made } = randomly(stated);
      const random = written(app).filter(({ kind, metadata }) => KINDS.includes(kind) && metadata.name.startsWith('random'));
      const answers = await Promise.all(random.map(async (object) => ({ object, answer: await server.dryRun(object) })));

      expect(answers.filter(({ answer }) => !answer.allowed).map(({ object, answer }) => `${JSON.stringify(object.spec)}: ${answer.message}`)).toEqual([]);
      expect(KINDS.filter((each) => random.filter(({ kind }) => kind === each).length < 20)).toEqual([]);
      expect(made.filter((each) => each).length).toBeGreaterThan(100);
      expect(made.filter((each) => !each).length).toBeGreaterThan(100);
    });
  });
});
