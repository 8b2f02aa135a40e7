import { NetworkAcl, NetworkAclIngress } from '@cdktf/provider-aws/lib/network-acl';
import { Construct } from 'constructs';
import { Port } from '../../core/port';

const ANYWHERE = '0.0.0.0/0';

/** The ports that Linux opens connections from (ip_local_port_range): answers come back to them. */
const HOST_EPHEMERAL = Port.tcpRange(32768, 65535);
/** The ports that NAT gateways and other systems open connections from. */
const ANY_EPHEMERAL = Port.tcpRange(1024, 65535);

/** What a network ACL belongs to. */
export interface NetworkAclProps {
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** Ranges that may talk with the subnets: the VPC and networks connected with it. */
  readonly inside: string[];
  /** Ports of the internet that may be reached. */
  readonly internetPorts: Port[];
  readonly tags: Record<string, string>;
}

/**
 * A network ACL that holds all its rules, so that a rule added by hand is removed at the next apply. It is stateless:
 * answers need rules of their own.
 */
export class SubnetAcl extends Construct {
  /** For subnets that only the inside may open connections to. Answers from outside come back to the hosts' own ports. */
  public static ofPrivate(scope: Construct, id: string, props: NetworkAclProps): SubnetAcl {
    const acl = new SubnetAcl(scope, id, props);
    acl.add(allow(HOST_EPHEMERAL, ANYWHERE), props.internetPorts.map((port) => allow(port, ANYWHERE)));
    return acl;
  }

  /** For subnets that hold NAT gateways: what the inside opens goes out, answers come back. */
  public static ofPublic(scope: Construct, id: string, props: NetworkAclProps): SubnetAcl {
    const acl = new SubnetAcl(scope, id, props);
    acl.add(allow(ANY_EPHEMERAL, ANYWHERE), props.internetPorts.map((port) => allow(port, ANYWHERE)));
    return acl;
  }

  private readonly acl: NetworkAcl;
  private readonly ingress: NetworkAclIngress[] = [];
  private readonly egress: NetworkAclIngress[] = [];

  private constructor(scope: Construct, id: string, props: NetworkAclProps) {
    super(scope, id);
    this.acl = new NetworkAcl(this, 'Resource', { vpcId: props.vpcId, subnetIds: props.subnetIds, tags: props.tags });
    for (const cidr of props.inside) {
      this.append(this.ingress, everything(cidr));
      this.append(this.egress, everything(cidr));
    }
  }

  /** Lets a range outside open connections to one port, and the answers go back. */
  public allowFrom(cidr: string, port: Port): void {
    this.append(this.ingress, allow(port, cidr));
    this.append(this.egress, allow(ANY_EPHEMERAL, cidr));
    this.write();
  }

  private add(ingress: Rule, egress: Rule[]): void {
    this.append(this.ingress, ingress);
    egress.forEach((rule) => this.append(this.egress, rule));
    this.write();
  }

  private append(rules: NetworkAclIngress[], rule: Rule): void {
    rules.push({ ruleNo: 100 + 10 * rules.length, action: 'allow', ...rule });
  }

  private write(): void {
    this.acl.putIngress([...this.ingress]);
    this.acl.putEgress([...this.egress]);
  }
}

interface Rule {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlock?: string;
  readonly ipv6CidrBlock?: string;
}

function everything(cidr: string): Rule {
  return { protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: cidr };
}

function allow(port: Port, cidr: string): Rule {
  const range = cidr.includes(':') ? { ipv6CidrBlock: cidr } : { cidrBlock: cidr };
  return { protocol: port.protocol.toLowerCase(), fromPort: port.first, toPort: port.last, ...range };
}
