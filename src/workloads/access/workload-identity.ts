import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Json } from '../../controls/path';
import { acceptFindings, catalogFindings, checkException, ReviewedException } from '../../controls/waivers/reviewed-exception';
import { IpFamily } from '../../core/cidr';
import { Cloud } from '../../core/cloud';
import { ClusterProfile } from '../../core/cluster-profile';
import { Distribution } from '../../core/distribution';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkMadeBy, markAs } from '../../core/made-by';
import { Port } from '../../core/port';
import { refuseTerraformToken } from '../../core/terraform-token';
import { Connections } from '../../network/connections';
import { NetworkPeer } from '../../network/network-peer';
import { portOf } from '../../network/network-policy-rules';
import { PodParts } from '../pod/pod-parts';

/** How a workload on GKE is known to Google Cloud. */
export interface GkeIdentityOptions {
  /**
   * E-mail address of the service account of Google Cloud that it acts as, `name@project.iam.gserviceaccount.com`.
   * @default - none: roles are given to the workload's own principal, as Google recommends
   */
  readonly serviceAccountEmail?: string;
  /**
   * Whether the cluster is an Autopilot cluster, all of whose nodes have the metadata server and where no pod may ask for it.
   * @default false
   */
  readonly autopilot?: boolean;
  /**
   * Why the pods may reach the metadata server at its usual address: with GKE Dataplane V2 it answers there. Required unless the profile's network
   * plugin is Calico, with which policies see another address.
   * @default - none
   */
  readonly exception?: ReviewedException;
}

/** To which application a workload on Azure belongs. */
export interface AzureIdentityOptions {
  /**
   * The tenant of the application, a GUID.
   * @default - that of the cluster
   */
  readonly tenantId?: string;
}

const GKE_OPTIONS: KnownProps<GkeIdentityOptions> = { serviceAccountEmail: true, autopilot: true, exception: true };
const AZURE_OPTIONS: KnownProps<AzureIdentityOptions> = { tenantId: true };

/** What an identity needs of the cluster and of the workload. */
interface IdentityFacts {
  readonly name: string;
  /** Why it can't work in a cluster. */
  readonly misfit: (profile: ClusterProfile) => string | undefined;
  readonly serviceAccountAnnotations?: Record<string, string>;
  readonly pods?: PodParts;
  readonly endpoints?: (profile: ClusterProfile) => Endpoints;
  readonly exception?: ReviewedException;
}

/** Where credentials are handed out: ranges of one address each, and the TCP port. */
interface Endpoints {
  readonly addresses: string[];
  readonly port: number;
}

const ONE_HOUR = '3600';

/**
 * Who a workload is to its cloud, without a key that could leak: the cloud trusts tokens of the workload's service account. Which roles the identity
 * has is said at the cloud; what it reaches there is opened by `allowTo`.
 */
export class WorkloadIdentity {
  /**
   * An IAM role of AWS for the service account, by the cluster's OIDC issuer. The webhook of EKS, or your own, puts a token for
   * `sts.amazonaws.com` that holds for an hour into the pods. The program needs a connection to STS.
   * @param roleArn for instance `arn:aws:iam::111122223333:role/shop-web`
   * @throws if it isn't the ARN of a role
   */
  public static awsIrsa(roleArn: string): WorkloadIdentity {
    const method = 'WorkloadIdentity.awsIrsa';
    checkForm(roleArn, /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, {
      at: method, property: 'roleArn', allowed: 'the ARN of an IAM role', fix: 'Copy it from IAM: arn:aws:iam::111122223333:role/shop-web.',
    });
    return new WorkloadIdentity({
      name: method,
      misfit: ({ cloud }) => (cloud === Cloud.AWS ? undefined : 'a cluster on AWS'),
      serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': roleArn, 'eks.amazonaws.com/token-expiration': ONE_HOUR },
    });
  }

