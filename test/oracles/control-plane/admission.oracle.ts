import { readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { Admission } from '../../../src/control-plane/admission/admission';
import { KubeletConfig } from '../../../src/control-plane/kubelet/kubelet-config';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../../control-plane/cluster';
import { API_SERVER_PROGRAMS, ApiServer } from '../api-server';
import { describeWith, ProgramName } from '../programs';
import { makeAuthority, makeClientCertificate, makeServerCertificate } from './certificates';
import { ImageReviews } from './image-reviews';
import { Answer, freePort, Machine, tlsRequest } from './machine';

const CERTIFICATE = '/etc/kubernetes/pki/image-policy-client.crt';
const KEY = '/etc/kubernetes/pki/image-policy-client.key';
const GOOD = 'registry.internal/good/app:1';
const BAD = 'registry.internal/bad/app:1';
const UNSTABLE = {
  'kube-apiserver': [
    '/apis/internal.apiserver.k8s.io/v1alpha1/storageversions', '/apis/certificates.k8s.io/v1beta1/clustertrustbundles',
    '/apis/storagemigration.k8s.io/v1beta1/storageversionmigrations',
  ],
  'kube-apiserver@1.33': [
    '/apis/internal.apiserver.k8s.io/v1alpha1/storageversions', '/apis/admissionregistration.k8s.io/v1beta1/validatingadmissionpolicies',
    '/apis/resource.k8s.io/v1beta1/resourceclaims',
  ],
};
const RESTRICTED = {
  runAsNonRoot: true, runAsUser: 10001, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
};

describeWith([...API_SERVER_PROGRAMS, 'kube-apiserver@1.33'], 'admission by the rendered file', () => {
  const servers: ApiServer[] = [];
  const machine = new Machine();
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    makeAuthority(machine.root, 'image-ca');
    makeServerCertificate(machine.root, 'image-policy', 'image-ca');
    makeClientCertificate(machine.root, 'image-client', 'image-ca');
    machine.write(CERTIFICATE, machine.read('/image-client.crt'));
    machine.write(KEY, machine.read('/image-client.key'));
  });
  afterAll(async () => {
    for (const server of servers) {
      await server.stop();
    }
    machine.remove();
  });

  const write = (kubernetesVersion: KubernetesVersion): Record<string, string> => {
    const { nodes } = cluster({ kubernetesVersion }, {
      kubelet: new KubeletConfig({ eventRecordQps: 1 }),
      admission: new Admission({
        podSecurity: { exemptNamespaces: ['trusted'] },
        eventRateLimit: { user: { qps: 1, burst: 3 } },
        podNodeSelector: { clusterDefault: { pool: 'apps' }, allowed: { shop: { pool: 'apps' } } },
        imagePolicyWebhook: {
          server: `https://127.0.0.1:${port}/review`,
          certificateAuthority: machine.read('/image-ca.crt'),
          clientCertificatePath: CERTIFICATE,
          clientKeyPath: KEY,
          allowTtlSeconds: 1,
          denyTtlSeconds: 1,
          retryBackoffMilliseconds: 1,
        },
        alwaysPullImages: true,
        furtherPlugins: ['PodTolerationRestriction', 'OwnerReferencesPermissionEnforcement', 'NamespaceExists', 'ExtendedResourceToleration', 'LimitPodHardAntiAffinityTopology'],
      }),
    });
    machine.add(nodes);
    const [, { apiServer }] = parseAllDocuments(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((document) => document.toJS() as any);
    const flags = Object.fromEntries(apiServer.extraArgs.map(({ name, value }: any) => [name, machine.adapt(value)]));
    return Object.fromEntries(['admission-control-config-file', 'enable-admission-plugins', 'feature-gates', 'runtime-config'].map((name) => [name, flags[name]]));
  };
  const start = async (program: ProgramName, flags: Record<string, string | undefined>) => {
    const server = await ApiServer.start({ program, flags });
    servers.push(server);
    const labelled = {
      fresh: {}, trusted: {}, shop: {}, open: { 'pod-security.kubernetes.io/enforce': 'privileged' },
      pinned: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.34' },
    };
    for (const [name, labels] of Object.entries(labelled)) {
      await create(server, '/api/v1/namespaces', { metadata: { name, labels } });
      await create(server, `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
    }
    return server;
  };

  describe.each([['1.37', 'kube-apiserver', KubernetesVersion.V1_37], ['1.33', 'kube-apiserver@1.33', KubernetesVersion.V1_33]] as const)('Kubernetes %s', (minor, program, version) => {
    let server: ApiServer;
    let webhook: ImageReviews;
    beforeAll(async () => {
      webhook = await new ImageReviews().start(machine, port);
      server = await start(program, write(version));
    });
    afterAll(async () => {
      await webhook.stop();
      await server?.stop();
    });

    test('in a namespace that says nothing Pod Security refuses a privileged pod, and one that may be root', async () => {
      expect(await createPod(server, 'fresh', { privileged: true })).toMatchObject({
        status: 403, body: { message: expect.stringContaining(`violates PodSecurity "restricted:v${minor}": privileged`) },
      });
      expect((await createPod(server, 'fresh', { runAsNonRoot: undefined })).body.message).toContain('runAsNonRoot != true');
      expect((await createPod(server, 'fresh')).status).toBe(201);
    });

    // From 1.35 on the standard leaves users alone where they are not the node's: root there is an ordinary user of the node.
    test(`a pod that is root in a user namespace of its own is ${minor === '1.37' ? 'let in, unless its namespace keeps the version of 1.34' : 'refused'}`, async () => {
      const root = { runAsNonRoot: undefined, runAsUser: 0 };
      const answers = [];
      for (const [namespace, spec] of [['fresh', { hostUsers: false }], ['fresh', { hostUsers: true }], ['fresh', {}], ['pinned', { hostUsers: false }]] as const) {
        const { status, body } = await createPod(server, namespace, root, spec);
        answers.push([status, status === 201 ? body.spec.hostUsers : /violates PodSecurity "(\S+)": runAsNonRoot != true.*runAsUser=0/.exec(body.message)?.[1]]);
      }

      expect(answers).toEqual([
        minor === '1.37' ? [201, false] : [403, 'restricted:v1.33'], [403, `restricted:v${minor}`], [403, `restricted:v${minor}`],
        [403, 'restricted:v1.34'],
      ]);
    });

    test('a namespace that is exempt, and one whose label says so, take the privileged pod', async () => {
      expect((await createPod(server, 'trusted', { privileged: true })).status).toBe(201);
      expect((await createPod(server, 'open', { privileged: true })).status).toBe(201);
    });

    test('a user who sends too many events gets 429, another does not', async () => {
      const answers = await sendEvents(server, 30);

      expect(answers[0].status).toBe(201);
      expect(answers.find(({ status }) => status !== 201)).toMatchObject({ status: 429, body: { message: 'Too many requests: limit reached on type User for key oracle-admin' } });
      expect((await sendEvents(server, 1, { 'Impersonate-User': 'jane', 'Impersonate-Group': ['system:masters'] }))[0].status).toBe(201);
    });

    test('pods get the nodes that are the default, and those that choose others are refused where they may not', async () => {
      expect((await createPod(server, 'fresh')).body.spec.nodeSelector).toEqual({ pool: 'apps' });
      expect((await createPod(server, 'fresh', {}, { nodeSelector: { zone: 'a' } })).body.spec.nodeSelector).toEqual({ pool: 'apps', zone: 'a' });
      expect((await createPod(server, 'fresh', {}, { nodeSelector: { pool: 'db' } })).body.message).toContain('conflicts with its namespace node label selector');
      expect((await createPod(server, 'shop', {}, { nodeSelector: { zone: 'a' } })).body.message).toContain('conflict with its namespace whitelist');
      expect((await createPod(server, 'shop')).status).toBe(201);
    });

    test('images are pulled before every start, whatever the pod says', async () => {
      expect((await createPod(server, 'fresh')).body.spec.containers[0].imagePullPolicy).toBe('Always');
    });

    test('a Service takes no external address', async () => {
      expect(await createService(server)).toMatchObject({ status: 403, body: { message: expect.stringContaining('Use of external IPs is denied by admission control') } });
    });

    test('no API that is alpha or beta is served', async () => {
      for (const path of UNSTABLE[program]) {
        expect([path, (await server.request('GET', path)).status]).toEqual([path, 404]);
      }
      const { body } = await server.request('GET', '/apis');
      expect(body.groups.flatMap(({ versions }: any) => versions).map(({ version: name }: any) => name).filter((name: string) => !/^v\d+$/.test(name))).toEqual([]);
    });

    test('the service decides about images, and sees the API server\'s certificate', async () => {
      expect((await createPod(server, 'fresh', {}, {}, BAD)).body.message).toContain('image policy webhook backend denied one or more images: not from this registry');
      expect((await createPod(server, 'fresh', {}, {}, GOOD)).status).toBe(201);
      expect(new Set(webhook.clients)).toEqual(new Set(['image-client']));
    });

    test('a node changes neither another node, nor its pods, nor labels of its own that it is isolated by', async () => {
      const { relabelOther, relabelOwn, deletePod, own } = await actAsNode(server);

      expect(relabelOther).toMatchObject({ status: 403, body: { message: expect.stringContaining('node "n1" is not allowed to modify node "n2"') } });
      expect(relabelOwn).toMatchObject({ status: 403, body: { message: expect.stringContaining('is not allowed to modify labels: node-restriction.kubernetes.io/pool') } });
      expect(deletePod).toMatchObject({ status: 403, body: { message: expect.stringContaining('node "n1" can only delete pods with spec.nodeName set to itself') } });
      expect(own.status).toBe(200);
    });

    test('what the service does not answer is refused', async () => {
      await webhook.stop();

      expect(await createPod(server, 'fresh', {}, {}, 'registry.internal/good/app:2')).toMatchObject({
        status: 403, body: { message: expect.stringContaining(`is forbidden: Post "https://127.0.0.1:${port}/review`) },
      });
    });
  });

  test('the twin with our file whose plugins are not enabled acts upon none of it but Pod Security, which is on anyway', async () => {
    const server = await start('kube-apiserver', { ...write(KubernetesVersion.V1_37), 'enable-admission-plugins': undefined });

    expect((await createPod(server, 'fresh', { privileged: true })).status).toBe(403);
    expect((await sendEvents(server, 30)).every(({ status }) => status === 201)).toBe(true);
    const { status, body } = await createPod(server, 'shop', {}, { nodeSelector: { zone: 'a' } }, BAD);
    expect([status, body.spec.nodeSelector, body.spec.containers[0].imagePullPolicy]).toEqual([201, { zone: 'a' }, 'IfNotPresent']);
    expect((await createService(server)).status).toBe(201);
    const { relabelOther, relabelOwn, deletePod } = await actAsNode(server);
    expect([relabelOther.status, relabelOwn.status, deletePod.status]).toEqual([200, 200, 200]);
  });

  test.each([['1.37', 'kube-apiserver', KubernetesVersion.V1_37], ['1.33', 'kube-apiserver@1.33', KubernetesVersion.V1_33]] as const)(
    'the twin of %s that is told to serve every API serves those that are alpha and beta', async (_, program, version) => {
      const server = await start(program, { 'feature-gates': write(version)['feature-gates'], 'runtime-config': 'api/all=true' });

      for (const path of UNSTABLE[program]) {
        expect([path, (await server.request('GET', path)).status]).toEqual([path, 200]);
      }
    });

  test('the API server takes in silence what is refused here: a version that is not there, selectors that are no text, and a plugin that nobody knows', async () => {
    writeTwin({
      PodSecurity: {
        apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration', defaults: { 'enforce': 'privileged', 'enforce-version': 'v1.99' },
      },
      PodNodeSelector: { podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: { pool: 'apps' } } },
      Whatever: { kind: 'X' },
    });
    const server = await start('kube-apiserver', { 'admission-control-config-file': machine.path('/twin.yaml'), 'enable-admission-plugins': 'PodNodeSelector' });

    const { status, body } = await createPod(server, 'fresh', { privileged: true });

    expect([status, body.spec.nodeSelector]).toEqual([201, undefined]);
  });

  test.each([
    ['unknown names of plugins, among them those that are gone', { 'enable-admission-plugins': 'EventRateLimits,PersistentVolumeLabel,SecurityContextDeny' }, [
      'enable-admission-plugins plugin "EventRateLimits" is unknown', 'enable-admission-plugins plugin "PersistentVolumeLabel" is unknown',
      'enable-admission-plugins plugin "SecurityContextDeny" is unknown',
    ]],
    ['EventRateLimit without its configuration', { 'enable-admission-plugins': 'EventRateLimit' }, ['couldn\'t init admission plugin "EventRateLimit": limits: Invalid value: null: must not be empty']],
    ['a version of Pod Security that is no "v1.33"', { 'admission-control-config-file': '/twin.yaml' }, ['PodSecurity configuration error: enforce-version: must be "latest" or "v1.x"']],
  ])('the API server does not start with %s', async (_, flags, reasons) => {
    writeTwin({
      PodSecurity: { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration', defaults: { 'enforce-version': '1.33' } },
    });
    const adapted = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, value.startsWith('/') ? machine.path(value) : value]));

    const failure = await ApiServer.start({ flags: adapted }).then((server) => server.stop(), (error: Error) => error.message.replaceAll('\\', ''));

    for (const reason of reasons) {
      expect(failure).toContain(reason);
    }
  });

  const writeTwin = (configurations: Record<string, object>) => machine.write('/twin.yaml', stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: Object.entries(configurations).map(([name, configuration]) => ({ name, configuration })),
  }));
});

