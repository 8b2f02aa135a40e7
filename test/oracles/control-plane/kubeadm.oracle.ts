import { X509Certificate } from 'crypto';
import { existsSync } from 'fs';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { KubeProxyConfig } from '../../../src/control-plane/kubelet/kube-proxy-config';
import { KeyAlgorithm, PkiCertificate } from '../../../src/control-plane/pki/pki-certificate';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { cluster, contentOf, MEMBERS } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Machine, run } from './machine';

const PROFILE = {
  kubernetesVersion: KubernetesVersion.V1_37,
  apiEndpoints: ['https://api.prod.internal:6443', 'https://10.0.9.9:6443'],
};

/** Files as rendered for a version, and a kubeadm that reads them where paths lead to what stands for a node. */
class Validation {
  readonly machine = new Machine();

  constructor(private readonly kubeadm: string) {}

  /** What kubeadm says. It wants the file that `node-join` makes to be there. */
  validate(yaml: string): string {
    return this.run('validate', '--config', this.write(yaml));
  }

  /** In the API that this kubeadm writes. */
  migrate(yaml: string): string {
    const migrated = this.machine.write('/migrated.yaml', '');
    this.run('migrate', '--old-config', this.write(yaml), '--new-config', migrated);
    return this.machine.read('/migrated.yaml');
  }

  private write(yaml: string): string {
    this.machine.write('/etc/kubernetes/kubeadm/discovery.conf', '');
    return this.machine.write('/config.yaml', yaml);
  }

  private run(...args: string[]): string {
    return run(this.kubeadm, ['config', ...args]).trim();
  }
}

function rendered(file: 'init' | 'join', release: string, options: { profile?: object; props?: object; external?: boolean; worker?: boolean } = {}): string {
  const { profile, props, external, worker } = options;
  const kubernetesVersion = KubernetesVersion.of(release.replace(/\.\d+$/, ''));
  const all = { ...PROFILE, kubernetesVersion, ...profile };
  const { nodes, controlPlane } = cluster(all, { kubernetesRelease: release, ...props }, external, (app) => (
    { workers: [new NodeRole(app, 'worker', { kind: NodeKind.WORKER })] }));
  return contentOf(worker ? controlPlane.workers[0] : nodes, `/etc/kubernetes/kubeadm/${file}.yaml`);
}

/** With one of its documents changed. */
function changed(yaml: string, index: number, change: (document: any) => void): string {
  const documents = parseAllDocuments(yaml).map((document) => document.toJS());
  change(documents[index]);
  return documents.map((document) => stringify(document)).join('---\n');
}

const DUAL_STACK = { podCidrs: ['10.1.0.0/16', 'fd00:1::/56'], serviceCidrs: ['10.2.0.0/16', 'fd00:2::/108'] };

