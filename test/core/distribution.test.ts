import { messageOf } from './message-of';
import { Cidr } from '../../src/core/cidr';
import { Distribution, distributionFacts } from '../../src/core/distribution';

const ALL = Object.values(Distribution);
const those = (fact: (facts: ReturnType<typeof distributionFacts>) => boolean) => ALL.filter((distribution) => fact(distributionFacts(distribution)));

test('the provider runs the control plane of EKS, GKE and AKS, and nobody knows their ranges in advance', () => {
  expect(those((facts) => facts.managedControlPlane)).toEqual([Distribution.EKS, Distribution.GKE, Distribution.AKS]);
  expect(those((facts) => facts.rangesChosenPerCluster)).toEqual([Distribution.EKS, Distribution.GKE, Distribution.AKS]);
});

test('OpenShift alone assigns UIDs, Talos alone has no SSH, both always run etcd on the control plane', () => {
  expect(those((facts) => facts.assignsUids)).toEqual([Distribution.OPENSHIFT]);
  expect(those((facts) => facts.withoutSsh)).toEqual([Distribution.TALOS]);
  expect(those((facts) => facts.etcdAlwaysStacked)).toEqual([Distribution.TALOS, Distribution.OPENSHIFT]);
});

test('every distribution runs in kube-system', () => {
  for (const distribution of ALL) {
    expect(distributionFacts(distribution).systemNamespaces).toEqual(expect.arrayContaining(['kube-system', 'kube-public', 'kube-node-lease']));
  }
});

test('default pod and service ranges of a distribution are ranges that do not meet', () => {
  for (const distribution of ALL) {
    const facts = distributionFacts(distribution);
    expect(Cidr.of(facts.podCidr).overlaps(Cidr.of(facts.serviceCidr))).toBe(false);
  }
});

test.each(['minikube', 'toString', ''])('%j is no distribution', (name) => {
  expect(messageOf(() => distributionFacts(name as Distribution, 'ClusterProfile prod'))).toBe(
    `[ClusterProfile prod] distribution: got "${name}"; allowed: kubeadm, talos, rke2, k3s, eks, gke, aks, openshift. `
    + 'Take the distribution that is nearest: KUBEADM fits most that run upstream Kubernetes.');
});
