import { createPrivateKey, X509Certificate } from 'crypto';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { cluster } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { Machine, run } from './machine';
import { digestOf, issue, lastWord } from './pki-machines';

const SCRIPT = '/usr/local/sbin/cluster-pki';
const REQUESTS = '/etc/cluster-pki/requests';
const TRUSTED = '/etc/kubernetes/pki/etcd/ca.crt';
const CERTIFICATE = '/etc/kubernetes/pki/apiserver-etcd-client.crt';
const KEY = '/etc/kubernetes/pki/apiserver-etcd-client.key';
const CSR = 'apiserver-etcd-client.node-1.csr';
const CRT = 'apiserver-etcd-client.node-1.crt';

describeWith(['openssl'], 'certificates on their way between machines', ({ openssl }) => {
  const { nodes, etcdNodes } = cluster({}, {}, true);
  const machines: Machine[] = [];
  const made = (role = nodes) => {
    machines.push(new Machine().add(role));
    return machines[machines.length - 1];
  };
  const authorityOf = (role = etcdNodes) => {
    const machine = made(role);
    machine.run(SCRIPT, 'ca', 'first');
    return machine;
  };
  const newFolder = () => run('mktemp', ['-d', `${authority.root}/XXXXXX`]).trim();
  /** A folder with the requests of a node, and their digest. */
  const requested = (node: Machine, word = 'request') => {
    const folder = newFolder();
    const digest = lastWord(node.run(SCRIPT, word, 'node-1'));
    run('cp', [node.path(`${REQUESTS}/${CSR}`), folder]);
    return { folder, digest };
  };
  const keyAndRequest = (folder: string, name: string) => run(openssl, [
    'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${folder}/own.key`, '-out', `${folder}/${name}`,
    '-subj', '/CN=kube-apiserver-etcd-client',
  ]);
  /** Signs as some CA that is not the script would: what the node's plan says, but for so many days. */
  const signBy = (ca: string, node: Machine, folder: string, days: number) => run(openssl, [
    'x509', '-req', '-in', `${folder}/${CSR}`, '-CA', `${ca}.crt`, '-CAkey', `${ca}.key`, '-set_serial', '7', '-days', `${days}`,
    '-extfile', node.path('/etc/cluster-pki/openssl/apiserver-etcd-client.cnf'), '-extensions', 'certificate', '-out', `${folder}/${CRT}`,
  ]);
  const authoritiesIn = (folder: string) => run('sh', ['-c', `cd ${folder} && sha256sum *-ca.crt | sha256sum | cut -d ' ' -f 1`]).trim();
  const etcdCa = (machine: Machine) => machine.path('/etc/cluster-pki/ca/etcd-ca');
  const keyIn = (node: Machine, path: string) => createPrivateKey(node.read(path));

  let authority: Machine;
  let stranger: Machine;
  beforeAll(() => {
    authority = authorityOf();
    stranger = authorityOf();
  });
  afterAll(() => machines.forEach((machine) => machine.remove()));

  describe('nobody who writes to the folder gets a certificate', () => {
    test('for a key of his own in the place of a node\'s', () => {
      const { folder, digest } = requested(made());
      keyAndRequest(folder, CSR);

      expect(() => authority.run(SCRIPT, 'sign', folder, 'node-1', digest)).toThrow(`does not hold the requests of node-1 with the digest ${digest}`);
      expect(() => authority.run(SCRIPT, 'sign', folder, 'node-1', 'mine')).toThrow(`${CSR} is not for a key of this machine`);
      expect(() => authority.run(SCRIPT, 'sign', folder, 'node-1')).toThrow('a digest is missing');
      expect(existsSync(`${folder}/${CRT}`)).toBe(false);

      authority.run(SCRIPT, 'sign', folder, 'node-1', digestOf(folder, 'node-1'));
      expect(existsSync(`${folder}/${CRT}`)).toBe(true);
    });

    test('by one request more, not even under a name of two lines', () => {
      const { folder, digest } = requested(made());
      keyAndRequest(folder, 'apiserver-etcd-client.x\napiserver-etcd-client.node-1.csr');
      keyAndRequest(folder, 'apiserver-etcd-client.node-2.csr');
      authority.run(SCRIPT, 'sign', folder, 'node-1', digest);
      expect(run('sh', ['-c', `ls ${folder} | grep -c 'client.*crt$'`])).toBe('1\n');

      keyAndRequest(folder, 'etcd-healthcheck-client.node-1.csr');
      expect(() => authority.run(SCRIPT, 'sign', folder, 'node-1', digest)).toThrow('does not hold the requests of node-1');
    });
  });

  describe('nobody who writes to the folder makes a machine trust a CA of his own', () => {
    test('in the place of the cluster\'s', () => {
      const node = made();
      const { folder, digest } = requested(node);
      const authorities = lastWord(authority.run(SCRIPT, 'sign', folder, 'node-1', digest));
      run('rm', [`${folder}/${CRT}`]);
      stranger.run(SCRIPT, 'sign', folder, 'node-1', digest);

      expect(() => node.run(SCRIPT, 'install', folder, authorities, 'node-1')).toThrow(`does not hold the CAs with the digest ${authorities}`);
      expect(() => node.run(SCRIPT, 'install', folder, '', 'node-1')).toThrow('nothing is known here about the etcd-ca that was brought');
      expect([TRUSTED, CERTIFICATE].map((path) => existsSync(node.path(path)))).toEqual([false, false]);
    });

    test('later, when no digest is needed any more, or after the CA was removed', () => {
      const node = made();
      const folder = issue(authority, node, 'node-1');
      expect(node.run(SCRIPT, 'install', folder, '', 'node-1')).toBe('');

      run('rm', [`${folder}/${CRT}`]);
      stranger.run(SCRIPT, 'sign', folder, 'node-1', digestOf(folder, 'node-1'));
      expect(() => node.run(SCRIPT, 'install', folder, '', 'node-1')).toThrow(/is another CA than the etcd-ca that was brought: remove it to trust the new one/);
      run('rm', [node.path(TRUSTED)]);
      expect(() => node.run(SCRIPT, 'install', folder, '', 'node-1')).toThrow('nothing is known here about the etcd-ca that was brought');
    });

    test('by what the system trusts', () => {
      const node = made();
      const folder = issue(authority, node, 'node-1');
      const store = newFolder();
      const other = newFolder();
      run(openssl, ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9', '-subj', '/CN=public',
        '-keyout', `${other}/ca.key`, '-out', `${other}/ca.crt`]);
      run('cp', [`${other}/ca.crt`, store]);
      run(openssl, ['rehash', store]);
      signBy(`${other}/ca`, node, folder, 30);

      expect(run('env', [`SSL_CERT_DIR=${store}`, openssl, 'verify', '-CAfile', `${folder}/etcd-ca.crt`, `${folder}/${CRT}`])).toContain('OK');
      expect(() => run('env', [`SSL_CERT_DIR=${store}`, node.path(SCRIPT), 'install', folder, '', 'node-1'])).toThrow(`${CRT} is not signed by ${folder}/etcd-ca.crt`);
    });
  });

  test('a CA that is no root is trusted as it is', () => {
    const node = made();
    const { folder } = requested(node);
    const ca = newFolder();
    const extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n';
    writeFileSync(`${ca}/extensions`, extensions);
    run('sh', ['-c', `cd ${ca} && ${openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 99 -subj /CN=root -keyout root.key -out root.crt &&
      ${openssl} req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=between -keyout ca.key -out ca.csr &&
      ${openssl} x509 -req -in ca.csr -CA root.crt -CAkey root.key -set_serial 5 -days 90 -extfile extensions -out ca.crt`]);
    run('cp', [`${ca}/ca.crt`, `${folder}/etcd-ca.crt`]);
    signBy(`${ca}/ca`, node, folder, 30);

    expect(() => run(openssl, ['verify', '-CAfile', `${folder}/etcd-ca.crt`, `${folder}/${CRT}`])).toThrow('unable to get issuer certificate');
    node.run(SCRIPT, 'install', folder, authoritiesIn(folder), 'node-1');
    expect(node.read(CERTIFICATE)).toBe(readFileSync(`${folder}/${CRT}`, 'utf8'));
  });

  test('a certificate that lives longer than planned is not installed', () => {
    const node = made();
    const folder = issue(authority, node, 'node-1');
    for (const days of [366, 9999]) {
      signBy(etcdCa(authority), node, folder, days);
      expect(() => node.run(SCRIPT, 'install', folder, '', 'node-1')).toThrow(`${CRT} lives longer than 365 days`);
    }
    signBy(etcdCa(authority), node, folder, 365);
    node.run(SCRIPT, 'install', folder, '', 'node-1');
    expect(node.read(CERTIFICATE)).toBe(readFileSync(`${folder}/${CRT}`, 'utf8'));
  });

  test('CAs are made by the machine that says that it is the first', () => {
    const second = made(etcdNodes);

    expect(() => second.run(SCRIPT, 'ca')).toThrow(/etcd-ca\.crt is missing: ask a machine that has it, or on the first alone: cluster-pki ca first/);
    expect(run('find', [second.path('/etc/cluster-pki'), '-name', '*.key'])).toBe('');
    expect(authority.run(SCRIPT, 'ca')).toBe('');
  });

  describe('a certificate is renewed', () => {
    test('for the same key, unless a new one is wanted, which takes the old one\'s place together with its certificate', () => {
      const node = made();
      issue(authority, node, 'node-1');
      const old = { key: node.read(KEY), certificate: node.read(CERTIFICATE) };
      node.run(SCRIPT, 'request', 'node-1');
      expect(node.read(KEY)).toBe(old.key);

      const { folder, digest } = requested(node, 'renew');
      expect({ key: node.read(KEY), certificate: node.read(CERTIFICATE) }).toEqual(old);
      expect(requested(node, 'renew').digest).not.toBe('');
      expect(node.mode(`${KEY}.next`)).toBe('600');
      authority.run(SCRIPT, 'sign', folder, 'node-1', digest);
      node.run(SCRIPT, 'install', folder, '', 'node-1');

      const certificate = new X509Certificate(node.read(CERTIFICATE));
      expect(node.read(KEY)).not.toBe(old.key);
      expect([certificate.checkPrivateKey(keyIn(node, KEY)), certificate.checkPrivateKey(createPrivateKey(old.key))]).toEqual([true, false]);
      expect([node.mode(KEY), existsSync(node.path(`${KEY}.next`))]).toEqual(['600', false]);
    });

    test('with its old key for as long as nobody has signed for the new one', () => {
      const node = made();
      const folder = issue(authority, node, 'node-1');
      const key = node.read(KEY);
      node.run(SCRIPT, 'renew', 'node-1');
      node.run(SCRIPT, 'install', folder, '', 'node-1');

      expect(new X509Certificate(node.read(CERTIFICATE)).checkPrivateKey(keyIn(node, KEY))).toBe(true);
      expect([node.read(KEY), existsSync(node.path(`${KEY}.next`))]).toEqual([key, true]);
    });

    test('by name alone, where one was leaked', () => {
      const member = authority;
      issue(member, member, 'cp-1');
      member.run(SCRIPT, 'renew', 'cp-1', 'etcd-server');

      expect(run('find', [member.path('/etc/etcd/pki'), '-name', '*.next']).trim()).toBe(member.path('/etc/etcd/pki/server.key.next'));
      expect(() => member.run(SCRIPT, 'renew', 'cp-1', 'root')).toThrow('no certificate root is planned for this machine');
    });
  });
});