  /**
   * EKS Pod Identity: the role is associated with the service account in the API of EKS. The platform tells the pods where the agent on their node
   * is; that address, which hands out nothing but the pod's own credentials, is opened.
   */
  public static awsPodIdentity(): WorkloadIdentity {
    return new WorkloadIdentity({
      name: 'WorkloadIdentity.awsPodIdentity',
      misfit: ({ distribution }) => (distribution === Distribution.EKS ? undefined : 'an EKS cluster'),
      endpoints: ({ podCidrs }) => ({
        addresses: [
          ...(podCidrs.some(({ family }) => family === IpFamily.IPV4) ? ['169.254.170.23/32'] : []),
          ...(podCidrs.some(({ family }) => family === IpFamily.IPV6) ? ['fd00:ec2::23/128'] : []),
        ],
        port: 80,
      }),
    });
  }

  /**
   * Workload Identity Federation for GKE. Pods get their credentials from the metadata server of GKE on their node, which takes the place of the
   * machine's own: so they run on nodes that have it alone, and that address is opened.
   * @throws if the e-mail address isn't one of a service account that was made for a purpose
   */
  public static gke(options: GkeIdentityOptions = {}): WorkloadIdentity {
    const method = 'WorkloadIdentity.gke';
    const { serviceAccountEmail, autopilot = false, exception } = checkProps(options, GKE_OPTIONS, { at: method });
    if (serviceAccountEmail !== undefined) {
      checkForm(serviceAccountEmail, /^[a-z]([-a-z0-9]{4,28}[a-z0-9])@[a-z0-9]([-a-z0-9.]{0,98}[a-z0-9])?\.iam\.gserviceaccount\.com$/, {
        at: method, property: 'serviceAccountEmail', allowed: 'name@project.iam.gserviceaccount.com', fix: 'Make a service account for this workload: the default ones of a project are shared.',
      });
    }
    return new WorkloadIdentity({
      name: method,
      misfit: ({ distribution }) => (distribution === Distribution.GKE ? undefined : 'a GKE cluster'),
      ...(serviceAccountEmail !== undefined && { serviceAccountAnnotations: { 'iam.gke.io/gcp-service-account': serviceAccountEmail } }),
      ...(!autopilot && { pods: { podSpec: { nodeSelector: { 'iam.gke.io/gke-metadata-server-enabled': 'true' } } } }),
      // With Calico, policies see the address that requests are redirected to; with Dataplane V2 the one that programs ask.
      endpoints: ({ cni }) => (cni.name === 'calico' ? { addresses: ['169.254.169.252/32'], port: 988 } : { addresses: ['169.254.169.254/32'], port: 80 }),
      ...(exception && { exception }),
    });
  }

  /**
   * Microsoft Entra Workload ID. The webhook of AKS, or your own, puts a token that holds for an hour into the pods. The program needs a connection
   * to Entra ID.
   * @param clientId of the application or managed identity, a GUID
   * @throws if an id isn't a GUID
   */
  public static azure(clientId: string, options: AzureIdentityOptions = {}): WorkloadIdentity {
    const method = 'WorkloadIdentity.azure';
    const { tenantId } = checkProps(options, AZURE_OPTIONS, { at: method });
    const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
    checkForm(clientId, guid, { at: method, property: 'clientId', allowed: 'a GUID', fix: 'Copy the client id (not the object id) of the application or managed identity.' });
    if (tenantId !== undefined) {
      checkForm(tenantId, guid, { at: method, property: 'tenantId', allowed: 'a GUID', fix: 'Copy it from Entra ID, or leave it out to take the cluster\'s.' });
    }
    return new WorkloadIdentity({
      name: method,
      misfit: ({ cloud }) => (cloud === Cloud.AZURE ? undefined : 'a cluster on Azure'),
      serviceAccountAnnotations: {
        'azure.workload.identity/client-id': clientId,
        ...(tenantId !== undefined && { 'azure.workload.identity/tenant-id': tenantId }),
        'azure.workload.identity/service-account-token-expiration': ONE_HOUR,
      },
      pods: { podMetadata: { labels: { 'azure.workload.identity/use': 'true' } } },
    });
  }

