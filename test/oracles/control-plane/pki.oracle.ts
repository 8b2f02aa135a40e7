import { X509Certificate } from 'crypto';
import { existsSync, readdirSync } from 'fs';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { CertificateOptions } from '../../../src/control-plane/pki/certificate-options';
import { KeyAlgorithm, PkiCertificate } from '../../../src/control-plane/pki/pki-certificate';
import { addPkiFiles } from '../../../src/control-plane/pki/pki-files';
import { PkiPlan } from '../../../src/control-plane/pki/pki-plan';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { MEMBERS, nodeFilesApp } from '../../control-plane/cluster';
import { staticPodsPki } from '../../control-plane/pki/plans';
import { describeWith } from '../programs';
import { Machine, run } from './machine';
import { digestOf, issue, keepExternalAuthority, lastWord } from './pki-machines';

const SCRIPT = '/usr/local/sbin/cluster-pki';
const CHECK = '/usr/local/sbin/pki-check';
const REQUESTS = '/etc/cluster-pki/requests';
const USAGE_IDS: Record<string, string> = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' };

/** A control plane of static pods: its nodes and its plan. */
function staticPods(certificates?: CertificateOptions): { nodes: NodeRole; plan: PkiPlan } {
  const app = nodeFilesApp({ apiEndpoints: ['https://api.prod.internal:6443'] });
  const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
  const profile = ClusterProfile.of(nodes);
  const plan = staticPodsPki(profile, new EtcdTlsConfig({ members: MEMBERS }), false, certificates);
  addPkiFiles({ profile, plan, nodes });
  return { nodes, plan };
}

const SIGNER = { externalAuthority: true, kubeletSigner: 'corporate-signer' };

describeWith(['shellcheck'], 'shellcheck', ({ shellcheck }) => {
  const scriptOf = (path: string) => staticPods().nodes.files.find((file) => file.path === path)!.content;

  test.each([SCRIPT, CHECK])('has nothing to say about %s', (path) => {
    expect(run(shellcheck, ['--enable=all', '--exclude=SC2250,SC2310,SC2312', '-'], scriptOf(path))).toBe('');
  });

  test('but about one with a mistake', () => {
    expect(() => run(shellcheck, ['-'], scriptOf(SCRIPT).replace('chown "$3:"', 'chown $3:'))).toThrow('SC2086');
  });
});

