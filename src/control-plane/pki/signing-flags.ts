import { hasExternalAuthority } from './certificate-options';
import { PkiPlan } from './pki-plan';
import { ComponentFlags } from '../component/component-flags';
import { StaticPodMounts } from '../component/static-pod-mounts';

/**
 * Lets a controller manager sign kubelets' certificates, and see that one key of a CA; with an external CA it signs nothing. kubeadm does the same
 * by itself.
 */
export function addSigningFlags(flags: ComponentFlags, mounts: StaticPodMounts, plan: PkiPlan): void {
  if (hasExternalAuthority(plan)) {
    return;
  }
  const [authority] = plan.named('kubernetes-ca');
  flags
    .set('cluster-signing-cert-file', authority.certificatePath, 'PkiPlan')
    .set('cluster-signing-key-file', authority.keyPath!, 'PkiPlan');
  mounts.add({ name: 'signing-key', path: authority.keyPath!, readOnly: true, pathType: 'File' });
}
