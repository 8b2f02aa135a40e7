import { TerraformStack } from 'cdktf';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { NodeKind } from '../../../src/core/node-kind';
import { Port } from '../../../src/core/port';
import { writesNodeFiles } from '../../../src/core/tree-outputs';
import { NodeRole } from '../../../src/nodes/node-role';
import { OperatingSystem } from '../../../src/nodes/operating-system';
import { BastionAccess } from '../../../src/terraform/aws/bastion-access';
import { BastionHost } from '../../../src/terraform/aws/bastion-host';
import { BastionHostProps } from '../../../src/terraform/aws/bastion-host-props';
import { BastionImage } from '../../../src/terraform/aws/bastion-image';
import { NetworkEgress } from '../../../src/terraform/aws/network-egress';
import { PrivateNetwork } from '../../../src/terraform/aws/private-network';
import { Block, named, newStack, resource, resources } from '../configuration';

const NETWORK = PrivateNetwork.fromAttributes({
  vpcId: 'vpc-1',
  cidr: '10.0.0.0/16',
  region: 'eu-central-1',
  privateSubnetIds: ['subnet-1', 'subnet-2'],
  endpointSecurityGroupId: 'sg-endpoints',
  s3PrefixListId: 'pl-s3',
});
const WITH_PUBLIC_SUBNETS = PrivateNetwork.fromAttributes({ ...NETWORK, publicSubnetIds: ['subnet-public'] });
const PUBLIC = BastionAccess.publicSsh({ allowedCidrs: ['198.51.100.0/24', '2001:db8:1::/48'], reason: 'no Session Manager on site', owner: 'ops@example.com' });

const DEBIAN = BastionImage.pinned({ amiId: 'ami-0123456789abcdef0', rootDeviceName: '/dev/xvda' });

function stackWith(props: Partial<BastionHostProps> = {}): TerraformStack {
  const stack = newStack();
  new BastionHost(stack, 'bastion', { network: NETWORK, hostName: 'prod-bastion', ...props });
  return stack;
}

function template(props: Partial<BastionHostProps> = {}): Block {
  return resource(stackWith(props), 'aws_launch_template');
}

function statements(stack: TerraformStack): Block[] {
  return JSON.parse(resource(stack, 'aws_iam_role_policy').policy).Statement;
}

