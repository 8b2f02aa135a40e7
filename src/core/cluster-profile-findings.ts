import type { ClusterProfile } from './cluster-profile';
import { Finding } from './finding';
import { SupportState } from './kubernetes-version';
import { Reference } from './reference';
import { Severity } from './severity';

/**
 * What is questionable about a profile's facts themselves.
 * @param assumed properties whose ranges were not stated although no default can be relied on
 * @param cniAssumed whether the network plugin was not stated although it is chosen with the cluster
 */
export function profileFindings(profile: ClusterProfile, assumed: readonly string[] = [], cniAssumed = false): Finding[] {
  const findings: Finding[] = [];
  const version = profile.kubernetesVersion;
  if (version.supportState === SupportState.END_OF_LIFE) {
    findings.push({
      control: 'kubernetes-end-of-life',
      severity: Severity.HIGH,
      message: `Kubernetes ${version} gets no security fixes any more.`,
      fix: 'Upgrade to a supported minor version, one minor at a time.',
      references: [Reference.nsa('Upgrading and application security practices')],
    });
  }
  if (version.supportState === SupportState.UNKNOWN) {
    findings.push({
      control: 'kubernetes-newer-than-library',
      severity: Severity.LOW,
      message: `Kubernetes ${version} is newer than this library knows; the facts of ${version.effective} are used.`,
      fix: 'Upgrade cdk8s-hardened once a release knows this version.',
    });
  }
  if (assumed.length > 0) {
    findings.push({
      control: 'cluster-ranges-assumed',
      severity: Severity.MEDIUM,
      message: `${assumed.join(' and ')} of the ${profile.distribution} cluster were not stated; ${assumedRanges(profile, assumed)} are assumed.`,
      fix: 'State the ranges that the cluster was made with: policies and firewalls are written with them.',
    });
  }
  if (cniAssumed) {
    findings.push({
      control: 'cni-assumed',
      severity: Severity.HIGH,
      message: `The network plugin of the ${profile.distribution} cluster was not stated; ${profile.cni.name}, enforcing NetworkPolicies, is assumed. `
        + 'Providers make clusters that enforce none unless it was asked for.',
      fix: 'Make sure that enforcement is switched on (EKS: the VPC CNI\'s network policy agent; GKE: Dataplane V2; AKS: a network policy engine), and state cni.',
      references: [Reference.cis('5.3.1')],
    });
  }
  if (!profile.cni.enforcesNetworkPolicies) {
    findings.push({
      control: 'cni-enforces-no-network-policies',
      severity: Severity.CRITICAL,
      message: `The network plugin ${profile.cni.name} enforces no NetworkPolicies: every pod can reach every other.`,
      fix: 'Use a network plugin that enforces them, such as Cilium or Calico.',
      references: [Reference.cis('5.3.1'), Reference.nsa('Network policies')],
    });
  }
  return findings;
}

function assumedRanges(profile: ClusterProfile, assumed: readonly string[]): string {
  return [...(assumed.includes('podCidrs') ? profile.podCidrs : []), ...(assumed.includes('serviceCidrs') ? profile.serviceCidrs : [])].join(' and ');
}
