import { KubeletConfig } from './kubelet-config';
import { ClusterProfile } from '../../core/cluster-profile';
import { Finding } from '../../core/finding';
import { Reference } from '../../core/reference';
import { Severity } from '../../core/severity';

/** What is questionable about kubelets, although they work. */
export function kubeletFindings(config: KubeletConfig, profile: ClusterProfile): Finding[] {
  if (config._settings.serving.approver !== undefined || profile.nodeCidrs.length > 0) {
    return [];
  }
  return [{
    control: 'kubelet-addresses-unlimited',
    severity: Severity.LOW,
    message: 'A node that was taken over may get a serving certificate for any address that no other node, service, pod or endpoint of the API server is known to have.',
    fix: 'State nodeCidrs in the profile, and controlPlaneCidrs: the approver of those certificates holds nodes to them.',
    references: [Reference.cis('4.2.11')],
  }];
}
