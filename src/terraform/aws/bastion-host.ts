import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { Ec2InstanceConnectEndpoint } from '@cdktf/provider-aws/lib/ec2-instance-connect-endpoint';
import { KeyPair } from '@cdktf/provider-aws/lib/key-pair';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { Cidr } from '../../core/cidr';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { NodeKind } from '../../core/node-kind';
import { Port } from '../../core/port';
import { requireTerraform } from '../../core/tree-outputs';
import { renderCloudInit } from '../../nodes/cloud-init-renderer';
import { encodeUserData } from '../user-data';
import { Account } from './account';
import { BastionAccess, BastionAccessMethod } from './bastion-access';
import { BastionHostProps } from './bastion-host-props';
import { BastionImage } from './bastion-image';
import { BastionRole } from './bastion-role';
import { EncryptionKey } from './encryption-key';
import { checkArn } from './literal';
import { PrivateNetwork } from './private-network';
import { IPrivateNetwork } from './private-network-attributes';

const SSH = Port.tcp(22);
const HTTPS = Port.tcp(443);
/** A week, in seconds. */
const LIFETIME = 604800;

/**
 * A host that administrators reach the cluster through, without public address, open port or long-lived key: Session Manager by default.
 *
 * One instance in an autoscaling group, replaced every week and whenever its description changes. IMDSv2 with one hop, an encrypted disk,
 * a role that can do nothing but keep the session channel, and no way out but to AWS's APIs; `allowTo` opens more.
 * The account needs the service-linked role AWSServiceRoleForAutoScaling, which its first autoscaling group makes.
 *
 * @throws below a plain `App`, which would lose it; if public SSH is asked for in a network without public subnets, the role is made for
 * another operating system than the image, or user data holds a secret
 */
export class BastionHost extends Construct {
  /** The security group: let it in where the bastion has to reach something. */
  public readonly securityGroupId: string;
  /** The host's role. */
  public readonly roleArn: string;
  /** Name of the host's role, to attach policies to. */
  public readonly roleName: string;
  /** Name of the autoscaling group. */
  public readonly autoScalingGroupName: string;
  /** A shell command that opens a session. */
  public readonly connectCommand: string;
  private readonly name: string;
  private readonly access: BastionAccess;
  private readonly tags: Record<string, string>;

  constructor(scope: Construct, id: string, props: BastionHostProps) {
    super(scope, id);
    requireTerraform(this, 'this bastion');
    const network = props.network;
    this.name = checkDnsLabel(props.hostName ?? `${ClusterProfile.of(this).name}-bastion`, 'hostName', this);
    this.access = props.access ?? BastionAccess.ssm();
    this.tags = { ...props.tags, ...this.access._tags, Name: this.name };
    const isPublic = this.access.method === BastionAccessMethod.PUBLIC_SSH;
    if (isPublic && network.publicSubnetIds.length === 0) {
      throw invalid({
        at: this,
        property: 'access',
        got: this.access.method,
        allowed: 'BastionAccess.ssm() or .instanceConnectEndpoint() in a network without public subnets',
        fix: 'Use BastionAccess.ssm(): it needs no public subnet.',
      });
    }
    const account = new Account(this, 'account');
    const role = new BastionRole(this, 'role', {
      account,
      name: this.name,
      region: network.region,
      permissionsBoundaryArn: props.permissionsBoundaryArn && checkArn(props.permissionsBoundaryArn, 'iam', 'permissionsBoundaryArn', this),
      tags: this.tags,
    });
    this.roleArn = role.arn;
    this.roleName = role.roleName;
    this.securityGroupId = this.securityGroup('security-group', this.name, 'Bastion', network);
    this.openWayIn(network);
    this.openWaysOut(network);

    const template = this.launchTemplate(props, role, isPublic, props.kmsKeyArn ? checkArn(props.kmsKeyArn, 'kms', 'kmsKeyArn', this) : this.key(account));
    this.autoScalingGroupName = this.group(template, isPublic ? network.publicSubnetIds : network.privateSubnetIds).name;
    this.connectCommand = this.command(network.region);
  }

  /**
   * Lets the bastion open connections to a security group's hosts. That group has to let the bastion in by a rule of its own.
   * @param ruleId name of the rule, unique in this bastion
   * @param securityGroupId the group of the hosts
   * @param port the port
   * @param description what for, in a few words
   */
  public allowTo(ruleId: string, securityGroupId: string, port: Port, description: string): void {
    this.egressRule(`to-${ruleId}`, port, description, { referencedSecurityGroupId: securityGroupId });
  }