describe('a bastion', () => {
  test('nothing can open a connection to it', () => {
    const stack = stackWith();
    expect(resources(stack, 'aws_vpc_security_group_ingress_rule')).toEqual([]);
    expect(resource(stack, 'aws_security_group')).not.toHaveProperty('ingress');
  });

  test('it has no public address and stands in private subnets', () => {
    expect(template().network_interfaces).toEqual([expect.objectContaining({ associate_public_ip_address: 'false', device_index: 0 })]);
    expect(resource(stackWith(), 'aws_autoscaling_group').vpc_zone_identifier).toEqual(['subnet-1', 'subnet-2']);
  });

  test('it has no key', () => {
    expect(template()).not.toHaveProperty('key_name');
  });

  test('it reaches AWS\'s endpoints and Amazon S3 over HTTPS, nothing else', () => {
    expect(resources(stackWith(), 'aws_vpc_security_group_egress_rule')).toEqual([
      expect.objectContaining({ referenced_security_group_id: 'sg-endpoints', ip_protocol: 'tcp', from_port: 443, to_port: 443 }),
      expect.objectContaining({ prefix_list_id: 'pl-s3', ip_protocol: 'tcp', from_port: 443, to_port: 443 }),
    ]);
  });

  test('in a network whose endpoints are unknown it reaches HTTPS of the VPC, never beyond', () => {
    const network = PrivateNetwork.fromAttributes({ vpcId: 'vpc-1', cidr: '10.0.0.0/16', region: 'eu-central-1', privateSubnetIds: ['subnet-1'] });
    const rule = resource(stackWith({ network }), 'aws_vpc_security_group_egress_rule');
    expect(rule).toMatchObject({ cidr_ipv4: '10.0.0.0/16', from_port: 443, to_port: 443 });
  });

  test('it reaches more where it is told to', () => {
    const stack = newStack();
    new BastionHost(stack, 'bastion', { network: NETWORK }).allowTo('api', 'sg-api', Port.tcp(6443), 'API server');
    expect(resources(stack, 'aws_vpc_security_group_egress_rule')).toContainEqual(expect.objectContaining({
      referenced_security_group_id: 'sg-api', from_port: 6443, to_port: 6443, description: 'API server',
    }));
  });

  test('instance credentials need a session token and stay on the host', () => {
    expect(template().metadata_options).toEqual({
      http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1, http_protocol_ipv6: 'disabled', instance_metadata_tags: 'disabled',
    });
  });

  test('its root disk is encrypted with a key that rotates', () => {
    const stack = stackWith();
    expect(resource(stack, 'aws_launch_template').block_device_mappings).toEqual([{
      device_name: '/dev/xvda',
      ebs: {
        encrypted: 'true', kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/), volume_type: 'gp3', volume_size: 16, delete_on_termination: 'true',
      },
    }]);
    expect(resource(stack, 'aws_kms_key')).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  test('EC2 Auto Scaling can open the disk, and grant that to EC2 alone', () => {
    const [, use, grant] = JSON.parse(resource(stackWith(), 'aws_kms_key').policy).Statement;
    expect(use.Principal.AWS).toMatch(/role\/aws-service-role\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling$/);
    expect(grant).toMatchObject({ Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } });
  });

  test('its role can keep a session channel open and do nothing else', () => {
    const stack = stackWith();
    expect(statements(stack).flatMap((statement) => statement.Action)).toEqual([
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
    ]);
    expect(resources(stack, 'aws_iam_role_policy_attachment')).toEqual([]);
    expect(JSON.parse(resource(stack, 'aws_iam_role').assume_role_policy).Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });

  test('its role can have a permissions boundary', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
    expect(resource(stackWith({ permissionsBoundaryArn }), 'aws_iam_role').permissions_boundary).toBe(permissionsBoundaryArn);
  });

  test('there is exactly one, replaced every week and when its template changes', () => {
    expect(resource(stackWith(), 'aws_autoscaling_group')).toMatchObject({
      min_size: 1,
      max_size: 1,
      desired_capacity: 1,
      max_instance_lifetime: 604800,
      launch_template: { version: expect.stringMatching(/^\$\{aws_launch_template\..*\.latest_version\}$/) },
      instance_refresh: { strategy: 'Rolling' },
    });
  });

  test('each start takes the newest image, unless one is pinned', () => {
    expect(template().image_id).toBe('resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64');
    const image = BastionImage.pinned({ amiId: 'ami-0123456789abcdef0', rootDeviceName: '/dev/sda1' });
    expect(template({ image })).toMatchObject({ image_id: 'ami-0123456789abcdef0', block_device_mappings: [{ device_name: '/dev/sda1' }] });
  });

  test('no account-wide setting is touched', () => {
    for (const type of ['aws_ssm_document', 'aws_ebs_encryption_by_default', 'aws_ec2_instance_metadata_defaults', 'aws_iam_service_linked_role']) {
      expect(resources(stackWith(), type)).toEqual([]);
    }
  });

  test('its name comes from the cluster profile', () => {
    const stack = newStack();
    new ClusterProfile({ name: 'staging' }).attachTo(stack);
    new BastionHost(stack, 'bastion', { network: NETWORK });
    expect(resource(stack, 'aws_autoscaling_group').name_prefix).toBe('staging-bastion-');
  });

  test('the host, its disk and its interface carry the tags', () => {
    expect(template({ tags: { team: 'platform' } }).tag_specifications.map((each: Block) => [each.resource_type, each.tags.team])).toEqual([
      ['instance', 'platform'], ['volume', 'platform'], ['network-interface', 'platform'],
    ]);
  });

  test('the command that opens a session needs no address and no key', () => {
    const bastion = new BastionHost(newStack(), 'bastion', { network: NETWORK });
    expect(bastion.connectCommand).toMatch(/^aws ssm start-session --region eu-central-1 --target /);
  });
});