  private constructor(private readonly facts: IdentityFacts) {
    markAs('WorkloadIdentity', this);
  }

  /**
   * Annotations of the service account.
   * @internal
   */
  public get _serviceAccountAnnotations(): Record<string, string> {
    return { ...this.facts.serviceAccountAnnotations };
  }

  /**
   * What it adds to the pods.
   * @internal
   */
  public get _parts(): PodParts[] {
    return this.facts.pods ? [this.facts.pods] : [];
  }

  /**
   * Refuses it where it can't work, before anything is made.
   * @internal
   */
  public _check(profile: ClusterProfile, at: IConstruct): void {
    const needed = this.facts.misfit(profile);
    if (needed !== undefined) {
      throw invalid({
        at, property: 'workloadIdentity', got: `${this.facts.name} on ${profile.distribution}, cloud ${profile.cloud}`, allowed: `${needed} for it`,
        fix: 'Take the one of the cluster\'s cloud, or correct distribution and cloud in the ClusterProfile.',
      });
    }
    const { endpoints, exception } = this.facts;
    const findings = endpoints ? catalogFindings(policyTo(endpoints(profile), { name: 'any', namespaceName: 'any', podLabels: {} }), profile.kubernetesVersion) : [];
    checkException(exception, findings, 'workloadIdentity.exception', at);
  }

  /**
   * Opens the addresses that hand out credentials.
   * @internal
   */
  public _connect(workload: Construct, connections: Connections, profile: ClusterProfile): void {
    const { endpoints, exception } = this.facts;
    if (endpoints === undefined) {
      return;
    }
    const { addresses, port } = endpoints(profile);
    if (exception === undefined) {
      addresses.forEach((address) => connections.allowTo(NetworkPeer.cidr(address), Port.tcp(port)));
      return;
    }
    // A policy of its own, so that what is accepted is one place of it. No workload has a dot in its name.
    const { name, pods } = connections._props;
    const json = policyTo({ addresses, port }, { name: `${name}.identity`, namespaceName: pods!.namespaceName, podLabels: pods!.podLabels! });
    const policy = new ApiObject(workload, 'IdentityPolicy', json as { apiVersion: string; kind: string });
    acceptFindings(policy, json, catalogFindings(json, profile.kubernetesVersion).map((finding) => ({ finding, exception })), workload.node.path);
  }
}

/** Lets pods reach addresses that other policies of this library keep closed. */
function policyTo(
  { addresses, port }: Endpoints, { name, namespaceName, podLabels }: { name: string; namespaceName: string; podLabels: Record<string, string> },
): Json {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: namespaceName },
    spec: {
      podSelector: { matchLabels: podLabels },
      policyTypes: ['Egress'],
      egress: [{ to: addresses.map((cidr) => ({ ipBlock: { cidr } })), ports: [portOf(Port.tcp(port))] }],
    },
  };
}

/** Checks the identity of a workload, where it has one. */
export function checkIdentity(identity: WorkloadIdentity | undefined, profile: ClusterProfile, at: IConstruct): void {
  if (identity !== undefined) {
    checkMadeBy('WorkloadIdentity', identity, { at, property: 'workloadIdentity', fix: 'Take, for instance, WorkloadIdentity.awsPodIdentity().' })._check(profile, at);
  }
}

function checkForm(value: unknown, form: RegExp, input: { at: string; property: string; allowed: string; fix: string }): void {
  if (typeof value === 'string') {
    refuseTerraformToken(value, input.property, input.at, 'Give it literally: manifests are written before Terraform runs.');
  }
  if (typeof value !== 'string' || !form.test(value)) {
    throw invalid({ ...input, got: value });
  }
}