describeWith(['kubeadm'], 'kubeadm 1.37 config validate', ({ kubeadm }) => {
  let validation: Validation;
  beforeAll(() => {
    validation = new Validation(kubeadm);
  });
  afterAll(() => validation.machine.remove());
  const good = rendered('init', '1.37.1');
  const join = rendered('join', '1.37.1');
  const mapArguments = rendered('init', '1.30.0').replaceAll('v1beta3', 'v1beta4').replace('v1.30.0', 'v1.37.1');

  test.each([
    ['stacked etcd', good],
    ['external etcd', rendered('init', '1.37.1', { external: true })],
    ['dual stack', rendered('init', '1.37.1', { profile: DUAL_STACK })],
    ['keys on the curve P-384', rendered('init', '1.37.1', { props: { certificates: { keyAlgorithm: KeyAlgorithm.ECDSA_P384 } } })],
    ['no kube-proxy', rendered('init', '1.37.1', { props: { kubeProxy: KubeProxyConfig.replacedByCni() } })],
    ['Kubernetes 1.36', rendered('init', '1.36.4')],
    ['a further control-plane node', join],
    ['a worker', rendered('join', '1.37.1', { worker: true })],
    ['a worker of 1.36', rendered('join', '1.36.4', { worker: true })],
  ])('accepts the file for %s', (_, yaml) => {
    expect(validation.validate(yaml)).toBe('ok');
  });

  test.each([
    ['an unknown field', good.replace('peerCertSANs:', 'peerCertSAN:'), 'unknown field "etcd.local.peerCertSAN"'],
    ['arguments as a map, as up to 1.30', mapArguments, 'json: cannot unmarshal object into Go struct field'],
    ['a number for an argument', good.replace('value: "30"', 'value: 30'), 'cannot unmarshal number'],
    ['a malformed network', good.replace('podSubnet: 10.244.0.0/16', 'podSubnet: 10.244.0.0'), 'podSubnet'],
    ['an algorithm that it lacks', good.replace('ECDSA-P256', 'ECDSA-P521'), 'encryptionAlgorithm'],
    ['a token for nothing', good.replace('      - authentication\n', '      - joining\n'), 'joining'],
    ['an unknown field of the kubelet', good.replace('seccompDefault:', 'secompDefault:'), 'unknown field "secompDefault"'],
    ['an unknown field of kube-proxy', good.replace('metricsBindAddress:', 'metricBindAddress:'), 'unknown field "metricBindAddress"'],
    ['an unknown field for joining', join.replace('bindPort:', 'port:'), 'unknown field "controlPlane.localAPIEndpoint.port"'],
    ['a misspelt way of discovery', join.replace('kubeConfigPath:', 'kubeconfigPath:'), 'unknown field "discovery.file.kubeconfigPath"'],
  ])('refuses the twin with %s', (_, yaml, message) => {
    expect([good, join]).not.toContain(yaml);
    expect(() => validation.validate(yaml)).toThrow(message);
  });

  test('without a word about tokens it would make one that lets nodes join for a day, and print it', () => {
    const tokens = (yaml: string) => parseAllDocuments(validation.migrate(yaml))[0].toJS().bootstrapTokens;
    const silent = changed(good, 0, (init) => delete init.bootstrapTokens);

    expect(tokens(silent)).toEqual([expect.objectContaining({
      groups: ['system:bootstrappers:kubeadm:default-node-token'], ttl: '24h0m0s', usages: ['signing', 'authentication'],
    })]);
    expect(tokens(good)).toEqual([expect.objectContaining({ groups: ['system:bootstrappers:nothing'], ttl: '1m0s' })]);
  });

  // None of them can be said with this library: see the tests without programs.
  test.each([
    ['joining without looking at the CA', join.replace(/ {2}file:\n.*\n/, [
      '  bootstrapToken:', `    token: ${['abcdef', '0123456789abcdef'].join('.')}`, '    apiServerEndpoint: 10.0.0.1:6443', '    unsafeSkipCAVerification: true', '',
    ].join('\n'))],
    ['a token without end', good.replace('ttl: 1m0s', 'ttl: 0s')],
    ['a relative path on the node', good.replace('hostPath: /var/log', 'hostPath: var/log')],
    ['a kubelet that answers anybody', good.replace(/(anonymous:\n +enabled: )false/, '$1true')],
    ['a kubelet that allows everything', good.replace('mode: Webhook', 'mode: AlwaysAllow')],
    ['a port that does not exist', good.replace('readOnlyPort: 0', 'readOnlyPort: 99999')],
    ['a version of TLS that does not exist', good.replace('tlsMinVersion: VersionTLS13', 'tlsMinVersion: VersionTLS99')],
    ['a control plane that takes workloads', good.replace(/ {2}taints:\n.*\n.*\n/, '  taints: []\n')],
  ])('accepts, although it should not, %s', (_, yaml) => {
    expect([good, join]).not.toContain(yaml);
    expect(validation.validate(yaml)).toBe('ok');
  });
});