  private openWayIn(network: IPrivateNetwork): void {
    switch (this.access.method) {
      case BastionAccessMethod.SSM:
        return;
      case BastionAccessMethod.INSTANCE_CONNECT_ENDPOINT: {
        const endpointGroup = this.securityGroup('connect-security-group', `${this.name}-connect`, 'EC2 Instance Connect Endpoint of the bastion', network);
        this.rule('ssh-from-endpoint', 'SSH from the EC2 Instance Connect Endpoint', { referencedSecurityGroupId: endpointGroup });
        new VpcSecurityGroupEgressRule(this, 'endpoint-to-ssh', {
          securityGroupId: endpointGroup, description: 'SSH to the bastion', referencedSecurityGroupId: this.securityGroupId, ...portOf(SSH), tags: this.tags,
        });
        new Ec2InstanceConnectEndpoint(this, 'connect-endpoint', {
          subnetId: network.privateSubnetIds[0], securityGroupIds: [endpointGroup], preserveClientIp: false, tags: this.tags,
        });
        return;
      }
      case BastionAccessMethod.PUBLIC_SSH:
        for (const cidr of this.access.allowedCidrs) {
          this.rule(`ssh-from-${cidr.replace(/[^0-9a-f]/g, '-')}`, 'SSH from an allowed range', cidr.includes(':') ? { cidrIpv6: cidr } : { cidrIpv4: cidr });
          if (network instanceof PrivateNetwork) {
            network._allowFromInternet(Cidr.of(cidr), SSH);
          }
        }
    }
  }

  private openWaysOut(network: IPrivateNetwork): void {
    const endpoints = network.endpointSecurityGroupId ? { referencedSecurityGroupId: network.endpointSecurityGroupId } : { cidrIpv4: network.cidr };
    this.egressRule('to-endpoints', HTTPS, 'AWS APIs through VPC endpoints', endpoints);
    if (network.s3PrefixListId) {
      this.egressRule('to-s3', HTTPS, 'Amazon S3: packages and session logs', { prefixListId: network.s3PrefixListId });
    }
  }

  private securityGroup(id: string, name: string, description: string, network: IPrivateNetwork): string {
    return new SecurityGroup(this, id, {
      namePrefix: `${name}-`, description, vpcId: network.vpcId, tags: { ...this.tags, Name: name }, lifecycle: { createBeforeDestroy: true },
    }).id;
  }

  private rule(id: string, description: string, source: Peer): void {
    new VpcSecurityGroupIngressRule(this, id, { securityGroupId: this.securityGroupId, description, ...source, ...portOf(SSH), tags: this.tags });
  }

  private egressRule(id: string, port: Port, description: string, target: Peer): void {
    new VpcSecurityGroupEgressRule(this, id, { securityGroupId: this.securityGroupId, description, ...target, ...portOf(port), tags: this.tags });
  }

  /** EC2 Auto Scaling starts the host, so its service-linked role must be able to open the disk. */
  private key(account: Account): string {
    const autoScaling = { AWS: account.arn('iam', '', 'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling') };
    return new EncryptionKey(this, 'key', {
      account,
      alias: this.name,
      description: `Disk of ${this.name}`,
      use: [
        {
          Sid: 'AutoScalingUses',
          Effect: 'Allow',
          Principal: autoScaling,
          Resource: '*',
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        },
        {
          Sid: 'AutoScalingGrants',
          Effect: 'Allow',
          Principal: autoScaling,
          Action: 'kms:CreateGrant',
          Resource: '*',
          Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
        },
      ],
      tags: this.tags,
    }).arn;
  }

