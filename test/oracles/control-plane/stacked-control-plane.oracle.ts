import { randomBytes } from 'crypto';
import { mkdirSync, readFileSync } from 'fs';
import { parse } from 'yaml';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { levelOf } from '../../control-plane/audit/audit-simulator';
import { cluster, MEMBERS } from '../../control-plane/cluster';
import { Daemon } from '../api-server';
import { describeWith } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Answer, Credentials, freePort, lastWords, ready, run, tlsRequest, workFolder } from './machine';

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

  describe('the audit log of a run of requests', () => {
    const secret = randomBytes(24).toString('hex');
    const settings = randomBytes(24).toString('hex');
    const marker = randomBytes(24).toString('hex');
    let token: string;
    let request: string;
    beforeAll(async () => {
      const created = async (path: string, body: object) => {
        const answer = await api('POST', path, body);
        expect([path, answer.status]).toEqual([path, 201]);
        return answer.body;
      };
      await created('/api/v1/namespaces', { metadata: { name: 'shop' } });
      await created('/api/v1/namespaces/shop/secrets', { metadata: { name: 'db' }, stringData: { password: secret } });
      await created('/api/v1/namespaces/shop/configmaps', { metadata: { name: 'flags' }, data: { password: settings } });
      await api('GET', '/api/v1/namespaces/shop/secrets/db');
      await api('GET', '/api/v1/secrets');
      await api('PATCH', '/api/v1/namespaces/shop/secrets/db', { stringData: { more: secret } }, undefined, { headers: { 'Content-Type': 'application/merge-patch+json' } });
      await created('/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'web' } });
      const review = { spec: { expirationSeconds: 3600 } };
      token = (await created('/api/v1/namespaces/shop/serviceaccounts/web/token', review)).status.token;
      await created('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } });
      request = csr();
      await created('/apis/certificates.k8s.io/v1/certificatesigningrequests', {
        metadata: { name: 'jane' }, spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
      });
      await created('/apis/apps/v1/namespaces/shop/deployments', deployment(marker));
      await created('/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name: 'reader' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] });
      await created('/api/v1/namespaces/shop/events', { metadata: { name: 'e' }, involvedObject: { namespace: 'shop' }, reason: 'x' });
      await api('DELETE', '/api/v1/namespaces/shop/events/e');
      await api('POST', '/api/v1/namespaces/shop/pods/web/exec?command=id&stdin=true');
      await api('GET', '/api/v1/namespaces/shop/services/web/proxy/');
      await api('GET', '/apis/coordination.k8s.io/v1/leases');
      await api('GET', '/version');
      await api('GET', '/apis');
    });

    test('holds who did what to secrets, and none of their values, wherever one looks', () => {
      const log = readFileSync(node.path(LOG), 'latin1');

      for (const [verb, resource] of [['create', 'secrets'], ['get', 'secrets'], ['list', 'secrets'], ['patch', 'secrets'], ['create', 'configmaps'],
        ['create', 'tokenreviews'], ['create', 'certificatesigningrequests']]) {
        expect(eventOf(verb, resource)).toMatchObject({ level: 'Metadata' });
      }
      expect(eventOf('create', 'serviceaccounts', { subresource: 'token' })).toMatchObject({ level: 'Metadata', responseStatus: { code: 201 } });
      for (const value of [secret, settings, token, request]) {
        for (const form of [value, Buffer.from(value).toString('base64')]) {
          expect(log.includes(form)).toBe(false);
        }
      }
    });

    test('holds bodies where they are wanted, so that the search above could have found one', () => {
      const change = eventOf('create', 'deployments');

      expect(change.level).toBe('Request');
      expect(JSON.stringify(change.requestObject)).toContain(marker);
      expect(change.responseObject).toBeUndefined();
      expect(eventOf('create', 'clusterroles', { name: 'reader' })).toMatchObject({
        level: 'RequestResponse', requestObject: { kind: 'ClusterRole' }, responseObject: { kind: 'ClusterRole' },
      });
    });

    test('holds exec and proxying', () => {
      expect(eventOf('create', 'pods', { subresource: 'exec' })).toMatchObject({ level: 'Metadata' });
      expect(eventOf('get', 'services', { subresource: 'proxy' })).toMatchObject({ level: 'Metadata' });
    });

    test('holds who deleted events, but not the making of events, leases, health and version', () => {
      expect(eventOf('delete', 'events')).toMatchObject({ level: 'Metadata' });
      expect(eventOf('create', 'events')).toBeUndefined();
      expect(eventOf('list', 'leases')).toBeUndefined();
      expect(events().filter((event) => /^\/(livez|readyz|healthz|version)/.test(event.requestURI))).toEqual([]);
      expect(events().some((event) => event.requestURI === '/apis')).toBe(true);
    });

    test('has the level that the rules say for every request', () => {
      const all = events();
      const different = all.filter((event) => event.level !== levelOf(made.controlPlane.audit.rules, {
        user: event.user.username,
        groups: event.user.groups ?? [],
        verb: event.verb,
        namespace: event.objectRef?.namespace ?? '',
        group: event.objectRef?.apiGroup ?? '',
        resource: event.objectRef?.resource ?? '',
        subresource: event.objectRef?.subresource,
        name: event.objectRef?.name,
        path: event.requestURI.split('?')[0],
      }));

      expect(all.length).toBeGreaterThan(100);
      expect(different.map((event) => `${event.level} ${event.verb} ${event.requestURI}`)).toEqual([]);
    });

    test('has no record of the first stage, and is closed to other users', () => {
      expect(events().filter((event) => event.stage === 'RequestReceived')).toEqual([]);
      expect(node.mode(LOG)).toBe('600');
    });
  });

  describe('a bad twin of the API server does not start:', () => {
    const twin = async (change: (flag: string) => string, name: string) => {
      const port = await freePort();
      return lastWords(start('kube-apiserver', apiServerFlags().map((flag) => change(flag).replace(/^(--secure-port)=.*/, `$1=${port}`)), name));
    };

    test('a policy without rules', async () => {
      const policy = node.write('/empty.yaml', 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\n');

      expect(await twin((flag) => flag.replace(/^(--audit-policy-file)=.*/, `$1=${policy}`), 'empty')).toContain('loaded illegal policy with 0 rules');
    });

    test('an admission plugin that does not exist', async () => {
      expect(await twin((flag) => flag.replace('NodeRestriction', 'NodeRestrictions'), 'plugin')).toMatch(/NodeRestrictions\\?" is unknown/);
    });
  });

  function csr(): string {
    const text = run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=jane']);
    return Buffer.from(text.slice(text.indexOf('-----BEGIN CERTIFICATE REQUEST'))).toString('base64');
  }

  function deployment(value: string): object {
    const container = { name: 'web', image: 'registry.example/web:1', env: [{ name: 'MARKER', value }] };
    return {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } } },
    };
  }
});