let number = 0;

async function create(server: ApiServer, path: string, body: object): Promise<any> {
  const answer = await server.request('POST', path, { body });
  if (answer.status !== 201) {
    throw new Error(`${path}: ${answer.status} ${answer.body.message ?? answer.body}`);
  }
  return answer.body;
}

/** One that passes `restricted`, but for what is said. */
async function createPod(server: ApiServer, namespace: string, securityContext = {}, spec = {}, image = GOOD) {
  const container = { name: 'app', image, imagePullPolicy: 'IfNotPresent', securityContext: contextOf(securityContext) };
  return server.request('POST', `/api/v1/namespaces/${namespace}/pods`, {
    body: { metadata: { name: `pod-${number++}` }, spec: { containers: [container], automountServiceAccountToken: false, ...spec } },
  });
}

/** A privileged container is one that may escalate. */
function contextOf(context: { privileged?: boolean }): object {
  return { ...RESTRICTED, ...(context.privileged ? { allowPrivilegeEscalation: true } : {}), ...context };
}

async function createService(server: ApiServer) {
  return server.request('POST', '/api/v1/namespaces/fresh/services', {
    body: { metadata: { name: `service-${number++}` }, spec: { ports: [{ port: 80 }], externalIPs: ['203.0.113.7'] } },
  });
}

