import { DefaultNetworkAcl } from '@cdktf/provider-aws/lib/default-network-acl';
import { DefaultRouteTable } from '@cdktf/provider-aws/lib/default-route-table';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Construct } from 'constructs';
import { Account } from './account';
import { FlowLogs } from './flow-logs';
import { importedNetwork } from './imported-network';
import { checkArn, requireLiteral } from './literal';
import { SubnetAcl } from './network-acls';
import { NetworkEgress } from './network-egress';
import { checkNetworkFits } from './network-fit';
import { layOut, NetworkLayout, ZoneLayout } from './network-layout';
import { IPrivateNetwork, PrivateNetworkAttributes } from './private-network-attributes';
import { DEFAULT_ENDPOINTS, VpcEndpoints } from './vpc-endpoints';
import { checkChoice } from '../../core/choice';
import { Cidr, IpFamily } from '../../core/cidr';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { Port } from '../../core/port';
import { requireTerraform } from '../../core/tree-outputs';

/** A private network for a cluster on AWS. */
export interface PrivateNetworkProps {
  /**
   * Prefix of every name, a DNS label.
   * @default - the name of the cluster profile
   */
  readonly networkName?: string;
  /**
   * Address range of the VPC, IPv4, /16 to /21. Literal: subnets are computed from it. It lies apart from the pod and service ranges of the
   * cluster profile, and where that states node ranges, some of them lie in it.
   */
  readonly cidr: string;
  /** Two or more availability zones of one region, for instance `eu-central-1a`. Literal; three are best for etcd. */
  readonly azs: string[];
  /**
   * How hosts in private subnets reach what lies outside.
   * @default NetworkEgress.ENDPOINTS
   */
  readonly egress?: NetworkEgress;
  /**
   * Ports of the internet that hosts may reach through NAT.
   * @default - TCP 443
   */
  readonly internetPorts?: Port[];
  /**
   * AWS services with an interface endpoint in the VPC, each as what follows `com.amazonaws.<region>.`; each costs money by the hour and zone.
   * Amazon S3 always has its gateway. Session Manager needs `ssm` and `ssmmessages`.
   * @default - autoscaling, ec2, ec2messages, ecr.api, ecr.dkr, elasticloadbalancing, kms, logs, ssm, ssmmessages, sts
   */
  readonly endpoints?: string[];
  /**
   * Ranges beyond the VPC that may talk with it, IPv4: networks connected by peering, a transit gateway or a VPN.
   * @default - none
   */
  readonly connectedCidrs?: string[];
  /**
   * How long flow logs are kept, in days, at least 365.
   * @default 365
   */
  readonly flowLogRetentionDays?: number;
  /**
   * KMS key for the flow logs; its policy must admit CloudWatch Logs with this log group as encryption context.
   * @default - a key of its own
   */
  readonly kmsKeyArn?: string;
  /**
   * Permissions boundary of the role that writes the flow logs.
   * @default - none
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Tags of every resource.
   * @default - only names
   */
  readonly tags?: Record<string, string>;
}

/** What CloudWatch Logs takes as retention, from a year on. */
const RETENTION_DAYS = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/**
 * A VPC that nothing outside can open a connection to: private subnets for nodes, isolated ones for the control plane, AWS's APIs through
 * endpoints, every connection logged, and the VPC's default security group, network ACL and route table emptied.
 *
 * Public subnets exist only with NAT, and hold nothing but NAT gateways. Place it below a TerraformStack that has an AWS provider.
 *
 * @throws below a plain `App`, which would lose it; if a range or zone is malformed, too few, or not literal, or the range contradicts the
 * cluster profile
 */
export class PrivateNetwork extends Construct implements IPrivateNetwork {
  /** A network that exists, by its ids. */
  public static fromAttributes(attributes: PrivateNetworkAttributes): IPrivateNetwork {
    return importedNetwork(attributes);
  }

