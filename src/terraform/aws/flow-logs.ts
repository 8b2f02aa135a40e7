import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { Account } from './account';
import { EncryptionKey } from './encryption-key';
import { policyDocument, serviceTrust } from './policy-document';

export interface FlowLogsProps {
  readonly account: Account;
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly retentionDays: number;
  readonly kmsKeyArn?: string;
  readonly permissionsBoundaryArn?: string;
  readonly tags: Record<string, string>;
}

/** Every connection of the VPC, accepted or refused, in an encrypted log group within a minute (CIS-AWS 3.7). */
export class FlowLogs extends Construct {
  public readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    this.logGroupName = `/vpc/${props.name}/flow-logs`;
    const group = new CloudwatchLogGroup(this, 'log-group', {
      name: this.logGroupName, retentionInDays: props.retentionDays, kmsKeyId: props.kmsKeyArn ?? this.key(props).arn, tags: props.tags,
    });
    new FlowLog(this, 'Resource', {
      vpcId: props.vpcId,
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: this.role(props, group.arn).arn,
      tags: { ...props.tags, Name: `${props.name}-flow-logs` },
    });
  }

  private key(props: FlowLogsProps): EncryptionKey {
    return new EncryptionKey(this, 'key', {
      account: props.account,
      alias: `${props.name}-flow-logs`,
      description: `Flow logs of ${props.name}`,
      use: [{
        Sid: 'CloudWatchLogs',
        Effect: 'Allow',
        Principal: { Service: `logs.${props.region}.amazonaws.com` },
        Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        Resource: '*',
        Condition: {
          ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': props.account.arn('logs', props.region, `log-group:${this.logGroupName}`) },
        },
      }],
      tags: props.tags,
    });
  }

  private role(props: FlowLogsProps, logGroupArn: string): IamRole {
    const role = new IamRole(this, 'role', {
      namePrefix: 'vpc-flow-logs-',
      description: `Writes the flow logs of ${props.name}`,
      assumeRolePolicy: serviceTrust('vpc-flow-logs.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': props.account.accountId },
        ArnLike: { 'aws:SourceArn': props.account.arn('ec2', props.region, 'vpc-flow-log/*') },
      }),
      permissionsBoundary: props.permissionsBoundaryArn,
      tags: props.tags,
    });
    new IamRolePolicy(this, 'write', {
      name: 'write-flow-logs',
      role: role.id,
      policy: policyDocument([
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], Resource: `${logGroupArn}:*` },
        { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: props.account.arn('logs', props.region, 'log-group:*') },
      ]),
    });
    return role;
  }
}
