import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Severity } from '../../src/core/severity';

const findings = (props: Partial<ClusterProfileProps> = {}) => new ClusterProfile({ name: 'prod', ...props }).findings;
const controls = (props: Partial<ClusterProfileProps> = {}) => findings(props).map((finding) => finding.control);

test('a version without security fixes is a finding, a supported one is none', () => {
  expect(controls({ kubernetesVersion: KubernetesVersion.V1_34 })).toEqual(['kubernetes-end-of-life']);
  expect(controls({ kubernetesVersion: KubernetesVersion.V1_35 })).toEqual([]);
  expect(findings({ kubernetesVersion: KubernetesVersion.V1_28 })[0]).toMatchObject({
    severity: Severity.HIGH, message: 'Kubernetes 1.28 gets no security fixes any more.',
  });
});

test('a version newer than the library is a finding that names the version whose facts are used', () => {
  expect(findings({ kubernetesVersion: KubernetesVersion.of('1.40') })).toEqual([{
    control: 'kubernetes-newer-than-library',
    severity: Severity.LOW,
    message: 'Kubernetes 1.40 is newer than this library knows; the facts of 1.37 are used.',
    fix: 'Upgrade cdk8s-hardened once a release knows this version.',
  }]);
  expect(controls({ kubernetesVersion: KubernetesVersion.V1_37 })).toEqual([]);
});

test('a network plugin that enforces no NetworkPolicies is critical, by CIS 5.3.1', () => {
  const [finding] = findings({ cni: Cni.FLANNEL });
  expect(finding).toMatchObject({ control: 'cni-enforces-no-network-policies', severity: Severity.CRITICAL });
  expect(finding.references!.map(String)).toEqual(['CIS cis-1.12 5.3.1', 'NSA 1.2 Network policies']);
  expect(controls({ cni: Cni.K3S_FLANNEL })).toEqual([]);
});

test('ranges that were not stated are a finding where every cluster has its own', () => {
  expect(findings({ distribution: Distribution.EKS, cni: Cni.AWS_VPC })).toEqual([{
    control: 'cluster-ranges-assumed',
    severity: Severity.MEDIUM,
    message: 'podCidrs and serviceCidrs of the eks cluster were not stated; 10.244.0.0/16 and 10.96.0.0/12 are assumed.',
    fix: 'State the ranges that the cluster was made with: policies and firewalls are written with them.',
  }]);
  expect(findings({ distribution: Distribution.GKE, podCidrs: ['10.4.0.0/14'] })[0].message)
    .toBe('serviceCidrs of the gke cluster were not stated; 10.96.0.0/12 are assumed.');
  expect(controls({ distribution: Distribution.AKS, cni: Cni.CILIUM, podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.0.0.0/16'] })).toEqual([]);
  expect(controls({ distribution: Distribution.RKE2 })).toEqual([]);
});

test('enforcement of NetworkPolicies that nobody stated is a finding where providers leave it off unless asked', () => {
  const ranges = { podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.0.0.0/16'] };
  for (const distribution of [Distribution.EKS, Distribution.GKE, Distribution.AKS]) {
    expect(findings({ distribution, ...ranges })).toMatchObject([{ control: 'cni-assumed', severity: Severity.HIGH }]);
    expect(controls({ distribution, ...ranges, cni: Cni.CALICO })).toEqual([]);
  }
  expect(controls({ distribution: Distribution.RKE2 })).toEqual([]);
});

test('everything questionable is found at once', () => {
  expect(controls({ distribution: Distribution.GKE, kubernetesVersion: KubernetesVersion.V1_30, cni: Cni.FLANNEL }))
    .toEqual(['kubernetes-end-of-life', 'cluster-ranges-assumed', 'cni-enforces-no-network-policies']);
});
