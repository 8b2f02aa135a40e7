import { spawnSync } from 'child_process';
import { X509Certificate } from 'crypto';
import { writeFileSync } from 'fs';
import { Socket } from 'net';
import { connect as tlsConnect, ConnectionOptions, TLSSocket } from 'tls';
import { Yaml } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { KubeProxyConfig } from '../../../src/control-plane/kubelet/kube-proxy-config';
import { KubeletConfig } from '../../../src/control-plane/kubelet/kubelet-config';
import { ImagePullVerification } from '../../../src/control-plane/kubelet/kubelet-options';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../../control-plane/cluster';
import { Daemon } from '../api-server';
import { describeOnNode, TestNode } from '../node/node';
import { describeWith } from '../programs';
import { Machine, run } from './machine';
import { ServingApprover } from './serving-approver';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

describeOnNode('a kubelet 1.33 with our configuration', () => {
  const profile = new ClusterProfile({
    name: 'prod', kubernetesVersion: KubernetesVersion.V1_33, nodeCidrs: ['10.87.0.0/24'], podCidrs: ['10.88.0.0/16'], serviceCidrs: ['10.96.0.0/16'],
  });
  let node: TestNode;
  let signer: Daemon;
  let approver: ServingApprover;
  let pod: any;

  beforeAll(async () => {
    // Adapted as `NodeMachine` says: paths, addresses, control groups, swap and disk of a machine that belongs to others as well.
    const kubelet = new KubeletConfig()._document({ at: 'test', profile, staticPodPath: '/etc/kubernetes/manifests' });
    node = await TestNode.start(['probe'], { kubelet, flags: { 'kubelet-certificate-authority': 'ca.crt' } });
    const folder = node.server.folder;
    signer = new Daemon('kube-controller-manager@1.33', [
      `--kubeconfig=${node.server.kubeconfig}`, '--leader-elect=false', '--secure-port=0', '--controllers=certificatesigningrequest-signing-controller',
      `--cluster-signing-cert-file=${folder}/ca.crt`, `--cluster-signing-key-file=${folder}/ca.key`,
    ], node.machine.folder);
    approver = new ServingApprover(node.server, profile);
    await node.server.namespace('shop');
    pod = await node.runPod({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'web', image: node.image('probe'), imagePullPolicy: 'Never' }] },
    });
  }, 240_000);
  afterAll(async () => {
    approver?.remove();
    await signer?.stop();
    await node?.stop();
  });

  const socket = async (port: number): Promise<Socket> => node.connect(node.machine.address, port);

  /** The handshake with the kubelet's server. */
  const handshake = async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const raw = await socket(10250);
    return new Promise((resolve, reject) => {
      const tls = tlsConnect({ socket: raw, rejectUnauthorized: false, ...options }, () => resolve(tls));
      tls.on('error', reject);
    });
  };

  /** Status of a GET request to the kubelet. */
  const get = async (path: string, options: ConnectionOptions & { token?: string } = {}): Promise<number> => {
    const { token, ...tls } = options;
    const connection = await handshake(tls);
    connection.write(`GET ${path} HTTP/1.1\r\nHost: node-a\r\nConnection: close\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}\r\n`);
    let answer = '';
    for await (const chunk of connection.setEncoding('utf8')) {
      answer += chunk;
    }
    return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)![1]);
  };
  const request = async () => (await node.server.request('GET', REQUESTS)).body.items.filter(({ spec }: any) => spec.username === 'system:node:node-a');
  const admin = () => approver.client('/O=system:masters/CN=admin');

  test('registers, says nothing of configuration that it does not know, and keeps what is reserved from pods', async () => {
    const { status } = (await node.server.request('GET', '/api/v1/nodes/node-a')).body;
    const log = node.machine.lastLines(100_000);

    expect(log).not.toMatch(/unknown field|duplicate field|strict decoding/i);
    expect(status.capacity.pods).toBe('110');
    expect(mebibytes(status.capacity.memory) - mebibytes(status.allocatable.memory)).toBe(512);
  });

  test('before its certificate is approved nobody can talk to it: the API server gets no logs', async () => {
    await expect(node.logs(pod.metadata)).rejects.toThrow(/no logs of shop\/web: 500 .*tls/);
    await expect(handshake()).rejects.toThrow();
  });

  test('asks for a certificate with its name and address, which nobody approves by himself', async () => {
    await node.machine.until('the request for a certificate', async () => (await request()).length > 0);
    const [{ spec, status }] = await request();

    expect(spec).toMatchObject({ signerName: 'kubernetes.io/kubelet-serving', username: 'system:node:node-a', usages: ['digital signature', 'server auth'] });
    expect(status).toEqual({});
  });

  test('after the approver ran, logs and exec work, with a certificate that the cluster\'s CA signed', async () => {
    const [{ metadata }] = await request();

    expect(approver.run()).toEqual({ stdout: `approved ${metadata.name} of "system:node:node-a"\n`, stderr: '' });
    await node.machine.until('a serving certificate', async () => Boolean(await handshake()));
    const { ca } = admin();
    const connection = await handshake({ ca, rejectUnauthorized: true, servername: 'node-a' });
    const certificate = new X509Certificate(connection.getPeerCertificate().raw);

    expect(certificate.subjectAltName).toBe('DNS:node-a, IP Address:10.87.0.1');
    expect(await node.exec(pod.metadata, ['/probe', 'list', '/'])).toMatchObject({ code: 0 });
    expect(typeof await node.logs(pod.metadata)).toBe('string');
  });

  test('requests without certificate and token are 401, with a token without rights 403', async () => {
    const { stdout } = await node.server.kubectl(['create', 'token', 'default', '-n', 'shop']);

    for (const path of ['/pods', '/metrics', '/configz', '/healthz', '/containerLogs/shop/web/web', '/logs/']) {
      expect([path, await get(path)]).toEqual([path, 401]);
      expect([path, await get(path, { token: stdout.trim() })]).toEqual([path, 403]);
      expect([path, await get(path, { token: 'made.up.token' })]).toEqual([path, 401]);
    }
    expect(await get('/pods', admin())).toBe(200);
  });

  test('a certificate of the cluster without rights is 403', async () => {
    expect(await get('/pods', approver.client('/O=people/CN=joe'))).toBe(403);
  });

  test('not even an administrator gets profiles, debugging flags and files of /var/log', async () => {
    const credentials = admin();

    for (const path of ['/debug/pprof/profile', '/debug/pprof/heap', '/debug/flags/v', '/logs/']) {
      expect([path, [404, 405].includes(await get(path, credentials))]).toEqual([path, true]);
    }
  });

  test('there is no read-only port, and health is served on loopback alone', async () => {
    await expect(socket(10255)).rejects.toThrow(/cannot be reached/);
    await expect(socket(10248)).rejects.toThrow(/cannot be reached/);
    (await node.connect('127.0.0.1', 10248)).destroy();
  });

  test('clients below TLS 1.3 are refused', async () => {
    await expect(handshake({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version|ECONNRESET|closed/i);
    expect((await handshake({ maxVersion: 'TLSv1.3' })).getProtocol()).toBe('TLSv1.3');
  });

  test('what it runs with is what we wrote', async () => {
    const { body } = await node.server.request('GET', '/api/v1/nodes/node-a/proxy/configz');

    expect(body.kubeletconfig).toMatchObject({
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: 'Webhook' },
      enableDebugFlagsHandler: false,
      enableProfilingHandler: false,
      enableSystemLogHandler: false,
      eventRecordQPS: 50,
      featureGates: { AllAlpha: false },
      podPidsLimit: 4096,
      protectKernelDefaults: true,
      rotateCertificates: true,
      seccompDefault: true,
      serverTLSBootstrap: true,
      shutdownGracePeriod: '1m0s',
      streamingConnectionIdleTimeout: '5m0s',
      tlsMinVersion: 'VersionTLS13',
    });
    expect(body.kubeletconfig.readOnlyPort ?? 0).toBe(0);
  });

  test('a pod that says nothing about seccomp has the runtime\'s profile, and a limit of processes', async () => {
    const { status } = await node.report(pod.metadata);
    const { uid } = (await node.server.request('GET', '/api/v1/namespaces/shop/pods/web')).body.metadata;
    const limits = run('find', ['/sys/fs/cgroup', '-path', `*/pod${uid}/pids.max`, '-exec', 'cat', '{}', '+']);

    expect(status.Seccomp).toBe('2');
    expect(limits.trim()).toBe('4096');
  });
});