describeWith(['openssl'], 'the script cluster-pki for a control plane of static pods', ({ openssl }) => {
  const { nodes, plan } = staticPods();
  let first: Machine;
  let second: Machine;
  beforeAll(() => {
    first = new Machine().add(nodes);
    second = new Machine().add(nodes);
    first.run(SCRIPT, 'ca', 'first');
    first.run(SCRIPT, 'keys', 'first');
    issue(first, first, 'cp-1');
    issue(first, second, 'cp-2');
  });
  afterAll(() => [first, second].forEach((machine) => machine?.remove()));

  const certificateOf = (machine: Machine, row: PkiCertificate) => new X509Certificate(machine.read(row.certificatePath));
  const rows = plan.rows.filter((row) => (row.node ?? 'cp-1') === 'cp-1' && !row.onDemand);

  test.each(rows.map((row) => [row.name, row] as const))('makes %s as planned', (_, row) => {
    const certificate = certificateOf(first, row);
    const names = certificate.subjectAltName?.split(', ').map((name) => name.replace('IP Address:', 'IP:').replace('0:0:0:0:0:0:0:1', '::1'));
    const authority = plan.named(row.issuer ?? row.name)[0];

    expect(certificate.subject.split('\n').sort()).toEqual([`CN=${row.commonName}`, ...(row.organization ? [`O=${row.organization}`] : [])].sort());
    expect(certificate.verify(certificateOf(first, authority).publicKey)).toBe(true);
    expect(certificate.ca).toBe(row.issuer === undefined);
    expect(names ?? []).toEqual(row.subjectAlternativeNames ?? []);
    expect(certificate.keyUsage ?? []).toEqual((row.extendedKeyUsages ?? []).map((usage) => USAGE_IDS[usage]));
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(days).toBe(plan.validityDays(row));
    expect([first.mode(row.certificatePath), first.mode(row.keyPath!)]).toEqual(['644', '600']);
  });

  test('makes CAs that sign leaves alone', () => {
    for (const row of plan.authorities) {
      const text = run(openssl, ['x509', '-in', first.path(row.certificatePath), '-noout', '-ext', 'basicConstraints,keyUsage']);

      expect(text).toContain('CA:TRUE, pathlen:0');
      expect(text).toContain('Certificate Sign, CRL Sign');
    }
  });

  test('gives every machine keys of its own under the same CAs, and the CAs\' keys to one', () => {
    for (const row of plan.rows.filter((candidate) => candidate.issuer !== undefined && candidate.node === undefined && !candidate.onDemand)) {
      expect(second.read(row.keyPath!)).not.toBe(first.read(row.keyPath!));
    }
    expect(second.read('/etc/kubernetes/pki/ca.crt')).toBe(first.read('/etc/kubernetes/pki/ca.crt'));
    expect(existsSync(second.path('/etc/cluster-pki/ca'))).toBe(false);
    expect(first.mode('/etc/cluster-pki/ca')).toBe('700');
  });

  test('makes nobody a member of system:masters unless somebody asks for it by name where keys are made and where they are signed', () => {
    const [row] = plan.named('super-admin');
    expect(existsSync(first.path(row.keyPath!))).toBe(false);

    const folder = run('mktemp', ['-d', `${first.root}/XXXXXX`]).trim();
    const digest = lastWord(first.run(SCRIPT, 'request', 'cp-1', 'super-admin'));
    run('sh', ['-c', `cp ${first.path(REQUESTS)}/*.csr ${folder}`]);
    first.run(SCRIPT, 'sign', folder, 'cp-1', digest);
    expect(existsSync(`${folder}/super-admin.cp-1.crt`)).toBe(false);

    first.run(SCRIPT, 'sign', folder, 'cp-1', digest, 'super-admin');
    const certificate = new X509Certificate(run('cat', [`${folder}/super-admin.cp-1.crt`]));
    expect(certificate.subject).toBe('O=system:masters\nCN=kubernetes-super-admin');
    expect((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000).toBe(7);
    expect(() => first.run(SCRIPT, 'request', 'cp-1', 'root')).toThrow('cluster-pki: no certificate root is planned for this machine');
    run('sh', ['-c', `rm ${first.path(REQUESTS)}/super-admin.*`]);
  });

  test('is content with what it made', () => {
    for (const machine of [first, second]) {
      expect(machine.run(CHECK)).toBe('');
    }
  });

  describe('hands what all nodes share', () => {
    const shared = ['/etc/kubernetes/pki/sa.key', '/etc/cluster-pki/ca/kubernetes-ca.key'];
    const ask = () => second.run(SCRIPT, 'ask').trim().split(' ');
    const sealFor = (file: string, fingerprint: string) => first.run(SCRIPT, 'seal', file, fingerprint).trim().split(' ');

    test('to a node that asked, sealed, and to nobody else', () => {
      const [file, fingerprint] = ask();
      const [sealed, content] = sealFor(file, fingerprint);
      expect(run('cat', [file, sealed])).not.toContain('PRIVATE KEY');
      const third = new Machine().add(nodes);
      third.run(SCRIPT, 'ask');
      expect(() => third.run(SCRIPT, 'open', sealed, content)).toThrow('was not sealed for this node');
      third.remove();

      expect(() => second.run(SCRIPT, 'open', sealed, 'f'.repeat(64))).toThrow('does not hold the keys with the fingerprint');
      expect(existsSync(second.path(shared[0]))).toBe(false);
      second.run(SCRIPT, 'open', sealed, content);
      for (const path of shared) {
        expect([second.read(path), second.mode(path)]).toEqual([first.read(path), '600']);
      }
      expect(second.read('/etc/kubernetes/pki/sa.pub')).toBe(run(openssl, ['pkey', '-in', first.path(shared[0]), '-pubout']));
      expect(() => second.run(SCRIPT, 'open', sealed, content)).toThrow('nothing was asked for here');
      expect(existsSync(second.path('/etc/cluster-pki/asked.key'))).toBe(false);
    });

    test('but not for a certificate that is not the one asked with, and not over another key', () => {
      const [file] = ask();
      expect(() => first.run(SCRIPT, 'seal', file, '0'.repeat(64))).toThrow('is not the certificate with the fingerprint');

      const other = new Machine().add(nodes);
      other.run(SCRIPT, 'keys', 'first');
      const [asked, fingerprint] = other.run(SCRIPT, 'ask').trim().split(' ');
      const [sealed, content] = sealFor(asked, fingerprint);
      expect(() => other.run(SCRIPT, 'open', sealed, content)).toThrow(/sa\.key is another key than the cluster's/);
      other.remove();
    });

    test('and are made by the first node that says so', () => {
      const other = new Machine().add(nodes);
      expect(() => other.run(SCRIPT, 'keys')).toThrow(/sa\.key is missing: ask a machine that has it, or on the first alone: cluster-pki keys first/);
      expect(existsSync(other.path(shared[0]))).toBe(false);
      other.remove();
      expect(first.run(SCRIPT, 'keys')).toMatch(/sa\.pub [0-9a-f]{64}\n$/);
    });

    test('and makes no CA on a node that has only its key', () => {
      expect(() => second.run(SCRIPT, 'ca', 'first')).toThrow(/kubernetes-ca\.key has no certificate here/);
      expect(readdirSync(second.path('/etc/cluster-pki/ca'))).toEqual(['kubernetes-ca.key']);
    });
  });

  test('makes P-384 keys where they are wanted', () => {
    const made = staticPods({ keyAlgorithm: KeyAlgorithm.ECDSA_P384 });
    const machine = new Machine().add(made.nodes);
    machine.run(SCRIPT, 'ca', 'first');
    machine.run(SCRIPT, 'keys', 'first');
    issue(machine, machine, 'cp-1');
    for (const name of ['kubernetes-ca', 'apiserver', 'etcd-peer']) {
      expect(certificateOf(machine, made.plan.named(name)[0]).publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'secp384r1' });
    }
    expect(run(openssl, ['pkey', '-pubin', '-in', machine.path('/etc/kubernetes/pki/sa.pub'), '-noout', '-text_pub'])).toContain('P-384');
    machine.remove();
  });
});

describeWith(['openssl'], 'a CA outside the cluster', ({ openssl }) => {
  const { nodes, plan } = staticPods(SIGNER);
  let authority: Machine;
  let node: Machine;
  beforeAll(() => {
    authority = new Machine().add(nodes);
    keepExternalAuthority(authority);
    node = new Machine().add(nodes);
    issue(authority, node, 'cp-1');
  });
  afterAll(() => [authority, node].forEach((machine) => machine?.remove()));

  test('signs everything, and its keys are on no node', () => {
    expect(node.run(CHECK)).toBe('');
    const keys = run('grep', ['-rl', 'PRIVATE KEY-', node.path('/etc')]).trim().split('\n').map((path) => path.slice(node.root.length)).sort();
    expect(keys).toEqual(plan.rows.filter((row) => row.issuer !== undefined && row.node !== 'cp-2' && row.node !== 'cp-3' && !row.onDemand).map((row) => row.keyPath).sort());
  });

  test('is made on no node by mistake', () => {
    expect(() => node.run(SCRIPT, 'ca')).toThrow('has no CA: this is no machine that may keep the CAs\' keys');
  });

  test('may be any CA, whose certificates are installed if they say what is planned and nothing else', () => {
    const folder = run('mktemp', ['-d', `${node.root}/XXXXXX`]).trim();
    run('sh', ['-c', `cp ${node.path(REQUESTS)}/*.csr ${folder}`]);
    const signAll = () => authority.run(SCRIPT, 'sign', folder, 'cp-1', digestOf(folder, 'cp-1'));
    signAll();
    const sign = (name: string, extensions: string) => {
      const ca = authority.path('/etc/cluster-pki/ca/kubernetes-ca');
      run('sh', ['-c', `printf '${extensions}' >${folder}/ext && ${openssl} x509 -req -in ${folder}/${name}.csr -CA ${ca}.crt -CAkey ${ca}.key -days 30 \
        -set_serial 7 -extfile ${folder}/ext -out ${folder}/${name}.crt`]);
    };
    const planned = (row: PkiCertificate) => `basicConstraints=CA:FALSE\\nextendedKeyUsage=${row.extendedKeyUsages!.join(',')}\\n`;
    const [server] = plan.named('apiserver');
    const names = server.subjectAlternativeNames!.join(',');

    sign('scheduler.cp-1', planned(plan.named('scheduler')[0]));
    sign('apiserver.cp-1', `${planned(server)}subjectAltName=${names}`);
    node.run(SCRIPT, 'install', folder, '', 'cp-1');

    for (const [name, extensions] of [
      ['scheduler', 'extendedKeyUsage=clientAuth,serverAuth\\n'],
      ['scheduler', 'basicConstraints=CA:TRUE\\nextendedKeyUsage=clientAuth\\n'],
      ['scheduler', ''],
      ['apiserver', `${planned(server)}subjectAltName=${names},DNS:kube-etcd-peer`],
      ['apiserver', `${planned(server)}subjectAltName=${names.replace('DNS:cp-1', 'DNS:cp-2')}`],
    ]) {
      sign(`${name}.cp-1`, extensions);
      expect(() => node.run(SCRIPT, 'install', folder, '', 'cp-1')).toThrow(new RegExp(`${name}\\.cp-1\\.crt is not what .*${name}.*\\.cnf says`));
      run('rm', [`${folder}/${name}.cp-1.crt`]);
      signAll();
    }
  });
});
