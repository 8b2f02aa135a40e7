import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AwsStackProps } from './aws-stack-props';
import { layOut } from './network-layout';
import { addOutput, prepareStack } from './prepare-stack';
import { PrivateNetwork, PrivateNetworkProps } from './private-network';

/** A private network in a stack of its own. */
export interface PrivateNetworkStackProps extends PrivateNetworkProps, AwsStackProps {}

/**
 * A `PrivateNetwork` with provider, state and outputs: `vpc_id`, `private_subnet_ids`, `control_plane_subnet_ids`.
 * Place it below a `HardenedApp`, which writes it to `cdktf.out/`, or below cdktf's own App.
 */
export class PrivateNetworkStack extends TerraformStack {
  /** The network. */
  public readonly network: PrivateNetwork;

  constructor(scope: Construct, id: string, props: PrivateNetworkStackProps) {
    super(scope, id);
    prepareStack(this, layOut(props.cidr, props.azs, this).region, props);
    this.network = new PrivateNetwork(this, 'network', props);
    addOutput(this, 'vpc_id', 'Id of the VPC', this.network.vpcId);
    addOutput(this, 'private_subnet_ids', 'Subnets for nodes that run workloads', this.network.privateSubnetIds);
    addOutput(this, 'control_plane_subnet_ids', 'Subnets for the control plane', this.network.controlPlaneSubnetIds);
  }
}
