import { App } from 'cdk8s';
import { evaluateTerraform } from '../../../src/app/terraform-output';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { NodeKind } from '../../../src/core/node-kind';
import { Port } from '../../../src/core/port';
import { writesNodeFiles } from '../../../src/core/tree-outputs';
import { NodeRole } from '../../../src/nodes/node-role';
import { BastionAccess, BastionHost, BastionImage, BastionStack, ClusterSecurityGroups, NetworkEgress, PrivateNetworkStack, StateBackend } from '../../../src/terraform';

/** Every variant of the stacks: those with defaults only, and those that use every option. Configurations by stack name. */
export function sampleConfigurations(): { defaults: Record<string, any>; options: Record<string, any> } {
  return { defaults: evaluate(defaults), options: evaluate(options) };
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f admin';

function defaults(app: App): void {
  const state = StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1' });
  const { network } = new PrivateNetworkStack(app, 'network', { state, cidr: '10.0.0.0/16', azs: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] });
  new BastionStack(app, 'bastion', { state, network });
}

function options(app: App): void {
  const state = StateBackend.local();
  const kmsKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000';
  const permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
  const role = new NodeRole(app, 'bastion-role', { kind: NodeKind.BASTION });
  const image = BastionImage.pinned({ amiId: 'ami-0123456789abcdef0', rootDeviceName: '/dev/xvda' });
  role.addFile({ path: '/etc/motd', content: 'Everything is recorded.\n' });
  const stack = new PrivateNetworkStack(app, 'options', {
    state,
    accountId: '123456789012',
    cidr: '10.0.0.0/16',
    azs: ['eu-central-1a', 'eu-central-1b'],
    egress: NetworkEgress.NAT_PER_AZ,
    connectedCidrs: ['10.8.0.0/16'],
    endpoints: ['ssm', 'ssmmessages', 'eks', 'eks-auth'],
    flowLogRetentionDays: 731,
    kmsKeyArn,
    permissionsBoundaryArn,
    tags: { team: 'platform' },
  });
  const { network } = stack;
  const bastion = new BastionHost(stack, 'connect', {
    network, hostName: 'connect', access: BastionAccess.instanceConnectEndpoint(), role, image, kmsKeyArn, permissionsBoundaryArn,
  });
  new BastionHost(stack, 'public', {
    network,
    hostName: 'public',
    access: BastionAccess.publicSsh({ allowedCidrs: ['198.51.100.0/24', '2001:db8:1::/48'], reason: 'no Session Manager on site', owner: 'ops', publicKey: KEY }),
    userData: '#!/bin/sh\ntrue\n',
  });
  new ClusterSecurityGroups(stack, 'groups', {
    network, bastion, ports: { externalEtcd: true, sshFromBastion: true, metricsServerOnWorkers: true }, internetPorts: [Port.tcp(443)],
  });
  new PrivateNetworkStack(app, 'single-nat', { state, networkName: 'single', cidr: '10.1.0.0/16', azs: ['eu-central-1a', 'eu-central-1b'], egress: NetworkEgress.NAT_SINGLE });
}

function evaluate(build: (app: App) => void): Record<string, any> {
  const app = new App();
  new ClusterProfile({ name: 'prod' }).attachTo(app);
  writesNodeFiles(app);
  build(app);
  const files = evaluateTerraform(app).filter((file) => file.path.endsWith('/cdk.tf.json'));
  return Object.fromEntries(files.map((file) => [file.path.split('/')[1], JSON.parse(file.content)]));
}
