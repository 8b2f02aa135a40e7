import { X509Certificate } from 'crypto';
import { existsSync } from 'fs';
import { parse } from 'yaml';
import { PkiCertificate } from '../../../src/control-plane/pki/pki-plan';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf, MEMBERS } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Machine, run } from './machine';

const PROFILE = {
  kubernetesVersion: KubernetesVersion.V1_37,
  apiEndpoints: ['https://api.prod.internal:6443', 'https://10.0.9.9:6443'],
};

describeWith(['kubeadm'], 'kubeadm 1.37 config validate', ({ kubeadm }) => {
  let machine: Machine;
  beforeAll(() => {
    machine = new Machine();
  });
  afterAll(() => machine.remove());
  const validate = (yaml: string) => run(kubeadm, ['config', 'validate', '--config', machine.write('/init.yaml', yaml)]);
  const rendered = (profile: object, props: object, external = false) =>
    contentOf(cluster({ ...PROFILE, ...profile }, props, external).nodes, '/etc/kubernetes/kubeadm/init.yaml');
  const good = rendered({}, { kubernetesRelease: '1.37.1' });
  const mapArguments = rendered({ kubernetesVersion: KubernetesVersion.V1_30 }, { kubernetesRelease: '1.30.0' }).replaceAll('v1beta3', 'v1beta4').replace('v1.30.0', 'v1.37.1');

  test.each([
    ['stacked etcd', good],
    ['external etcd', rendered({}, { kubernetesRelease: '1.37.1' }, true)],
    ['dual stack', rendered({ podCidrs: ['10.1.0.0/16', 'fd00:1::/56'], serviceCidrs: ['10.2.0.0/16', 'fd00:2::/108'] }, { kubernetesRelease: '1.37.1' })],
    ['Kubernetes 1.36', rendered({ kubernetesVersion: KubernetesVersion.V1_36 }, { kubernetesRelease: '1.36.4' })],
  ])('accepts the file for %s', (_, yaml) => {
    expect(validate(yaml).trim()).toBe('ok');
  });

  test.each([
    ['an unknown field', good.replace('peerCertSANs:', 'peerCertSAN:'), 'unknown field "etcd.local.peerCertSAN"'],
    ['arguments as a map, as up to 1.30', mapArguments, 'json: cannot unmarshal object into Go struct field'],
    ['a number for an argument', good.replace('value: "30"', 'value: 30'), 'cannot unmarshal number'],
    ['a malformed network', good.replace('podSubnet: 10.244.0.0/16', 'podSubnet: 10.244.0.0'), 'podSubnet'],
  ])('refuses the twin with %s', (_, yaml, message) => {
    expect(yaml).not.toBe(good);
    expect(() => validate(yaml)).toThrow(message);
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
    expect(existsSync(node.path(row.keyPath))).toBe(true);
    expect(node.mode(row.keyPath)).toBe('600');
  });

  test('no certificate exists that the plan does not know', () => {
    const found = run('find', [node.path('/etc/kubernetes/pki'), node.path('/etc/kubernetes'), '-name', '*.crt', '-o', '-name', '*.conf']).trim().split('\n');

    expect([...new Set(found)].map((path) => path.slice(node.root.length)).sort()).toEqual(rows.map((row) => row.certificatePath).sort());
  });

  test('the API server keeps NodeRestriction, and every file that a flag of ours names is mounted as it must be', () => {
    const { spec } = node.manifest('kube-apiserver');
    const mounts = Object.fromEntries(spec.containers[0].volumeMounts.map((mount: any) => [mount.name, mount]));

    expect(node.flags('kube-apiserver')).toEqual(expect.arrayContaining(['--enable-admission-plugins=NodeRestriction', '--profiling=false']));
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
