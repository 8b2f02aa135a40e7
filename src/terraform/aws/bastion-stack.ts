import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AwsStackProps } from './aws-stack-props';
import { BastionHost } from './bastion-host';
import { BastionHostProps } from './bastion-host-props';
import { addOutput, prepareStack } from './prepare-stack';

/** A bastion in a stack of its own. */
export interface BastionStackProps extends BastionHostProps, AwsStackProps {}

/**
 * A `BastionHost` with provider, state and outputs: `connect_command`, `security_group_id`, `role_arn`.
 * Place it below a `HardenedApp`, which writes it to `cdktf.out/`, or below cdktf's own App.
 *
 * Given the network of another stack, it reads that stack's state; given `PrivateNetwork.fromAttributes(…)`, it reads none.
 */
export class BastionStack extends TerraformStack {
  /** The bastion. */
  public readonly bastion: BastionHost;

  constructor(scope: Construct, id: string, props: BastionStackProps) {
    super(scope, id);
    prepareStack(this, props.network.region, props);
    this.bastion = new BastionHost(this, 'bastion', props);
    addOutput(this, 'connect_command', 'Shell command that opens a session', this.bastion.connectCommand);
    addOutput(this, 'security_group_id', 'Security group of the bastion', this.bastion.securityGroupId);
    addOutput(this, 'role_arn', 'Role of the bastion', this.bastion.roleArn);
  }
}