describeWith(['kubeadm@1.33'], 'kubeadm 1.33', (paths) => {
  let validation: Validation;
  beforeAll(() => {
    validation = new Validation(paths['kubeadm@1.33']);
  });
  afterAll(() => validation.machine.remove());
  /** What differs from a version that this kubeadm installs: the release. */
  const old = rendered('init', '1.30.5').replace('v1.30.5', 'v1.33.13');
  const oldJoin = rendered('join', '1.30.5', { worker: true });

  test.each(['1.33.13', '1.32.9'])('accepts what is rendered for %s', (release) => {
    for (const yaml of [rendered('init', release), rendered('init', release, { external: true }), rendered('join', release), rendered('join', release, { worker: true })]) {
      expect(validation.validate(yaml)).toBe('ok');
    }
  });

  test('reads in v1beta3, as rendered up to 1.30, the same as in v1beta4', () => {
    const [oldInit, oldCluster] = parseAllDocuments(validation.migrate(old)).map((document) => document.toJS());
    const [init, newCluster] = parseAllDocuments(validation.migrate(rendered('init', '1.33.13'))).map((document) => document.toJS());

    expect(old).toContain('kubeadm.k8s.io/v1beta3');
    for (const document of [oldInit, init]) {
      delete document.bootstrapTokens[0].token;
      delete document.timeouts;
    }
    expect(oldInit).toEqual(init);
    expect({ ...oldCluster, apiServer: undefined }).toEqual({ ...newCluster, apiServer: undefined, encryptionAlgorithm: 'RSA-2048' });
    // A 1.30 has no file for anonymous requests.
    expect(oldCluster.apiServer.extraVolumes).toEqual(newCluster.apiServer.extraVolumes.filter(({ name }: { name: string }) => name !== 'authentication'));
    expect(oldCluster.apiServer.extraArgs).toContainEqual({ name: 'tls-min-version', value: 'VersionTLS13' });
    expect(validation.migrate(oldJoin)).toContain('kind: JoinConfiguration');
  });

  test.each([
    ['an unknown field', old.replace('peerCertSANs:', 'peerCertSAN:')],
    ['arguments as a list', changed(old, 1, (config) => config.scheduler.extraArgs = [{ name: 'profiling', value: 'false' }])],
    ['what v1beta3 does not have', old.replace('clusterName:', 'encryptionAlgorithm: ECDSA-P256\nclusterName:')],
    ['an unknown field for joining', oldJoin.replace('imagePullPolicy:', 'imagePull:')],
  ])('refuses the twin of the old API with %s', (_, yaml) => {
    expect([old, oldJoin]).not.toContain(yaml);
    expect(() => validation.validate(yaml)).toThrow(/unknown field|unmarshal|yaml/);
  });
});

