import { IConstruct } from 'constructs';
import { checkChoice } from './choice';
import { Cidr } from './cidr';
import { Cloud, metadataCidrs } from './cloud';
import { ClusterDns } from './cluster-dns';
import { profileFindings } from './cluster-profile-findings';
import { ClusterRanges, parseRanges } from './cluster-ranges';
import { Cni } from './cni';
import { Distribution, distributionFacts } from './distribution';
import { checkDnsDomain, checkDnsLabel } from './dns-name';
import { invalid } from './errors';
import { Finding } from './finding';
import { checkHttpsAddress, checkHttpsOrigin } from './https-address';
import { ImageMirror } from './image-mirror';
import { lock } from './immutable';
import { checkProps, KnownProps } from './known-props';
import { checkVersion, KubernetesVersion } from './kubernetes-version';
import { checkPodLabels } from './labels';
import { checkList } from './list';
import { checkMadeBy, markAs } from './made-by';
import { mirrorObjects } from './mirrored-objects';
import { PodSelection } from './pod-selection';
import { checkPort } from './port';

/** What a cluster is: given once, read by every layer. */
export interface ClusterProfileProps {
  /**
   * The cluster's name, a DNS label. It appears in Terraform names and reports.
   */
  readonly name: string;
  /**
   * Minor version of the API server.
   * @default - the oldest minor that still gets security fixes, 1.35
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * How Kubernetes is built and run.
   * @default Distribution.KUBEADM
   */
  readonly distribution?: Distribution;
  /**
   * Ranges that pods take their addresses from, one an IP version.
   * @default - the installer's own: 10.42.0.0/16 on RKE2 and k3s, 10.128.0.0/14 on OpenShift, else 10.244.0.0/16. On EKS, GKE and AKS, where
   * every cluster has its own, assuming it is a finding
   */
  readonly podCidrs?: string[];
  /**
   * Ranges of service addresses, one an IP version and of the same IP versions as those of pods. The API server before Kubernetes 1.34, and
   * kubeadm, take at most 2^20 addresses each: /12 or /108.
   * @default - the installer's own: 10.43.0.0/16 on RKE2 and k3s, 172.30.0.0/16 on OpenShift, else 10.96.0.0/12. On EKS, GKE and AKS, where
   * every cluster has its own, assuming it is a finding
   */
  readonly serviceCidrs?: string[];
  /**
   * Ranges of the nodes' addresses.
   * @default - not stated: what needs them says so
   */
  readonly nodeCidrs?: string[];
  /**
   * Ranges of the control-plane nodes' addresses (for a managed control plane: of its endpoints). They may be a part of `nodeCidrs`.
   * @default - not stated: what needs them says so
   */
  readonly controlPlaneCidrs?: string[];
  /**
   * The cluster's DNS domain.
   * @default cluster.local
   */
  readonly dnsDomain?: string;
  /**
   * Where pods send DNS queries.
   * @default - kube-dns pods in kube-system; on OpenShift its DNS operator
   */
  readonly dns?: ClusterDns;
  /**
   * The network plugin.
   * @default - what the distribution comes with: Canal on RKE2, Flannel with k3s's policy controller, OVN-Kubernetes on OpenShift, the VPC CNI
   * with its network policy agent on EKS; else Cilium
   */
  readonly cni?: Cni;
  /**
   * Where the nodes run; it decides which metadata addresses no pod may reach.
   * @default - by distribution (EKS, GKE and AKS name theirs), else Cloud.NONE, which blocks the addresses of all clouds
   */
  readonly cloud?: Cloud;
  /**
   * Addresses of the API server as clients use them, for instance `https://api.prod.internal:6443`. No path, no credentials.
   * @default - not stated
   */
  readonly apiEndpoints?: string[];
  /**
   * Port that the API servers themselves listen on, behind any load balancer: what firewalls open and NetworkPolicies see.
   * @default - 443 with a managed control plane, else 6443
   */
  readonly apiServerPort?: number;
  /**
   * Issuer URL of the OIDC provider that people log in with, exactly as its tokens name it.
   * @default - none
   */
  readonly oidcIssuer?: string;
  /**
   * Pods of the monitoring that scrape workloads.
   * @default - none: nothing may scrape
   */
  readonly monitoring?: PodSelection[];
  /**
   * Pods of the ingress or gateway controllers.
   * @default - none: no workload can be exposed
   */
  readonly ingress?: PodSelection[];
  /**
   * Where the cluster pulls its images from, if not from the registries that they name. It applies to every image of the app, whoever made the
   * object.
   * @default - from the registries that images name
   */
  readonly imageMirror?: ImageMirror;
}

