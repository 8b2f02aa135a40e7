import { parse } from 'yaml';
import { declareStaticPods, installStaticPods } from './static-pods-node';
import { Admission } from '../../../src/control-plane/admission/admission';
import { PolicyGuard } from '../../../src/control-plane/admission/policy-guard';
import { StaticPolicies } from '../../../src/control-plane/admission/static-policies';
import { ControlPack } from '../../../src/controls/pack';
import { NodeRole } from '../../../src/nodes/node-role';
import { contentOf } from '../../control-plane/cluster';
import { ControlPlaneMachine } from '../node/control-plane-machine';
import { canMakeMachines, MACHINE_PROGRAMS } from '../node/machine';
import { describeWith, ProgramName, programPath } from '../programs';

const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const PROGRAMS: ProgramName[] = [...COMPONENTS, ...MACHINE_PROGRAMS, 'kubectl'];
const TITLE = 'the newest control plane, started from its manifests\' command lines';

function describeOnMachine(body: () => void): void {
  if (canMakeMachines() || process.env.REQUIRE_ORACLES === '1') {
    describeWith(PROGRAMS, TITLE, body);
  } else {
    describe.skip(`${TITLE} (skipped: needs root and namespaces)`, body);
  }
}

/** Adapted: the programs are no containers, and what the kubelet knows of the machine is filled in here. Paths, addresses and ports are the role's own. */
describeOnMachine(() => {
  let machine: ControlPlaneMachine;
  let nodes: NodeRole;

  const file = (path: string) => machine.run('cat', path);
  const credentials = async (name: string) => ({ cert: await file(`/etc/kubernetes/pki/${name}.crt`), key: await file(`/etc/kubernetes/pki/${name}.key`) });
  const get = async (...args: string[]) => JSON.parse(await machine.kubectl('admin', 'get', '-o', 'json', ...args));
  const asAdmin = async (method: string, path: string, body?: object) => machine.request(6443, path, { method, body, ...await credentials('admin') });
  const events = async () => (await file('/var/log/kubernetes/audit/audit.log')).trim().split('\n').map((line) => JSON.parse(line));

  beforeAll(async () => {
    const guard = new PolicyGuard({ users: ['system:serviceaccount:flux-system:kustomize-controller'] });
    machine = new ControlPlaneMachine();
    await machine.bootEmpty();
    nodes = declareStaticPods(machine, '1.37.1', { admission: new Admission({ staticPolicies: new StaticPolicies({ guard, packs: [ControlPack.recommended()] }) }) });
    await installStaticPods(machine, nodes);
    for (const name of COMPONENTS) {
      const [container] = parse(contentOf(nodes, `/etc/kubernetes/manifests/${name}.yaml`)).spec.containers;
      const args = container.command.slice(1).map((word: string) => word.replaceAll('$(HOST_IP)', machine.address).replaceAll('$(NODE_NAME)', machine.name));
      machine.start(name, programPath(name), ...args);
    }
    await machine.waitFor('the API server', () => machine.kubectl('super-admin', 'get', '--raw=/readyz'), (text) => text === 'ok');
    await machine.kubectl('super-admin', 'apply', '--filename=/etc/kubernetes/bootstrap-rbac.yaml');
    await machine.waitFor('the controllers', () => get('serviceaccount', 'default'), ({ metadata }) => metadata.name === 'default');
  }, 240_000);
  afterAll(() => machine?.stop());

  test('its parts speak to each other as themselves, none as system:masters', async () => {
    const users = new Map((await events()).map(({ user }) => [user.username as string, user.groups as string[]]));

    expect([...users.keys()]).toEqual(expect.arrayContaining(['system:kube-controller-manager', 'system:kube-scheduler', 'system:serviceaccount:kube-system:service-account-controller']));
    expect([...users].filter(([, groups]) => groups?.includes('system:masters')).map(([name]) => name).sort()).toEqual(['kubernetes-super-admin', 'system:apiserver']);
  });

  test('the scheduler gives a pod to a node', async () => {
    await asAdmin('POST', '/api/v1/nodes', { metadata: { name: 'worker' } });
    const resources = { cpu: '4', memory: '8Gi', pods: '10' };
    const state = { status: { allocatable: resources, capacity: resources, conditions: [{ type: 'Ready', status: 'True' }] } };
    await machine.kubectl('admin', 'patch', 'node', 'worker', '--subresource=status', '--type=merge', `--patch=${JSON.stringify(state)}`);
    const { status } = await asAdmin('POST', '/api/v1/namespaces/kube-system/pods', {
      metadata: { name: 'web' },
      // A node that nobody answers for is tainted soon.
      spec: { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'web', image: 'registry.example/web:1' }] },
    });

    expect(status).toBe(201);
    expect((await machine.waitFor('the pod', () => get('pod', 'web', '--namespace=kube-system'), ({ spec }) => spec.nodeName !== undefined)).spec.nodeName).toBe('worker');
  });

  test('a kubelet registers its own node and no other', async () => {
    const create = async (name: string) => machine.request(6443, '/api/v1/nodes', { method: 'POST', body: { metadata: { name } }, ...await credentials('kubelet') });

    expect((await create(machine.name)).status).toBe(201);
    expect(await create('other')).toMatchObject({ status: 403, body: { message: expect.stringContaining('is not allowed to modify node') } });
  });

  test('anonymous requests get the health paths and nothing else', async () => {
    const statusOf = async (path: string) => (await machine.request(6443, path)).status;

    expect(await Promise.all(['/livez', '/readyz', '/healthz'].map(statusOf))).toEqual([200, 200, 200]);
    expect(await Promise.all(['/version', '/api', '/metrics', '/livez/ping'].map(statusOf))).toEqual([401, 401, 401, 401]);
  });

  test('policies from files let the first bindings pass, and nobody else be an administrator', async () => {
    const bindings = (await get('clusterrolebinding')).items.map(({ metadata }: any) => metadata.name);
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
    const subject = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'developers' };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };

    expect(bindings).toEqual(expect.arrayContaining(['cluster-pki:cluster-admins', 'cluster-pki:apiserver-kubelet-client', 'cluster-pki:kubelet-rotation']));
    const answer = await asAdmin('POST', path, { metadata: { name: 'developers' }, roleRef, subjects: [subject] });
    expect([answer.status, answer.body.message]).toEqual([403, expect.stringContaining('hardened-binding-cluster-admin.static.k8s.io')]);
  });

  test('every probe of the manifests is answered', async () => {
    for (const name of COMPONENTS) {
      const [{ startupProbe, livenessProbe, readinessProbe }] = parse(contentOf(nodes, `/etc/kubernetes/manifests/${name}.yaml`)).spec.containers;
      for (const { httpGet: { host, path, port, scheme } } of [startupProbe, livenessProbe, readinessProbe].filter((probe) => probe !== undefined)) {
        const status = await machine.run('curl', '--silent', '--insecure', '--output', '/dev/null', '--write-out', '%{http_code}', `${scheme.toLowerCase()}://${host}:${port}${path}`);
        expect([name, path, status]).toEqual([name, path, '200']);
      }
    }
  });

  test.each([6443, 10257, 10259, 2379, 2380])('%i speaks TLS 1.3 and nothing older', async (port) => {
    const address = port === 2380 ? machine.address : '127.0.0.1';
    const client = port === 2379 ? await credentials('apiserver-etcd-client') : port === 2380 ? await credentials('etcd/peer') : {};

    expect((await machine.request(port, '/', client, address)).status).toBeLessThan(500);
    await expect(machine.request(port, '/', { ...client, maxVersion: 'TLSv1.2' }, address)).rejects.toThrow(/protocol version/i);
  });

  test('a Secret lies in etcd encrypted', async () => {
    await machine.kubectl('admin', 'create', 'secret', 'generic', 'db', '--from-literal=password=hunter2');
    const key = Buffer.from('/registry/secrets/default/db').toString('base64');
    const { body } = await machine.request(2379, '/v3/kv/range', { method: 'POST', body: { key }, ...await credentials('apiserver-etcd-client') });

    expect(Buffer.from(body.kvs[0].value, 'base64').toString('latin1')).toMatch(/^k8s:enc:secretbox:v1:k1:/);
  });
});
