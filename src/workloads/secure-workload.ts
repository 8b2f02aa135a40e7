import { ApiObject } from 'cdk8s';
import { DeploymentStrategy, IApiResource, ISecret, Pod, Secret, Service, ServiceAccount, Workload } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { GrantOptions, WorkloadGrants } from './access/workload-grants';
import { privilegeWriter } from './access/workload-privileges';
import { horizontalPodAutoscaler } from './exposure/autoscaling';
import { disruptionBudget } from './exposure/disruption-budget';
import { ExposedWorkload } from './exposure/exposure';
import { exposeByGateway, GatewayExposure } from './exposure/gateway-exposure';
import { exposeByIngress, IngressExposure } from './exposure/ingress-exposure';
import { metricsPorts, serviceOf, ServicePort, statedPorts } from './exposure/service-ports';
import { HardenedNamespace } from './hardened-namespace';
import { orderAfterNamespace } from './namespace/namespace-members';
import { plainObjectOf } from './plain-object';
import { podSecurityContext } from './pod/pod-security';
import { unresolvedReferences } from './pod/variable-references';
import { environment } from './pod/workload-environment';
import { withImageProfile } from './pod/workload-image';
import { SECURE_WORKLOAD_PROPS, SecureWorkloadProps, WorkloadKind } from './secure-workload-props';
import { MountedVolume, ServiceAccountTokenOptions } from './volumes/bound-tokens';
import { claimNames, volumeObjects } from './volumes/volume-parts';
import { plusWorkload } from './workload-kinds';
import { workloadParts } from './workload-parts';
import { WorkloadPlan, workloadPlan } from './workload-plan';
import { workloadControls, writtenWorkload } from './written-workload';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';
import { checkProps } from '../core/known-props';
import { Port } from '../core/port';
import { allowApiServer } from '../network/api-server-policy';
import { Connections, IConnectable } from '../network/connections';
import { platformPeers } from '../network/platform-peers';
import { READ, takesNames, WRITE } from '../rbac/verbs';

/**
 * A program that runs as it should in production: not as root, without capabilities or a way to gain privileges, on a read-only root
 * filesystem, under the runtime's seccomp profile, with an image by digest, a service account of its own without token, bounded resources,
 * probes, and no network traffic but DNS and what `allowTo` and `allowFrom` open.
 *
 * Its pods pass Pod Security Standards "restricted" of every version from 1.28 on. Sources: PSS restricted; CIS 5.1.5, 5.1.6, 5.2, 5.3.2,
 * 5.4.1, 5.5.1, 5.7; NSA 1.2.
 *
 * @throws if it isn't below a HardenedNamespace, or a property has a value that can't be honoured safely: then no object is made
 */