describeOnNode('a kubelet 1.33 that signed its certificate itself', () => {
  let node: TestNode;
  let pod: any;
  beforeAll(async () => {
    const kubelet = {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      authentication: { anonymous: { enabled: false } },
      protectKernelDefault: true,
    };
    node = await TestNode.start(['probe'], { kubelet, flags: { 'kubelet-certificate-authority': 'ca.crt' } });
    await node.server.namespace('shop');
    pod = await node.runPod({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'web', image: node.image('probe'), imagePullPolicy: 'Never' }] },
    });
  }, 240_000);
  afterAll(() => node?.stop());

  test('gets no request of an API server that knows whose certificates to trust', async () => {
    await expect(node.logs(pod.metadata)).rejects.toThrow(/failed to verify certificate: x509/);
  });

  test('starts with a misspelt field, which it only logs', () => {
    expect(node.machine.lastLines(100_000)).toMatch(/unknown field \\?"protectKernelDefault\\?"/);
  });
});

describeWith(['systemd-analyze', 'sysctl'], 'the files of nodes', (paths) => {
  const machine = new Machine();
  afterAll(() => machine.remove());
  const { nodes } = cluster();
  const file = (path: string, content = contentOf(nodes, path)) => machine.write(path, content.replaceAll('/usr/local/sbin/kubelet-serving-approver', '/bin/true'));
  /** What systemd has to say about a unit: it exits with 0 where it does not know a key. */
  const complaints = (unit: string) => {
    const { stdout, stderr } = spawnSync(paths['systemd-analyze'], ['verify', '--man=no', unit], { encoding: 'utf8' });
    return (stdout + stderr).split('\n').filter((line) => line.includes('kubelet')).join('\n');
  };

  test('systemd understands the approver\'s units, and not their twin', () => {
    const service = file('/etc/systemd/system/kubelet-serving-approver.service');
    const timer = file('/etc/systemd/system/kubelet-serving-approver.timer');
    expect([complaints(service), complaints(timer)]).toEqual(['', '']);

    const twin = file('/etc/systemd/system/kubelet-serving-approver.service', contentOf(nodes, '/etc/systemd/system/kubelet-serving-approver.service').replace('DynamicUser', 'DynamicUsers'));
    expect(complaints(twin)).toContain('Unknown key');
  });

  test('sysctl understands what the kubelet wants of the kernel', () => {
    expect(run(paths.sysctl, ['--dry-run', '--load', file('/etc/sysctl.d/90-kubelet.conf')])).toContain('kernel.panic_on_oops = 1');
    expect(() => run(paths.sysctl, ['--dry-run', '--load', file('/etc/sysctl.d/90-twin.conf', 'kernel.panic_on_oopses = 1\n')])).toThrow('kernel/panic_on_oopses');
  });
});

