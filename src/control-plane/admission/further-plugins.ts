import { invalid, InvalidInput } from '../../core/errors';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkList } from '../../core/list';
import { nearestName } from '../../core/nearest-name';
import { isRemoved, removedIn } from '../availability';

const PROPERTY = 'furtherPlugins';
const ALLOWED = [
  'ExtendedResourceToleration', 'LimitPodHardAntiAffinityTopology', 'NamespaceExists', 'OwnerReferencesPermissionEnforcement', 'PersistentVolumeLabel',
  'PodTolerationRestriction',
] as const;

/** A plugin that is off by default and can be enabled. */
export type FurtherPlugin = typeof ALLOWED[number];

const DEFAULT_ON = 'Leave it out: it is on wherever the API server has it, and nothing turns it off.';
const ALWAYS = 'Leave it out: it is always on.';
/** Why a name that the API server knows, or knew, is not to be given, or where to say it instead. */
const REFUSED: Readonly<Record<string, string>> = {
  AlwaysAdmit: 'Leave it out: it does nothing (CIS 1.2.10).',
  AlwaysDeny: 'Leave it out: it refuses everything.',
  NamespaceAutoProvision: 'Leave it out: it makes namespaces that nobody declared, without quota and network policies.',
  SecurityContextDeny: 'Leave it out: Pod Security took its place. The API server has not known it since 1.30, and before it was alpha.',
  AlwaysPullImages: 'Give alwaysPullImages: true.',
  DenyServiceExternalIPs: 'Leave it out: it is on unless allowServiceExternalIps is true.',
  EventRateLimit: ALWAYS,
  ImagePolicyWebhook: 'Give imagePolicyWebhook: { … }: it needs to know the service.',
  NodeRestriction: ALWAYS,
  PodNodeSelector: ALWAYS,
  ...Object.fromEntries([
    'CertificateApproval', 'CertificateSigning', 'CertificateSubjectRestriction', 'ClusterTrustBundleAttest', 'DefaultIngressClass', 'DefaultStorageClass',
    'DefaultTolerationSeconds', 'LimitRanger', 'MutatingAdmissionPolicy', 'MutatingAdmissionWebhook', 'NamespaceLifecycle', 'NodeDeclaredFeatureValidator',
    'PersistentVolumeClaimResize', 'PodGroupProtection', 'PodResizeValidator', 'PodSecurity', 'PodTopologyLabels', 'Priority', 'ResourceQuota',
    'RuntimeClass', 'ServiceAccount', 'StorageObjectInUseProtection', 'TaintNodesByCondition', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionWebhook',
  ].map((name) => [name, DEFAULT_ON])),
};

/** Refuses names that the API server would not start with, or that say what another property says. */
export function checkFurtherPlugins(given: readonly string[], at: string): readonly FurtherPlugin[] {
  const names = checkList(given, PROPERTY, 'names of admission plugins', at);
  return Object.freeze(names.map((name, i) => {
    const property = `${PROPERTY}[${i}]`;
    if (!isAllowed(name)) {
      throw invalid({ at, property, got: name, allowed: ALLOWED.join(', '), fix: remedy(name) });
    }
    if (names.indexOf(name) !== i) {
      throw invalid({ at, property, got: name, allowed: 'each name once', fix: 'Remove it.' });
    }
    return name;
  }));
}

/** Refuses what the version lacks: the API server would not start. */
export function checkPresent(names: readonly FurtherPlugin[], version: KubernetesVersion, at: InvalidInput['at']): void {
  for (const name of names) {
    if (name === 'PersistentVolumeLabel' && isRemoved(version, 'admission plugin PersistentVolumeLabel')) {
      throw invalid({
        at, property: `admission.${PROPERTY}`, got: name,
        allowed: `plugins that Kubernetes ${version} has: this one is gone since ${removedIn('admission plugin PersistentVolumeLabel')}`,
        fix: 'Leave it out: the drivers of volumes label them.',
      });
    }
  }
}

function isAllowed(name: string): name is FurtherPlugin {
  return (ALLOWED as readonly string[]).includes(name);
}

function remedy(name: string): string {
  if (typeof name === 'string' && Object.hasOwn(REFUSED, name)) {
    return REFUSED[name];
  }
  const near = typeof name === 'string' ? nearestName(name, [...ALLOWED, ...Object.keys(REFUSED)]) : undefined;
  return `Correct or remove it: the API server does not start with a name that it does not know.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
}
