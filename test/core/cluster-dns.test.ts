import { messageOf } from './message-of';
import { ClusterDns } from '../../src/core/cluster-dns';
import { Distribution } from '../../src/core/distribution';

const facts = (dns: ClusterDns) => ({
  ports: dns.ports.map(String), labels: dns.podLabels, namespace: dns.podNamespace, cidrs: dns.cidrs.map(String),
});

test('kube-dns answers UDP and TCP 53 in kube-system, under the label that every distribution of CoreDNS keeps', () => {
  expect(facts(ClusterDns.kubeDns())).toEqual({ ports: ['UDP 53', 'TCP 53'], labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system', cidrs: [] });
});

test('NodeLocal DNSCache is allowed by address, as no selector matches a pod on the host network', () => {
  expect(facts(ClusterDns.nodeLocal())).toEqual({
    ports: ['UDP 53', 'TCP 53'], labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system', cidrs: ['169.254.20.10/32'],
  });
  expect(ClusterDns.nodeLocal('fd00::A').cidrs.map(String)).toEqual(['fd00::a/128']);
});

test('NodeLocal DNSCache may answer for the service address too', () => {
  expect(ClusterDns.nodeLocal('169.254.20.10', '10.96.0.10').cidrs.map(String)).toEqual(['169.254.20.10/32', '10.96.0.10/32']);
});

test.each(['169.254.20', '169.254.20.010', '169.254.20.10/32', 'localhost', '', '::ffff:169.254.20.10'])('%j is no address of a DNS cache', (address) => {
  const rest = `got "${address}"; allowed: an IP address. Give the address that NodeLocal DNSCache listens on.`;
  expect(messageOf(() => ClusterDns.nodeLocal(address))).toBe(`[ClusterDns] address: ${rest}`);
  expect(messageOf(() => ClusterDns.nodeLocal(undefined, address))).toBe(`[ClusterDns] serviceAddress: ${rest}`);
});

test('Cloud DNS of GKE shares its address with instance metadata, so only port 53 is named', () => {
  expect(facts(ClusterDns.gkeCloudDns())).toEqual({ ports: ['UDP 53', 'TCP 53'], labels: undefined, namespace: undefined, cidrs: ['169.254.169.254/32'] });
});

test('DNS pods of OpenShift listen on 5353', () => {
  expect(facts(ClusterDns.openShift())).toEqual({
    ports: ['UDP 5353', 'TCP 5353'], labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' }, namespace: 'openshift-dns', cidrs: [],
  });
});

test('OpenShift has its own DNS, all others kube-dns', () => {
  for (const distribution of Object.values(Distribution)) {
    expect(ClusterDns._defaultOf(distribution).podNamespace).toBe(distribution === Distribution.OPENSHIFT ? 'openshift-dns' : 'kube-system');
  }
});

test('what it returns is a copy', () => {
  const dns = ClusterDns.nodeLocal();
  dns.ports.pop();
  dns.cidrs.pop();
  dns.podLabels!['k8s-app'] = 'other';
  expect(facts(dns)).toEqual(facts(ClusterDns.nodeLocal()));
  expect(ClusterDns.kubeDns().podLabels).toEqual({ 'k8s-app': 'kube-dns' });
  expect(() => Object.assign(dns, { podNamespace: 'shop' })).toThrow(TypeError);
});
