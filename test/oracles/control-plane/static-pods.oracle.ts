import { randomBytes } from 'crypto';
import { COMPONENT_NAMES, COMPONENTS, ComponentName, StaticPodsNode } from './static-pods-node';
import { IMAGE_PROGRAMS } from '../node/container-images';
import { ControlPlaneMachine } from '../node/control-plane-machine';
import { canMakeMachines, MACHINE_PROGRAMS } from '../node/machine';
import { describeWith, ProgramName } from '../programs';

const PROGRAMS: ProgramName[] = [...Object.values(COMPONENTS), ...MACHINE_PROGRAMS, ...IMAGE_PROGRAMS, 'kubectl', 'setcap', 'systemd-analyze'];
const TITLE = 'a machine with our files, a kubelet and nothing else';
const REFUSED = /certificate.required|bad certificate|unknown ca|ECONNRESET|socket hang up|handshake failure/i;

function describeOnMachine(body: () => void): void {
  if (canMakeMachines() || process.env.REQUIRE_ORACLES === '1') {
    describeWith(PROGRAMS, TITLE, body);
  } else {
    describe.skip(`${TITLE} (skipped: needs root, namespaces and the package containernetworking-plugins)`, body);
  }
}

describeOnMachine(() => {
  let node: StaticPodsNode;
  let machine: ControlPlaneMachine;

  const file = (path: string) => machine.run('cat', path);
  const credentials = async (name: string) => ({ cert: await file(`/etc/kubernetes/pki/${name}.crt`), key: await file(`/etc/kubernetes/pki/${name}.key`) });
  const pods = async () => (await node.get('pods', '--namespace=kube-system')).items;
  const events = async () => (await file('/var/log/kubernetes/audit/audit.log')).trim().split('\n').map((line) => JSON.parse(line));

  beforeAll(async () => {
    node = await StaticPodsNode.start();
    ({ machine } = node);
    await machine.waitFor('all pods of the control plane', pods, (all) => all.length === 4 && all.every(isReady));
    await machine.waitFor('the node', () => node.get('node', machine.name), isReady);
  }, 240_000);
  afterAll(() => machine?.stop());

  test('becomes a control plane whose node is ready', async () => {
    const all = await pods();

    expect(all.map(({ metadata, spec, status }: any) => [metadata.name, spec.priority, status.hostIP])).toEqual(
      COMPONENT_NAMES.map((name) => [`${name}-${machine.name}`, 2000001000, machine.address]));
    expect((await node.get('node', machine.name)).spec.taints).toEqual([{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]);
  });

  test('is told to start the kubelet with the machine, once certificates are there', async () => {
    const told = (await file(`${machine.folder}/systemctl.log`)).trim().split('\n');

    expect(told.slice(-3)).toEqual(['daemon-reload', 'enable kubelet.service', 'try-restart kubelet.service']);
    expect(await machine.run('systemd-analyze', 'verify', '--man=no', '/etc/systemd/system/kubelet.service')).toBe('');
  });

  describe('its programs', () => {
    test.each(COMPONENT_NAMES)('%s is root without root\'s rights', async (name) => {
      const status = Object.fromEntries((await file(`/proc/${await node.process(name)}/status`)).split('\n').map((line) => line.split(/:\s+/)));
      const capabilities = name === 'kube-apiserver' ? '0000000000000400' : '0000000000000000';

      expect(status).toMatchObject({
        Uid: '0\t0\t0\t0', CapPrm: capabilities, CapEff: capabilities, CapBnd: capabilities, CapAmb: '0000000000000000', NoNewPrivs: '1', Seccomp: '2',
      });
    });

    test.each(COMPONENT_NAMES)('%s can\'t write to its root filesystem', async (name) => {
      await expect(machine.run('touch', `/proc/${await node.process(name)}/root/usr/x`)).rejects.toThrow('Read-only file system');
    });

    const KEYS: Record<ComponentName, string[]> = {
      'etcd': ['/etc/kubernetes/pki/etcd/peer.key', '/etc/kubernetes/pki/etcd/server.key'],
      'kube-apiserver': ['apiserver-etcd-client', 'apiserver-kubelet-client', 'apiserver', 'front-proxy-client', 'sa'].map((name) => `/etc/kubernetes/pki/${name}.key`),
      'kube-controller-manager': ['/etc/cluster-pki/ca/kubernetes-ca.key', '/etc/kubernetes/pki/controller-manager.key', '/etc/kubernetes/pki/sa.key'],
      'kube-scheduler': ['/etc/kubernetes/pki/scheduler.key'],
    };
    test.each(COMPONENT_NAMES)('%s sees the keys that it uses and no other', async (name) => {
      const root = `/proc/${await node.process(name)}/root`;
      const found = await machine.run('find', `${root}/etc`, `${root}/var`, '-name', '*.key', '-o', '-name', 'kubelet-client-*');

      expect(found.trim().split('\n').map((path) => path.slice(root.length)).sort()).toEqual([...KEYS[name]].sort());
    });

    test('a file that was replaced is seen once its program has started again', async () => {
      const path = '/etc/kubernetes/pki/scheduler.crt';
      const inode = async (of: string) => machine.run('stat', '--format=%i', of);
      const before = await node.process('kube-scheduler');
      await machine.run('bash', '-c', `cp ${path} ${path}.new && mv ${path}.new ${path}`);
      expect(await inode(`/proc/${before}/root${path}`)).not.toBe(await inode(path));

      await machine.run('kill', before);
      const after = await machine.waitFor('the scheduler', () => node.process('kube-scheduler'), (pid) => pid !== before);
      expect(await inode(`/proc/${after}/root${path}`)).toBe(await inode(path));
    });

    test('kube-apiserver does not start without the one capability that its file carries', async () => {
      const twin = node.manifest('kube-apiserver');
      twin.metadata.name = 'twin';
      const [container] = twin.spec.containers;
      delete container.securityContext.capabilities.add;
      Object.assign(container, { name: 'twin', command: ['kube-apiserver', '--version'], startupProbe: undefined, livenessProbe: undefined, readinessProbe: undefined });
      await machine.run('bash', '-c', `cat >/etc/kubernetes/manifests/twin.json <<'END'\n${JSON.stringify(twin)}\nEND`);
      const said = await machine.waitFor('the twin', () => machine.run('bash', '-c', 'cat /var/log/pods/kube-system_twin-*/twin/*.log'), (log) => log !== '', 30);
      await machine.run('rm', '/etc/kubernetes/manifests/twin.json');

      expect(said).toContain('exec /usr/local/bin/kube-apiserver: operation not permitted');
    });
  });

  describe('who they are', () => {
    test('controller manager, scheduler and kubelet speak as themselves, and nobody but the broken glass as system:masters', async () => {
      const users = new Map((await events()).map(({ user }) => [user.username as string, user.groups as string[]]));
      const masters = [...users].filter(([, groups]) => groups?.includes('system:masters')).map(([name]) => name);

      expect([...users.keys()]).toEqual(expect.arrayContaining(['system:kube-controller-manager', 'system:kube-scheduler', `system:node:${machine.name}`, 'kubernetes-admin']));
      // What the API server asks of itself does not leave it.
      expect(masters.sort()).toEqual(['kubernetes-super-admin', 'system:apiserver']);
    });

    test('controllers act with accounts of their own', async () => {
      const created = (await events()).find(({ verb, objectRef, responseStatus }) =>
        verb === 'create' && objectRef?.resource === 'serviceaccounts' && objectRef.name === 'default' && responseStatus?.code === 201);

      expect(created.user.username).toBe('system:serviceaccount:kube-system:service-account-controller');
    });

    test('the break-glass certificate ends in a week, the administrator\'s has no rights of its own', async () => {
      const ends = await machine.run('openssl', 'x509', '-in', '/etc/kubernetes/pki/super-admin.crt', '-noout', '-checkend', String(7 * 86400)).catch(String);
      const groups = await machine.run('openssl', 'x509', '-in', '/etc/kubernetes/pki/admin.crt', '-noout', '-subject');

      expect(ends).toContain('Certificate will expire');
      expect(groups).not.toContain('system:masters');
    });

    test('a kubelet gets its next certificate without anybody\'s help, but none for another node', async () => {
      const ask = async (subject: string) => {
        const [, request] = /(-----BEGIN CERTIFICATE REQUEST[^]+)/.exec(await machine.run('openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
          '-nodes', '-keyout', '/dev/null', '-subj', subject))!;
        return machine.request(6443, '/apis/certificates.k8s.io/v1/certificatesigningrequests', {
          ...await credentials('kubelet'),
          method: 'POST',
          body: {
            metadata: { generateName: 'next-' },
            spec: { request: Buffer.from(request).toString('base64'), signerName: 'kubernetes.io/kube-apiserver-client-kubelet', usages: ['digital signature', 'client auth'] },
          },
        });
      };
      const { status, body } = await ask(`/O=system:nodes/CN=system:node:${machine.name}`);
      const other = await ask('/O=system:nodes/CN=system:node:other');

      expect(status).toBe(201);
      const signed = await machine.waitFor('the certificate', () => node.get('csr', body.metadata.name), (csr) => csr.status.certificate !== undefined);
      expect(signed.status.conditions).toMatchObject([{ type: 'Approved', reason: 'AutoApproved' }]);
      expect(other).toMatchObject({ status: 403, body: { message: expect.stringContaining(`can only create a node CSR with CN=system:node:${machine.name}`) } });
    });

    test('the kubelet\'s server has no certificate, and answers nobody, until the approver finds its request right', async () => {
      const logs = () => machine.kubectl('admin', 'logs', '--namespace=kube-system', `etcd-${machine.name}`, '--tail=1');
      await expect(logs()).rejects.toThrow('remote error: tls: internal error');

      const runtime = '/run/kubelet-serving-approver';
      await machine.run('mkdir', runtime);
      await machine.run('env', `RUNTIME_DIRECTORY=${runtime}`, 'kubelet-serving-approver', 'identity');
      await machine.run('env', `KUBECONFIG=${runtime}/kubeconfig`, 'kubelet-serving-approver', 'approve');

      expect(await machine.waitFor('the log', logs, () => true)).toContain('"level"');
    });
  });

  describe('its ports', () => {
    test('anonymous requests to the API server get the health paths and nothing else', async () => {
      const statusOf = async (path: string) => (await machine.request(6443, path)).status;

      expect(await Promise.all(['/livez', '/readyz', '/healthz'].map(statusOf))).toEqual([200, 200, 200]);
      expect(await Promise.all(['/', '/version', '/api', '/metrics', '/openapi/v3', '/livez/ping', '/api/v1/namespaces/kube-public/configmaps/cluster-info'].map(statusOf)))
        .toEqual([401, 401, 401, 401, 401, 401, 401]);
    });

    test('anonymous requests to the kubelet get nothing, the API server gets everything', async () => {
      const paths = ['/pods', '/metrics', '/healthz', '/logs/', '/configz'];
      const statusOf = async (path: string, options: object) => (await machine.request(10250, path, options, machine.address)).status;
      const statuses = async (options: object) => Promise.all(paths.map((path) => statusOf(path, options)));

      expect(await statuses({})).toEqual([401, 401, 401, 401, 401]);
      expect(await statuses(await credentials('scheduler'))).toEqual([403, 403, 403, 403, 403]);
      // Logs of the machine are not served at all.
      expect(await statuses(await credentials('apiserver-kubelet-client'))).toEqual([200, 200, 200, 405, 200]);
    });

    test('controller manager and scheduler serve health to everybody on loopback, metrics to those who may', async () => {
      for (const port of [10257, 10259]) {
        expect((await machine.request(port, '/healthz')).status).toBe(200);
        expect((await machine.request(port, '/metrics')).status).toBe(403);
        expect((await machine.request(port, '/metrics', await credentials('scheduler'))).status).toBe(403);
        expect((await machine.request(port, '/metrics', await credentials('admin'))).status).toBe(200);
      }
    });

    test('on the machine\'s address there are the API server, the kubelet and etcd alone', async () => {
      const open = async (port: number) => machine.connect(machine.address, port).then((socket) => Boolean(socket.destroy()), () => false);

      expect(await Promise.all([6443, 10250, 2379, 2380].map(open))).toEqual([true, true, true, true]);
      expect(await Promise.all([2381, 10248, 10249, 10255, 10257, 10259].map(open))).toEqual([false, false, false, false, false, false]);
    });

    test.each([6443, 10250, 10257, 10259, 2379, 2380])('%i speaks TLS 1.3 and nothing older', async (port) => {
      const address = [10250, 2380].includes(port) ? machine.address : '127.0.0.1';
      const client = port === 2379 ? await credentials('apiserver-etcd-client') : port === 2380 ? await credentials('etcd/peer') : {};

      expect((await machine.request(port, '/', client, address)).status).toBeLessThan(500);
      await expect(machine.request(port, '/', { ...client, maxVersion: 'TLSv1.2' }, address)).rejects.toThrow(/protocol version/i);
    });

    test('etcd refuses who has no certificate of its CA, and a client\'s certificate on the peer port', async () => {
      const range = { method: 'POST', body: { key: Buffer.from('/registry/namespaces/default').toString('base64') } };

      expect((await machine.request(2379, '/v3/kv/range', { ...range, ...await credentials('apiserver-etcd-client') })).body.count).toBe('1');
      await expect(machine.request(2379, '/v3/kv/range', range)).rejects.toThrow(REFUSED);
      await expect(machine.request(2379, '/v3/kv/range', { ...range, ...await credentials('admin') })).rejects.toThrow(REFUSED);
      await expect(machine.request(2380, '/members', await credentials('apiserver-etcd-client'), machine.address)).rejects.toThrow(REFUSED);
      expect((await machine.request(2380, '/members', await credentials('etcd/peer'), machine.address)).status).toBe(200);
    });
  });

  describe('as a cluster', () => {
    test('stores Secrets encrypted and logs who did so, without their values', async () => {
      const value = randomBytes(24).toString('hex');
      await machine.kubectl('admin', 'create', 'secret', 'generic', 'db', `--from-literal=password=${value}`);
      const key = Buffer.from('/registry/secrets/default/db').toString('base64');
      const { body } = await machine.request(2379, '/v3/kv/range', { method: 'POST', body: { key }, ...await credentials('apiserver-etcd-client') });
      const stored = Buffer.from(body.kvs[0].value, 'base64').toString('latin1');
      const record = (await events()).find(({ verb, objectRef }) => verb === 'create' && objectRef?.resource === 'secrets' && objectRef.name === 'db');

      expect(stored.startsWith('k8s:enc:secretbox:v1:k1:')).toBe(true);
      expect(stored).not.toContain(value);
      expect(record).toMatchObject({ level: 'Metadata', user: { username: 'kubernetes-admin' }, responseStatus: { code: 201 } });
      expect(await file('/var/log/kubernetes/audit/audit.log')).not.toContain(value);
    });

    test('schedules and runs a pod that asks for the control-plane node, and no other', async () => {
      const { spec: { taints } } = await node.get('node', machine.name);
      await apply(pod('guest', []));
      await apply(pod('resident', taints.map(({ key, effect }: any) => ({ key, operator: 'Exists', effect }))));

      const resident = await machine.waitFor('the pod', () => node.get('pod', 'resident'), isReady);
      expect(resident.spec.nodeName).toBe(machine.name);
      const guest = await machine.waitFor('the scheduler\'s answer', () => node.get('pod', 'guest'), ({ status }) => status.conditions !== undefined);
      expect(guest.spec.nodeName).toBeUndefined();
      expect(guest.status.conditions[0]).toMatchObject({ type: 'PodScheduled', status: 'False', message: expect.stringContaining('untolerated taint') });
    });

    test('starts a program anew when its manifest says that a file changed which it reads at start', async () => {
      const before = await node.process('kube-scheduler');
      const manifest = '/etc/kubernetes/manifests/kube-scheduler.yaml';
      const changed = (await file(manifest)).replace(/(?<=read-at-start: ).*/, 'another');
      await machine.run('bash', '-c', `cat >${manifest} <<'END'\n${changed}END`);

      expect(changed).toContain('cdk8s-hardened/read-at-start: another\n');
      await machine.waitFor('another scheduler', () => node.process('kube-scheduler'), (now) => /^\d+$/.test(now) && now !== before);
    });

    async function apply(object: object): Promise<void> {
      await machine.run('bash', '-c', `kubectl --kubeconfig=/etc/kubernetes/admin.conf apply --filename=- <<'END'\n${JSON.stringify(object)}\nEND`);
    }
  });
});

/** As the standard that namespaces are held to wants it. */
function pod(name: string, tolerations: object[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      tolerations,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'probe', image: 'registry.example/probe:test', imagePullPolicy: 'Never', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      }],
    },
  };
}

/** Of a pod or a node. */
function isReady({ status }: any): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }: any) => type === 'Ready' && value === 'True');
}
