import { PkiMaker } from '../../../src/control-plane/pki/pki-certificate';
import { PkiPlan } from '../../../src/control-plane/pki/pki-plan';
import { cluster } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { Machine, run } from './machine';
import { digestOf, lastWord } from './pki-machines';

const SCRIPT = '/usr/local/sbin/cluster-pki';
const REQUESTS = '/etc/cluster-pki/requests';

describeWith(['openssl'], 'the script cluster-pki for etcd on machines of its own', ({ openssl }) => {
  let member: Machine;
  let client: Machine;
  let plan: PkiPlan;
  beforeAll(() => {
    const { nodes, etcdNodes, controlPlane } = cluster({}, {}, true);
    plan = controlPlane.pki;
    member = new Machine().add(etcdNodes);
    client = new Machine().add(nodes);
    member.run(SCRIPT, 'ca', 'first');
    member.run(SCRIPT, 'request', 'cp-1');
    const requests = lastWord(client.run(SCRIPT, 'request', 'node-1'));
    run('cp', [client.path(`${REQUESTS}/apiserver-etcd-client.node-1.csr`), member.path(REQUESTS)]);
    member.run(SCRIPT, 'sign', member.path(REQUESTS), 'cp-1', 'mine');
    const authorities = lastWord(member.run(SCRIPT, 'sign', member.path(REQUESTS), 'node-1', requests));
    member.run(SCRIPT, 'install', member.path(REQUESTS), '', 'cp-1');
    client.run(SCRIPT, 'install', member.path(REQUESTS), authorities, 'node-1');
  });
  afterAll(() => [member, client].forEach((machine) => machine?.remove()));

  test('closes keys to all but their owner, and their folders to others', () => {
    for (const row of plan.rows.filter((candidate) => candidate.maker === PkiMaker.CLUSTER_PKI && (candidate.node ?? 'cp-1') === 'cp-1')) {
      const machine = row.name === 'apiserver-etcd-client' ? client : member;
      expect([row.name, machine.mode(row.keyPath!), machine.mode(row.certificatePath)]).toEqual([row.name, '600', '644']);
    }
    expect(member.mode('/etc/cluster-pki/ca')).toBe('700');
    expect(member.mode('/etc/etcd/pki')).toBe('750');
  });

  test.each([['etcd-server', 'etcd-ca'], ['etcd-peer', 'etcd-peer-ca'], ['etcd-healthcheck-client', 'etcd-ca']])('makes %s as planned', (name, authority) => {
    const [row] = plan.named(name);
    const text = run(openssl, ['x509', '-in', member.path(row.certificatePath), '-noout', '-subject', '-issuer', '-nameopt', 'RFC2253',
      '-ext', 'subjectAltName,extendedKeyUsage,basicConstraints,keyUsage']);

    expect(text).toContain(`subject=CN=${row.commonName}\nissuer=CN=${authority}\n`);
    expect(text).toContain('CA:FALSE');
    expect(text).toMatch(/Key Usage: critical\n +Digital Signature\n/);
    expect(text.includes('TLS Web Client Authentication')).toBe(true);
    expect(text.includes('TLS Web Server Authentication')).toBe(name !== 'etcd-healthcheck-client');
    const names = /Subject Alternative Name: *\n +(.*)/.exec(text)?.[1].split(', ').map((entry) => entry.replace('IP Address:', 'IP:').replace('0:0:0:0:0:0:0:1', '::1'));
    expect(names ?? []).toEqual(row.subjectAlternativeNames ?? []);
    expect(run(openssl, ['x509', '-in', member.path(row.certificatePath), '-noout', '-checkend', String(364 * 86400)])).toContain('will not expire');
    expect(() => run(openssl, ['x509', '-in', member.path(row.certificatePath), '-noout', '-checkend', String(366 * 86400)])).toThrow('will expire');
  });

  test('makes CAs that sign leaves alone', () => {
    const text = run(openssl, ['x509', '-in', member.path('/etc/cluster-pki/ca/etcd-ca.crt'), '-noout', '-ext', 'basicConstraints,keyUsage']);

    expect(text).toContain('CA:TRUE, pathlen:0');
    expect(text).toContain('Certificate Sign, CRL Sign');
  });

  test('changes no key and no certificate when it runs again', () => {
    const paths = ['/etc/cluster-pki/ca/etcd-ca.key', '/etc/cluster-pki/ca/etcd-ca.crt', '/etc/etcd/pki/server.key', '/etc/etcd/pki/server.crt', '/etc/etcd/pki/peer.key'];
    const before = paths.map((path) => member.read(path));

    member.run(SCRIPT, 'ca');
    member.run(SCRIPT, 'request', 'cp-1');
    member.run(SCRIPT, 'sign', member.path(REQUESTS), 'cp-1', 'mine');
    member.run(SCRIPT, 'install', member.path(REQUESTS), '', 'cp-1');

    expect(paths.map((path) => member.read(path))).toEqual(before);
  });

  test('keeps keys where they are: nothing that travels holds one', () => {
    expect(run('grep', ['-rl', 'BEGIN', member.path(REQUESTS)]).trim().split('\n').length).toBeGreaterThan(8);
    expect(() => run('grep', ['-r', 'PRIVATE KEY', member.path(REQUESTS)])).toThrow('failed: ');
  });

  test('signs anew in the last third of a certificate\'s life', () => {
    const old = member.read('/etc/etcd/pki/server.crt');
    const config = '/etc/cluster-pki/openssl/etcd-server.cp-1.cnf';
    const planned = member.read(config);
    member.write(config, planned.replace('# days: 365', '# days: 121'), '0644');
    run('rm', [member.path(`${REQUESTS}/etcd-server.cp-1.crt`)]);
    member.run(SCRIPT, 'sign', member.path(REQUESTS), 'cp-1', 'mine');
    member.write(config, planned, '0644');

    expect(member.run(SCRIPT, 'sign', member.path(REQUESTS), 'cp-1', 'mine')).toMatch(/^signed .*etcd-server\.cp-1\.crt\n\S+ [0-9a-f]{64}\n$/);
    expect(member.run(SCRIPT, 'sign', member.path(REQUESTS), 'cp-1', 'mine')).toMatch(/^\S+ [0-9a-f]{64}\n$/);
    member.run(SCRIPT, 'install', member.path(REQUESTS), '', 'cp-1');
    expect(member.read('/etc/etcd/pki/server.crt')).not.toBe(old);
  });

  describe('refuses', () => {
    let folder: string;
    beforeEach(() => folder = run('mktemp', ['-d', `${member.root}/XXXXXX`]).trim());

    /** Signs whatever there is, as one would who never compares digests. */
    const sign = (machine: Machine, host: string) => machine.run(SCRIPT, 'sign', folder, host, digestOf(folder, host));
    const request = (file: string, subject: string) => run(openssl, [
      'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${folder}/key`, '-out', `${folder}/${file}`, '-subj', subject,
      '-addext', 'subjectAltName=DNS:kube-etcd-peer', '-addext', 'basicConstraints=CA:TRUE',
    ]);

    test('a machine that is no member', () => {
      expect(() => member.run(SCRIPT, 'request', 'stranger')).toThrow('cluster-pki: no certificate etcd-server is planned for the machine stranger');
    });

    test('to keep CAs on a machine that may not', () => {
      expect(() => client.run(SCRIPT, 'ca')).toThrow('has no CA: this is no machine that may keep the CAs\' keys');
    });

    test('to sign another subject, and what is not planned', () => {
      request('etcd-server.cp-1.csr', '/CN=kube-apiserver-etcd-client');
      expect(() => sign(member, 'cp-1')).toThrow('the subject is not CN=kube-etcd');
      run('mv', [`${folder}/etcd-server.cp-1.csr`, `${folder}/root.cp-1.csr`]);
      expect(() => sign(member, 'cp-1')).toThrow('no certificate root is planned');
    });

    test('to grant what a request asks for beyond the plan', () => {
      request('apiserver-etcd-client.node-2.csr', '/CN=kube-apiserver-etcd-client');
      sign(member, 'node-2');
      const text = run(openssl, ['x509', '-in', `${folder}/apiserver-etcd-client.node-2.crt`, '-noout', '-text']);

      expect(text).toContain('CA:FALSE');
      expect(text).not.toContain('kube-etcd-peer');
    });

    test('to install a certificate of another key, or of another CA', () => {
      run('cp', ['-r', `${member.path(REQUESTS)}/.`, folder]);
      request('apiserver-etcd-client.node-1.csr', '/CN=kube-apiserver-etcd-client');
      sign(member, 'node-1');
      expect(() => client.run(SCRIPT, 'install', folder, '', 'node-1')).toThrow('does not belong to');

      const other = new Machine().add(cluster({}, {}, true).etcdNodes);
      other.run(SCRIPT, 'ca', 'first');
      run('cp', [`${member.path(REQUESTS)}/apiserver-etcd-client.node-1.csr`, folder]);
      run('rm', [`${folder}/apiserver-etcd-client.node-1.crt`]);
      sign(other, 'node-1');
      expect(() => client.run(SCRIPT, 'install', folder, '', 'node-1')).toThrow(/is another CA than the etcd-ca that was brought: remove it to trust the new one/);
      other.remove();
    });
  });
});
