import { admissionFindings } from './admission-findings';
import { AdmissionPlugin } from './admission-plugin';
import { checkEventRateLimits, CheckedLimits, eventRateLimitPlugin, EventRateLimits } from './event-rate-limits';
import { checkFurtherPlugins, checkPresent, FurtherPlugin } from './further-plugins';
import { CheckedImagePolicy, checkImagePolicyWebhook, ImagePolicyWebhook, imagePolicyWebhookPlugin } from './image-policy-webhook';
import { CheckedSelectors, checkPodNodeSelectors, podNodeSelectorPlugin, PodNodeSelectors } from './pod-node-selectors';
import { CheckedPodSecurity, checkPodSecurity, PodSecurityDefaults, podSecurityPlugin, PodSecurityStandard } from './pod-security-defaults';
import { StaticPolicies } from './static-policies';
import { checkBoolean } from '../../core/boolean';
import { ClusterProfile } from '../../core/cluster-profile';
import { InvalidInput } from '../../core/errors';
import { Finding } from '../../core/finding';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkMadeBy, markAs } from '../../core/made-by';

const AT = 'Admission';

/** What the API server does with objects before it stores them. */
export interface AdmissionProps {
  /**
   * What Pod Security admission does in namespaces that say nothing themselves.
   * @default - "restricted" of the profile's version is enforced, but for the system's namespaces and those of the network plugin
   */
  readonly podSecurity?: PodSecurityDefaults;
  /**
   * How many events each API server takes (CIS 1.2.9).
   * @default - 1000 a second in all, 100 of one namespace, 50 of one user
   */
  readonly eventRateLimit?: EventRateLimits;
  /**
   * Which nodes the pods of a namespace get.
   * @default - those that the namespace says, and any otherwise
   */
  readonly podNodeSelector?: PodNodeSelectors;
  /**
   * A service that is asked about the images of pods (CIS 5.5.1).
   * @default - none
   */
  readonly imagePolicyWebhook?: ImagePolicyWebhook;
  /**
   * Pulls images before every start, so that nobody runs a private one that another left on the node (CIS 1.2.11). A registry that is down then
   * keeps pods from starting, and images that were put on the nodes by other means can't be used. From 1.35 on kubelets check by themselves
   * whether a pod may use the image that is there.
   * @default false
   */
  readonly alwaysPullImages?: boolean;
  /**
   * Lets Services take any address as their external one: whoever may create one gets the traffic of others to that address (CVE-2020-8554,
   * CIS 1.2.3).
   * @default false
   */
  readonly allowServiceExternalIps?: boolean;
  /**
   * Further plugins that are off by default, by name: ExtendedResourceToleration, LimitPodHardAntiAffinityTopology, NamespaceExists,
   * OwnerReferencesPermissionEnforcement, PodTolerationRestriction, and PersistentVolumeLabel before Kubernetes 1.31. None can be turned off.
   * @default - none
   */
  readonly furtherPlugins?: string[];
  /**
   * Admission policies from files on the nodes, which nobody with access to the API alone can remove, and a guard over those that live in the API.
   * From Kubernetes 1.37 on.
   * @default - none: the policies of AdmissionPolicies live in the API, where an administrator can remove them
   */
  readonly staticPolicies?: StaticPolicies;
}

const PROPS: KnownProps<AdmissionProps> = {
  podSecurity: true, eventRateLimit: true, podNodeSelector: true, imagePolicyWebhook: true, alwaysPullImages: true, allowServiceExternalIps: true,
  furtherPlugins: true, staticPolicies: true,
};

/**
 * What the API server refuses or changes before it stores it, whoever asks. An immutable statement that `ControlPlane` turns into an
 * AdmissionConfiguration and the list of plugins that are enabled beside those that are on by default (CIS 1.2.3, 1.2.9 to 1.2.14, 5.2, 5.5.1).
 *
 * NodeRestriction, PodSecurity, EventRateLimit and PodNodeSelector are always on, DenyServiceExternalIPs unless said otherwise. No plugin can be
 * turned off, and none is configured without being enabled.
 *
 * @throws if a level, limit, label or name is not what it seems to be, a plugin is not known, or a property is misspelt
 */
export class Admission {
  /** @internal */
  public readonly _imagePolicyWebhook?: CheckedImagePolicy;
  /** @internal */
  public readonly _staticPolicies?: StaticPolicies;
  private readonly podSecurity: CheckedPodSecurity;
  private readonly eventLimits: CheckedLimits;
  private readonly nodeSelectors: CheckedSelectors;
  private readonly alwaysPullImages: boolean;
  private readonly allowServiceExternalIps: boolean;
  private readonly furtherPlugins: readonly FurtherPlugin[];

  constructor(props: AdmissionProps = {}) {
    checkProps(props, PROPS, { at: AT });
    this.podSecurity = checkPodSecurity(props.podSecurity ?? {}, AT);
    this.eventLimits = checkEventRateLimits(props.eventRateLimit ?? {}, AT);
    this.nodeSelectors = checkPodNodeSelectors(props.podNodeSelector ?? {}, AT);
    this._imagePolicyWebhook = props.imagePolicyWebhook === undefined ? undefined : checkImagePolicyWebhook(props.imagePolicyWebhook, AT);
    this.alwaysPullImages = checkBoolean(props.alwaysPullImages ?? false, 'alwaysPullImages', false, AT);
    this.allowServiceExternalIps = checkBoolean(props.allowServiceExternalIps ?? false, 'allowServiceExternalIps', false, AT);
    this.furtherPlugins = checkFurtherPlugins(props.furtherPlugins ?? [], AT);
    this._staticPolicies = props.staticPolicies && checkMadeBy('StaticPolicies', props.staticPolicies, {
      at: AT, property: 'staticPolicies', fix: 'Make it by new StaticPolicies({ guard: new PolicyGuard({ … }) }).',
    });
    lock(this);
    markAs('Admission', this);
  }

  /**
   * What is opened that is closed by default.
   * @internal
   */
  public get _findings(): Finding[] {
    const { levels, exemptNamespaces } = this.podSecurity;
    return admissionFindings({
      enforcesRestricted: levels.enforce === PodSecurityStandard.RESTRICTED, exemptNamespaces, externalIps: this.allowServiceExternalIps,
    });
  }

  /**
   * What is enabled, and how it is configured.
   * @internal
   */
  public _plugins(profile: ClusterProfile, at: InvalidInput['at']): AdmissionPlugin[] {
    checkPresent(this.furtherPlugins, profile.kubernetesVersion, at);
    const webhook = this._imagePolicyWebhook;
    return [
      // kubeadm's own, which a list replaces.
      { name: 'NodeRestriction' },
      podSecurityPlugin(this.podSecurity, profile, at),
      eventRateLimitPlugin(this.eventLimits),
      podNodeSelectorPlugin(this.nodeSelectors),
      ...(webhook === undefined ? [] : [imagePolicyWebhookPlugin(webhook)]),
      ...(this.alwaysPullImages ? [{ name: 'AlwaysPullImages' }] : []),
      ...(this.allowServiceExternalIps ? [] : [{ name: 'DenyServiceExternalIPs' }]),
      ...this.furtherPlugins.map((name) => ({ name })),
    ];
  }
}