describeWith(['kubeadm'], 'what kubeadm 1.37 makes of the configuration', () => {
  const made = cluster(PROFILE, { kubernetesRelease: '1.37.1' });
  let node: KubeadmNode;
  beforeAll(() => {
    node = new KubeadmNode(made, MEMBERS[0]);
  });
  afterAll(() => node?.remove());

  const rows = made.controlPlane.pki.rows.filter((row) => row.node === undefined || row.node === 'cp-1');

  test.each(rows.map((row) => [row.name, row] as const))('the certificate %s is as planned', (_, row) => {
    const certificate = certificateOf(node, row);
    const names = certificate.subjectAltName?.split(', ').map((name) => name.replace('IP Address:', 'IP:').replace('0:0:0:0:0:0:0:1', '::1'));
    const authority = rows.find((other) => other.name === (row.issuer ?? row.name))!;

    expect(certificate.subject.split('\n').sort()).toEqual([...(row.organization ? [`O=${row.organization}`] : []), `CN=${row.commonName}`].sort());
    expect(certificate.verify(certificateOf(node, authority).publicKey)).toBe(true);
    expect(certificate.ca).toBe(row.issuer === undefined);
    if (row.issuer !== undefined) {
      expect(new Set(names ?? [])).toEqual(new Set(row.subjectAlternativeNames ?? []));
      expect(new Set(certificate.keyUsage)).toEqual(new Set((row.extendedKeyUsages ?? []).map((usage) => USAGE_IDS[usage])));
    }
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(Math.abs(days - made.controlPlane.pki.validityDays(row))).toBeLessThan(1);
    expect(existsSync(node.path(row.keyPath!))).toBe(true);
    expect(node.mode(row.keyPath!)).toBe('600');
  });

  test('no certificate exists that the plan does not know', () => {
    const found = run('find', [node.path('/etc/kubernetes/pki'), node.path('/etc/kubernetes'), '-name', '*.crt', '-o', '-name', '*.conf']).trim().split('\n');

    expect([...new Set(found)].map((path) => path.slice(node.root.length)).sort()).toEqual(rows.map((row) => row.certificatePath).sort());
  });

  test('the API server keeps NodeRestriction, and every file that a flag of ours names is mounted as it must be', () => {
    const { spec } = node.manifest('kube-apiserver');
    const mounts = Object.fromEntries(spec.containers[0].volumeMounts.map((mount: any) => [mount.name, mount]));

    expect(node.flags('kube-apiserver').find((flag) => flag.startsWith('--enable-admission-plugins='))?.split(/[=,]/)).toContain('NodeRestriction');
    expect(node.flags('kube-apiserver')).toContain('--profiling=false');
    expect(mounts['audit-policy']).toMatchObject({ mountPath: node.path('/etc/kubernetes/audit/policy.yaml'), readOnly: true });
    expect(mounts['audit-log'].mountPath).toBe(node.path('/var/log/kubernetes/audit'));
    expect(mounts['audit-log'].readOnly ?? false).toBe(false);
  });

  test('the API server reads our two files from their mounted folders, and kubeadm leaves its own --authorization-mode out', () => {
    const { spec } = node.manifest('kube-apiserver');
    const flags = node.flags('kube-apiserver');

    for (const name of ['authentication', 'authorization']) {
      expect(flags).toContain(`--${name}-config=${node.path(`/etc/kubernetes/${name}/config.yaml`)}`);
      expect(spec.containers[0].volumeMounts).toContainEqual({ name, mountPath: node.path(`/etc/kubernetes/${name}`), readOnly: true });
      expect(spec.volumes).toContainEqual({ name, hostPath: { path: node.path(`/etc/kubernetes/${name}`), type: 'Directory' } });
    }
    expect(flags.filter((flag) => /^--(authorization-mode|anonymous-auth|oidc-|token-auth-file)/.test(flag))).toEqual([]);
  });

  test('of two CAs, that of aggregated API servers is believed for one name alone', () => {
    expect(node.flags('kube-apiserver')).toContain('--requestheader-allowed-names=front-proxy-client');
  });

  test('the controllers of tokens run: kubeadm turns them on, and nothing of ours turns them off', () => {
    expect(node.flags('kube-controller-manager')).toContain('--controllers=*,bootstrapsigner,tokencleaner');
  });

  test('keys are elliptic', () => {
    for (const row of rows.filter(({ certificatePath }) => certificatePath.endsWith('.crt'))) {
      expect(certificateOf(node, row).publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    }
  });

  test('a flag appears once: ours replaces kubeadm\'s', () => {
    for (const component of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
      const names = node.flags(component).map((flag) => flag.split('=')[0]);

      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    }
  });

  test('the controllers listen on loopback and are probed there', () => {
    for (const component of ['kube-controller-manager', 'kube-scheduler']) {
      expect(node.flags(component)).toEqual(expect.arrayContaining(['--bind-address=127.0.0.1', '--profiling=false']));
      expect(node.manifest(component).spec.containers[0].livenessProbe.httpGet.host).toBe('127.0.0.1');
    }
  });
});

const USAGE_IDS: Record<string, string> = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' };

function certificateOf(node: KubeadmNode, row: PkiCertificate): X509Certificate {
  const text = node.read(row.certificatePath);
  return new X509Certificate(row.certificatePath.endsWith('.conf') ? Buffer.from(parse(text).users[0].user['client-certificate-data'], 'base64') : text);
}
