import { AdmissionPlugin } from './admission-plugin';
import { checkChoice } from '../../core/choice';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkDnsLabel, isDnsSubdomain } from '../../core/dns-name';
import { invalid, InvalidInput } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkVersion, KubernetesVersion } from '../../core/kubernetes-version';
import { checkList } from '../../core/list';

/** What a namespace without Pod Security labels is held to. */
export enum PodSecurityStandard {
  /** What is known to take a node is refused: privileged containers, the node's namespaces and files. */
  BASELINE = 'baseline',
  /** Besides, pods run without root, capabilities and escalation. */
  RESTRICTED = 'restricted',
}

/**
 * What Pod Security admission does in namespaces that say nothing by labels, and where it does nothing at all. A label of the namespace goes
 * before these defaults; exemptions go before labels.
 *
 * No user can be exempt: controllers make pods for everybody.
 */
export interface PodSecurityDefaults {
  /**
   * What is refused.
   * @default PodSecurityStandard.RESTRICTED
   */
  readonly enforce?: PodSecurityStandard;
  /**
   * What is noted in the audit log.
   * @default PodSecurityStandard.RESTRICTED
   */
  readonly audit?: PodSecurityStandard;
  /**
   * What whoever applies it is warned of.
   * @default PodSecurityStandard.RESTRICTED
   */
  readonly warn?: PodSecurityStandard;
  /**
   * The version whose checks are enforced, at most the profile's. "latest" can't be said: an upgrade of the API server alone changes nothing.
   * @default - the profile's version
   */
  readonly enforceVersion?: KubernetesVersion;
  /**
   * The version whose checks are noted in the audit log.
   * @default - the profile's version
   */
  readonly auditVersion?: KubernetesVersion;
  /**
   * The version whose checks are warned of.
   * @default - the profile's version
   */
  readonly warnVersion?: KubernetesVersion;
  /**
   * Namespaces in which everything is let in whatever their labels say, besides the system's and those that the profile's network plugin is
   * known to run in. Prefer a label of the namespace, which a review sees beside it.
   * @default - none
   */
  readonly exemptNamespaces?: string[];
  /**
   * RuntimeClasses whose pods are let in, for instance those of virtual machines.
   * @default - none
   */
  readonly exemptRuntimeClasses?: string[];
}

/** Checked, with the defaults that no cluster decides. */
export interface CheckedPodSecurity {
  readonly levels: Readonly<Record<Mode, PodSecurityStandard>>;
  readonly versions: Readonly<Record<Mode, KubernetesVersion | undefined>>;
  readonly exemptNamespaces: readonly string[];
  readonly exemptRuntimeClasses: readonly string[];
}

type Mode = typeof MODES[number];

const MODES = ['enforce', 'audit', 'warn'] as const;
const PROPS: KnownProps<PodSecurityDefaults> = {
  enforce: true, audit: true, warn: true, enforceVersion: true, auditVersion: true, warnVersion: true, exemptNamespaces: true,
  exemptRuntimeClasses: true,
};
const PROPERTY = 'podSecurity';
const { RESTRICTED } = PodSecurityStandard;
/** Where network plugins run pods that need the node, if not in kube-system; by the plugin's name. */
const CNI_NAMESPACES = new Map([
  ['calico', ['calico-apiserver', 'calico-system', 'tigera-operator']],
  ['flannel', ['kube-flannel']],
  ['ovn-kubernetes', ['ovn-kubernetes']],
]);

export function checkPodSecurity(given: PodSecurityDefaults, at: string): CheckedPodSecurity {
  checkProps(given, PROPS, { at, property: PROPERTY });
  const level = (mode: Mode) => checkChoice(given[mode] ?? RESTRICTED, PodSecurityStandard, 'PodSecurityStandard', `${PROPERTY}.${mode}`, at);
  const levels = { enforce: level('enforce'), audit: level('audit'), warn: level('warn') };
  const lower = MODES.find((mode) => levels.enforce === RESTRICTED && levels[mode] !== RESTRICTED);
  if (lower) {
    throw invalid({
      at, property: `${PROPERTY}.${lower}`, got: levels[lower], allowed: `${RESTRICTED} where that is enforced`, fix: 'Leave it out: what is refused need not be less.',
    });
  }
  const version = (property: 'enforceVersion' | 'auditVersion' | 'warnVersion') => (
    given[property] === undefined ? undefined : checkVersion(given[property], `${PROPERTY}.${property}`, at)
  );
  return Object.freeze({
    levels: Object.freeze(levels),
    versions: Object.freeze({ enforce: version('enforceVersion'), audit: version('auditVersion'), warn: version('warnVersion') }),
    exemptNamespaces: Object.freeze(checkList(given.exemptNamespaces ?? [], `${PROPERTY}.exemptNamespaces`, 'names', at)
      .map((name, i) => checkDnsLabel(name, `${PROPERTY}.exemptNamespaces[${i}]`, at))),
    exemptRuntimeClasses: Object.freeze(checkList(given.exemptRuntimeClasses ?? [], `${PROPERTY}.exemptRuntimeClasses`, 'names', at)
      .map((name, i) => checkRuntimeClass(name, `${PROPERTY}.exemptRuntimeClasses[${i}]`, at))),
  });
}

export function podSecurityPlugin(checked: CheckedPodSecurity, profile: ClusterProfile, at: InvalidInput['at']): AdmissionPlugin {
  const { levels, versions } = checked;
  const pin = (mode: Mode) => `v${checkKnown(versions[mode] ?? profile.kubernetesVersion, mode, profile, at).effective}`;
  return {
    name: 'PodSecurity',
    configuration: {
      apiVersion: 'pod-security.admission.config.k8s.io/v1',
      kind: 'PodSecurityConfiguration',
      defaults: Object.fromEntries(MODES.flatMap((mode) => [[mode, levels[mode]], [`${mode}-version`, pin(mode)]])),
      exemptions: {
        usernames: [],
        runtimeClasses: distinct(checked.exemptRuntimeClasses),
        namespaces: distinct([...profile.systemNamespaces, ...CNI_NAMESPACES.get(profile.cni.name) ?? [], ...checked.exemptNamespaces]),
      },
    },
  };
}

/** The API server takes any number, and counts one that it does not know as its newest. */
function checkKnown(version: KubernetesVersion, mode: Mode, { kubernetesVersion }: ClusterProfile, at: InvalidInput['at']): KubernetesVersion {
  if (version.minor > kubernetesVersion.minor) {
    throw invalid({
      at, property: `admission.${PROPERTY}.${mode}Version`, got: version.toString(), allowed: `at most ${kubernetesVersion}, the profile's version`, fix: 'Leave it out for the profile\'s version.',
    });
  }
  return version;
}

function checkRuntimeClass(name: string, property: string, at: string): string {
  if (!isDnsSubdomain(name)) {
    throw invalid({ at, property, got: name, allowed: 'the name of a RuntimeClass, a DNS subdomain', fix: 'Correct the name.' });
  }
  return name;
}

/** The API server refuses a name that comes twice. */
function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
