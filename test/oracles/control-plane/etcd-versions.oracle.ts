import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { TlsVersion } from '../../../src/control-plane/etcd/tls-version';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../../control-plane/cluster';
import { pod, staticPods } from '../../control-plane/static-pods/static-pods-cluster';
import { Daemon } from '../api-server';
import { describeWith, programPath } from '../programs';
import { Credentials, lastWords, Machine, ready, run, tlsRequest, workFolder } from './machine';
import { issue } from './pki-machines';

const SCRIPT = '/usr/local/sbin/cluster-pki';
const { V1_28, V1_33, V1_34, V1_36, V1_37 } = KubernetesVersion;
type Program = 'etcd' | 'etcd@3.5' | 'etcd@3.7';
/** Each version of etcd, the program, and the first and the last minor of Kubernetes that it goes with. */
const VERSIONS: [string, Program, KubernetesVersion, KubernetesVersion][] = [
  ['3.5', 'etcd@3.5', V1_28, V1_33], ['3.6', 'etcd', V1_34, V1_36], ['3.7', 'etcd@3.7', V1_37, V1_37],
];

/** An address of this test alone, in loopback, so that the rendered ports stay as they are. */
const ADDRESS = `127.${16 + Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 250)}.1`;
const MEMBERS = [{ name: 'etcd-1', address: ADDRESS }];

/** The service's flags. Adapted: what listens on 127.0.0.1 besides the member's own address. */
function ofService(kubernetesVersion: KubernetesVersion, minimumTlsVersion?: TlsVersion): string[] {
  const { etcdNodes } = cluster({ kubernetesVersion }, { etcd: new EtcdTlsConfig({ members: MEMBERS, minimumTlsVersion }) }, true);
  const flags = [...contentOf(etcdNodes, '/etc/systemd/system/etcd.service').matchAll(/^ {2}(--\S+)/gm)].map(([, flag]) => flag.replace('127.0.0.1', ADDRESS));
  const variables = contentOf(etcdNodes, '/etc/etcd/members/etcd-1.env').trim().split('\n').map((line) => line
    .replace(/^ETCD_([A-Z_]+)/, (_, name: string) => `--${name.toLowerCase().replaceAll('_', '-')}`)
    .replace(',https://127.0.0.1:2379', ''));
  return [...flags, ...variables];
}

/** The static pod's flags, with the machine's name and address as the kubelet fills them in; adapted as the service's. */
function ofStaticPod(kubernetesVersion: KubernetesVersion): string[] {
  const made = staticPods({ kubernetesVersion }, { etcd: new EtcdTlsConfig({ members: MEMBERS }) });
  const [, ...flags] = pod(made, 'etcd').spec.containers[0].command as string[];
  return flags.map((flag) => flag.replaceAll('$(HOST_IP)', ADDRESS).replaceAll('$(NODE_NAME)', 'etcd-1').replace('https://127.0.0.1:2379,', '').replace('127.0.0.1', ADDRESS));
}

