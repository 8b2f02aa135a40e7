import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { Account } from './account';
import { policyDocument, PolicyStatement } from './policy-document';
import { invalid } from '../../core/errors';

/** What nodes of a self-managed cluster and Session Manager need. */
export const DEFAULT_ENDPOINTS = [
  'autoscaling', 'ec2', 'ec2messages', 'ecr.api', 'ecr.dkr', 'elasticloadbalancing', 'kms', 'logs', 'ssm', 'ssmmessages', 'sts',
];

/** Services whose endpoints take no policy. */
const WITHOUT_POLICY = ['eks-auth'];

export interface VpcEndpointsProps {
  readonly account: Account;
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly subnetIds: string[];
  readonly routeTableIds: string[];
  readonly services: string[];
  readonly tags: Record<string, string>;
}

/**
 * The VPC's private ways to AWS: Amazon S3 through its gateway, the other services through interfaces that the VPC alone reaches.
 * Policies let pass only what the account's own principals do, so that stolen credentials of another account carry nothing out.
 */
export class VpcEndpoints extends Construct {
  public readonly securityGroupId: string;
  public readonly s3PrefixListId: string;

  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    checkServices(props.services, this);
    const s3 = new VpcEndpoint(this, 's3', {
      vpcId: props.vpcId,
      serviceName: serviceName('s3', props),
      vpcEndpointType: 'Gateway',
      routeTableIds: props.routeTableIds,
      policy: policyDocument(s3Statements(props)),
      tags: { ...props.tags, Name: `${props.name}-s3` },
    });
    this.s3PrefixListId = s3.prefixListId;
    this.securityGroupId = this.securityGroup(props);
    for (const service of props.services) {
      new VpcEndpoint(this, service, {
        vpcId: props.vpcId,
        serviceName: serviceName(service, props),
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: props.subnetIds,
        securityGroupIds: [this.securityGroupId],
        policy: WITHOUT_POLICY.includes(service) ? undefined : policyDocument(statements(service, props)),
        tags: { ...props.tags, Name: `${props.name}-${service}` },
      });
    }
  }

  private securityGroup(props: VpcEndpointsProps): string {
    const group = new SecurityGroup(this, 'security-group', {
      namePrefix: `${props.name}-endpoints-`,
      description: 'VPC endpoints: HTTPS from the VPC',
      vpcId: props.vpcId,
      tags: { ...props.tags, Name: `${props.name}-endpoints` },
      lifecycle: { createBeforeDestroy: true },
    });
    new VpcSecurityGroupIngressRule(this, 'https-from-vpc', {
      securityGroupId: group.id, description: 'HTTPS from the VPC', cidrIpv4: props.cidr, ipProtocol: 'tcp', fromPort: 443, toPort: 443, tags: props.tags,
    });
    return group.id;
  }
}

function serviceName(service: string, props: VpcEndpointsProps): string {
  return `com.amazonaws.${props.region}.${service}`;
}

function checkServices(services: string[], at: Construct): void {
  services.forEach((service, i) => {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(service) || service === 's3' || services.indexOf(service) !== i) {
      throw invalid({
        at,
        property: `endpoints[${i}]`,
        got: service,
        allowed: 'the short name of an AWS service such as ecr.api, each once, without s3',
        fix: 'Give what follows com.amazonaws.<region>. in the endpoint\'s name; Amazon S3 always has its gateway.',
      });
    }
  });
}

function ownPrincipals(props: VpcEndpointsProps): PolicyStatement {
  return {
    Sid: 'OwnPrincipals',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalAccount': props.account.accountId } },
  };
}

function statements(service: string, props: VpcEndpointsProps): PolicyStatement[] {
  // A pod that trades its service account's token for a role has no principal yet.
  const webIdentity: PolicyStatement = {
    Sid: 'OwnRolesByWebIdentity',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Resource: props.account.arn('iam', '', 'role/*'),
  };
  return [ownPrincipals(props), ...(service === 'sts' ? [webIdentity] : [])];
}

/** Own principals reach own buckets; besides them only AWS's buckets of image layers, packages and patches are read. */
function s3Statements(props: VpcEndpointsProps): PolicyStatement[] {
  const region = props.region;
  const buckets = [
    `prod-${region}-starport-layer-bucket`, `al2023-repos-${region}-de612dc2`, `aws-ssm-${region}`, `amazon-ssm-${region}`,
    `amazon-ssm-packages-${region}`, `patch-baseline-snapshot-${region}`,
  ];
  return [
    {
      Sid: 'OwnBuckets',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': props.account.accountId, 'aws:ResourceAccount': props.account.accountId } },
    },
    {
      Sid: 'AwsBuckets',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 's3:GetObject',
      Resource: buckets.map((bucket) => `arn:${props.account.partition}:s3:::${bucket}/*`),
    },
  ];
}
