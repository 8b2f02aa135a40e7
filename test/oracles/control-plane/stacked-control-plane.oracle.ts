import { randomBytes } from 'crypto';
import { mkdirSync, readFileSync } from 'fs';
import { parse } from 'yaml';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, MEMBERS } from '../../control-plane/cluster';
import { Daemon } from '../api-server';
import { describeWith } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Answer, Credentials, freePort, lastWords, ready, tlsRequest, workFolder } from './machine';

const LOG = '/var/log/kubernetes/audit/audit.log';

describeWith(['etcd', 'kube-apiserver', 'kubeadm', 'openssl'], 'etcd and the API server, started from the command lines that kubeadm makes of our file', () => {
  const made = cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, { kubernetesRelease: '1.37.1' });
  const daemons: Daemon[] = [];
  let node: KubeadmNode;
  let ports: Record<string, number>;

  /** Adapted: the node's address, which this machine lacks, to loopback; ports to free ones. */
  const local = (flags: string[], used = ports) => flags.map((flag) => Object.entries(used)
    .reduce((text, [port, free]) => text.replaceAll(`:${port}`, `:${free}`), flag.replaceAll(MEMBERS[0].address, '127.0.0.1'))
    .replace(/^(--listen-client-urls=[^,]+),.*/, '$1'));
  const etcdFlags = (dataDir: string, used = ports) => [
    ...local(node.flags('etcd'), used).map((flag) => flag.replace('/var/lib/etcd', dataDir)), '--unsafe-no-fsync=true', '--log-level=warn',
  ];
  /** Adapted besides: it listens on loopback only, and the address that it tells its Service, which can't be loopback, is told to nobody. */
  const apiServerFlags = () => [
    ...local(node.flags('kube-apiserver').filter((flag) => !flag.startsWith('--advertise-address='))).map((flag) => flag.replace('--secure-port=6443', `--secure-port=${ports[6443]}`)),
    '--bind-address=127.0.0.1', `--advertise-address=${MEMBERS[0].address}`, '--endpoint-reconciler-type=none',
  ];
  const start = (program: 'etcd' | 'kube-apiserver', flags: string[], name: string) => {
    const daemon = new Daemon(program, flags, workFolder(node, name));
    daemons.push(daemon);
    return daemon;
  };
  const pem = (path: string) => node.read(`/etc/kubernetes/pki/${path}`);
  const ofFile = (name: string, ca: string): Credentials => ({ ca: pem(ca), cert: pem(`${name}.crt`), key: pem(`${name}.key`) });
  const ofKubeconfig = (name: string): Credentials => {
    const { user } = parse(node.read(`/etc/kubernetes/${name}.conf`)).users[0];
    const text = (key: string) => Buffer.from(user[key], 'base64').toString();
    return { ca: pem('ca.crt'), cert: text('client-certificate-data'), key: text('client-key-data') };
  };
  const api = (method: string, path: string, body?: unknown, as: Credentials = ofKubeconfig('super-admin'), more: object = {}): Promise<Answer> =>
    tlsRequest(`https://127.0.0.1:${ports[6443]}${path}`, { method, body, servername: 'kubernetes', ...as, ...more });
  const events = () => node.read(LOG).trim().split('\n').map((line) => JSON.parse(line));
  /** The administrator's own: the API server speaks to itself too. */
  const eventOf = (verb: string, resource: string, more: object = {}) => events().find((event) =>
    event.user.username === 'kubernetes-super-admin' && event.verb === verb && event.objectRef?.resource === resource && Object.entries(more).every(([key, value]) => event.objectRef[key] === value));

  beforeAll(async () => {
    node = new KubeadmNode(made, MEMBERS[0]);
    ports = { 2379: await freePort(), 2380: await freePort(), 2381: await freePort(), 6443: await freePort() };
    mkdirSync(node.path('/data'), { mode: 0o700 });
    const etcd = start('etcd', etcdFlags(node.path('/data')), 'etcd');
    await ready([etcd], async () => (await fetch(`http://127.0.0.1:${ports[2381]}/readyz`)).status === 200);
    const server = start('kube-apiserver', apiServerFlags(), 'apiserver');
    await ready([server, etcd], async () => (await api('GET', '/readyz')).status === 200 && (await api('GET', '/api/v1/namespaces/default')).status === 200);
  });
  afterAll(async () => {
    for (const daemon of daemons.reverse()) {
      await daemon.stop();
    }
    node?.remove();
  });

  describe('etcd', () => {
    const range = { method: 'POST', body: { key: Buffer.from('/registry/namespaces/default').toString('base64') } };
    const url = (port: number, path: string) => `https://127.0.0.1:${ports[port]}${path}`;
    const rejected = /certificate.required|bad certificate|unknown ca|ECONNRESET|handshake failure/i;

    test('serves the API server\'s certificate, and none without one, with another CA\'s, or below TLS 1.3', async () => {
      const client = ofFile('apiserver-etcd-client', 'etcd/ca.crt');

      expect((await tlsRequest(url(2379, '/v3/kv/range'), { ...range, ...client })).body.count).toBe('1');
      await expect(tlsRequest(url(2379, '/v3/kv/range'), { ...range, ca: client.ca })).rejects.toThrow(rejected);
      await expect(tlsRequest(url(2379, '/v3/kv/range'), { ...range, ...ofFile('apiserver-kubelet-client', 'etcd/ca.crt') })).rejects.toThrow(rejected);
      await expect(tlsRequest(url(2379, '/v3/kv/range'), { ...range, ...client, maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i);
    });

    test('opens the peer port to the peer\'s certificate alone, although one CA signs all', async () => {
      expect((await tlsRequest(url(2380, '/members'), ofFile('etcd/peer', 'etcd/ca.crt'))).status).toBe(200);
      for (const name of ['apiserver-etcd-client', 'etcd/healthcheck-client', 'etcd/server']) {
        await expect(tlsRequest(url(2380, '/members'), ofFile(name, 'etcd/ca.crt'))).rejects.toThrow(rejected);
      }
    });

    test('its twin without the peers\' name opens the peer port to any client', async () => {
      const used = { 2379: await freePort(), 2380: await freePort(), 2381: await freePort() };
      mkdirSync(node.path('/twin'), { mode: 0o700 });
      const twin = start('etcd', etcdFlags(node.path('/twin'), used as never).filter((flag) => !flag.startsWith('--peer-cert-allowed-hostname')), 'twin');
      await ready([twin], async () => (await fetch(`http://127.0.0.1:${used[2381]}/readyz`)).status === 200);

      expect((await tlsRequest(`https://127.0.0.1:${used[2380]}/members`, ofFile('apiserver-etcd-client', 'etcd/ca.crt'))).status).toBe(200);
    });
  });

  describe('the API server', () => {
    test('answers kubeadm\'s probes, which come without a certificate', async () => {
      for (const path of ['/livez', '/readyz']) {
        expect((await api('GET', path, undefined, { ca: pem('ca.crt') })).status).toBe(200);
      }
    });

    test('speaks TLS 1.3 only', async () => {
      await expect(api('GET', '/livez', undefined, undefined, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i);
    });

    test('serves no profiles', async () => {
      expect((await api('GET', '/debug/pprof/')).status).toBe(404);
    });

    test('lets a kubelet register its own node and no other, as NodeRestriction says', async () => {
      const create = (name: string) => api('POST', '/api/v1/nodes', { metadata: { name } }, ofKubeconfig('kubelet'));

      expect((await create('cp-1')).status).toBe(201);
      expect(await create('cp-2')).toMatchObject({ status: 403, body: { message: expect.stringContaining('is not allowed to modify node') } });
    });
  });

  test('the audit log holds who made a Secret without its value, and the request for a workload, as the policy says', async () => {
    const [secret, marker] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
    const created = async (path: string, body: object) => expect([path, (await api('POST', path, body)).status]).toEqual([path, 201]);
    await created('/api/v1/namespaces', { metadata: { name: 'shop' } });
    await created('/api/v1/namespaces/shop/secrets', { metadata: { name: 'db' }, stringData: { password: secret } });
    await created('/apis/apps/v1/namespaces/shop/deployments', deployment(marker));
    const log = readFileSync(node.path(LOG), 'latin1');

    expect(eventOf('create', 'secrets')).toMatchObject({ level: 'Metadata' });
    expect([secret, Buffer.from(secret).toString('base64')].filter((value) => log.includes(value))).toEqual([]);
    expect(JSON.stringify(eventOf('create', 'deployments').requestObject)).toContain(marker);
    expect(node.mode(LOG)).toBe('600');
  });

  describe('a bad twin of the API server does not start:', () => {
    const twin = async (change: (flag: string) => string, name: string) => {
      const port = await freePort();
      return lastWords(start('kube-apiserver', apiServerFlags().map((flag) => change(flag).replace(/^(--secure-port)=.*/, `$1=${port}`)), name));
    };

    test('an admission plugin that does not exist', async () => {
      expect(await twin((flag) => flag.replace('NodeRestriction', 'NodeRestrictions'), 'plugin')).toMatch(/NodeRestrictions\\?" is unknown/);
    });
  });

  function deployment(value: string): object {
    const container = { name: 'web', image: 'registry.example/web:1', env: [{ name: 'MARKER', value }] };
    return {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } } },
    };
  }
});
