import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { BastionHost } from './bastion-host';
import { IPrivateNetwork } from './private-network-attributes';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { NodeKind } from '../../core/node-kind';
import { Port } from '../../core/port';
import { PortMatrix, PortMatrixProps, PortRule, PortSource } from '../../core/port-matrix';
import { requireTerraform } from '../../core/tree-outputs';

/** The security groups of a cluster whose control plane you run. */
export interface ClusterSecurityGroupsProps {
  /** Where the nodes stand. */
  readonly network: IPrivateNetwork;
  /**
   * The cluster.
   * @default - the profile of the app, by ClusterProfile.of
   */
  readonly cluster?: ClusterProfile;
  /**
   * Choices that open or close ports.
   * @default - the defaults of PortMatrix
   */
  readonly ports?: PortMatrixProps;
  /**
   * The bastion. It may stand in another stack.
   * @default - none: nothing is open to a bastion
   */
  readonly bastion?: BastionHost;
  /**
   * Ports of the internet that nodes may reach, where the network has NAT.
   * @default - none: nodes reach each other, AWS's endpoints and Amazon S3
   */
  readonly internetPorts?: Port[];
  /**
   * Tags of every resource.
   * @default - only names
   */
  readonly tags?: Record<string, string>;
}

interface Peer {
  readonly referencedSecurityGroupId?: string;
  readonly cidrIpv4?: string;
  readonly prefixListId?: string;
}

interface Protocol {
  readonly ipProtocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
}

const HTTPS = Port.tcp(443);
const NODES = [PortSource.CONTROL_PLANE, PortSource.ETCD, PortSource.WORKER];

/**
 * One security group for each kind of machine and one for the API server's load balancer, with exactly the rules of the cluster's port
 * matrix: each connection allowed on both ends, by group and never by address. What the matrix doesn't name is closed, etcd to all but
 * the control plane.
 *
 * @throws if the provider runs the control plane
 */
export class ClusterSecurityGroups extends Construct {
  /** Group of the control-plane nodes. */
  public readonly controlPlaneSecurityGroupId: string;
  /** Group of the workers. */
  public readonly workerSecurityGroupId: string;
  /** Group of the etcd nodes; undefined where etcd is stacked on the control plane. */
  public readonly etcdSecurityGroupId?: string;
  /** Group for the API server's internal load balancer. */
  public readonly loadBalancerSecurityGroupId: string;
  private readonly groups: Partial<Record<PortSource, string>>;
  private readonly tags: Record<string, string>;
  private readonly made = new Set<string>();

  constructor(scope: Construct, id: string, props: ClusterSecurityGroupsProps) {
    super(scope, id);
    requireTerraform(this, 'these security groups');
    const cluster = props.cluster ?? ClusterProfile.of(this);
    if (cluster.hasManagedControlPlane) {
      throw invalid({
        at: this, property: 'cluster', got: cluster.distribution, allowed: 'a distribution whose control plane you run', fix: 'Use the security group that the provider makes for the cluster.',
      });
    }
    const name = checkDnsLabel(cluster.name, 'cluster.name', this);
    const vpcId = props.network.vpcId;
    this.tags = { ...props.tags };
    this.controlPlaneSecurityGroupId = this.group('control-plane', `${name}-control-plane`, 'Control-plane nodes', vpcId);
    this.workerSecurityGroupId = this.group('worker', `${name}-worker`, 'Nodes that run workloads', vpcId);
    this.loadBalancerSecurityGroupId = this.group('load-balancer', `${name}-api`, 'Load balancer of the API server', vpcId);
    this.etcdSecurityGroupId = props.ports?.externalEtcd ? this.group('etcd', `${name}-etcd`, 'etcd nodes', vpcId) : undefined;
    this.groups = {
      [PortSource.CONTROL_PLANE]: this.controlPlaneSecurityGroupId,
      [PortSource.WORKER]: this.workerSecurityGroupId,
      [PortSource.LOAD_BALANCER]: this.loadBalancerSecurityGroupId,
      [PortSource.ETCD]: this.etcdSecurityGroupId,
      [PortSource.BASTION]: props.bastion?.securityGroupId,
    };
    const rules = new PortMatrix(cluster, props.ports).rules;
    rules.forEach((rule) => this.connect(rule.source, groupOf(rule.to), rule.port, rule.purpose));
    this.openLoadBalancer(rules, cluster);
    if (cluster.cni.podsShareNodeNetwork) {
      this.openPodNetwork();
    }
    NODES.filter((source) => this.groups[source]).forEach((source) => this.openWaysOut(source, props));
  }

