import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { policyBinding, PolicyPhase } from '../../src/controls/admission/policy-binding';
import { policyObstacle, validatingPolicy } from '../../src/controls/admission/validating-policy';
import { AppliesTo } from '../../src/controls/applies-to';
import { catalogControls } from '../../src/controls/catalog';
import { basePod } from '../../src/controls/catalog/base-pod';
import { Control } from '../../src/controls/control';
import { Requirement } from '../../src/controls/requirement';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { sample } from '../controls/admission/fixtures';
import { TEMPLATE_KINDS, workloadOf } from '../support/workloads';

const PRIVILEGED = sample(Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)), { id: 'privileged' });
const MEMORY = sample(Requirement.eachDeclaredContainer(Requirement.absentOrOneOf('resources.limits.memory', '64Mi')), { id: 'memory' });
const OWNED = sample(Requirement.present('metadata.annotations["example.com/owner"]'), { id: 'owned' });
const NODE_PORT = sample(Requirement.noneOf('spec.type', 'NodePort'), { id: 'node-port', appliesTo: AppliesTo.kinds('Service') });

/** Objects are there before the policies are. */
const OLD = 'old';
const ANNOTATED = 'annotated';
const CROWDED = 'crowded';

const CONTAINERS = 100;

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'policies on objects that are there', () => {
    let server: PolicyServer;
    let stated: KubernetesVersion;

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      stated = KubernetesVersion.of(`1.${server.minor}`);
      for (const namespace of [OLD, ANNOTATED, CROWDED]) {
        await server.namespace(namespace);
        await server.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace } }]);
      }
      await server.apply([
        ...TEMPLATE_KINDS.map((kind) => workload(kind, OLD, { privileged: true })),
        workload('Deployment', ANNOTATED),
        { ...workload('Pod', OLD), metadata: { name: 'good', namespace: OLD } },
        service(OLD, { type: 'NodePort' }),
        gated(OLD),
      ]);
      await bind(OLD, PRIVILEGED, MEMORY, NODE_PORT);
      await bind(ANNOTATED, OWNED);
      const catalog = catalogControls().filter((control) => (
        control.appliesTo.isPodTemplates && policyObstacle(control, stated) === undefined && !NOT_OF_CROWDS.has(control.id)
      ));
      expect(catalog.length).toBeGreaterThanOrEqual(40);
      await bind(CROWDED, ...catalog);
      await server.settle();
    });
    afterAll(async () => server?.stop());

    const bind = async (namespace: string, ...controls: Control[]) => {
      await server.apply(controls.map((control) => validatingPolicy(control, { version: stated })));
      await server.apply(controls.map((control) => policyBinding(control, { phase: PolicyPhase.DENY, suffix: namespace, namespaces: [namespace] })));
    };

    test('refuse new objects like them, so that what follows proves something', async () => {
      for (const kind of TEMPLATE_KINDS) {
        const answer = await server.dryRun(renamed(workload(kind, OLD, { privileged: true })));
        expect([kind, answer.message]).toEqual([kind, expect.stringContaining('; not met by app. ')]);
      }
    });

    test('let labels, annotations and finalizers of those that violate pass', async () => {
      for (const kind of TEMPLATE_KINDS) {
        const metadata = { labels: { team: 'shop' }, annotations: { note: 'old' }, finalizers: ['example.com/keep'] };
        expect([kind, await server.dryRunPatch(workload(kind, OLD), { metadata })]).toEqual([kind, expect.objectContaining({ allowed: true })]);
      }
    });

    test('let those that violate be scaled and restarted', async () => {
      for (const kind of ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']) {
        expect([kind, (await server.dryRunPatch(workload(kind, OLD), { spec: { replicas: 5 } }, 'scale')).allowed]).toEqual([kind, true]);
        expect([kind, (await server.dryRunPatch(workload(kind, OLD), { spec: { replicas: 5 } })).allowed]).toEqual([kind, true]);
      }
      const restart = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-21T00:00:00Z' } } } } };
      for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet']) {
        expect([kind, (await server.dryRunPatch(workload(kind, OLD), restart)).allowed]).toEqual([kind, true]);
      }
    });

    test('refuse another image of those that violate, and let them be put right', async () => {
      for (const kind of TEMPLATE_KINDS.filter((each) => each !== 'Job')) {
        const image = 'registry.example.com/app:2';
        const { metadata } = await stored(server, workload(kind, OLD));
        const change = (options: Options) => server.dryRunUpdate({ ...workload(kind, OLD, options), metadata });
        expect([kind, (await change({ privileged: true, image })).message]).toEqual([kind, expect.stringContaining('; not met by app. ')]);
        if (kind !== 'Pod') {
          expect([kind, (await change({ privileged: false, image })).allowed]).toEqual([kind, true]);
        }
      }
    });

    test('let a Pod that violates be scheduled and tolerate more', async () => {
      const tolerations = [{ key: 'example.com/slow', operator: 'Exists' }];
      const pod = await stored(server, workload('Pod', OLD));
      const tolerant = { ...pod, spec: { ...pod.spec, tolerations: [...pod.spec.tolerations ?? [], ...tolerations] } };
      expect((await server.dryRunUpdate(tolerant)).allowed).toBe(true);
      expect((await server.dryRunPatch(gated(OLD), { spec: { schedulingGates: [] } })).allowed).toBe(true);
      expect((await server.request('POST', `/api/v1/namespaces/${OLD}/pods/app/binding?dryRun=All`, {
        body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'app' }, target: { apiVersion: 'v1', kind: 'Node', name: 'node' } },
      })).status).toBe(201);
    });

    test('of controls that read annotations judge a change of annotations, and no other', async () => {
      const annotate = (annotations: object) => server.dryRunPatch(workload('Deployment', ANNOTATED), { spec: { template: { metadata: { annotations } } } });
      expect((await server.dryRunPatch(workload('Deployment', ANNOTATED), { spec: { replicas: 5 } })).allowed).toBe(true);
      expect((await annotate({ 'kubectl.kubernetes.io/restartedAt': '2026-11-21T00:00:00Z' })).allowed).toBe(true);
      expect((await server.dryRun(renamed(workload('Deployment', ANNOTATED)))).allowed).toBe(false);
      expect((await annotate({ 'example.com/owner': 'shop' })).allowed).toBe(true);
    });

    test('of other objects judge only what their control reads', async () => {
      expect((await server.dryRunPatch(service(OLD), { metadata: { labels: { team: 'shop' } } })).allowed).toBe(true);
      expect((await server.dryRunPatch(service(OLD), { spec: { sessionAffinity: 'ClientIP' } })).allowed).toBe(true);
      expect((await server.dryRun(renamed(service(OLD, { type: 'NodePort' })))).allowed).toBe(false);
      expect((await server.dryRunPatch(service(OLD), { spec: { type: 'ClusterIP' } })).allowed).toBe(true);
    });

    test('judge the containers that are added to debug a running Pod', async () => {
      const pod = await stored(server, { ...workload('Pod', OLD), metadata: { name: 'good', namespace: OLD } });
      const debug = (privileged: boolean) => server.dryRunUpdate({
        ...pod, spec: { ...pod.spec, ephemeralContainers: [{ name: 'debugger', image: 'debug', securityContext: { privileged } }] },
      }, 'ephemeralcontainers');
      expect((await debug(true)).message).toContain('; not met by debugger. ');
      expect((await debug(false)).allowed).toBe(true);
    });

    test('judge the resources that a running Pod is given', async () => {
      const pod = await stored(server, { ...workload('Pod', OLD), metadata: { name: 'good', namespace: OLD } });
      const [container] = pod.spec.containers;
      const resize = (cpu: string, memory: string) => {
        const resources = { requests: { cpu, memory }, limits: { ...container.resources.limits, memory } };
        return server.dryRunUpdate({ ...pod, spec: { ...pod.spec, containers: [{ ...container, resources }] } }, 'resize');
      };
      expect((await resize('100m', '128Mi')).message).toContain('; not met by app. ');
      expect((await resize('200m', '64Mi')).allowed).toBe(true);
    });

    test(`are within the API server's budget at ${CONTAINERS} containers, each with 10 variables and 5 ports`, async () => {
      for (const kind of ['Pod', 'Deployment', 'CronJob']) {
        const { allowed, message } = await server.dryRun(renamed(workloadOf(kind, crowd())));
        expect([kind, message, allowed]).toEqual([kind, '', true]);
      }
    });

    test(`are within it where all ${CONTAINERS} fail, and name some`, async () => {
      const failing = crowd();
      failing.spec.containers.forEach((container: any) => {
        delete container.securityContext.readOnlyRootFilesystem;
      });
      const { message } = await server.dryRun(failing);
      expect(message).toMatch(/denied request: Containers can't write to their own image; not met by app-0, app-1 and 98 more\. /);
    });
  });
});

