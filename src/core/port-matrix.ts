import { ClusterProfile } from './cluster-profile';
import { Distribution, distributionFacts } from './distribution';
import { invalid } from './errors';
import { lock } from './immutable';
import { NodeKind } from './node-kind';
import { Port } from './port';

/** Who opens a connection to a node. */
export enum PortSource {
  /** The control-plane nodes. */
  CONTROL_PLANE = 'control-plane',
  /** The etcd nodes. */
  ETCD = 'etcd',
  /** The worker nodes. */
  WORKER = 'worker',
  /** The bastion. */
  BASTION = 'bastion',
  /** The API server's load balancer. */
  LOAD_BALANCER = 'load-balancer',
}

/** One permitted connection between machines. Whatever no rule permits is closed. */
export interface PortRule {
  /** The machine that is reached. */
  readonly to: NodeKind;
  /** Who may reach it. */
  readonly source: PortSource;
  /** On which port. */
  readonly port: Port;
  /** What for, in a few words. */
  readonly purpose: string;
}

/** Choices that open or close ports. */
export interface PortMatrixProps {
  /**
   * Whether etcd runs on machines of its own.
   * @default false - stacked on the control plane
   */
  readonly externalEtcd?: boolean;
  /**
   * Whether nodes accept SSH, from the bastion alone.
   * @default false
   */
  readonly sshFromBastion?: boolean;
  /**
   * Whether the bastion may reach the API server.
   * @default true
   */
  readonly apiFromBastion?: boolean;
  /**
   * Whether a metrics-server on the workers reads the kubelets' metrics. RKE2 and k3s come with one, which may run on any node.
   * @default false - except on GKE, AKS and OpenShift, whose own pods on workers always read the kubelets
   */
  readonly metricsServerOnWorkers?: boolean;
}

/**
 * Who may reach which port of which machine, for one cluster. Firewalls on the nodes, security groups and policies are all made from it.
 *
 * Closed by absence: the scheduler's and controller manager's ports (10257, 10259), the kubelet's read-only port (10255), kube-proxy's
 * (10249, 10256), etcd's metrics (2381), NodePorts. Traffic of pods is no part of it: it travels between nodes on the network plugin's
 * ports, admission webhooks included. Provider and OpenShift operators open more for themselves.
 *
 * @throws if a choice can't be honoured: etcd on machines of its own, or SSH, where the distribution has no such thing
 */
export class PortMatrix {
  private readonly all: PortRule[];

  constructor(profile: ClusterProfile, props: PortMatrixProps = {}) {
    checkChoices(profile, props);
    this.all = [...(profile.hasManagedControlPlane ? [] : controlPlaneRules(profile, props)), ...workerRules(profile, props)];
    lock(this);
  }

  /** Every permitted connection, in a fixed order. */
  public get rules(): PortRule[] {
    return this.all.map((rule) => ({ ...rule }));
  }

  /** What may reach machines of one kind. */
  public inbound(kind: NodeKind): PortRule[] {
    return this.rules.filter((rule) => rule.to === kind);
  }
}

function checkChoices(profile: ClusterProfile, props: PortMatrixProps): void {
  const at = `PortMatrix of ${profile.name}`;
  const facts = distributionFacts(profile.distribution);
  if (props.externalEtcd && (facts.managedControlPlane || facts.etcdAlwaysStacked)) {
    throw invalid({
      at, property: 'externalEtcd', got: true, allowed: `false on ${profile.distribution}, which runs etcd itself`, fix: 'Leave externalEtcd out.',
    });
  }
  if (props.sshFromBastion && facts.withoutSsh) {
    throw invalid({
      at,
      property: 'sshFromBastion',
      got: true,
      allowed: `false on ${profile.distribution}, which has no SSH server`,
      fix: "Leave sshFromBastion out: the bastion reaches the nodes over the distribution's own API.",
    });
  }
}

function controlPlaneRules(profile: ClusterProfile, props: PortMatrixProps): PortRule[] {
  const to = NodeKind.CONTROL_PLANE;
  const api = Port.tcp(profile.apiServerPort);
  const nodes = [PortSource.CONTROL_PLANE, PortSource.WORKER];
  const clients = [PortSource.LOAD_BALANCER, ...nodes, ...(props.apiFromBastion ?? true ? [PortSource.BASTION] : [])];
  const etcd = props.externalEtcd
    ? { kind: NodeKind.ETCD, self: PortSource.ETCD }
    : { kind: NodeKind.CONTROL_PLANE, self: PortSource.CONTROL_PLANE };
  return [
    ...clients.map((source) => ({ to, source, port: api, purpose: 'API server' })),
    ...kubeletRules(profile, to, props),
    { to: etcd.kind, source: PortSource.CONTROL_PLANE, port: Port.tcp(2379), purpose: 'etcd clients' },
    { to: etcd.kind, source: etcd.self, port: Port.tcp(2380), purpose: 'etcd peers' },
    ...distributionRules(profile),
    ...nodeNetworkRules(profile, to),
    ...(props.sshFromBastion ? [to, ...(props.externalEtcd ? [NodeKind.ETCD] : [])].map(sshRule) : []),
  ];
}

function workerRules(profile: ClusterProfile, props: PortMatrixProps): PortRule[] {
  return [
    ...kubeletRules(profile, NodeKind.WORKER, props),
    ...nodeNetworkRules(profile, NodeKind.WORKER),
    ...(props.sshFromBastion ? [sshRule(NodeKind.WORKER)] : []),
  ];
}

function kubeletRules(profile: ClusterProfile, to: NodeKind, props: PortMatrixProps): PortRule[] {
  const fromWorkers = props.metricsServerOnWorkers || distributionFacts(profile.distribution).platformReadsKubelets;
  const sources = [PortSource.CONTROL_PLANE, ...(fromWorkers ? [PortSource.WORKER] : [])];
  return sources.map((source) => ({ to, source, port: Port.tcp(10250), purpose: 'kubelet' }));
}

function nodeNetworkRules(profile: ClusterProfile, to: NodeKind): PortRule[] {
  return profile.cni.nodePorts.flatMap((port) =>
    [PortSource.CONTROL_PLANE, PortSource.WORKER].map((source) => ({ to, source, port, purpose: `pod network (${profile.cni.name})` })));
}

/** What a distribution needs besides; all of them have their own control-plane nodes. */
function distributionRules(profile: ClusterProfile): PortRule[] {
  const to = NodeKind.CONTROL_PLANE;
  const joining = [PortSource.LOAD_BALANCER, PortSource.CONTROL_PLANE, PortSource.WORKER];
  switch (profile.distribution) {
    case Distribution.RKE2:
      return joining.map((source) => ({ to, source, port: Port.tcp(9345), purpose: 'RKE2 supervisor' }));
    case Distribution.OPENSHIFT:
      return joining.map((source) => ({ to, source, port: Port.tcp(22623), purpose: 'machine config server' }));
    case Distribution.TALOS:
      return [
        ...[PortSource.BASTION, PortSource.CONTROL_PLANE].map((source) => ({ to, source, port: Port.tcp(50000), purpose: 'Talos API' })),
        { to, source: PortSource.WORKER, port: Port.tcp(50001), purpose: 'Talos trustd' },
        { to: NodeKind.WORKER, source: PortSource.CONTROL_PLANE, port: Port.tcp(50000), purpose: 'Talos API' },
      ];
    default:
      return [];
  }
}

function sshRule(to: NodeKind): PortRule {
  return { to, source: PortSource.BASTION, port: Port.tcp(22), purpose: 'SSH' };
}
