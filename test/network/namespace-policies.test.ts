import { ClusterDns } from '../../src/core/cluster-dns';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { find, shop } from '../workloads/fixtures';

function dns(props: object = {}): any {
  return find(shop(new ClusterProfile({ name: 'prod', ...props })).app, 'NetworkPolicy', 'allow-dns').spec;
}

const inNamespace = (name: string, podLabels: Record<string, string>) => (
  { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } }, podSelector: { matchLabels: podLabels } });
const KUBE_DNS = inNamespace('kube-system', { 'k8s-app': 'kube-dns' });

describe('name resolution', () => {
  test('is open to every pod, over UDP and TCP, to the DNS pods and nobody else', () => {
    expect(dns()).toEqual({
      podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [KUBE_DNS], ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] }],
    });
  });

  test('goes to the node\'s cache by address, as selectors don\'t match it', () => {
    expect(dns({ dns: ClusterDns.nodeLocal() }).egress[0].to).toEqual([KUBE_DNS, { ipBlock: { cidr: '169.254.20.10/32' } }]);
  });

  test('goes to GKE Cloud DNS at the metadata address, on port 53 alone', () => {
    expect(dns({ dns: ClusterDns.gkeCloudDns(), distribution: Distribution.GKE }).egress).toEqual([
      { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] },
    ]);
  });

  test('goes to OpenShift\'s DNS pods on the port that they listen on', () => {
    expect(dns({ distribution: Distribution.OPENSHIFT }).egress).toEqual([{
      to: [inNamespace('openshift-dns', { 'dns.operator.openshift.io/daemonset-dns': 'default' })],
      ports: [{ port: 5353, protocol: 'UDP' }, { port: 5353, protocol: 'TCP' }],
    }]);
  });
});