/** Controls that ask for what not everybody can have. */
const NOT_OF_CROWDS = new Set(['user-namespace']);

interface Options {
  readonly privileged?: boolean;
  readonly image?: string;
}

function workload(kind: string, namespace: string, { privileged, image }: Options = {}): any {
  const pod: any = basePod();
  const [container] = pod.spec.containers;
  const securityContext = { ...container.securityContext, ...(privileged && { privileged, allowPrivilegeEscalation: true }) };
  const changed = { ...container, securityContext, ...(image !== undefined && { image }) };
  return workloadOf(kind, { ...pod, metadata: { ...pod.metadata, namespace }, spec: { ...pod.spec, containers: [changed] } });
}

function renamed(object: any): any {
  return { ...object, metadata: { ...object.metadata, name: 'new' } };
}

function gated(namespace: string): any {
  const pod = workload('Pod', namespace, { privileged: true });
  return { ...pod, metadata: { name: 'gated', namespace }, spec: { ...pod.spec, schedulingGates: [{ name: 'example.com/queue' }] } };
}

function service(namespace: string, spec: object = {}): any {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace }, spec: { ports: [{ port: 80 }], selector: { app: 'web' }, ...spec } };
}

async function stored(server: PolicyServer, { apiVersion, kind, metadata: { name, namespace } }: any): Promise<any> {
  const [version, group = ''] = apiVersion.split('/').reverse();
  const { stdout } = await server.kubectl(['get', `${kind}.${version}.${group}`, name, '-n', namespace, '-o', 'json']);
  const { status, ...object } = JSON.parse(stdout);
  return object;
}

/** A Pod that complies with everything, at a size that nobody has. */
function crowd(): any {
  const pod: any = basePod();
  const [container] = pod.spec.containers;
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace: CROWDED },
    spec: {
      ...pod.spec,
      containers: many(CONTAINERS, (i) => ({
        ...container,
        name: `app-${i}`,
        resources: { ...container.resources, limits: { ...container.resources.limits, 'ephemeral-storage': '64Mi' } },
        command: many(5, (k) => `/usr/local/bin/application-${i}-${k}`),
        args: many(5, (k) => `--listen-address-of-plugin-${k}=[::1]:80${k}${k}`),
        env: many(10, (k) => ({ name: k % 2 ? `DATABASE_PASSWORD_FILE_${k}` : `APPLICATION_SETTING_${k}`, value: `/var/run/applications/setting-${i}-${k}` })),
        ports: many(5, (k) => ({ name: `p${i}-${k}`, containerPort: 8000 + 5 * i + k })),
        readinessProbe: { httpGet: { path: '/ready', port: `p${i}-0` } },
        livenessProbe: { httpGet: { path: '/live', port: `p${i}-0` } },
        securityContext: structuredClone(container.securityContext),
      })),
    },
  };
}