const PROPS: KnownProps<ClusterProfileProps> = {
  name: true, kubernetesVersion: true, distribution: true, podCidrs: true, serviceCidrs: true, nodeCidrs: true, controlPlaneCidrs: true,
  dnsDomain: true, dns: true, cni: true, cloud: true, apiEndpoints: true, apiServerPort: true, oidcIssuer: true, monitoring: true, ingress: true,
  imageMirror: true,
};

const CONTEXT = 'cdk8s-hardened:cluster-profile';

/**
 * One immutable statement of what a cluster is. NetworkPolicies, firewalls, security groups, certificates and node files all read it,
 * so that the layers can't disagree.
 *
 * The order of ranges matters where a cluster is dual stack: the first IP version is the one that single-stack services get.
 *
 * @throws if a range is malformed, ranges overlap that must not, or a name, port or address has the wrong form
 */
export class ClusterProfile {
  /**
   * The profile of the cluster that a construct belongs to: that of its `HardenedApp`, else the documented defaults, those of a profile that
   * states nothing but the name `cluster`.
   */
  public static of(scope: IConstruct): ClusterProfile {
    return scope.node.tryGetContext(CONTEXT) ?? (ClusterProfile.defaults ??= new ClusterProfile({ name: 'cluster' }));
  }

  private static defaults?: ClusterProfile;

  /** The cluster's name. */
  public readonly name: string;
  /** Minor version of the API server. */
  public readonly kubernetesVersion: KubernetesVersion;
  /** How Kubernetes is built and run. */
  public readonly distribution: Distribution;
  /** The cluster's DNS domain. */
  public readonly dnsDomain: string;
  /** Where pods send DNS queries. */
  public readonly dns: ClusterDns;
  /** The network plugin. */
  public readonly cni: Cni;
  /** Where the nodes run. */
  public readonly cloud: Cloud;
  /** Port that the API servers themselves listen on, behind any load balancer. */
  public readonly apiServerPort: number;
  /** Issuer URL of the OIDC provider that people log in with. */
  public readonly oidcIssuer?: string;
  /** Where the cluster pulls its images from, if not from the registries that they name. */
  public readonly imageMirror?: ImageMirror;
  private readonly ranges: ClusterRanges;
  private readonly assumed: string[];
  private readonly metadata: Cidr[];
  private readonly endpoints: string[];
  private readonly cniAssumed: boolean;
  private readonly monitoringPods: PodSelection[];
  private readonly ingressPods: PodSelection[];

  constructor(props: ClusterProfileProps) {
    checkProps(props, PROPS, { at: 'ClusterProfile' });
    this.name = checkDnsLabel(props.name, 'name', 'ClusterProfile');
    this.distribution = props.distribution ?? Distribution.KUBEADM;
    const facts = distributionFacts(this.distribution, this.at);
    this.kubernetesVersion = checkVersion(props.kubernetesVersion ?? KubernetesVersion.V1_35, 'kubernetesVersion', this.at);
    this.dnsDomain = checkDnsDomain(props.dnsDomain ?? 'cluster.local', 'dnsDomain', this.at);
    this.dns = props.dns ?? ClusterDns._defaultOf(this.distribution);
    this.cni = props.cni ?? facts.cni;
    this.cniAssumed = props.cni === undefined && facts.managedControlPlane;
    this.cloud = checkChoice(props.cloud ?? facts.cloud, Cloud, 'Cloud', 'cloud', this.at);
    this.ranges = parseRanges({
      podCidrs: props.podCidrs ?? [facts.podCidr],
      serviceCidrs: props.serviceCidrs ?? [facts.serviceCidr],
      nodeCidrs: props.nodeCidrs ?? [],
      controlPlaneCidrs: props.controlPlaneCidrs ?? [],
    }, { at: this.at, kubernetesVersion: this.kubernetesVersion, distribution: this.distribution, cni: this.cni, cloud: this.cloud });
    this.assumed = facts.rangesChosenPerCluster ? (['podCidrs', 'serviceCidrs'] as const).filter((property) => props[property] === undefined) : [];
    this.metadata = this.findMetadata();
    this.endpoints = checkList(props.apiEndpoints ?? [], 'apiEndpoints', 'addresses', this.at).map((url, i) => checkHttpsOrigin(url, `apiEndpoints[${i}]`, this.at));
    this.apiServerPort = checkPort(props.apiServerPort ?? (facts.managedControlPlane ? 443 : 6443), 'apiServerPort', this.at);
    this.oidcIssuer = props.oidcIssuer;
    if (props.oidcIssuer !== undefined) {
      checkHttpsAddress(props.oidcIssuer, 'oidcIssuer', { pathAllowed: true }, this.at);
    }
    this.monitoringPods = this.checkPods('monitoring', props.monitoring ?? []);
    this.ingressPods = this.checkPods('ingress', props.ingress ?? []);
    this.imageMirror = props.imageMirror === undefined ? undefined : checkMadeBy('ImageMirror', props.imageMirror, {
      at: this.at, property: 'imageMirror', fix: 'Make it by ImageMirror.of({ … }).',
    });
    lock(this);
    markAs('ClusterProfile', this);
  }

