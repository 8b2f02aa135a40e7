import { App as Cdk8sApp } from 'cdk8s';
import { TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { AwsStackProps } from '../../../src/terraform/aws/aws-stack-props';
import { BastionHost } from '../../../src/terraform/aws/bastion-host';
import { BastionStack } from '../../../src/terraform/aws/bastion-stack';
import { ClusterSecurityGroups } from '../../../src/terraform/aws/cluster-security-groups';
import { PrivateNetwork } from '../../../src/terraform/aws/private-network';
import { PrivateNetworkStack } from '../../../src/terraform/aws/private-network-stack';
import { StateBackend } from '../../../src/terraform/state-backend';
import { Block, configurationOf } from '../configuration';

const STATE = StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1' });

function networkStack(props: Partial<AwsStackProps> = {}): PrivateNetworkStack {
  const app = Testing.app();
  new ClusterProfile({ name: 'prod' }).attachTo(app);
  return new PrivateNetworkStack(app, 'network', { state: STATE, cidr: '10.0.0.0/16', azs: ['eu-west-1a', 'eu-west-1b'], ...props });
}

function terraformOf(stack: TerraformStack): Block {
  return configurationOf(stack).terraform;
}

describe('the stacks', () => {
  test('the provider is named in full and pinned, so that OpenTofu and Terraform take the same one', () => {
    expect(terraformOf(networkStack()).required_providers).toEqual({ aws: { source: 'hashicorp/aws', version: '6.25.0' } });
  });

  test('the provider works in the region of the zones', () => {
    expect(configurationOf(networkStack()).provider).toEqual({ aws: [{ region: 'eu-west-1' }] });
  });

  test('with an account given, Terraform refuses any other', () => {
    const [provider] = configurationOf(networkStack({ accountId: '123456789012', defaultTags: { team: 'platform' } })).provider.aws;
    expect(provider).toEqual({ region: 'eu-west-1', allowed_account_ids: ['123456789012'], default_tags: [{ tags: { team: 'platform' } }] });
  });

  test('names come from the cluster profile', () => {
    expect(Object.values<Block>(configurationOf(networkStack()).resource.aws_vpc)[0].tags.Name).toBe('prod-vpc');
  });

  test('outputs have the names that people type', () => {
    const stack = networkStack();
    const bastion = new BastionStack(stack.node.root as Construct, 'bastion', { state: STATE, network: stack.network });
    expect(Object.keys(configurationOf(stack).output).sort()).toEqual(['control_plane_subnet_ids', 'private_subnet_ids', 'vpc_id']);
    expect(Object.keys(configurationOf(bastion).output).sort()).toEqual(['connect_command', 'role_arn', 'security_group_id']);
  });

  test('under cdktf\'s own app they pass its validations', () => {
    expect(() => Testing.synth(networkStack(), true)).not.toThrow();
  });

  test.each(['12345', 'arn:aws:iam::123456789012:root'])('%s is no account', (accountId) => {
    expect(() => networkStack({ accountId })).toThrow(
      `[network] accountId: got "${accountId}"; allowed: twelve digits, literal. Give the number of the AWS account as a string.`);
  });

  test('below a plain App each is refused: nobody would write it', () => {
    const words = (path: string, what: string) => `[${path}] scope: got "App"; allowed: a construct below a HardenedApp, or below cdktf's own App. `
      + `Use HardenedApp in place of App: a plain App writes manifests only, and ${what} would be lost.`;
    const app = new Cdk8sApp();
    const { network } = networkStack();
    expect(() => new PrivateNetworkStack(app, 'network', { state: STATE, cidr: '10.0.0.0/16', azs: ['eu-west-1a', 'eu-west-1b'] })).toThrow(words('network', 'this stack'));
    expect(() => new BastionStack(app, 'bastion', { state: STATE, network })).toThrow(words('bastion', 'this stack'));
    const stack = new TerraformStack(app, 'own');
    expect(() => new PrivateNetwork(stack, 'a', { cidr: '10.0.0.0/16', azs: ['eu-west-1a', 'eu-west-1b'] })).toThrow(words('own/a', 'this network'));
    expect(() => new BastionHost(stack, 'b', { network })).toThrow(words('own/b', 'this bastion'));
    expect(() => new ClusterSecurityGroups(stack, 'c', { network })).toThrow(words('own/c', 'these security groups'));
  });

  test('a stack without a state is refused', () => {
    expect(() => networkStack({ state: undefined })).toThrow(
      '[network] state: got undefined; allowed: a StateBackend. Use StateBackend.s3({ … }), or StateBackend.local() for trying things out.');
  });
});
