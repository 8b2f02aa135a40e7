import { readFileSync } from 'fs';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { TlsVersion } from '../../../src/control-plane/etcd/tls-version';
import { cluster } from '../../control-plane/cluster';
import { Daemon } from '../api-server';
import { describeWith } from '../programs';
import { Credentials, lastWords, Machine, ready, run, tlsRequest, workFolder } from './machine';
import { issue } from './pki-machines';

const SCRIPT = '/usr/local/sbin/cluster-pki';
const HOSTS = ['etcd-1', 'etcd-2', 'etcd-3'];

/** Addresses of this test alone, all loopback, so that the rendered ports stay as they are. */
const NET = `127.${16 + Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 250)}`;
const ADDRESS = Object.fromEntries(HOSTS.map((name, i) => [name, `${NET}.${i + 1}`]));

describeWith(['etcd', 'openssl'], 'three members of etcd, started from the rendered service with certificates of the rendered script', ({ openssl }) => {
  const { nodes, etcdNodes } = cluster({}, { etcd: new EtcdTlsConfig({ members: HOSTS.map((name) => ({ name, address: ADDRESS[name] })) }) }, true);
  const machines: Record<string, Machine> = {};
  const daemons: Daemon[] = [];
  let apiServer: Machine;
  let client: Credentials;

  /**
   * The command line of the service. Adapted: paths; variables written as flags; what listens on 127.0.0.1 besides the member's own address,
   * since three members share one machine here; no fsync.
   */
  const commandLine = (host: string): string[] => {
    const machine = machines[host];
    const unit = machine.read('/etc/systemd/system/etcd.service');
    const flags = [...unit.matchAll(/^ {2}(--\S+)/gm)].map(([, flag]) => flag.replace('127.0.0.1', ADDRESS[host]));
    const variables = machine.read(`/etc/etcd/members/${host}.env`).trim().split('\n').map((line) => line
      .replace(/^ETCD_([A-Z_]+)/, (_, name: string) => `--${name.toLowerCase().replaceAll('_', '-')}`)
      .replace(',https://127.0.0.1:2379', ''));
    return [...flags, ...variables, '--unsafe-no-fsync=true', '--log-level=warn'];
  };
  const start = (host: string, args: string[], name = host) => {
    const daemon = new Daemon('etcd', args, workFolder(machines[host], name));
    daemons.push(daemon);
    return daemon;
  };
  const credentials = (machine: Machine, folder: string, file: string, ca: string): Credentials => ({
    ca: machine.read(`${folder}/${ca}`), cert: machine.read(`${folder}/${file}.crt`), key: machine.read(`${folder}/${file}.key`),
  });
  const call = (host: string, path: string, body: unknown, more: object = {}) => tlsRequest(`https://${ADDRESS[host]}:2379${path}`, {
    method: 'POST', body, ...client, ...more,
  });
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  beforeAll(async () => {
    HOSTS.forEach((host) => machines[host] = new Machine().add(etcdNodes));
    apiServer = new Machine().add(nodes);
    const authority = machines['etcd-1'];
    authority.run(SCRIPT, 'ca', 'first');
    [...Object.entries(machines), ['cp-1', apiServer] as const].forEach(([host, machine]) => issue(authority, machine, host));
    client = {
      ca: apiServer.read('/etc/kubernetes/pki/etcd/ca.crt'),
      cert: apiServer.read('/etc/kubernetes/pki/apiserver-etcd-client.crt'),
      key: apiServer.read('/etc/kubernetes/pki/apiserver-etcd-client.key'),
    };
    HOSTS.forEach((host) => run('mkdir', ['-p', '-m', '0700', machines[host].path('/var/lib/etcd')]));
    const started = HOSTS.map((host) => start(host, commandLine(host)));
    await ready(started, async () => (await call('etcd-1', '/v3/kv/put', { key: base64('warm'), value: base64('up') })).status === 200);
  });
  afterAll(async () => {
    await Promise.all(daemons.map((daemon) => daemon.stop()));
    [...Object.values(machines), apiServer].forEach((machine) => machine?.remove());
  });

  test('form a cluster: what one is told by the API server\'s client, another knows', async () => {
    await call('etcd-1', '/v3/kv/put', { key: base64('a'), value: base64('b') });
    const { status, body } = await call('etcd-3', '/v3/kv/range', { key: base64('a') });
    const members = await call('etcd-2', '/v3/cluster/member/list', {});

    expect(status).toBe(200);
    expect(body.kvs[0].value).toBe(base64('b'));
    expect(members.body.members.map((member: { name: string }) => member.name).sort()).toEqual(HOSTS);
  });

  test('keep their data from other users', () => {
    expect(machines['etcd-1'].mode('/var/lib/etcd/member')).toBe('700');
  });

  test('take no client without a certificate', async () => {
    await expect(call('etcd-1', '/v3/kv/range', { key: base64('a') }, { cert: undefined, key: undefined })).rejects.toThrow(/certificate.required|ECONNRESET/i);
  });

  test('take no client with a certificate of another CA', async () => {
    const folder = run('mktemp', ['-d', `${apiServer.root}/XXXXXX`]).trim();
    run(openssl, ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=kube-apiserver-etcd-client',
      '-addext', 'extendedKeyUsage=clientAuth', '-keyout', `${folder}/key`, '-out', `${folder}/crt`]);
    const stranger = { cert: readFileSync(`${folder}/crt`, 'utf8'), key: readFileSync(`${folder}/key`, 'utf8') };

    await expect(call('etcd-1', '/v3/kv/range', { key: base64('a') }, stranger)).rejects.toThrow(/unknown ca|bad certificate|ECONNRESET/i);
  });

  test('take no client below TLS 1.3', async () => {
    await expect(call('etcd-1', '/v3/kv/range', { key: base64('a') }, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i);
  });

  test('open the peer port to peers, and not to a client of etcd', async () => {
    const peer = credentials(machines['etcd-2'], '/etc/etcd/pki', 'peer', 'etcd-peer-ca.crt');
    const url = `https://${ADDRESS['etcd-1']}:2380/members`;

    expect((await tlsRequest(url, { ...peer, localAddress: ADDRESS['etcd-2'] })).status).toBe(200);
    await expect(tlsRequest(url, { ...client, ca: peer.ca })).rejects.toThrow(/unknown ca|bad certificate|ECONNRESET/i);
  });

  test('refuse a peer\'s certificate from another machine\'s address', async () => {
    const peer = credentials(machines['etcd-2'], '/etc/etcd/pki', 'peer', 'etcd-peer-ca.crt');

    await expect(tlsRequest(`https://${ADDRESS['etcd-1']}:2380/members`, { ...peer, localAddress: `${NET}.9` })).rejects.toThrow();
  });

  test('health and metrics answer on the address that loopback stands for', async () => {
    const { status } = await fetch(`http://${ADDRESS['etcd-1']}:2381/health`);

    expect(status).toBe(200);
  });

  describe('a bad twin of the command line does not start:', () => {
    test('an unknown flag', async () => {
      expect(await lastWords(start('etcd-1', [...commandLine('etcd-1'), '--tls-mininum-version=TLS1.3'], 'unknown'))).toContain('flag provided but not defined');
    });

    test('cipher suites, which go with no minimum of TLS 1.3', async () => {
      const words = await lastWords(start('etcd-1', [...commandLine('etcd-1'), '--cipher-suites=TLS_AES_128_GCM_SHA256'], 'ciphers'));

      expect(words).toMatch(/cipher suites cannot be configured/i);
    });

    test('a certificate that is not there', async () => {
      const args = commandLine('etcd-1').map((flag) => flag.replaceAll(ADDRESS['etcd-1'], `${NET}.8`).replace('/pki/peer.crt', '/pki/absent.crt'));

      expect(await lastWords(start('etcd-1', args, 'absent'))).toContain('absent.crt: no such file or directory');
    });
  });
});

