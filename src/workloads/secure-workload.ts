import { ApiObject, JsonPatch } from 'cdk8s';
import { Deployment, ImagePullPolicy, ISecret, Pod, Protocol, Secret, Service, ServiceAccount, StatefulSet, Workload } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { disruptionBudget } from './disruption-budget';
import { HardenedNamespace } from './hardened-namespace';
import { orderAfterNamespace } from './namespace-members';
import { containerSecurityContext, podSecurityContext } from './pod-security';
import { podTemplatePatches } from './pod-template-patches';
import { SecureWorkloadProps, WorkloadKind } from './secure-workload-props';
import { environment } from './workload-environment';
import { WorkloadPlan, workloadPlan } from './workload-plan';
import { plusResources } from './workload-resources';
import { claimTemplate, mountSecret, mountWritable } from './workload-volumes';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';
import { Port } from '../core/port';
import { Connections, IConnectable } from '../network/connections';
import { NetworkPeer } from '../network/network-peer';

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
   * The cdk8s-plus workload, for what this construct has no property for. Containers added to it are not hardened by themselves. Patches of
   * its object reach fields of Kubernetes 1.28 only: cdk8s-plus-28 drops newer ones.
   */
  public readonly resource: Workload;
  /** Its service account, without token. */
  public readonly serviceAccount: ServiceAccount;
  /** Its Service, where it has a port. */
  public readonly service?: Service;
  /** What may connect to it, and what it may connect to. */
  public readonly connections: Connections;
  private readonly profile: ClusterProfile;
  private readonly selector: Record<string, string>;

  constructor(scope: Construct, id: string, props: SecureWorkloadProps) {
    super(scope, id);
    this.profile = ClusterProfile.of(this);
    this.hardenedNamespace = HardenedNamespace.of(this);
    const plan = workloadPlan(props, id, this.profile, this);
    const { name, selector } = plan;
    const namespace = this.hardenedNamespace.name;
    orderAfterNamespace(this, this.hardenedNamespace);
    this.hardenedNamespace._pods.claim(this, name, namespace, plan.podLabels, selector);
    this.name = name;
    this.selector = selector;

    const metadata = { name, namespace, labels: selector };
    this.serviceAccount = new ServiceAccount(this, 'ServiceAccount', { metadata, automountToken: false });
    this.service = plan.port === undefined ? undefined : this.createService(plan, plan.port, metadata);
    this.resource = this.createWorkload(props, plan, metadata);
    this.mountVolumes(plan);
    if (plan.replicas > 1) {
      disruptionBudget(this, metadata, selector);
    }
    this.connections = new Connections({
      name,
      owner: this,
      pods: { namespaceName: namespace, podLabels: selector },
      defaultPorts: plan.port === undefined ? [] : [Port.tcp(plan.port)],
    });
  }

  /** Labels that select its pods. */
  public get selectorLabels(): Record<string, string> {
    return { ...this.selector };
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
    this.platformPeers('ingress').forEach((peer) => this.allowFrom(peer, ...ports));
  }

  /**
   * Lets the cluster's monitoring scrape it.
   * @param ports on which ports. Default: its own port
   * @throws if the profile names no monitoring
   */
  public allowFromMonitoring(...ports: Port[]): void {
    this.platformPeers('monitoring').forEach((peer) => this.allowFrom(peer, ...ports));
  }

  private platformPeers(property: 'ingress' | 'monitoring'): NetworkPeer[] {
    const selections = this.profile[property];
    if (selections.length === 0) {
      throw invalid({
        at: this, property: `ClusterProfile.${property}`, got: [], allowed: 'at least one selection of its pods',
        fix: `Name them once in the profile: ${property}: [{ namespaceName: … }].`,
      });
    }
    return selections.map((selection) => NetworkPeer.pods(selection));
  }

  private createService(plan: WorkloadPlan, targetPort: number, metadata: ObjectMetadata): Service {
    const service = new Service(this, 'Service', {
      metadata,
      ports: [{ port: plan.servicePort ?? targetPort, targetPort, protocol: Protocol.TCP }],
      ...(plan.kind === WorkloadKind.STATEFUL_SET && { clusterIP: 'None' }),
    });
    // cdk8s-plus selects by a label that depends on the construct's path, and writes an empty list that the API server drops.
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/selector', this.selector), JsonPatch.remove('/spec/externalIPs'));
    return service;
  }

  private createWorkload(props: SecureWorkloadProps, plan: WorkloadPlan, metadata: ObjectMetadata): Workload {
    const workloadProps = {
      metadata,
      podMetadata: { labels: plan.podLabels },
      select: false,
      replicas: plan.replicas,
      serviceAccount: this.serviceAccount,
      automountServiceAccountToken: false,
      securityContext: podSecurityContext(plan.identity),
      containers: [{
        name: plan.name,
        image: plan.image,
        imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
        portNumber: plan.port,
        command: props.command,
        args: props.args,
        envVariables: environment(props, this.secrets()),
        resources: plusResources(plan.resources),
        ...plan.probes,
        securityContext: containerSecurityContext(plan.identity),
      }],
    };
    const workload = plan.kind === WorkloadKind.DEPLOYMENT
      ? new Deployment(this, 'Resource', workloadProps)
      : new StatefulSet(this, 'Resource', { ...workloadProps, service: this.service! });
    // cdk8s-plus has set it to a hash of the construct's path.
    workload.podMetadata.addLabel(Pod.ADDRESS_LABEL, plan.podLabels[Pod.ADDRESS_LABEL]);
    ApiObject.of(workload).addJsonPatch(...podTemplatePatches(plan));
    return workload;
  }

  private mountVolumes({ volumes }: WorkloadPlan): void {
    const [container] = this.resource.containers;
    const secretNamed = this.secrets();
    volumes.writable.forEach((each) => mountWritable(this, container, each));
    volumes.secret.forEach((each) => mountSecret(this, container, secretNamed(each.from.secretName), each));
    if (volumes.persistent.length > 0) {
      const mounts = '/spec/template/spec/containers/0/volumeMounts';
      const persistent = volumes.persistent.map(({ name, mountPath }) => ({ name, mountPath }));
      const patches = container.mounts.length > 0 ? persistent.map((each) => JsonPatch.add(`${mounts}/-`, each)) : [JsonPatch.add(mounts, persistent)];
      const claims = volumes.persistent.map((each) => claimTemplate(each, this));
      ApiObject.of(this.resource).addJsonPatch(JsonPatch.add('/spec/volumeClaimTemplates', claims), ...patches);
    }
  }

  /** References to Secrets of the namespace, one construct a name. */
  private secrets(): (name: string) => ISecret {
    return (name) => (this.node.tryFindChild(`Secret-${name}`) as unknown as ISecret | undefined) ?? Secret.fromSecretName(this, `Secret-${name}`, name);
  }
}

interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}