  /** Whoever may reach a port that the load balancer passes on may do so through it, for the API server on the ports of its endpoints. */
  private openLoadBalancer(rules: PortRule[], cluster: ClusterProfile): void {
    for (const passed of rules.filter((rule) => rule.source === PortSource.LOAD_BALANCER)) {
      const listening = passed.port.first === cluster.apiServerPort ? endpointPorts(cluster) : [passed.port];
      const samePort = rules.filter((rule) => rule.to === passed.to && idOf(rule.port) === idOf(passed.port));
      samePort.filter(({ source }) => source !== PortSource.LOAD_BALANCER).forEach(({ source, purpose }) =>
        listening.forEach((port) => this.connect(source, PortSource.LOAD_BALANCER, port, `${purpose} through the load balancer`)));
    }
  }

  /** Where pods have addresses of the VPC, any node may open any port of a pod on another: NetworkPolicies tell pods apart, not these groups. */
  private openPodNetwork(): void {
    const nodes = [PortSource.CONTROL_PLANE, PortSource.WORKER];
    for (const source of nodes) {
      for (const target of nodes) {
        this.pair(source, target, 'pods', { ipProtocol: '-1' }, 'pods with addresses of the VPC');
      }
    }
  }

  private openWaysOut(source: PortSource, props: ClusterSecurityGroupsProps): void {
    const { network } = props;
    const endpoints = network.endpointSecurityGroupId ? { referencedSecurityGroupId: network.endpointSecurityGroupId } : { cidrIpv4: network.cidr };
    this.egress(source, 'endpoints', protocolOf(HTTPS), 'AWS APIs through VPC endpoints', endpoints);
    if (network.s3PrefixListId) {
      this.egress(source, 's3', protocolOf(HTTPS), 'Amazon S3: image layers and packages', { prefixListId: network.s3PrefixListId });
    }
    if (source !== PortSource.ETCD) {
      (props.internetPorts ?? []).forEach((port) =>
        this.egress(source, `internet-${idOf(port)}`, protocolOf(port), 'Internet through NAT', { cidrIpv4: '0.0.0.0/0' }));
    }
  }

  private connect(source: PortSource, target: PortSource, port: Port, purpose: string): void {
    this.pair(source, target, idOf(port), protocolOf(port), purpose);
  }

  /** Both ends of a connection, or none where one end doesn't exist. */
  private pair(source: PortSource, target: PortSource, what: string, protocol: Protocol, purpose: string): void {
    const from = this.groups[source];
    const to = this.groups[target];
    const id = `${target}-from-${source}-${what}`;
    if (!from || !to || this.made.has(id)) {
      return;
    }
    this.made.add(id);
    new VpcSecurityGroupIngressRule(this, id, {
      securityGroupId: to, description: `${purpose}, from ${source}`, referencedSecurityGroupId: from, ...protocol, tags: this.tags,
    });
    this.egress(source, `${target}-${what}`, protocol, `${purpose}, to ${target}`, { referencedSecurityGroupId: to });
  }

  private egress(source: PortSource, id: string, protocol: Protocol, description: string, target: Peer): void {
    new VpcSecurityGroupEgressRule(this, `${source}-to-${id}`, { securityGroupId: this.groups[source]!, description, ...target, ...protocol, tags: this.tags });
  }

  private group(id: string, name: string, description: string, vpcId: string): string {
    return new SecurityGroup(this, id, {
      namePrefix: `${name}-`, description, vpcId, tags: { ...this.tags, Name: name }, lifecycle: { createBeforeDestroy: true },
    }).id;
  }
}

function groupOf(kind: NodeKind): PortSource {
  switch (kind) {
    case NodeKind.CONTROL_PLANE: return PortSource.CONTROL_PLANE;
    case NodeKind.ETCD: return PortSource.ETCD;
    case NodeKind.WORKER: return PortSource.WORKER;
    case NodeKind.BASTION: return PortSource.BASTION;
  }
}

function endpointPorts(cluster: ClusterProfile): Port[] {
  const ports = cluster.apiEndpoints.map((endpoint) => Port.tcp(Number(new URL(endpoint).port || 443)));
  return ports.length > 0 ? ports : [Port.tcp(cluster.apiServerPort)];
}

function protocolOf(port: Port): Protocol {
  return { ipProtocol: port.protocol.toLowerCase(), fromPort: port.first, toPort: port.last };
}

function idOf(port: Port): string {
  return `${port.protocol.toLowerCase()}-${port.first}${port.last === port.first ? '' : `-${port.last}`}`;
}