describeWith(['etcd', 'openssl'], 'a member of etcd with TLS 1.2 as the minimum', () => {
  const address = `${NET}.20`;
  const etcd = new EtcdTlsConfig({ members: [{ name: 'etcd-1', address }], minimumTlsVersion: TlsVersion.TLS_1_2 });
  const { etcdNodes } = cluster({}, { etcd }, true);
  let machine: Machine;
  let daemon: Daemon;
  const commandLine = (change: (flag: string) => string = (flag) => flag) => [
    ...[...machine.read('/etc/systemd/system/etcd.service').matchAll(/^ {2}(--\S+)/gm)].map(([, flag]) => flag.replace('127.0.0.1', address)),
    `--listen-client-urls=https://${address}:2379`, `--advertise-client-urls=https://${address}:2379`, `--listen-peer-urls=https://${address}:2380`,
    '--unsafe-no-fsync=true', '--log-level=warn',
  ].map(change);
  const health = (more: object) => tlsRequest(`https://${address}:2379/health`, {
    ca: machine.read('/etc/etcd/pki/etcd-ca.crt'), cert: machine.read('/etc/etcd/pki/healthcheck-client.crt'), key: machine.read('/etc/etcd/pki/healthcheck-client.key'), ...more,
  });
  beforeAll(async () => {
    machine = new Machine().add(etcdNodes);
    machine.run(SCRIPT, 'ca', 'first');
    issue(machine, machine, 'etcd-1');
    run('mkdir', ['-p', '-m', '0700', machine.path('/var/lib/etcd')]);
    daemon = new Daemon('etcd', commandLine(), workFolder(machine, 'tls12'));
    await ready([daemon], async () => (await health({})).status === 200);
  });
  afterAll(async () => {
    await daemon?.stop();
    machine?.remove();
  });

  test('takes clients of 1.2 and 1.3, and none that is older or has a suite without forward secrecy', async () => {
    expect((await health({ maxVersion: 'TLSv1.2' })).status).toBe(200);
    expect((await health({ minVersion: 'TLSv1.3' })).status).toBe(200);
    await expect(health({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(/protocol version|ECONNRESET|no protocols available/i);
    await expect(health({ maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' })).rejects.toThrow(/handshake failure|ECONNRESET/i);
  });

  test('does not start without the suite that HTTP/2 asks for', async () => {
    const words = await lastWords(new Daemon('etcd', commandLine((flag) => flag
      .replace(/TLS_ECDHE_[A-Z]+_WITH_AES_128_GCM_SHA256,/g, '').replaceAll(address, `${NET}.21`).replace('/var/lib/etcd', '/twin')), workFolder(machine, 'suites')));

    expect(words).toMatch(/AES_128_GCM_SHA256|http2/i);
  });
});
