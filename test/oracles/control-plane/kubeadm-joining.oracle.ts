import { X509Certificate } from 'crypto';
import { setTimeout as sleep } from 'timers/promises';
import { parse } from 'yaml';
import { contentOf } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { KUBEADM_SERVERS, KubeadmServers } from './kubeadm-servers';
import { Answer, run } from './machine';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const DISCOVERY = '/etc/kubernetes/kubeadm/discovery.conf';

describe.each(['1.37', '1.33'] as const)('Kubernetes %s', (minor) => {
  describeWith([...KUBEADM_SERVERS[minor], 'openssl', 'shellcheck'], 'the control plane of the command lines that kubeadm makes of our file', () => {
    let servers: KubeadmServers;
    beforeAll(async () => {
      servers = await KubeadmServers.start(minor);
      await servers.initialize();
      // kubeadm init does this as it gets its client.
      await created(servers.api('POST', BINDINGS, {
        metadata: { name: 'kubeadm:cluster-admins' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kubeadm:cluster-admins' }],
      }));
    });
    afterAll(() => servers?.stop());

    const events = () => servers.node.read('/var/log/kubernetes/audit/audit.log').trim().split('\n').map((line) => JSON.parse(line));
    const token = () => parse(servers.node.read(DISCOVERY)).users[0].user.token as string;
    const requestCertificate = (name: string, as: string) => servers.api('POST', REQUESTS, {
      metadata: { name },
      spec: { request: signingRequest(name), signerName: 'kubernetes.io/kube-apiserver-client-kubelet', usages: ['digital signature', 'client auth'] },
    }, as);
    const certificateOf = async (name: string) => (await servers.api('GET', `${REQUESTS}/${name}`)).body.status?.certificate as string | undefined;

    describe('controller manager and scheduler', () => {
      test('are healthy, on loopback, with TLS 1.3 alone, and serve no profiles', async () => {
        for (const name of ['kube-controller-manager', 'kube-scheduler']) {
          expect((await servers.health(name)).body).toBe('ok');
          await expect(servers.health(name, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i);
          expect(servers.node.flags(name)).toEqual(expect.arrayContaining(['--bind-address=127.0.0.1', '--profiling=false']));
        }
      });

      test('act as themselves, and none as system:masters', async () => {
        for (const name of ['controller-manager', 'scheduler']) {
          const { subject } = new X509Certificate(servers.credentials(name).cert!);

          expect(subject).toBe(`CN=system:kube-${name}`);
        }
        await until(() => ['system:kube-controller-manager', 'system:kube-scheduler'].every((user) => events().some((event) => event.user.username === user)));
        const masters = new Set(events().filter((event) => event.user.groups?.includes('system:masters')).map((event) => event.user.username));

        expect([...masters].filter((user) => user !== 'kubernetes-super-admin' && user !== 'system:apiserver')).toEqual([]);
      });

      test('do their work: a controller has a service account of its own, and a pod gets its node', async () => {
        await until(async () => (await servers.api('GET', '/api/v1/namespaces/kube-system/serviceaccounts/default')).status === 200);
        expect(events().some((event) => event.user.username === 'system:serviceaccount:kube-system:service-account-controller')).toBe(true);
        await servers.api('PATCH', '/api/v1/nodes/cp-1/status', { status: { allocatable: { cpu: '1', memory: '1Gi', pods: '10' }, capacity: { cpu: '1', memory: '1Gi', pods: '10' } } });
        await created(servers.api('POST', '/api/v1/namespaces/kube-system/pods', {
          metadata: { name: 'probe' }, spec: { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'probe', image: 'registry.example/probe:1' }] },
        }));

        await until(async () => (await servers.api('GET', '/api/v1/namespaces/kube-system/pods/probe')).body.spec.nodeName === 'cp-1');
      });
    });

    describe('joining', () => {
      test('the script is clean', () => {
        expect(run('shellcheck', ['-'], contentOf(servers.made.nodes, '/usr/local/sbin/node-join'))).toBe('');
      });

      test('with the token that kubeadm init makes and prints, no certificate can be asked for', async () => {
        const printed = /Using token: (\S+)/.exec(servers.node.phase('bootstrap-token', '--kubeconfig', servers.node.path('/etc/kubernetes/super-admin.conf')))![1];

        expect((await servers.api('GET', '/version', undefined, printed)).status).toBe(200);
        expect(await requestCertificate('node-of-init', printed)).toMatchObject({ status: 403, body: { message: expect.stringContaining('cannot create resource "certificatesigningrequests"') } });
      });

      test('a token of node-join gets a node its certificate, and its file is what kubeadm join wants', async () => {
        expect(servers.nodeJoin('make', '10m')).toContain('lets nodes join for 10m');
        expect(servers.node.mode(DISCOVERY)).toBe('600');
        await created(requestCertificate('worker-1', token()));
        await until(async () => await certificateOf('worker-1') !== undefined);
        const certificate = new X509Certificate(Buffer.from((await certificateOf('worker-1'))!, 'base64'));

        expect(certificate.subject.split('\n').sort()).toEqual(['CN=system:node:worker-1', 'O=system:nodes']);
        expect((Date.parse(certificate.validTo) - Date.now()) / 86_400_000).toBeLessThanOrEqual(90);
      });

      test('kubeadm join finds the cluster by our file and the token in it, and reads there what it has to know', async () => {
        const join = servers.node.write('/worker-join.yaml', contentOf(servers.made.controlPlane.workers[0], '/etc/kubernetes/kubeadm/join.yaml'));

        // Its checks of the machine are not what this is about.
        expect(servers.kubeadm('join', 'phase', 'preflight', '--config', join, '--ignore-preflight-errors=all')).toContain('[preflight] Reading configuration from the "kubeadm-config" ConfigMap');
      });

      test('every node that joins is told our configuration of kubelet and kube-proxy', async () => {
        const handedOut = async (name: string, key: string) => parse((await servers.api('GET', `/api/v1/namespaces/kube-system/configmaps/${name}`)).body.data[key]);
        const kubelet = await handedOut('kubelet-config', 'kubelet');

        expect(kubelet).toMatchObject({
          authentication: { anonymous: { enabled: false } },
          authorization: { mode: 'Webhook' },
          protectKernelDefaults: true,
          serverTLSBootstrap: true,
          tlsMinVersion: 'VersionTLS13',
        });
        expect(kubelet.readOnlyPort ?? 0).toBe(0);
        expect(await handedOut('kube-proxy', 'config.conf')).toMatchObject({ metricsBindAddress: '127.0.0.1:10249', mode: 'nftables' });
      });

      test('with another CA in the file, kubeadm join goes no further', async () => {
        const join = contentOf(servers.made.controlPlane.workers[0], '/etc/kubernetes/kubeadm/join.yaml');
        const stranger = Buffer.from(servers.node.read('/etc/kubernetes/pki/front-proxy-ca.crt')).toString('base64');
        servers.node.write('/other-discovery.conf', servers.node.read(DISCOVERY).replace(/certificate-authority-data: .*/, `certificate-authority-data: ${stranger}`));
        const other = servers.node.write('/other-join.yaml', join.replace(DISCOVERY, servers.node.path('/other-discovery.conf')) + 'timeouts:\n  discovery: 2s\n');

        expect(() => servers.kubeadm('join', 'phase', 'preflight', '--config', other, '--ignore-preflight-errors=all')).toThrow(/certificate signed by unknown authority/);
      });

      test('tokens are listed with their end, but are not shown', () => {
        const list = servers.nodeJoin('list');
        const [id, secret] = token().split('.');

        expect(list).toMatch(new RegExp(`^${id} \\d{4}-\\d\\d-\\d\\dT\\S+ Made by node-join\\.$`, 'm'));
        expect(list).not.toContain(secret);
      });

      test('neither log nor output holds a token', () => {
        expect(servers.node.read('/var/log/kubernetes/audit/audit.log')).not.toContain(token().split('.')[1]);
      });

      test('a token is gone when its time is over, by the controller for that', async () => {
        servers.nodeJoin('make', '1m');
        const short = token();
        await servers.api('PATCH', `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${short.split('.')[0]}`, {
          stringData: { expiration: new Date(Date.now() + 2000).toISOString().replace(/\.\d+Z/, 'Z') },
        });
        await until(async () => (await servers.api('GET', `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${short.split('.')[0]}`)).status === 404);

        expect((await servers.api('GET', '/version', undefined, short)).status).toBe(401);
      });

      test('the end of joining takes all tokens and uploaded keys away, and leaves one that somebody makes nevertheless without use', async () => {
        servers.node.phase('upload-certs', '--upload-certs', '--kubeconfig', servers.node.path('/etc/kubernetes/super-admin.conf'));
        const uploaded = async () => (await servers.api('GET', '/api/v1/namespaces/kube-system/secrets/kubeadm-certs')).status;
        expect(await uploaded()).toBe(200);
        servers.nodeJoin('make');
        const before = token();
        expect(servers.nodeJoin('end')).toContain('no token is left');

        expect((await servers.api('GET', '/version', undefined, before)).status).toBe(401);
        expect(servers.nodeJoin('list')).toBe('');
        expect(() => servers.node.read(DISCOVERY)).toThrow('ENOENT');
        expect(() => servers.nodeJoin('make')).toThrow('joining has ended: first run node-join begin');
        const other = servers.kubeadm('token', 'create', '--kubeconfig', servers.node.path('/etc/kubernetes/admin.conf'), '--ttl', '5m').trim();
        await until(async () => (await servers.api('GET', '/version', undefined, other)).status === 200);
        expect((await requestCertificate('worker-2', other)).status).toBe(403);
        await until(async () => await uploaded() === 404);
      });

      test('a request that waits since before the end is approved by nobody', async () => {
        await created(requestCertificateAs('worker-3'));
        await sleep(2000);

        expect((await servers.api('GET', `${REQUESTS}/worker-3`)).body.status).toEqual({});
      });

      test('what nodes need to renew their certificates stays', async () => {
        const names = (await servers.api('GET', BINDINGS)).body.items.map(({ metadata }: any) => metadata.name);

        expect(names).toContain('kubeadm:node-autoapprove-certificate-rotation');
        expect(names).not.toContain('kubeadm:kubelet-bootstrap');
        expect(names).not.toContain('kubeadm:node-autoapprove-bootstrap');
      });

      test('it begins again with the bindings that kubeadm itself makes', async () => {
        const bindings = async () => (await servers.api('GET', BINDINGS)).body.items
          .filter(({ metadata }: any) => metadata.name.startsWith('kubeadm:'))
          .map(({ metadata, roleRef, subjects }: any) => ({ name: metadata.name, roleRef, subjects }));
        servers.nodeJoin('begin');
        const ours = await bindings();
        servers.nodeJoin('end');
        servers.node.phase('bootstrap-token', '--kubeconfig', servers.node.path('/etc/kubernetes/super-admin.conf'));

        expect(await bindings()).toEqual(ours);
        servers.nodeJoin('make');
        await created(requestCertificate('worker-4', token()));
        await until(async () => await certificateOf('worker-4') !== undefined);
      });

      test('the end says so where a binding of somebody else\'s still lets tokens ask', async () => {
        await created(servers.api('POST', BINDINGS, {
          metadata: { name: 'old-habits' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node-bootstrapper' },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:bootstrappers' }],
        }));

        expect(() => servers.nodeJoin('end')).toThrow('tokens may still ask for certificates of nodes by another binding');
      });

      /** As a token would have made it, by impersonation: the administrator may do what no token may any more. */
      async function requestCertificateAs(name: string): Promise<Answer> {
        const file = servers.node.write(`/${name}.json`, JSON.stringify({
          apiVersion: 'certificates.k8s.io/v1',
          kind: 'CertificateSigningRequest',
          metadata: { name },
          spec: { request: signingRequest(name), signerName: 'kubernetes.io/kube-apiserver-client-kubelet', usages: ['digital signature', 'client auth'] },
        }));
        await created(servers.api('POST', BINDINGS, {
          metadata: { name: 'for-a-moment' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node-bootstrapper' },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:bootstrap:abcdef' }],
        }));
        await sleep(500);
        run('env', [
          `KUBECONFIG=${servers.node.path('/etc/kubernetes/super-admin.conf')}`, servers.node.path('/bin/kubectl'), 'create', '-f', file,
          '--as=system:bootstrap:abcdef', '--as-group=system:bootstrappers', '--as-group=system:bootstrappers:kubeadm:default-node-token',
        ]);
        await servers.api('DELETE', `${BINDINGS}/for-a-moment`);
        return { status: 201, body: {} };
      }
    });
  });
});

function signingRequest(node: string): string {
  const text = run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null', '-subj', `/O=system:nodes/CN=system:node:${node}`]);
  return Buffer.from(text.slice(text.indexOf('-----BEGIN CERTIFICATE REQUEST'))).toString('base64');
}

async function created(answer: Promise<Answer>): Promise<void> {
  const { status, body } = await answer;
  if (status !== 201) {
    throw new Error(`${status}: ${JSON.stringify(body)}`);
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!await condition()) {
    if (Date.now() > deadline) {
      throw new Error(`not within a minute: ${condition}`);
    }
    await sleep(200);
  }
}
