import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { addressBlocks } from './address-blocks';
import { checkConnections, checkReached } from './connections-check';
import { NetworkPolicyPeer, NetworkPolicyPort, peerOfPods, portOf } from './network-policy-rules';
import { invalid } from '../core/errors';
import { PodSelection } from '../core/pod-selection';
import { checkPorts, Port } from '../core/port';

/** Something that takes part in network connections: a workload, or a peer outside of the app. */
export interface IConnectable {
  /** What may connect to it, and what it may connect to. */
  readonly connections: Connections;
}

/** Whose connections they are: pods, or addresses outside of the cluster. */
export interface ConnectionsProps {
  /** What it is called in errors; for an owner also the name of its NetworkPolicy. */
  readonly name: string;
  /**
   * The construct that owns the pods: their NetworkPolicy is made below it. It needs pods with labels.
   * @default - nobody in this app: the rules are made for the other side alone
   */
  readonly owner?: Construct;
  /**
   * The pods meant.
   * @default - no pods: `cidrs` are meant
   */
  readonly pods?: PodSelection;
  /**
   * Whether the pods are on their nodes' network: then no NetworkPolicy holds them or knows their connections, which come from the nodes' addresses.
   * @default false
   */
  readonly onHostNetwork?: boolean;
  /**
   * Address ranges meant, in CIDR notation.
   * @default - none: `pods` are meant
   */
  readonly cidrs?: string[];
  /**
   * Parts of those ranges that are not meant. Metadata addresses and the cluster's own pod and service ranges never are.
   * @default - none
   */
  readonly exceptCidrs?: string[];
  /**
   * Ports that others reach it on where none is named.
   * @default - none: ports must be named
   */
  readonly defaultPorts?: Port[];
}

interface Rule {
  readonly peers: NetworkPolicyPeer[];
  readonly ports: NetworkPolicyPort[];
}

/** Child of the owner that holds its policy. */
const POLICY_ID = 'NetworkPolicy';

/**
 * The connections of one workload: everything it may reach and be reached from. Each declared connection yields the egress rule of the
 * one side and the ingress rule of the other, each in the namespace and below the construct of its owner, or an error and nothing.
 *
 * Workloads and `NetworkPeer` bring their own; make one for pods that another construct runs.
 *
 * @throws if neither or both of pods and address ranges are given, an owner's pods have no labels, or a name, label or range is malformed
 */
export class Connections {
  private readonly props: ConnectionsProps;
  private readonly ingress = new Map<string, Rule>();
  private readonly egress = new Map<string, Rule>();
  private policy?: ApiObject;

  constructor(props: ConnectionsProps) {
    this.props = checkConnections(props);
  }

  /**
   * Lets these pods open connections to the other.
   * @param other whom to reach
   * @param ports on which ports. Default: the ports that the other declares
   * @throws if the other belongs to another app, no port is known, or an address would open instance metadata
   */
  public allowTo(other: IConnectable, ...ports: Port[]): void {
    const target = connectionsOf(other, this, 'allowTo');
    connect(this, target, { method: 'allowTo', source: this, target, ports });
  }

  /**
   * Lets the other open connections to these pods.
   * @param other who may connect
   * @param ports on which ports. Default: the ports that these pods declare
   * @throws if the other belongs to another app, or no port is known
   */
  public allowFrom(other: IConnectable, ...ports: Port[]): void {
    const source = connectionsOf(other, this, 'allowFrom');
    connect(this, source, { method: 'allowFrom', source, target: this, ports });
  }

  /**
   * The ports that the pods state to listen on. None: they may listen on any.
   * @internal
   */
  public _listening: () => Port[] = () => [];

  /** @internal */
  public get _props(): ConnectionsProps {
    return this.props;
  }

  /**
   * Refuses what would make `_take` fail, so that a connection fails as a whole.
   * @internal
   */
  public _checkTakes(): void {
    const { owner } = this.props;
    const taken = owner?.node.tryFindChild(POLICY_ID);
    if (taken && taken !== this.policy) {
      throw invalid({
        at: owner, property: 'owner', got: taken.node.path, allowed: `a construct whose child ${POLICY_ID} is made by its one Connections`,
        fix: 'Use the connections that the construct has, or rename that child.',
      });
    }
  }