/** One after the other, until one is refused. */
async function sendEvents(server: ApiServer, count: number, headers = {}): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count && answers.every(({ status }) => status === 201)) {
    answers.push(await request(server, 'admin', 'POST', '/api/v1/namespaces/fresh/events', {
      metadata: { name: `event-${number++}` }, involvedObject: { kind: 'Pod', namespace: 'fresh', name: 'app' }, reason: 'Test', type: 'Normal',
    }, headers));
  }
  return answers;
}

/** What becomes of a node's wish to change what is another's. */
async function actAsNode(server: ApiServer) {
  makeClientCertificate(server.folder, 'n1', 'ca', '/O=system:nodes/CN=system:node:n1');
  await create(server, '/api/v1/nodes', { metadata: { name: 'n1' } });
  await create(server, '/api/v1/nodes', { metadata: { name: 'n2' } });
  const other = await createBoundPod(server, 'n2');
  const label = (key: string) => ({ metadata: { labels: { [key]: 'x' } } });
  const patch = (node: string, key: string) => request(server, 'n1', 'PATCH', `/api/v1/nodes/${node}`, label(key), { 'Content-Type': 'application/merge-patch+json' });
  return {
    relabelOther: await patch('n2', 'zone'),
    relabelOwn: await patch('n1', 'node-restriction.kubernetes.io/pool'),
    own: await patch('n1', 'zone'),
    deletePod: await request(server, 'n1', 'DELETE', `/api/v1/namespaces/trusted/pods/${other}`, { gracePeriodSeconds: 0 }),
  };
}

/** A mirror pod, as a kubelet makes it; of the plugins that look at pods it passes all. */
async function createBoundPod(server: ApiServer, nodeName: string): Promise<string> {
  const name = `pod-${number++}`;
  const { metadata } = (await server.request('GET', `/api/v1/nodes/${nodeName}`)).body;
  await create(server, '/api/v1/namespaces/trusted/pods', {
    metadata: {
      name, annotations: { 'kubernetes.io/config.mirror': 'x' }, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid: metadata.uid, controller: true }],
    },
    spec: { nodeName, containers: [{ name: 'app', image: 'registry.internal/good/app:3', securityContext: RESTRICTED }] },
  });
  return name;
}

function request(server: ApiServer, user: string, method: string, path: string, body: unknown, headers = {}): Promise<Answer> {
  const pem = (name: string) => readFileSync(join(server.folder, name), 'utf8');
  return tlsRequest(server.url + path, {
    method, body, ca: pem('ca.crt'), cert: pem(`${user}.crt`), key: pem(`${user}.key`), headers: { 'Content-Type': 'application/json', ...headers },
  });
}