describeWith(['etcd', 'etcd@3.5', 'etcd@3.7', 'openssl'], 'etcd', () => {
  let service: Machine;
  let node: Machine;
  let daemon: Daemon | undefined;
  let runs = 0;
  beforeAll(() => {
    const external = cluster({}, { etcd: new EtcdTlsConfig({ members: MEMBERS }) }, true);
    const stacked = staticPods({}, { etcd: new EtcdTlsConfig({ members: MEMBERS }) });
    service = new Machine().add(external.etcdNodes);
    node = new Machine().add(stacked.nodes);
    for (const machine of [service, node]) {
      machine.run(SCRIPT, 'ca', 'first');
      issue(machine, machine, 'etcd-1');
    }
  });
  afterEach(async () => {
    await daemon?.stop();
    daemon = undefined;
  });
  afterAll(() => [service, node].forEach((machine) => machine?.remove()));

  const start = (program: Program, machine: Machine, flags: string[]) => {
    const folder = workFolder(machine, `run-${runs += 1}`);
    const args = flags.map((flag) => (flag.startsWith('--data-dir=') ? `--data-dir=${folder}/data` : machine.adapt(flag)));
    return daemon = new Daemon(program, [...args, '--unsafe-no-fsync=true', '--log-level=warn'], folder);
  };
  const credentials = (machine: Machine): Credentials => {
    const folder = machine === service ? '/etc/etcd/pki' : '/etc/kubernetes/pki/etcd';
    const authority = machine === service ? `${folder}/etcd-ca.crt` : `${folder}/ca.crt`;
    return { ca: machine.read(authority), cert: machine.read(`${folder}/healthcheck-client.crt`), key: machine.read(`${folder}/healthcheck-client.key`) };
  };
  const put = (machine: Machine, more: object = {}) => tlsRequest(`https://${ADDRESS}:2379/v3/kv/put`, {
    method: 'POST', body: { key: 'YQ==', value: 'Yg==' }, ...credentials(machine), ...more,
  });
  const serves = (machine: Machine, more: object = {}) => ready([daemon!], async () => (await put(machine, more)).status === 200);
  const noCertificate = { cert: undefined, key: undefined };

  describe.each(VERSIONS)('%s', (version, program, first, last) => {
    test('goes with minors that say the same to it', () => {
      expect([first, last].map((minor) => EtcdTlsConfig.etcdVersion(minor))).toEqual([version, version]);
      expect(run(programPath(program), ['--version'])).toContain(`etcd Version: ${version}.`);
      expect(ofService(last)).toEqual(ofService(first));
      expect(ofStaticPod(last)).toEqual(ofStaticPod(first));
    });

    test.each<[string, () => Machine, () => string[]]>([
      ['the service', () => service, () => ofService(first)],
      ['the static pod', () => node, () => ofStaticPod(first)],
    ])('runs with the flags of %s, and opens to clients with certificates of TLS 1.3 and to nobody else', async (_, machineOf, flagsOf) => {
      const machine = machineOf();
      start(program, machine, flagsOf());
      await serves(machine);

      await expect(put(machine, noCertificate)).rejects.toThrow(/certificate.required|ECONNRESET/i);
      await expect(put(machine, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i);
      await expect(tlsRequest(`https://${ADDRESS}:2380/members`, { ...credentials(machine), rejectUnauthorized: false })).rejects.toThrow(/unknown ca|bad certificate|ECONNRESET/i);
      expect((await fetch(`http://${ADDRESS}:2381/health`)).status).toBe(200);
    });

    test('runs with TLS 1.2 as the minimum and its suites', async () => {
      start(program, service, ofService(first, TlsVersion.TLS_1_2));
      await serves(service, { maxVersion: 'TLSv1.2' });

      await expect(put(service, { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' })).rejects.toThrow(/handshake failure|ECONNRESET/i);
      await expect(put(service, noCertificate)).rejects.toThrow(/certificate.required|ECONNRESET|bad certificate/i);
    });

    test('takes a client without a certificate as soon as the flags that ask for one are gone', async () => {
      start(program, service, ofService(first).filter((flag) => !/^--(client-cert-auth|trusted-ca-file)=/.test(flag)));
      await serves(service, noCertificate);

      expect((await put(service, noCertificate)).status).toBe(200);
    });
  });

  test.each<[string, Program, KubernetesVersion, string]>([
    ['3.5 does not start with flags of the static pod for 3.6', 'etcd@3.5', V1_34, 'feature-gates'],
    ['3.7 does not start with flags of the static pod for 3.5', 'etcd@3.7', V1_33, 'experimental-initial-corrupt-check'],
  ])('%s', async (_, program, minor, flag) => {
    expect(await lastWords(start(program, node, ofStaticPod(minor)))).toMatch(new RegExp(`flag provided but not defined: -${flag}`));
  });
});
