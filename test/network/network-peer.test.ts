import { ClusterProfile } from '../../src/core/cluster-profile';
import { Port } from '../../src/core/port';
import { NetworkPeer } from '../../src/network/network-peer';
import { find, refusal, shop } from '../workloads/fixtures';

function egressTo(peer: NetworkPeer, profile?: ClusterProfile): any {
  const { app, workload } = shop(profile);
  workload('web').allowTo(peer, Port.tcp(443));
  const { egress } = find(app, 'NetworkPolicy', 'web').spec;
  expect(egress).toHaveLength(1);
  return egress[0].to;
}

describe('the internet', () => {
  const [v4, v6] = egressTo(NetworkPeer.internet());

  test('is both IP versions, each in a block of its own', () => {
    expect([v4.ipBlock.cidr, v6.ipBlock.cidr]).toEqual(['0.0.0.0/0', '::/0']);
  });

  test('leaves out every private, link-local, loopback and reserved range', () => {
    expect(v4.ipBlock.except).toEqual(expect.arrayContaining([
      '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/3',
    ]));
    expect(v6.ipBlock.except).toEqual(expect.arrayContaining(['::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8']));
  });

  test('leaves out metadata at public addresses', () => {
    expect(v4.ipBlock.except).toContain('168.63.129.16/32');
  });

  test('leaves out the cluster\'s own ranges where they are public', () => {
    const profile = new ClusterProfile({ name: 'v6', podCidrs: ['10.244.0.0/16', '2001:db8:1::/48'], serviceCidrs: ['10.96.0.0/12', '2001:db8:2::/112'] });
    expect(egressTo(NetworkPeer.internet(), profile)[1].ipBlock.except).toEqual(expect.arrayContaining(['2001:db8:1::/48', '2001:db8:2::/112']));
  });
});

describe('addresses', () => {
  test('are one range', () => {
    expect(egressTo(NetworkPeer.cidr('192.0.2.10/32'))).toEqual([{ ipBlock: { cidr: '192.0.2.10/32' } }]);
  });

  test('that serve metadata are refused, naming the workload', () => {
    expect(refusal(() => egressTo(NetworkPeer.cidr('169.254.169.254/32')))).toBe(
      '[c/shop/web] cidr: got "169.254.169.254/32"; allowed: addresses that serve no instance metadata (NSA 1.2, CIS 5.3.2). '
      + 'Give the workload an identity of its own: metadata hands out the node\'s credentials to every pod.');
  });

  test('that are none are refused at once', () => {
    expect(refusal(() => NetworkPeer.cidr('192.0.2.10'))).toBe(
      'cidr: got "192.0.2.10"; allowed: an address range in CIDR notation, such as 10.0.0.0/16 or fd00:10::/56. '
      + 'The prefix is missing. Did you mean "192.0.2.10/32"?');
    expect(refusal(() => NetworkPeer.cidr('::ffff:169.254.169.254/128'))).toContain('Write IPv4 as such.');
  });
});

describe('pods', () => {
  test('of a namespace, all of them or by label', () => {
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } };
    expect(egressTo(NetworkPeer.pods({ namespaceName: 'monitoring' }))).toEqual([{ namespaceSelector }]);
    expect(egressTo(NetworkPeer.pods({ namespaceName: 'monitoring', podLabels: { app: 'tempo' } }))).toEqual([
      { namespaceSelector, podSelector: { matchLabels: { app: 'tempo' } } },
    ]);
  });

  test('of a namespace whose name is no DNS label are refused', () => {
    expect(refusal(() => NetworkPeer.pods({ namespaceName: 'Monitoring' }))).toBe(
      '[Connections pods in Monitoring] namespaceName: got "Monitoring"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, '
      + 'not beginning or ending with - (RFC 1123). Did you mean "monitoring"?');
  });

  test('by no label at all are refused: that would be every pod', () => {
    expect(refusal(() => NetworkPeer.pods({ namespaceName: 'monitoring', podLabels: {} }))).toBe(
      '[Connections pods in monitoring] podLabels: got {}; allowed: at least one label. Leave podLabels out to mean every pod of the namespace.');
  });
});