  /** The VPC, for what isn't covered by props. */
  public readonly vpc: Vpc;
  public readonly vpcId: string;
  public readonly cidr: string;
  public readonly region: string;
  public readonly privateSubnetIds: string[];
  public readonly controlPlaneSubnetIds: string[];
  public readonly publicSubnetIds: string[];
  /** Security group of the interface endpoints. Not undefined here, unlike in networks that exist. */
  public readonly endpointSecurityGroupId?: string;
  /** Prefix list of Amazon S3's gateway endpoint. */
  public readonly s3PrefixListId?: string;
  /** Name of the log group that the flow logs go to. */
  public readonly flowLogGroupName: string;
  private readonly networkName: string;
  private readonly tags: Record<string, string>;
  private readonly layout: NetworkLayout;
  private readonly publicAcl?: SubnetAcl;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    requireTerraform(this, 'this network');
    const profile = ClusterProfile.of(this);
    this.networkName = checkDnsLabel(props.networkName ?? profile.name, 'networkName', this);
    this.layout = layOut(props.cidr, props.azs, this);
    checkNetworkFits(this.layout.cidr, profile, this);
    this.tags = { ...props.tags };
    this.cidr = this.layout.cidr.toString();
    this.region = this.layout.region;
    const retentionDays = this.checkRetention(props.flowLogRetentionDays ?? 365);
    const inside = [this.cidr, ...this.checkConnected(props.connectedCidrs ?? [])];
    const egress = checkChoice(props.egress ?? NetworkEgress.ENDPOINTS, NetworkEgress, 'NetworkEgress', 'egress', this);
    const account = new Account(this, 'account');

    this.vpc = new Vpc(this, 'Resource', { cidrBlock: this.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: this.named('vpc') });
    this.vpcId = this.vpc.id;
    this.emptyDefaults();
    const zones = this.layout.zones;
    const privateSubnets = zones.map((zone) => this.subnet('private', zone, zone.privateCidr, { 'kubernetes.io/role/internal-elb': '1' }));
    const controlPlaneSubnets = zones.map((zone) => this.subnet('control-plane', zone, zone.controlPlaneCidr));
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.controlPlaneSubnetIds = controlPlaneSubnets.map((subnet) => subnet.id);
    const privateTables = zones.map((zone, i) => this.routeTable(`private-${zone.az}`, [[zone.az, privateSubnets[i].id]]));
    const controlPlaneTable = this.routeTable('control-plane', zones.map((zone, i) => [zone.az, controlPlaneSubnets[i].id]));

    const https = [Port.tcp(443)];
    const internetPorts = egress === NetworkEgress.ENDPOINTS ? https : this.checkPorts(props.internetPorts ?? https);
    const acl = { vpcId: this.vpcId, inside };
    SubnetAcl.ofPrivate(this, 'private-acl', { ...acl, subnetIds: this.privateSubnetIds, internetPorts, tags: this.named('private') });
    SubnetAcl.ofPrivate(this, 'control-plane-acl', {
      ...acl, subnetIds: this.controlPlaneSubnetIds, internetPorts: https, tags: this.named('control-plane'),
    });
    this.publicSubnetIds = [];
    if (egress !== NetworkEgress.ENDPOINTS) {
      this.publicSubnetIds = this.nat(egress, privateTables);
      this.publicAcl = SubnetAcl.ofPublic(this, 'public-acl', { ...acl, subnetIds: this.publicSubnetIds, internetPorts, tags: this.named('public') });
    }

