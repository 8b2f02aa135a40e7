import { EtcdMember, EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { TlsVersion } from '../../../src/control-plane/etcd/tls-version';
import { constructFindings } from '../../../src/core/construct-findings';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf, MEMBERS } from '../cluster';

const config = (...members: EtcdMember[]) => new EtcdTlsConfig({ members });

test('needs nothing said for a stacked control plane', () => {
  expect(new EtcdTlsConfig().members).toEqual([]);
  expect(new EtcdTlsConfig().minimumTlsVersion).toBe('1.3');
});

test('keeps the order of members and writes addresses in canonical form', () => {
  expect(config({ name: 'etcd-2', address: 'FD00::0:11' }, { name: 'etcd-1', address: '10.0.16.11', dnsNames: ['etcd.prod.internal'] }).members).toEqual([
    { name: 'etcd-2', address: 'fd00::11', dnsNames: [] },
    { name: 'etcd-1', address: '10.0.16.11', dnsNames: ['etcd.prod.internal'] },
  ]);
});

test('does not change with what it hands out', () => {
  const etcd = config({ name: 'etcd-1', address: '10.0.16.11', dnsNames: ['a.internal'] });
  etcd.members[0].dnsNames!.push('evil.internal');
  etcd.members.pop();

  expect(etcd.members).toEqual([{ name: 'etcd-1', address: '10.0.16.11', dnsNames: ['a.internal'] }]);
});

test.each([
  [KubernetesVersion.V1_28, '3.5'], [KubernetesVersion.V1_33, '3.5'], [KubernetesVersion.V1_34, '3.6'], [KubernetesVersion.V1_36, '3.6'],
  [KubernetesVersion.V1_37, '3.7'], [KubernetesVersion.of('1.40'), '3.7'],
])('Kubernetes %s goes with etcd %s', (kubernetes, etcd) => {
  expect(EtcdTlsConfig.etcdVersion(kubernetes)).toBe(etcd);
});

describe('TLS 1.2 for clients that know no better', () => {
  const flagsOf = (minimumTlsVersion?: TlsVersion) => {
    const { etcdNodes } = cluster({}, { etcd: new EtcdTlsConfig({ members: MEMBERS, minimumTlsVersion }) }, true);
    const stacked = cluster({}, { etcd: new EtcdTlsConfig({ members: MEMBERS, minimumTlsVersion }) });
    return [contentOf(etcdNodes, '/etc/systemd/system/etcd.service'), contentOf(stacked.nodes, '/etc/kubernetes/kubeadm/init.yaml')];
  };

  test('comes with a list of suites that holds the one without which etcd does not start, and none without forward secrecy', () => {
    for (const text of flagsOf(TlsVersion.TLS_1_2)) {
      const suites = /TLS_ECDHE_[A-Z0-9_,]+/.exec(text)![0].split(',');

      expect(text).toContain('TLS1.2');
      expect(suites).toEqual(expect.arrayContaining(['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256']));
      expect(suites.filter((suite) => !/^TLS_ECDHE_(ECDSA|RSA)_WITH_(AES_(128|256)_GCM|CHACHA20_POLY1305)_SHA(256|384)$/.test(suite))).toEqual([]);
    }
  });

  test('is not there by default, and no list of suites with it, which etcd would refuse', () => {
    for (const text of flagsOf()) {
      expect(text).toContain('TLS1.3');
      expect(text).not.toContain('TLS1.2');
      expect(text).not.toContain('cipher-suites');
    }
  });

  test('is a finding', () => {
    const made = (minimumTlsVersion?: TlsVersion) => cluster({}, { etcd: new EtcdTlsConfig({ minimumTlsVersion }) }).controlPlane;
    const controls = (minimumTlsVersion?: TlsVersion) => constructFindings(made(minimumTlsVersion)).map(({ control }) => control);

    expect(controls(TlsVersion.TLS_1_2)).toContain('etcd-old-tls');
    expect(controls()).not.toContain('etcd-old-tls');
  });
});

describe('bad input', () => {
  test('a property that nobody reads', () => {
    expect(() => config({ name: 'etcd-1', address: '10.0.16.11', dnsName: 'x' } as EtcdMember)).toThrow(new Error(
      '[EtcdTlsConfig] members[0].dnsName: allowed: name, address, dnsNames. Correct or remove it: nobody reads it. Did you mean "dnsNames"?'));
  });

  test('something else than an EtcdTlsConfig', () => {
    expect(() => cluster({}, { etcd: { members: [] } as unknown as EtcdTlsConfig })).toThrow('allowed: an EtcdTlsConfig. Make it by new EtcdTlsConfig({ … }).');
  });

  test('an older TLS', () => {
    expect(() => new EtcdTlsConfig({ minimumTlsVersion: '1.1' as TlsVersion })).toThrow(new Error(
      '[EtcdTlsConfig] minimumTlsVersion: got "1.1"; allowed: 1.2, 1.3. Take a value of TlsVersion.'));
  });

  test.each(['10.0.16.11:2379', 'etcd-1.internal', '10.0.16.0/24', '0.0.0.0', '::', ''])('the address "%s"', (address) => {
    expect(() => config({ name: 'etcd-1', address })).toThrow(new Error(
      `[EtcdTlsConfig] members[0].address: got "${address}"; allowed: one IP address of the machine, without port. Give its address in the private network.`));
  });

  test('a name that is no host name', () => {
    expect(() => config({ name: 'etcd_1', address: '10.0.16.11' })).toThrow(
      '[EtcdTlsConfig] members[0].name: got "etcd_1"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). '
      + 'Did you mean "etcd-1"?');
  });

  test('machines or names that are no lists', () => {
    for (const members of ['abc', {}]) {
      expect(() => new EtcdTlsConfig({ members: members as never })).toThrow(new Error(
        `[EtcdTlsConfig] members: got ${JSON.stringify(members)}; allowed: a list of machines. Put it in a list: members: [ … ].`));
    }
    expect(() => config({ name: 'etcd-1', address: '10.0.16.11', dnsNames: 'x' as never })).toThrow(new Error(
      '[EtcdTlsConfig] members[0].dnsNames: got "x"; allowed: a list of names. Put it in a list: members[0].dnsNames: [ … ].'));
    expect(() => config(null as never)).toThrow(new Error('[EtcdTlsConfig] members[0]: got null; allowed: an object with name, address, dnsNames. Write it like { name: … }.'));
  });

  test('a further name that is none', () => {
    expect(() => config({ name: 'etcd-1', address: '10.0.16.11', dnsNames: ['*.internal'] })).toThrow('[EtcdTlsConfig] members[0].dnsNames[0]: got "*.internal"');
  });

  test('two members of one name or one address', () => {
    expect(() => config({ name: 'a', address: '10.0.0.1' }, { name: 'a', address: '10.0.0.2' })).toThrow(new Error(
      '[EtcdTlsConfig] members[1].name: got "a"; allowed: a name that no other member has. Correct one of the two.'));
    expect(() => config({ name: 'a', address: 'fd00::1' }, { name: 'b', address: 'fd00:0::1' })).toThrow(new Error(
      '[EtcdTlsConfig] members[1].address: got "fd00::1"; allowed: an address that no other member has. Correct one of the two.'));
  });
});
