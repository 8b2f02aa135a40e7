import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { Account } from './account';
import { policyDocument, serviceTrust } from './policy-document';

export interface BastionRoleProps {
  readonly account: Account;
  readonly name: string;
  readonly region: string;
  readonly permissionsBoundaryArn?: string;
  readonly tags: Record<string, string>;
}

/**
 * What the host itself may do: keep Session Manager's channel open. AWS's own policy AmazonSSMManagedInstanceCore would also
 * let it read every parameter of the account.
 */
export class BastionRole extends Construct {
  public readonly arn: string;
  public readonly roleName: string;
  public readonly instanceProfileArn: string;

  constructor(scope: Construct, id: string, props: BastionRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'Resource', {
      namePrefix: 'bastion-',
      description: `Bastion ${props.name}`,
      assumeRolePolicy: serviceTrust('ec2.amazonaws.com'),
      permissionsBoundary: props.permissionsBoundaryArn,
      tags: props.tags,
    });
    new IamRolePolicy(this, 'session-manager', {
      name: 'session-manager',
      role: role.id,
      policy: policyDocument([
        {
          Sid: 'Register', Effect: 'Allow', Action: 'ssm:UpdateInstanceInformation', Resource: props.account.arn('ec2', props.region, 'instance/*'),
        },
        {
          Sid: 'Channels',
          Effect: 'Allow',
          Action: ['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
          Resource: '*',
        },
      ]),
    });
    this.arn = role.arn;
    this.roleName = role.name;
    this.instanceProfileArn = new IamInstanceProfile(this, 'profile', { namePrefix: 'bastion-', role: role.name, tags: props.tags }).arn;
  }
}