export class SecureWorkload extends Construct implements IConnectable {
  /** Name of the workload and of all that belongs to it. */
  public readonly name: string;
  /** The namespace it runs in. */
  public readonly hardenedNamespace: HardenedNamespace;
  /**
   * The cdk8s-plus workload, for what this construct has no property for. Containers added to it get what the controls ask for, as far as
   * nothing else is said about it. Patches of its object (`ApiObject.of(resource)`) come last and reach any field.
   */
  public readonly resource: Workload;
  /** Its service account. Pods have a token of it where something is granted or a token is added, and then by themselves. */
  public readonly serviceAccount: ServiceAccount;
  /** Its Service, where it has a port. */
  public readonly service?: Service;
  /** What may connect to it, and what it may connect to. */
  public readonly connections: Connections;
  private readonly profile: ClusterProfile;
  private readonly selector: Record<string, string>;
  private readonly grants: WorkloadGrants;
  private readonly ports: readonly ServicePort[];
  private readonly claims: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: SecureWorkloadProps) {
    super(scope, id);
    checkProps(props, SECURE_WORKLOAD_PROPS, { at: this });
    this.profile = ClusterProfile.of(this);
    this.hardenedNamespace = HardenedNamespace.of(this);
    const completed = withImageProfile(props, this.profile, this);
    const plan = workloadPlan(completed, id, this.profile, this, this.hardenedNamespace._imagePullSecrets, this.hardenedNamespace._nodeSelector);
    const { name, selector } = plan;
    const namespace = this.hardenedNamespace.name;
    orderAfterNamespace(this, this.hardenedNamespace);
    this.hardenedNamespace._claim(this, plan);
    this.name = name;
    this.selector = selector;

    const metadata = { name, namespace, labels: selector };
    const annotations = props.workloadIdentity?._serviceAccountAnnotations;
    this.serviceAccount = new ServiceAccount(this, 'ServiceAccount', { metadata: { ...metadata, annotations }, automountToken: false });
    const owner = { workload: this, name, home: this.hardenedNamespace, labels: selector, serviceAccountName: name, profile: this.profile };
    this.grants = new WorkloadGrants(owner, () => mountedVolumes(plan, this.resource));
    this.ports = plan.ports;
    this.service = serviceOf(this, plan.ports, metadata, plan.kind === WorkloadKind.STATEFUL_SET);
    this.resource = this.createWorkload(completed, plan, metadata);
    volumeObjects(this, plan.volumes, metadata, plan.kind === WorkloadKind.STATEFUL_SET);
    this.claims = claimNames(plan.volumes, metadata, plan.kind === WorkloadKind.STATEFUL_SET);
    this.node.addValidation({ validate: () => unresolvedReferences(this.resource) });
    if (plan.disruptionBudget) {
      disruptionBudget(this, metadata, selector, plan.disruptionBudget);
    }
    if (plan.autoscaling) {
      horizontalPodAutoscaler(this, metadata, plan.kind, plan.autoscaling);
    }
    this.connections = new Connections({
      name,
      owner: this,
      pods: { namespaceName: namespace, podLabels: selector },
      onHostNetwork: plan.privileges.some(({ _facts: { podSpec } }) => podSpec?.hostNetwork === true),
      defaultPorts: plan.port === undefined ? [] : [Port.tcp(plan.port)],
    });
    this.connections._listening = () => statedPorts(plan.ports, plan.initContainers, this.resource);
    props.workloadIdentity?._connect(this, this.connections, this.profile);
  }

  /** Labels that select its pods. */
  public get selectorLabels(): Record<string, string> {
    return { ...this.selector };
  }

  /**
   * Name of the PersistentVolumeClaim at one of its persistent paths, for another workload that mounts the same.
   * @throws if it has none there that all pods share
   */
  public claimName(path: string): string {
    const name = this.claims.get(path);
    if (name === undefined) {
      throw invalid({
        at: this, property: 'claimName', got: path, allowed: [...this.claims.keys()].join(', ') || 'none: it has no persistent path that all pods share',
        fix: 'Give one of its persistentPaths. Each pod of a StatefulSet has claims of its own.',
      });
    }
    return name;
  }

  /**
   * Lets it open connections to another workload or peer: its egress and the other's ingress, or an error and neither.
   * @param other whom to reach
   * @param ports on which ports. Default: the other's own port
   * @throws if the other belongs to another app, no port is known, or an address would open instance metadata
   */
  public allowTo(other: IConnectable, ...ports: Port[]): void {
    this.connections.allowTo(other, ...ports);
  }

  /**
   * Lets another workload or peer open connections to it: its ingress and the other's egress, or an error and neither.
   * @param other who may connect
   * @param ports on which ports. Default: its own port
   * @throws if the other belongs to another app, or no port is known
   */
  public allowFrom(other: IConnectable, ...ports: Port[]): void {
    this.connections.allowFrom(other, ...ports);
  }

  /**
   * Lets the cluster's ingress controllers reach it.
   * @param ports on which ports. Default: its own port
   * @throws if the profile names none
   */
  public allowFromIngress(...ports: Port[]): void {
    platformPeers('ingress', this).forEach((peer) => this.allowFrom(peer, ...ports));
  }

  /**
   * Lets the cluster's monitoring scrape it.
   * @param ports on which ports. Default: the one of `furtherPorts` called `metrics`, else its own port
   * @throws if the profile names no monitoring
   */
  public allowFromMonitoring(...ports: Port[]): void {
    const scraped = ports.length > 0 ? ports : metricsPorts(this.ports);
    platformPeers('monitoring', this).forEach((peer) => this.allowFrom(peer, ...scraped));
  }

  /**
   * Lets the API server call it, as a webhook or an aggregated API.
   * @param ports on which ports. Default: its own port
   * @throws if the profile names no `controlPlaneCidrs`
   */
  public allowFromApiServer(...ports: Port[]): void {
    platformPeers('controlPlaneCidrs', this).forEach((peer) => this.allowFrom(peer, ...ports));
    const { name, pods, defaultPorts = [] } = this.connections._props;
    allowApiServer(this, `${name}-from-api-server`, pods!, 'ingress', ports.length > 0 ? ports : defaultPorts);
  }

  /**
   * Has the cluster's ingress controller serve it, by TLS alone. The Ingress, and the policy that lets the profile's ingress controllers reach its
   * port, are made together, or an error and neither.
   * @param options hosts, certificate and path
   * @throws if the profile names no ingress controllers, a host is missing or not a name, no certificate is named, or the workload has no such port
   */
  public exposeByIngress(options: IngressExposure): void {
    exposeByIngress(this.exposed(), options);
  }

  /**
   * Has an HTTPS listener of a Gateway serve it. The route, and the policy that lets the profile's gateways reach its port, are made together, or an
   * error and neither.
   * @param options listener, hosts and path
   * @throws if the profile names no gateways (`ingress`), a host is missing or not a name, or the workload has no such port; at synth, if the app
   * declares the Gateway and the listener isn't one for HTTPS
   */
  public exposeByGateway(options: GatewayExposure): void {
    exposeByGateway(this.exposed(), options);
  }

  /**
   * Lets it read objects of the API: `get`, `list` and `watch`. Role, binding, a token for the API server that holds for an hour, and the connection
   * there are made together, or an error and none of them.
   * @param resource a resource (`ApiResource.CONFIG_MAPS`), or an object of cdk8s-plus: then that one alone
   * @param options objects, namespace, and why, where the controls speak against it
   * @throws if the profile doesn't say where the control plane is, the API has no such resource, or a control speaks against it
   */
  public grantRead(resource: IApiResource, options: GrantOptions = {}): void {
    this.grants.grant(READ, resource, options, this.connections);
  }

  /**
   * Lets it make, change and delete single objects of the API: `create`, `update`, `patch` and `delete`; kept to names, all but `create`. It does not
   * read them: grant that, too, where it does. For the rest see `grantRead`.
   * @throws as `grantRead` does
   */
  public grantWrite(resource: IApiResource, options: GrantOptions = {}): void {
    this.grants.grant(WRITE, resource, options, this.connections, WRITE.filter(takesNames));
  }

  /**
   * Lets it do what these verbs say, for instance `['deletecollection']`. For the rest see `grantRead`.
   * @param verbs one or more, in the words of the API
   * @throws as `grantRead` does, and if Kubernetes has no such verb for its own resources
   */
  public grant(verbs: string[], resource: IApiResource, options: GrantOptions = {}): void {
    this.grants.grant(verbs, resource, options, this.connections);
  }

  /**
   * Mounts a token of its service account for somebody else than the API server, such as Vault. It brings no permissions and no connection.
   * @throws if the audience is the API server's, something is at the path, or it would hold for less than 10 minutes or more than 24 hours
   */
  public addToken(token: ServiceAccountTokenOptions): void {
    this.grants.tokens.add(token);
  }

  private exposed(): ExposedWorkload {
    const metadata = { name: this.name, namespace: this.hardenedNamespace.name, labels: this.selector };
    return { workload: this, metadata, ports: this.ports, connections: this.connections };
  }

  private createWorkload(props: SecureWorkloadProps, plan: WorkloadPlan, metadata: ObjectMetadata): Workload {
    const workload = plusWorkload(this, plan.kind, {
      metadata,
      podMetadata: { labels: plan.podLabels },
      select: false,
      replicas: plan.replicas,
      scaled: plan.autoscaling !== undefined,
      service: this.service,
      cron: props.schedule?.cron,
      ...(plan.stopsFirst && { strategy: DeploymentStrategy.recreate() }),
      serviceAccount: this.serviceAccount,
      automountServiceAccountToken: false,
      terminationGracePeriod: plan.termination.gracePeriod,
      securityContext: podSecurityContext(plan.identity),
      containers: [{
        name: plan.name,
        image: plan.image,
        imagePullPolicy: plan.pull.policy,
        portNumber: plan.port,
        command: props.command,
        args: props.args,
        envVariables: environment(props, this.secrets()),
        // Stated by the parts; left out, cdk8s-plus has defaults of its own.
        resources: {},
        ...plan.probes,
        securityContext: plan.identity,
      }],
    });
    // cdk8s-plus has set it to a hash of the construct's path.
    workload.podMetadata.addLabel(Pod.ADDRESS_LABEL, plan.podLabels[Pod.ADDRESS_LABEL]);
    const parts = [...workloadParts(plan, metadata, this), ...props.workloadIdentity?._parts ?? []];
    const pod = { container: plan.name, privileges: plan.privileges, hostMounts: plan.volumes.host, version: this.profile.kubernetesVersion };
    const withPrivileges = privilegeWriter(pod, this);
    const plain: ApiObject = plainObjectOf(workload, (object) => (
      withPrivileges(writtenWorkload(object, plan.name, [...parts, ...this.grants.tokens.parts], workloadControls(this)), plain)
    ));
    return workload;
  }

  /** References to Secrets of the namespace, one construct a name. */
  private secrets(): (name: string) => ISecret {
    return (name) => (this.node.tryFindChild(`Secret-${name}`) as unknown as ISecret | undefined) ?? Secret.fromSecretName(this, `Secret-${name}`, name);
  }
}

/** What its program's container has, as far as this library knows. */
function mountedVolumes({ volumes }: WorkloadPlan, resource: Workload): MountedVolume[] {
  const mounts = resource.containers[0].mounts.map(({ path, volume }) => ({ name: volume.name, mountPath: path }));
  return [...Object.values(volumes).flat() as MountedVolume[], ...mounts];
}

interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}
