import { ControlPlaneImages } from './control-plane-images';
import { ControlPlaneInstaller } from './control-plane-installer';
import { checkChoice } from '../../core/choice';
import { invalid, InvalidInput } from '../../core/errors';
import { ControlPlaneModel } from '../control-plane-model';
import { ControlPlaneNode } from '../pki/certificate-options';

/** What of a control plane's properties says how it comes to run. */
export interface InstallerChoice {
  readonly installer?: ControlPlaneInstaller;
  readonly images?: ControlPlaneImages;
  readonly kubeProxy?: unknown;
}

/** @throws for what is no installer, and for what it would not take */
export function checkInstaller({ installer = ControlPlaneInstaller.KUBEADM, images, kubeProxy }: InstallerChoice, at: InvalidInput['at']): ControlPlaneInstaller {
  checkChoice(installer, ControlPlaneInstaller, 'ControlPlaneInstaller', 'installer', at);
  if (installer === ControlPlaneInstaller.KUBEADM && images !== undefined) {
    throw invalid({
      at,
      property: 'images',
      got: images,
      allowed: 'nothing with ControlPlaneInstaller.KUBEADM: kubeadm names images by tag',
      fix: 'Remove it, or set installer to ControlPlaneInstaller.STATIC_PODS.',
    });
  }
  if (installer === ControlPlaneInstaller.STATIC_PODS && kubeProxy !== undefined) {
    throw invalid({
      at,
      property: 'kubeProxy',
      allowed: 'nothing with ControlPlaneInstaller.STATIC_PODS: it runs no kube-proxy',
      fix: 'Leave it out, and run kube-proxy, or what replaces it, as you run the network plugin.',
    });
  }
  return installer;
}

/** The release whose images the pods run. @throws where none is given: nobody would ask which the newest one is */
export function requireRelease({ at, profile, release }: ControlPlaneModel): string {
  if (release === undefined) {
    throw invalid({
      at,
      property: 'kubernetesRelease',
      got: release,
      allowed: `a patch release of ${profile.kubernetesVersion} with ControlPlaneInstaller.STATIC_PODS`,
      fix: `Give for instance ${profile.kubernetesVersion}.1: the manifests name images, and there is no kubeadm to ask for the newest.`,
    });
  }
  return release;
}

/** @throws where roles are given whose machines would have nothing to join with */
export function refuseWorkers({ at, workers }: ControlPlaneModel): void {
  if (workers.length > 0) {
    throw invalid({
      at,
      property: 'workers',
      got: workers.map(({ roleName }) => roleName),
      allowed: 'no roles with ControlPlaneInstaller.STATIC_PODS',
      fix: 'Bring the workers\' kubelets their configuration and certificates by your own means, or use ControlPlaneInstaller.KUBEADM: what workers join with here is kubeadm\'s.',
    });
  }
}

/** @throws where machines have addresses of both families: the manifests are the same on all */
export function checkFamilies({ at }: ControlPlaneModel, machines: ControlPlaneNode[]): void {
  const [first] = machines;
  const other = machines.find(({ address }) => address.includes(':') !== first.address.includes(':'));
  if (other) {
    throw invalid({
      at,
      property: 'etcd',
      got: `${first.name} at ${first.address}, ${other.name} at ${other.address}`,
      allowed: 'addresses of one family with ControlPlaneInstaller.STATIC_PODS',
      fix: 'Give the IPv4 addresses of all machines, or the IPv6 addresses of all.',
    });
  }
}