  /**
   * Takes in one half of a connection that was checked as a whole.
   * @internal
   */
  public _take(direction: 'ingress' | 'egress', rule: Rule): void {
    const { owner, pods, name } = this.props;
    if (!owner || !pods) {
      return;
    }
    this[direction].set(JSON.stringify(rule), rule);
    this.policy ??= new ApiObject(owner, POLICY_ID, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace: pods.namespaceName },
      spec: {
        podSelector: { matchLabels: pods.podLabels },
        policyTypes: ['Ingress', 'Egress'],
        ingress: Lazy.any({ produce: () => written(this.ingress, 'from') }),
        egress: Lazy.any({ produce: () => written(this.egress, 'to') }),
      },
    });
  }
}

interface Connection {
  readonly method: string;
  readonly source: Connections;
  readonly target: Connections;
  readonly ports: Port[];
}

/** Constructs of cdk8s-plus have connections too, which are others. */
function connectionsOf(other: IConnectable, caller: Connections, method: string): Connections {
  const connections = other?.connections;
  if (typeof connections?._take !== 'function') {
    throw invalid({
      at: caller._props.owner, property: method, got: other, allowed: 'a workload of this app, or a NetworkPeer',
      fix: 'Make a Connections for pods that another construct runs, or name them by NetworkPeer.pods(…).',
    });
  }
  return connections;
}

function connect(caller: Connections, other: Connections, { method, source, target, ports }: Connection): void {
  const { owner: at, name } = caller._props;
  const { owner: otherOwner } = other._props;
  const to = target._props;
  if (!at) {
    throw invalid({
      property: method, got: name, allowed: 'a workload of this app as the one that is called on', fix: 'Call it on the workload, with the peer as argument.',
    });
  }
  if (otherOwner && otherOwner.node.root !== at.node.root) {
    throw invalid({
      at, property: method, got: `${otherOwner.node.path} of another app`, allowed: 'a workload of the same app, or a NetworkPeer',
      fix: 'Name the pods of another app by NetworkPeer.pods(…); their own app has to permit its half.',
    });
  }
  checkNetworks(source._props, target._props, method, at);
  const reached = ports.length > 0 ? ports : to.defaultPorts ?? [];
  if (reached.length === 0) {
    throw invalid({
      at, property: method, got: 'no port', allowed: `at least one port, since ${to.name} declares none`, fix: 'Name it, for instance Port.tcp(443).',
    });
  }
  const rulePorts = checkPorts(reached, method, at).map(portOf);
  checkReached(reached, target._listening(), to.name, method, at);
  const egress = { peers: peersOf(to, at), ports: rulePorts };
  const ingress = { peers: peersOf(source._props, at), ports: rulePorts };
  source._checkTakes();
  target._checkTakes();
  source._take('egress', egress);
  target._take('ingress', ingress);
}

/** Rules by labels say nothing about pods on their nodes' network. */
function checkNetworks(source: ConnectionsProps, target: ConnectionsProps, method: string, at: Construct): void {
  const onNode = [source, target].find(({ pods, onHostNetwork }) => pods && onHostNetwork);
  if (onNode && source.pods && target.pods) {
    throw invalid({
      at, property: method, got: `${onNode.name}, on its nodes' network`, allowed: 'pods with a network of their own: NetworkPolicies see no others',
      fix: onNode === source
        ? `Let the nodes' addresses reach ${target.name}: ${target.name}.allowFrom(NetworkPeer.cidr('…')).`
        : `Let ${source.name} reach the nodes' addresses: ${source.name}.allowTo(NetworkPeer.cidr('…'), …). Who reaches ${target.name} is up to the nodes' firewall.`,
    });
  }
}

/** Whom a rule names for them. */
export function peersOf(props: ConnectionsProps, at: Construct): NetworkPolicyPeer[] {
  return props.pods
    ? [peerOfPods(props.pods.namespaceName, props.pods.podLabels)]
    : addressBlocks(props.cidrs ?? [], props.exceptCidrs ?? [], at).map((ipBlock) => ({ ipBlock }));
}

function written(rules: Map<string, Rule>, key: 'from' | 'to'): unknown[] | undefined {
  return rules.size === 0 ? undefined : [...rules.values()].map((rule) => ({ [key]: rule.peers, ports: rule.ports }));
}
