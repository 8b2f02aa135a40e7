import { Chart } from 'cdk8s';
import { cluster } from './cluster';
import { SecretsEncryption } from '../../src/control-plane/encryption/encryption';
import { EtcdTlsConfig } from '../../src/control-plane/etcd/etcd-tls-config';
import { PolicyPhase } from '../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../src/controls/admission-policies';
import { ControlPack } from '../../src/controls/pack';
import { constructFindings } from '../../src/core/construct-findings';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Severity } from '../../src/core/severity';

const controls = (...args: Parameters<typeof cluster>) => (
  constructFindings(cluster(...args).nodes.node.root).map(({ control, severity }) => [control, severity])
);
const etcdOf = (count: number) => new EtcdTlsConfig({
  members: Array.from({ length: count }, (_, i) => ({ name: `cp-${i + 1}`, address: `10.0.16.${i + 1}` })),
});

test('Secrets in plain text are a finding of high severity, unless they are encrypted', () => {
  expect(controls()).toContainEqual(['secrets-in-plain-text', Severity.HIGH]);
  expect(controls({}, { encryption: SecretsEncryption.secretbox() }).flat()).not.toContain('secrets-in-plain-text');
});

test('anonymous requests that only RBAC limits are a finding before 1.32', () => {
  expect(controls({ kubernetesVersion: KubernetesVersion.V1_31 })).toContainEqual(['anonymous-requests-unlimited', Severity.MEDIUM]);
  expect(controls({ kubernetesVersion: KubernetesVersion.V1_32 }).flat()).not.toContain('anonymous-requests-unlimited');
});

test('an audit log that stays on the nodes is a finding', () => {
  expect(controls()).toContainEqual(['audit-log-on-node-only', Severity.LOW]);
});

test.each<[number, [string, Severity][]]>([
  [0, []], [1, [['etcd-single-member', Severity.LOW]]], [2, [['etcd-even-members', Severity.MEDIUM]]], [3, []], [4, [['etcd-even-members', Severity.LOW]]], [5, []],
])('etcd with %d members has %j', (count, expected) => {
  expect(controls({}, { etcd: etcdOf(count) }).filter(([control]) => control.startsWith('etcd-'))).toEqual(expected);
});

test('the members of etcd that can fail are counted', () => {
  const messages = (count: number) => constructFindings(cluster({}, { etcd: etcdOf(count) }).nodes.node.root)
    .filter(({ control }) => control === 'etcd-even-members').map(({ message, fix }) => `${message} ${fix}`);

  expect(messages(2)).toEqual(['etcd has two members: losing either stops the cluster, which is twice as likely as with one. List 3 members, or 1.']);
  expect(messages(4)).toEqual(['etcd has 4 members: it survives the loss of 1, as with 3, and one more can fail. List 5 members, or 3.']);
});

test('policies that an administrator can remove are a finding where files could hold them', () => {
  const withPolicies = (kubernetesVersion: KubernetesVersion, phase: PolicyPhase) => {
    const { root } = cluster({ kubernetesVersion }).nodes.node;
    new AdmissionPolicies(new Chart(root, 'policies'), 'baseline', { pack: ControlPack.pssBaseline(), phase });
    return constructFindings(root).map(({ control }) => control);
  };

  expect(withPolicies(KubernetesVersion.V1_37, PolicyPhase.DENY)).toContain('admission-policies-removable');
  expect(withPolicies(KubernetesVersion.V1_37, PolicyPhase.WARN)).not.toContain('admission-policies-removable');
  expect(withPolicies(KubernetesVersion.V1_36, PolicyPhase.DENY)).not.toContain('admission-policies-removable');
});