describe('a bastion\'s user data', () => {
  test('a role becomes cloud-init user data, with what is added to it later', () => {
    const stack = newStack();
    writesNodeFiles(stack);
    const role = new NodeRole(stack, 'bastion-role', { kind: NodeKind.BASTION });
    new BastionHost(stack, 'bastion', { network: NETWORK, role, image: DEBIAN });
    role.addFile({ path: '/etc/motd', content: 'costs ${MONEY}\n' });
    const text = Buffer.from(resource(stack, 'aws_launch_template').user_data, 'base64').toString();
    expect(text).toMatch(/^#cloud-config\n/);
    expect(text).toContain('costs ${MONEY}');
  });

  test.each([undefined, BastionImage.amazonLinux2023()])('a role, whose files are for Debian or Ubuntu, is refused on Amazon Linux (image: %j)', (image) => {
    const stack = newStack();
    writesNodeFiles(stack);
    const role = new NodeRole(stack, 'role', { kind: NodeKind.BASTION, operatingSystem: OperatingSystem.UBUNTU_24_04 });
    expect(() => new BastionHost(stack, 'bastion', { network: NETWORK, role, image })).toThrow(new Error(
      '[stack/bastion] image: got "Amazon Linux 2023"; allowed: an image of Ubuntu 24.04 where the role\'s files are for it. '
      + 'Give BastionImage.pinned({ amiId, rootDeviceName }) of Ubuntu 24.04 with the SSM agent, or userData in place of the role.'));
  });

  test('a script is taken as it is', () => {
    expect(Buffer.from(template({ userData: '#!/bin/sh\ntrue\n' }).user_data, 'base64').toString()).toBe('#!/bin/sh\ntrue\n');
  });

  test('without any there is none', () => {
    expect(template()).not.toHaveProperty('user_data');
  });

  test('a secret is refused', () => {
    expect(() => stackWith({ userData: 'password: hunter2' })).toThrow('[stack/bastion] userData: allowed: text without a password.');
  });

  test('a role of another kind is refused, and one beside a script', () => {
    const stack = newStack();
    writesNodeFiles(stack);
    const worker = new NodeRole(stack, 'worker', { kind: NodeKind.WORKER });
    expect(() => new BastionHost(stack, 'a', { network: NETWORK, role: worker, image: DEBIAN })).toThrow(
      '[stack/a] role: got "a role of kind worker"; allowed: a role of kind bastion, without userData beside it. '
      + 'Put what userData does into the role: addFile, addPackage, addCommand.');
    const role = new NodeRole(stack, 'role', { kind: NodeKind.BASTION });
    expect(() => new BastionHost(stack, 'b', { network: NETWORK, role, userData: 'true', image: DEBIAN })).toThrow(
      '[stack/b] role: got "a role of kind bastion, and userData"; allowed: a role of kind bastion');
  });
});

describe('a bastion behind an EC2 Instance Connect Endpoint', () => {
  const stack = stackWith({ access: BastionAccess.instanceConnectEndpoint() });

  test('SSH is open to the endpoint alone', () => {
    const rule = resource(stack, 'aws_vpc_security_group_ingress_rule');
    expect(rule).toMatchObject({ from_port: 22, to_port: 22, referenced_security_group_id: expect.stringContaining('connect-security-group') });
    expect(rule).not.toHaveProperty('cidr_ipv4');
  });

  test('the endpoint reaches SSH of the bastion alone', () => {
    const rule = resources(stack, 'aws_vpc_security_group_egress_rule').find((each) => each.security_group_id.includes('connect-security-group'))!;
    expect(rule).toMatchObject({ from_port: 22, to_port: 22, referenced_security_group_id: expect.stringContaining('bastion_security-group') });
  });

  test('it has no public address', () => {
    expect(resource(stack, 'aws_launch_template').network_interfaces[0].associate_public_ip_address).toBe('false');
  });
});

describe('a bastion with public SSH', () => {
  test('SSH is open to the named ranges alone', () => {
    const stack = stackWith({ network: WITH_PUBLIC_SUBNETS, access: PUBLIC });
    const rules = resources(stack, 'aws_vpc_security_group_ingress_rule');
    expect(rules.map((rule) => [rule.cidr_ipv4 ?? rule.cidr_ipv6, rule.from_port, rule.to_port])).toEqual([['198.51.100.0/24', 22, 22], ['2001:db8:1::/48', 22, 22]]);
    expect(resource(stack, 'aws_autoscaling_group').vpc_zone_identifier).toEqual(['subnet-public']);
  });

  test('tags tell why it is open and who answers for it', () => {
    expect(resource(stackWith({ network: WITH_PUBLIC_SUBNETS, access: PUBLIC }), 'aws_launch_template').tags).toMatchObject({
      'public-ssh-reason': 'no Session Manager on site', 'public-ssh-owner': 'ops@example.com',
    });
  });

  test('the public subnets\' network ACL lets those ranges in, and answers out', () => {
    const stack = newStack();
    const network = new PrivateNetwork(stack, 'network', { networkName: 'prod', cidr: '10.0.0.0/16', azs: ['eu-central-1a', 'eu-central-1b'], egress: NetworkEgress.NAT_SINGLE });
    const before = named(stack, 'aws_network_acl', 'prod-public');
    new BastionHost(stack, 'bastion', { network, access: PUBLIC });
    const after = named(stack, 'aws_network_acl', 'prod-public');
    expect(after.ingress.slice(before.ingress.length)).toEqual([
      expect.objectContaining({ cidr_block: '198.51.100.0/24', from_port: 22, to_port: 22, protocol: 'tcp', action: 'allow' }),
      expect.objectContaining({ ipv6_cidr_block: '2001:db8:1::/48', from_port: 22, to_port: 22, protocol: 'tcp', action: 'allow' }),
    ]);
    expect(after.egress.slice(before.egress.length).map((rule: Block) => [rule.from_port, rule.to_port])).toEqual([[1024, 65535], [1024, 65535]]);
  });

  test('a network without public subnets refuses it', () => {
    expect(() => stackWith({ access: PUBLIC })).toThrow(new Error(
      '[stack/bastion] access: got "public-ssh"; allowed: BastionAccess.ssm() or .instanceConnectEndpoint() in a network without public subnets. '
      + 'Use BastionAccess.ssm(): it needs no public subnet.'));
  });
});

describe('bad input to a bastion', () => {
  test.each(['ami-xyz', 'resolve:ssm:/x', ''])('the image %j is refused', (amiId) => {
    expect(() => BastionImage.pinned({ amiId, rootDeviceName: '/dev/xvda' })).toThrow(
      `amiId: got ${JSON.stringify(amiId)}; allowed: the id of an image such as ami-0123456789abcdef0. Take the id from your image pipeline.`);
  });

  test('a root device must be named as EC2 names it', () => {
    expect(() => BastionImage.pinned({ amiId: 'ami-0123456789abcdef0', rootDeviceName: 'xvda' })).toThrow(
      'rootDeviceName: got "xvda"; allowed: a device such as /dev/xvda or /dev/sda1. Ask AWS: aws ec2 describe-images, field RootDeviceName.');
  });

  test.each([7, 1.5, 2000])('a disk of %d GiB is refused', (rootVolumeGib) => {
    expect(() => stackWith({ rootVolumeGib })).toThrow(
      `[stack/bastion] rootVolumeGib: got ${rootVolumeGib}; allowed: a whole number from 8 to 1024. Give the size in GiB.`);
  });
});