  /** Ranges that pods take their addresses from. */
  public get podCidrs(): Cidr[] {
    return [...this.ranges.podCidrs];
  }

  /** Ranges of service addresses. */
  public get serviceCidrs(): Cidr[] {
    return [...this.ranges.serviceCidrs];
  }

  /** Ranges of the nodes' addresses. */
  public get nodeCidrs(): Cidr[] {
    return [...this.ranges.nodeCidrs];
  }

  /** Ranges of the control-plane nodes' addresses. */
  public get controlPlaneCidrs(): Cidr[] {
    return [...this.ranges.controlPlaneCidrs];
  }

  /** Addresses of the API server as clients use them. */
  public get apiEndpoints(): string[] {
    return [...this.endpoints];
  }

  /** Addresses that serve instance metadata and node credentials where the cluster runs; no pod may reach them. */
  public get metadataCidrs(): Cidr[] {
    return [...this.metadata];
  }

  /** Pods of the monitoring that scrape workloads. */
  public get monitoring(): PodSelection[] {
    return this.monitoringPods.map(copyOf);
  }

  /** Pods of the ingress or gateway controllers. */
  public get ingress(): PodSelection[] {
    return this.ingressPods.map(copyOf);
  }

  /** True if the provider runs the control plane: there are no control-plane nodes of the user's. */
  public get hasManagedControlPlane(): boolean {
    return distributionFacts(this.distribution).managedControlPlane;
  }

  /** True if the platform gives each namespace its own UIDs and refuses others (OpenShift). */
  public get assignsUids(): boolean {
    return distributionFacts(this.distribution).assignsUids;
  }

  /** Namespaces that the distribution itself runs in. OpenShift has more: their names begin with `openshift-`. */
  public get systemNamespaces(): string[] {
    return [...distributionFacts(this.distribution).systemNamespaces];
  }

  /** True for a namespace that belongs to the distribution, by its name or what it begins with. */
  public isSystemNamespace(name: string): boolean {
    const { systemNamespaces, systemNamespacePrefixes } = distributionFacts(this.distribution);
    return systemNamespaces.includes(name) || systemNamespacePrefixes.some((prefix) => name.startsWith(prefix));
  }

  /** What is questionable about these facts themselves: a version out of support, ranges assumed, a network plugin that enforces nothing. */
  public get findings(): Finding[] {
    return profileFindings(this, this.assumed, this.cniAssumed);
  }

  /**
   * Makes this the profile of every construct below the scope. `HardenedApp` does so by itself; a plain `App` needs the call.
   * @throws if the scope already has children: they would have been made without it
   */
  public attachTo(scope: IConstruct): void {
    if (scope.node.children.length > 0) {
      throw invalid({
        at: scope,
        property: 'profile',
        got: `${this.at}, after ${scope.node.children.length} children`,
        allowed: 'a scope without children yet',
        fix: 'Attach the profile first: what was made before it was made without it.',
      });
    }
    scope.node.setContext(CONTEXT, this);
    if (this.imageMirror) {
      mirrorObjects(scope, this.imageMirror);
    }
  }

  private get at(): string {
    return `ClusterProfile ${this.name}`;
  }

  /** Without a cloud, an address that lies in the cluster's own ranges is one of its own: closing it would cut off a pod. */
  private findMetadata(): Cidr[] {
    const all = metadataCidrs(this.cloud).map((cidr) => Cidr.of(cidr));
    const own = Object.values(this.ranges).flat() as Cidr[];
    return all.filter((address) => !own.some((range) => range.contains(address)));
  }

  private checkPods(property: string, selections: PodSelection[]): PodSelection[] {
    return checkList(selections, property, 'pod selections', this.at).map(({ namespaceName, podLabels }, i) => ({
      namespaceName: checkDnsLabel(namespaceName, `${property}[${i}].namespaceName`, this.at),
      podLabels: podLabels && checkPodLabels(podLabels, `${property}[${i}].podLabels`, this.at),
    }));
  }
}

function copyOf({ namespaceName, podLabels }: PodSelection): PodSelection {
  return { namespaceName, podLabels: podLabels && { ...podLabels } };
}
