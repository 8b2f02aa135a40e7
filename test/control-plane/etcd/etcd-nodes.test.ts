import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { cluster, contentOf } from '../cluster';

const { nodes, etcdNodes } = cluster({}, {}, true);
const unit = contentOf(etcdNodes, '/etc/systemd/system/etcd.service');

function flagsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^ {2}--([a-z-]+)=(\S+)/gm)].map(([, name, value]) => [name, value]));
}

test('security is said by flags, since etcd ignores unknown keys of a file in silence', () => {
  expect(flagsOf(unit)).toEqual({
    'auto-tls': 'false',
    'cert-file': '/etc/etcd/pki/server.crt',
    'client-cert-auth': 'true',
    'data-dir': '/var/lib/etcd',
    'key-file': '/etc/etcd/pki/server.key',
    'listen-metrics-urls': 'http://127.0.0.1:2381',
    'peer-auto-tls': 'false',
    'peer-cert-allowed-hostname': 'kube-etcd-peer',
    'peer-cert-file': '/etc/etcd/pki/peer.crt',
    'peer-client-cert-auth': 'true',
    'peer-key-file': '/etc/etcd/pki/peer.key',
    'peer-trusted-ca-file': '/etc/etcd/pki/etcd-peer-ca.crt',
    'tls-min-version': 'TLS1.3',
    'trusted-ca-file': '/etc/etcd/pki/etcd-ca.crt',
  });
  expect(etcdNodes.files.map((file) => file.path).filter((path) => path.includes('conf.y'))).toEqual([]);
});

test('client-cert-auth comes with the CA without which it would reject valid clients', () => {
  const flags = flagsOf(unit);

  for (const prefix of ['', 'peer-']) {
    expect(flags[`${prefix}client-cert-auth`]).toBe('true');
    expect(flags[`${prefix}trusted-ca-file`]).toMatch(/^\//);
  }
  expect(flags['trusted-ca-file']).not.toBe(flags['peer-trusted-ca-file']);
});

test('no listener is plain but health and metrics on loopback', () => {
  const everything = [...etcdNodes.files, ...nodes.files].map((file) => file.content).join('\n');

  expect(new Set(everything.match(/http:\/\/[^\s,"]+/g))).toEqual(new Set(['http://127.0.0.1:2381']));
});

test('a member is told by its host name who it is, where it listens and who the others are', () => {
  expect(unit).toContain('EnvironmentFile=/etc/etcd/members/%l.env');
  expect(contentOf(etcdNodes, '/etc/etcd/members/cp-2.env')).toBe([
    'ETCD_NAME=cp-2',
    'ETCD_LISTEN_CLIENT_URLS=https://10.0.16.12:2379,https://127.0.0.1:2379',
    'ETCD_ADVERTISE_CLIENT_URLS=https://10.0.16.12:2379',
    'ETCD_LISTEN_PEER_URLS=https://10.0.16.12:2380',
    'ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.16.12:2380',
    'ETCD_INITIAL_CLUSTER=cp-1=https://10.0.16.11:2380,cp-2=https://10.0.16.12:2380,cp-3=https://10.0.16.13:2380',
    'ETCD_INITIAL_CLUSTER_STATE=new',
    'ETCD_INITIAL_CLUSTER_TOKEN=prod-etcd',
    '',
  ].join('\n'));
});

test('IPv6 addresses stand in brackets', () => {
  const v6 = cluster({}, { etcd: new EtcdTlsConfig({ members: [{ name: 'etcd-1', address: 'fd00::11' }] }) }, true);

  expect(contentOf(v6.etcdNodes, '/etc/etcd/members/etcd-1.env')).toContain('ETCD_LISTEN_PEER_URLS=https://[fd00::11]:2380\n');
  expect(contentOf(v6.nodes, '/etc/kubernetes/kubeadm/init.yaml')).toContain('- https://[fd00::11]:2379\n');
});

test('no flag is also set by a variable, which etcd refuses', () => {
  const variables = contentOf(etcdNodes, '/etc/etcd/members/cp-1.env').match(/^ETCD_[A-Z_]+/gm)!.map((name) => name.slice(5).toLowerCase().replaceAll('_', '-'));

  expect(variables.filter((name) => name in flagsOf(unit))).toEqual([]);
});

test('etcd runs as a user of its own that can gain nothing, with a data folder closed to others', () => {
  for (const line of ['User=etcd', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict', 'StateDirectoryMode=0700', 'UMask=0077']) {
    expect(unit.split('\n')).toContain(line);
  }
  expect(contentOf(etcdNodes, '/etc/sysusers.d/etcd.conf')).toBe('u etcd - "etcd" /var/lib/etcd\n');
});

test('the unit says which etcd goes with the cluster, and takes none from the operating system\'s packages, where it may be a 3.4', () => {
  expect(unit).toContain('Description=etcd 3.6 with mutual TLS');
  expect(etcdNodes.packages).toEqual(['openssl']);
});

test('every machine can make requests for its own certificates, and only etcd\'s machines have the CAs\' configuration', () => {
  const configs = (files: { path: string }[]) => files.map((file) => file.path).filter((path) => path.endsWith('.cnf')).map((path) => path.replace('/etc/cluster-pki/openssl/', ''));

  expect(configs(nodes.files)).toEqual(['apiserver-etcd-client.cnf']);
  expect(configs(etcdNodes.files)).toEqual([
    'apiserver-etcd-client.cnf', 'etcd-ca.cnf', 'etcd-healthcheck-client.cnf', 'etcd-peer-ca.cnf', 'etcd-peer.cp-1.cnf', 'etcd-peer.cp-2.cnf', 'etcd-peer.cp-3.cnf',
    'etcd-server.cp-1.cnf', 'etcd-server.cp-2.cnf', 'etcd-server.cp-3.cnf',
  ]);
});

test('a CA may sign leaves and nothing more; a leaf may not sign', () => {
  const ca = contentOf(etcdNodes, '/etc/cluster-pki/openssl/etcd-ca.cnf');
  const peer = contentOf(etcdNodes, '/etc/cluster-pki/openssl/etcd-peer.cp-1.cnf');

  expect(ca).toContain('basicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign, cRLSign\n');
  expect(peer).toContain('basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth, clientAuth\n');
  expect(peer).toContain('subjectAltName = DNS:cp-1, IP:10.0.16.11, DNS:localhost, IP:127.0.0.1, IP:::1, DNS:kube-etcd-peer\n');
});

test('the script is for root alone and sets a closed umask before anything else', () => {
  const script = etcdNodes.files.find((file) => file.path === '/usr/local/sbin/cluster-pki')!;

  expect(script).toMatchObject({ mode: '0700', owner: 'root' });
  expect(script.content).toContain('set -eu\numask 077\n');
});