  private launchTemplate(props: BastionHostProps, role: BastionRole, isPublic: boolean, kmsKeyArn: string): LaunchTemplate {
    const image = this.checkImage(props.image ?? BastionImage.amazonLinux2023(), props);
    return new LaunchTemplate(this, 'launch-template', {
      namePrefix: `${this.name}-`,
      description: 'Bastion',
      updateDefaultVersion: true,
      imageId: image.imageId,
      instanceType: props.instanceType ?? 't4g.micro',
      keyName: this.keyPair(),
      ebsOptimized: 'true',
      instanceInitiatedShutdownBehavior: 'terminate',
      userData: this.userData(props),
      iamInstanceProfile: { arn: role.instanceProfileArn },
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1, httpProtocolIpv6: 'disabled', instanceMetadataTags: 'disabled' },
      monitoring: { enabled: true },
      networkInterfaces: [{
        deviceIndex: 0, associatePublicIpAddress: String(isPublic), deleteOnTermination: 'true', securityGroups: [this.securityGroupId],
      }],
      blockDeviceMappings: [{
        deviceName: image.rootDeviceName,
        ebs: { encrypted: 'true', kmsKeyId: kmsKeyArn, volumeType: 'gp3', volumeSize: this.checkSize(props.rootVolumeGib ?? 16), deleteOnTermination: 'true' },
      }],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags: this.tags })),
      tags: this.tags,
    });
  }

  /** What a role writes is for one system: on another, sshd might not start, or programs have other names. */
  private checkImage(image: BastionImage, { role }: BastionHostProps): BastionImage {
    const { _operatingSystem: system } = image;
    if (role && system !== undefined) {
      throw invalid({
        at: this,
        property: 'image',
        got: system,
        allowed: `an image of ${role.operatingSystem} where the role's files are for it`,
        fix: `Give BastionImage.pinned({ amiId, rootDeviceName }) of ${role.operatingSystem} with the SSM agent, or userData in place of the role.`,
      });
    }
    return image;
  }

  /** A role is rendered when the stack is: others may still add to it. */
  private userData(props: BastionHostProps): string | undefined {
    const { role, userData } = props;
    if (role && (role.kind !== NodeKind.BASTION || userData !== undefined)) {
      throw invalid({
        at: this,
        property: 'role',
        got: `a role of kind ${role.kind}${userData === undefined ? '' : ', and userData'}`,
        allowed: 'a role of kind bastion, without userData beside it',
        fix: 'Put what userData does into the role: addFile, addPackage, addCommand.',
      });
    }
    if (role) {
      return Lazy.stringValue({ produce: () => encodeUserData(renderCloudInit(role), 'role', this) });
    }
    return userData === undefined ? undefined : encodeUserData(userData, 'userData', this);
  }

  private keyPair(): string | undefined {
    const publicKey = this.access._publicKey;
    return publicKey && new KeyPair(this, 'administrator', { keyNamePrefix: `${this.name}-`, publicKey, tags: this.tags }).keyName;
  }

  private group(template: LaunchTemplate, subnetIds: string[]): AutoscalingGroup {
    return new AutoscalingGroup(this, 'Resource', {
      namePrefix: `${this.name}-`,
      minSize: 1,
      maxSize: 1,
      desiredCapacity: 1,
      maxInstanceLifetime: LIFETIME,
      healthCheckType: 'EC2',
      vpcZoneIdentifier: subnetIds,
      launchTemplate: { id: template.id, version: template.getStringAttribute('latest_version') },
      instanceRefresh: { strategy: 'Rolling', preferences: { minHealthyPercentage: 0 } },
      tag: Object.entries(this.tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    });
  }

  private command(region: string): string {
    const instance = `$(aws autoscaling describe-auto-scaling-groups --region ${region} --auto-scaling-group-names ${this.autoScalingGroupName}`
      + ' --query \'AutoScalingGroups[0].Instances[0].InstanceId\' --output text)';
    switch (this.access.method) {
      case BastionAccessMethod.SSM:
        return `aws ssm start-session --region ${region} --target "${instance}"`;
      case BastionAccessMethod.INSTANCE_CONNECT_ENDPOINT:
        return `aws ec2-instance-connect ssh --region ${region} --connection-type eice --instance-id "${instance}"`;
      case BastionAccessMethod.PUBLIC_SSH:
        return `aws ec2-instance-connect ssh --region ${region} --connection-type direct --instance-id "${instance}"`;
    }
  }

  private checkSize(gib: number): number {
    if (!Number.isInteger(gib) || gib < 8 || gib > 1024) {
      throw invalid({ at: this, property: 'rootVolumeGib', got: gib, allowed: 'a whole number from 8 to 1024', fix: 'Give the size in GiB.' });
    }
    return gib;
  }
}

interface Peer {
  readonly referencedSecurityGroupId?: string;
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly prefixListId?: string;
}

function portOf(port: Port): { ipProtocol: string; fromPort: number; toPort: number } {
  return { ipProtocol: port.protocol.toLowerCase(), fromPort: port.first, toPort: port.last };
}