    const endpoints = new VpcEndpoints(this, 'endpoints', {
      account,
      name: this.networkName,
      region: this.region,
      vpcId: this.vpcId,
      cidr: this.cidr,
      subnetIds: this.privateSubnetIds,
      routeTableIds: [...privateTables, controlPlaneTable].map((table) => table.id),
      services: props.endpoints ?? DEFAULT_ENDPOINTS,
      tags: this.tags,
    });
    this.endpointSecurityGroupId = endpoints.securityGroupId;
    this.s3PrefixListId = endpoints.s3PrefixListId;
    this.flowLogGroupName = new FlowLogs(this, 'flow-logs', {
      account,
      name: this.networkName,
      region: this.region,
      vpcId: this.vpcId,
      retentionDays,
      kmsKeyArn: props.kmsKeyArn && checkArn(props.kmsKeyArn, 'kms', 'kmsKeyArn', this),
      permissionsBoundaryArn: props.permissionsBoundaryArn && checkArn(props.permissionsBoundaryArn, 'iam', 'permissionsBoundaryArn', this),
      tags: this.tags,
    }).logGroupName;
  }

  /**
   * Lets a range of the internet reach a port in the public subnets: for a bastion with a public address.
   * @internal
   */
  public _allowFromInternet(cidr: Cidr, port: Port): void {
    this.publicAcl?.allowFrom(cidr.toString(), port);
  }

  private named(part: string): Record<string, string> {
    return { ...this.tags, Name: `${this.networkName}-${part}` };
  }

  /** What AWS makes with every VPC stays, owned and without a single rule: whoever forgets to choose gets nothing (CIS-AWS 5.4). */
  private emptyDefaults(): void {
    new DefaultSecurityGroup(this, 'default-security-group', { vpcId: this.vpcId, tags: this.named('default-unused') });
    new DefaultNetworkAcl(this, 'default-network-acl', {
      defaultNetworkAclId: this.vpc.defaultNetworkAclId,
      tags: this.named('default-unused'),
      // A subnet that leaves its own ACL falls back to this one: that is no reason to change it.
      lifecycle: { ignoreChanges: ['subnet_ids'] },
    });
    new DefaultRouteTable(this, 'default-route-table', { defaultRouteTableId: this.vpc.defaultRouteTableId, route: [], tags: this.named('default-unused') });
  }

  private subnet(kind: string, zone: ZoneLayout, cidr: Cidr, tags: Record<string, string> = {}): Subnet {
    return new Subnet(this, `${kind}-subnet-${zone.az}`, {
      vpcId: this.vpcId,
      availabilityZone: zone.az,
      cidrBlock: cidr.toString(),
      mapPublicIpOnLaunch: false,
      tags: { ...this.named(`${kind}-${zone.az}`), ...tags },
    });
  }

  private routeTable(name: string, subnets: string[][]): RouteTable {
    const table = new RouteTable(this, `${name}-routes`, { vpcId: this.vpcId, tags: this.named(name) });
    for (const [az, subnetId] of subnets) {
      new RouteTableAssociation(this, `${name}-routes-in-${az}`, { subnetId, routeTableId: table.id });
    }
    return table;
  }

  private nat(egress: NetworkEgress, privateTables: RouteTable[]): string[] {
    const gateway = new InternetGateway(this, 'internet-gateway', { vpcId: this.vpcId, tags: this.named('internet') });
    const zones = this.layout.zones;
    const subnets = zones.map((zone) => this.subnet('public', zone, zone.publicCidr));
    const table = this.routeTable('public', zones.map((zone, i) => [zone.az, subnets[i].id]));
    new Route(this, 'public-to-internet', { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id });
    const natZones = egress === NetworkEgress.NAT_PER_AZ ? zones : zones.slice(0, 1);
    const gateways = natZones.map((zone, i) => {
      const address = new Eip(this, `nat-address-${zone.az}`, { domain: 'vpc', tags: this.named(`nat-${zone.az}`), dependsOn: [gateway] });
      return new NatGateway(this, `nat-${zone.az}`, { subnetId: subnets[i].id, allocationId: address.id, tags: this.named(`nat-${zone.az}`), dependsOn: [gateway] });
    });
    zones.forEach((zone, i) => new Route(this, `private-${zone.az}-to-nat`, {
      routeTableId: privateTables[i].id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: (gateways[i] ?? gateways[0]).id,
    }));
    return subnets.map((subnet) => subnet.id);
  }

  private checkRetention(days: number): number {
    if (!RETENTION_DAYS.includes(days)) {
      throw invalid({
        at: this,
        property: 'flowLogRetentionDays',
        got: days,
        allowed: `one of ${RETENTION_DAYS.join(', ')}`,
        fix: 'Keep flow logs for a year at least: intrusions are often found months later.',
      });
    }
    return days;
  }

  private checkConnected(cidrs: string[]): string[] {
    requireLiteral(cidrs, 'connectedCidrs', 'IPv4 ranges', this);
    return cidrs.map((text, i) => {
      const cidr = Cidr._parse(text, `connectedCidrs[${i}]`, this);
      if (cidr.family !== IpFamily.IPV4 || cidr.prefixLength < 8 || cidr.overlaps(this.layout.cidr)) {
        throw invalid({
          at: this,
          property: `connectedCidrs[${i}]`,
          got: text,
          allowed: `an IPv4 range, at most a /8, that does not overlap the VPC's ${this.cidr}`,
          fix: 'Name the connected networks one by one.',
        });
      }
      return cidr.toString();
    });
  }

  private checkPorts(ports: Port[]): Port[] {
    if (ports.length === 0 || ports.length > 8) {
      throw invalid({
        at: this, property: 'internetPorts', got: ports.map(String), allowed: 'one to eight ports or port ranges', fix: 'Use NetworkEgress.ENDPOINTS for no way out at all.',
      });
    }
    return [...ports];
  }
}