describe.each([
  ['kubeadm', '1.37.1', { imagePullVerification: ImagePullVerification.ALWAYS_VERIFY, userNamespaceIdsPerPod: 131072 }],
  ['kubeadm@1.33', '1.33.13', { userNamespaceIdsPerPod: 131072 }],
] as const)('for %s', (program, kubernetesRelease, props) => describeWith([program], 'the documents of kubelet and kube-proxy', (paths) => {
  const machine = new Machine();
  afterAll(() => machine.remove());
  const kubernetesVersion = KubernetesVersion.of(kubernetesRelease);
  const profile = new ClusterProfile({ name: 'prod', kubernetesVersion, nodeCidrs: ['10.0.0.0/16'] });
  const init = parseAllDocuments(contentOf(cluster({ kubernetesVersion }, { kubernetesRelease }).nodes, '/etc/kubernetes/kubeadm/init.yaml'))
    .map((document) => document.toJS()).filter(({ apiVersion }) => apiVersion.startsWith('kubeadm.k8s.io/'));
  const validate = (...documents: unknown[]) => {
    // As it is on nodes: kubeadm knows what its own paths are.
    const path = machine.path('init.yaml');
    writeFileSync(path, Yaml.stringify(...init, ...documents));
    const { stdout, stderr } = spawnSync(paths[program], ['config', 'validate', '--config', path], { encoding: 'utf8' });
    return stdout + stderr;
  };
  const kubelet = new KubeletConfig(props)
    ._document({ at: 'test', profile, staticPodPath: '/etc/kubernetes/manifests', resolvConf: '/run/systemd/resolve/resolv.conf' });
  const proxy = new KubeProxyConfig()._document({ at: 'test', profile })!;

  test('pass kubeadm\'s strict decoders, and not one of their values makes it warn', () => {
    expect(validate(kubelet, proxy)).toBe('ok\n');
    expect(validate({ ...kubelet, clusterDNS: ['10.0.0.10'] }, proxy)).toContain('The recommended value for "clusterDNS"');
  });

  test.each([
    ['a misspelt field of the kubelet', { ...kubelet, protectKernelDefault: true }, 'unknown field "protectKernelDefault"'],
    ['a kubelet\'s field of another type', { ...kubelet, podPidsLimit: '4096' }, 'cannot unmarshal string'],
    ['a misspelt field of kube-proxy', { ...proxy, metricBindAddress: '127.0.0.1:10249' }, 'unknown field "metricBindAddress"'],
  ])('the twin with %s is refused', (_, twin, message) => {
    expect(validate(twin)).toContain(message);
  });

  test.each([
    ['an anonymous kubelet', { authentication: { anonymous: { enabled: true } } }],
    ['AlwaysAllow', { authorization: { mode: 'AlwaysAllow' } }],
    ['a port that does not exist', { readOnlyPort: 99999 }],
    ['a version of TLS that does not exist', { tlsMinVersion: 'VersionTLS99' }],
  ])('kubeadm lets %s through: here it can\'t be expressed', (_, weak) => {
    expect(validate({ ...kubelet, ...weak })).toMatch(/^ok$/m);
    expect(() => new KubeletConfig(weak as never)).toThrow(`KubeletConfig] ${Object.keys(weak)[0]}: allowed: `);
  });
}));

function mebibytes(quantity: string): number {
  const [, amount, unit] = /^(\d+)(Ki|Mi|Gi)$/.exec(quantity)!;
  return Math.round(Number(amount) / { Ki: 1024, Mi: 1, Gi: 1 / 1024 }[unit as 'Ki' | 'Mi' | 'Gi']);
}
