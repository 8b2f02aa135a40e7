import { Fn, TerraformStack, Token } from 'cdktf';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { Cni } from '../../../src/core/cni';
import { Port } from '../../../src/core/port';
import { NetworkEgress } from '../../../src/terraform/aws/network-egress';
import { PrivateNetwork, PrivateNetworkProps } from '../../../src/terraform/aws/private-network';
import { Block, configurationOf, named, newStack, resource, resources } from '../configuration';

const AZS = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

function stackWith(props: Partial<PrivateNetworkProps> = {}): TerraformStack {
  const stack = newStack();
  new PrivateNetwork(stack, 'network', { networkName: 'prod', cidr: '10.0.0.0/16', azs: AZS, ...props });
  return stack;
}

function rules(acl: Block, direction: 'ingress' | 'egress'): string[] {
  return acl[direction].map((rule: Block) => `${rule.action} ${rule.protocol} ${rule.cidr_block} ${rule.from_port}-${rule.to_port}`);
}

describe('a private network', () => {
  test('nothing in it can reach or be reached from the internet by default', () => {
    const stack = stackWith();
    for (const type of ['aws_internet_gateway', 'aws_nat_gateway', 'aws_route', 'aws_eip', 'aws_egress_only_internet_gateway']) {
      expect(resources(stack, type)).toEqual([]);
    }
  });

  test('no subnet hands out public addresses', () => {
    const subnets = resources(stackWith({ egress: NetworkEgress.NAT_PER_AZ }), 'aws_subnet');
    expect(subnets).toHaveLength(9);
    subnets.forEach((subnet) => expect(subnet.map_public_ip_on_launch).toBe(false));
  });

  test('each zone has a subnet for nodes and one for the control plane', () => {
    expect(resources(stackWith(), 'aws_subnet').map((subnet) => [subnet.tags.Name, subnet.cidr_block])).toEqual([
      ['prod-control-plane-eu-central-1a', '10.0.224.0/23'],
      ['prod-control-plane-eu-central-1b', '10.0.226.0/23'],
      ['prod-control-plane-eu-central-1c', '10.0.228.0/23'],
      ['prod-private-eu-central-1a', '10.0.0.0/19'],
      ['prod-private-eu-central-1b', '10.0.32.0/19'],
      ['prod-private-eu-central-1c', '10.0.64.0/19'],
    ]);
  });

  test('what AWS makes with every VPC is adopted and emptied', () => {
    const stack = stackWith();
    expect(resource(stack, 'aws_default_security_group')).not.toHaveProperty('ingress');
    expect(resource(stack, 'aws_default_security_group')).not.toHaveProperty('egress');
    expect(resource(stack, 'aws_default_network_acl')).not.toHaveProperty('ingress');
    expect(resource(stack, 'aws_default_network_acl')).not.toHaveProperty('egress');
    expect(resource(stack, 'aws_default_route_table').route).toEqual([]);
  });

  test('every subnet has a network ACL of its own', () => {
    const stack = stackWith({ egress: NetworkEgress.NAT_SINGLE });
    const covered = resources(stack, 'aws_network_acl').flatMap((acl) => acl.subnet_ids);
    const subnets = Object.keys(configurationOf(stack).resource.aws_subnet).map((name) => `\${aws_subnet.${name}.id}`);
    expect(covered.sort()).toEqual(subnets.sort());
  });

  test('only the VPC may open connections to private subnets; from outside answers come back', () => {
    const acl = named(stackWith(), 'aws_network_acl', 'prod-private');
    expect(rules(acl, 'ingress')).toEqual(['allow -1 10.0.0.0/16 0-0', 'allow tcp 0.0.0.0/0 32768-65535']);
    expect(rules(acl, 'egress')).toEqual(['allow -1 10.0.0.0/16 0-0', 'allow tcp 0.0.0.0/0 443-443']);
  });

  test('connected networks may talk with the private subnets', () => {
    const acl = named(stackWith({ connectedCidrs: ['10.8.0.0/16'] }), 'aws_network_acl', 'prod-private');
    expect(rules(acl, 'ingress')[1]).toBe('allow -1 10.8.0.0/16 0-0');
  });

  test('every connection is logged within a minute', () => {
    expect(resource(stackWith(), 'aws_flow_log')).toMatchObject({ traffic_type: 'ALL', max_aggregation_interval: 60, log_destination_type: 'cloud-watch-logs' });
  });

  test('flow logs are kept for a year, encrypted by a key that rotates', () => {
    const stack = stackWith();
    expect(resource(stack, 'aws_cloudwatch_log_group')).toMatchObject({
      name: '/vpc/prod/flow-logs', retention_in_days: 365, kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/),
    });
    expect(resource(stack, 'aws_kms_key')).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  test('CloudWatch Logs may use the key for this log group alone', () => {
    const policy = JSON.parse(resource(stackWith(), 'aws_kms_key').policy);
    const statement = policy.Statement.find((candidate: Block) => candidate.Sid === 'CloudWatchLogs');
    expect(statement.Principal).toEqual({ Service: 'logs.eu-central-1.amazonaws.com' });
    expect(statement.Condition.ArnEquals['kms:EncryptionContext:aws:logs:arn']).toMatch(/:log-group:\/vpc\/prod\/flow-logs$/);
  });

  test('with a given key no key is made', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000';
    const stack = stackWith({ kmsKeyArn });
    expect(resources(stack, 'aws_kms_key')).toEqual([]);
    expect(resource(stack, 'aws_cloudwatch_log_group').kms_key_id).toBe(kmsKeyArn);
  });

  test('the role of the flow logs can be assumed for this account\'s flow logs alone, and writes to its log group alone', () => {
    const stack = stackWith({ permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary' });
    const role = resource(stack, 'aws_iam_role');
    const trust = JSON.parse(role.assume_role_policy).Statement[0];
    expect(Object.keys(trust.Condition)).toEqual(['StringEquals', 'ArnLike']);
    expect(role.permissions_boundary).toBe('arn:aws:iam::123456789012:policy/boundary');
    const [write, list, ...rest] = JSON.parse(resource(stack, 'aws_iam_role_policy').policy).Statement;
    expect(write.Resource).toMatch(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/);
    expect(list.Action).toBe('logs:DescribeLogGroups');
    expect(rest).toEqual([]);
  });

  test('names come from the cluster profile', () => {
    const stack = newStack();
    new ClusterProfile({ name: 'staging' }).attachTo(stack);
    new PrivateNetwork(stack, 'network', { cidr: '10.0.0.0/16', azs: AZS });
    expect(resource(stack, 'aws_vpc').tags.Name).toBe('staging-vpc');
  });

  test('tags reach every resource that has tags', () => {
    const all: Block = configurationOf(stackWith({ tags: { team: 'platform' }, egress: NetworkEgress.NAT_PER_AZ })).resource;
    const withoutTags = ['aws_route', 'aws_route_table_association', 'aws_kms_alias', 'aws_iam_role_policy'];
    for (const type of Object.keys(all).filter((candidate) => !withoutTags.includes(candidate))) {
      Object.values<Block>(all[type]).forEach((block) => expect([type, block.tags?.team]).toEqual([type, 'platform']));
    }
  });
});

describe('the VPC endpoints', () => {
  test('AWS\'s APIs are reached inside the VPC, under their public names', () => {
    const stack = stackWith();
    const interfaces = resources(stack, 'aws_vpc_endpoint').filter((endpoint) => endpoint.vpc_endpoint_type === 'Interface');
    expect(interfaces.map((endpoint) => endpoint.service_name.replace('com.amazonaws.eu-central-1.', '')).sort()).toEqual([
      'autoscaling', 'ec2', 'ec2messages', 'ecr.api', 'ecr.dkr', 'elasticloadbalancing', 'kms', 'logs', 'ssm', 'ssmmessages', 'sts',
    ]);
    interfaces.forEach((endpoint) => expect(endpoint.private_dns_enabled).toBe(true));
  });

  test('Amazon S3\'s gateway serves every private and control-plane route table', () => {
    const stack = stackWith();
    const s3 = resources(stack, 'aws_vpc_endpoint').find((endpoint) => endpoint.vpc_endpoint_type === 'Gateway')!;
    expect(s3.service_name).toBe('com.amazonaws.eu-central-1.s3');
    expect(s3.route_table_ids).toHaveLength(4);
  });

  test('every endpoint has a policy that lets this account\'s principals pass', () => {
    for (const endpoint of resources(stackWith(), 'aws_vpc_endpoint')) {
      const [own] = JSON.parse(endpoint.policy).Statement;
      expect(own.Condition.StringEquals['aws:PrincipalAccount']).toMatch(/^\$\{data\.aws_caller_identity\..*\.account_id\}$/);
    }
  });

  test('through the S3 endpoint nobody writes to a bucket of another account', () => {
    const s3 = resources(stackWith(), 'aws_vpc_endpoint').find((endpoint) => endpoint.vpc_endpoint_type === 'Gateway')!;
    const [own, others, ...rest] = JSON.parse(s3.policy).Statement;
    expect(own.Condition.StringEquals).toHaveProperty('aws:ResourceAccount');
    expect(others.Action).toBe('s3:GetObject');
    expect(others.Resource).not.toContain('*');
    expect(rest).toEqual([]);
  });

  test('service accounts can trade their tokens for roles of this account', () => {
    const sts = resources(stackWith(), 'aws_vpc_endpoint').find((endpoint) => endpoint.service_name.endsWith('.sts'))!;
    expect(JSON.parse(sts.policy).Statement[1]).toMatchObject({ Action: 'sts:AssumeRoleWithWebIdentity', Resource: expect.stringMatching(/:role\/\*$/) });
  });

  test('the endpoints admit HTTPS from the VPC and nothing else', () => {
    const stack = stackWith();
    expect(resource(stack, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      cidr_ipv4: '10.0.0.0/16', ip_protocol: 'tcp', from_port: 443, to_port: 443, description: 'HTTPS from the VPC',
    });
    expect(resources(stack, 'aws_vpc_security_group_egress_rule')).toEqual([]);
    expect(resource(stack, 'aws_security_group')).not.toHaveProperty('egress');
  });

  test('the services can be chosen', () => {
    expect(resources(stackWith({ endpoints: ['ssm', 'ssmmessages'] }), 'aws_vpc_endpoint')).toHaveLength(3);
  });
});

describe('a private network with NAT', () => {
  test('a gateway in each zone serves that zone', () => {
    const stack = stackWith({ egress: NetworkEgress.NAT_PER_AZ });
    expect(resources(stack, 'aws_nat_gateway')).toHaveLength(3);
    const targets = resources(stack, 'aws_route').map((route) => route.nat_gateway_id).filter(Boolean);
    expect(new Set(targets).size).toBe(3);
  });

  test('a single gateway serves all zones', () => {
    const stack = stackWith({ egress: NetworkEgress.NAT_SINGLE });
    expect(resources(stack, 'aws_nat_gateway')).toHaveLength(1);
    const targets = resources(stack, 'aws_route').map((route) => route.nat_gateway_id).filter(Boolean);
    expect(targets).toHaveLength(3);
    expect(new Set(targets).size).toBe(1);
  });

  test('the control plane\'s route table has no way out', () => {
    const stack = stackWith({ egress: NetworkEgress.NAT_PER_AZ });
    const tables: Block = configurationOf(stack).resource.aws_route_table;
    const controlPlane = Object.keys(tables).find((name) => tables[name].tags.Name === 'prod-control-plane')!;
    expect(resources(stack, 'aws_route').map((route) => route.route_table_id)).not.toContain(`\${aws_route_table.${controlPlane}.id}`);
    expect(tables[controlPlane]).not.toHaveProperty('route');
  });

  test('only public subnets route to the internet gateway', () => {
    const stack = stackWith({ egress: NetworkEgress.NAT_PER_AZ });
    const tables: Block = configurationOf(stack).resource.aws_route_table;
    const toInternet = resources(stack, 'aws_route').filter((route) => route.gateway_id);
    expect(toInternet).toHaveLength(1);
    expect(tables[/aws_route_table\.(.*)\.id/.exec(toInternet[0].route_table_id)![1]].tags.Name).toBe('prod-public');
  });

  test('hosts may reach HTTPS and nothing else of the internet', () => {
    const acl = named(stackWith({ egress: NetworkEgress.NAT_PER_AZ }), 'aws_network_acl', 'prod-private');
    expect(rules(acl, 'egress')).toEqual(['allow -1 10.0.0.0/16 0-0', 'allow tcp 0.0.0.0/0 443-443']);
  });

  test('more ports of the internet can be named', () => {
    const acl = named(stackWith({ egress: NetworkEgress.NAT_PER_AZ, internetPorts: [Port.tcp(443), Port.udp(123)] }), 'aws_network_acl', 'prod-private');
    expect(rules(acl, 'egress')[2]).toBe('allow udp 0.0.0.0/0 123-123');
  });
});

describe('bad input to a private network', () => {
  test.each([90, 366, 0])('flow logs can\'t be kept for %d days', (flowLogRetentionDays) => {
    expect(() => stackWith({ flowLogRetentionDays })).toThrow(
      `[stack/network] flowLogRetentionDays: got ${flowLogRetentionDays}; allowed: one of 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. `
      + 'Keep flow logs for a year at least: intrusions are often found months later.');
  });

  test('a range that is known at apply only is refused', () => {
    expect(() => stackWith({ cidr: Token.asString(Fn.cidrsubnet('10.0.0.0/8', 8, 1)) })).toThrow(
      '[stack/network] cidr: got "(a value that is not known until apply)"; allowed: a range from /16 to /21, such as 10.0.0.0/16. '
      + 'Give it literally: what is known at apply only can\'t be checked here.');
  });

  test('zones that are known at apply only are refused: how many there are could not be seen', () => {
    expect(() => stackWith({ azs: Token.asList(Fn.tolist(['a', 'b'])) })).toThrow(
      '[stack/network] azs: got "(a value that is not known until apply)"; allowed: names of two or more availability zones. '
      + 'Give it literally: what is known at apply only can\'t be checked here.');
  });

  test.each(['0.0.0.0/0', '10.0.0.0/8', '10.0.128.0/17', 'fd00::/16'])('the connected range %s is refused', (cidr) => {
    expect(() => stackWith({ connectedCidrs: [cidr] })).toThrow(
      `[stack/network] connectedCidrs[0]: got "${cidr}"; allowed: an IPv4 range, at most a /8, that does not overlap the VPC's 10.0.0.0/16. `
      + 'Name the connected networks one by one.');
  });

  test.each([[['S3']], [['s3']], [['ssm', 'ssm']]])('the endpoints %j are refused', (endpoints) => {
    expect(() => stackWith({ endpoints })).toThrow('allowed: the short name of an AWS service such as ecr.api, each once, without s3.');
  });

  test('an unknown way out is refused: it would open one', () => {
    expect(() => stackWith({ egress: 'none' as NetworkEgress })).toThrow(new Error(
      '[stack/network] egress: got "none"; allowed: endpoints, nat-per-az, nat-single. Take a value of NetworkEgress.'));
  });

  test('no port at all of the internet is what ENDPOINTS is for', () => {
    expect(() => stackWith({ egress: NetworkEgress.NAT_SINGLE, internetPorts: [] })).toThrow(
      '[stack/network] internetPorts: got []; allowed: one to eight ports or port ranges. Use NetworkEgress.ENDPOINTS for no way out at all.');
  });

  test('a name that is no DNS label is refused', () => {
    expect(() => stackWith({ networkName: 'Prod Net' })).toThrow('[stack/network] networkName: got "Prod Net"; allowed: a DNS label');
  });

  test('a key that is no ARN is refused', () => {
    expect(() => stackWith({ kmsKeyArn: 'alias/mine' })).toThrow(
      '[stack/network] kmsKeyArn: got "alias/mine"; allowed: an ARN of the service kms. Give the full ARN: arn:aws:kms:…');
  });

  test('an imported network needs a subnet', () => {
    expect(() => PrivateNetwork.fromAttributes({ vpcId: 'vpc-1', cidr: '10.0.0.0/16', region: 'eu-central-1', privateSubnetIds: [] })).toThrow(
      'privateSubnetIds: got []; allowed: ids of one or more private subnets. Name the subnets that hosts are to be placed in.');
  });
});

describe('a private network and the cluster profile', () => {
  function network(cidr: string, profile?: Partial<ClusterProfileProps>): PrivateNetwork {
    const stack = newStack();
    if (profile) {
      new ClusterProfile({ name: 'prod', ...profile }).attachTo(stack);
    }
    return new PrivateNetwork(stack, 'network', { cidr, azs: AZS });
  }

  const apart = (cidr: string, property: string, range: string, profile: string, hint = '') => new Error(
    `[stack/network] cidr: got "${cidr}"; allowed: a range that does not overlap ${property}[0] ${range} of ClusterProfile ${profile}. `
    + `Choose another range for the VPC, or state the cluster's own ${property} in its ClusterProfile: left out, defaults apply.${hint}`);
  const CNI = ' If pods have addresses of the VPC, name the network plugin in its cni.';

  test.each(['10.244.0.0/16', '10.244.128.0/20'])('a VPC of %s among the pods is refused', (cidr) => {
    expect(() => network(cidr, { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['10.0.0.0/16'] })).toThrow(apart(cidr, 'podCidrs', '10.244.0.0/16', 'prod', CNI));
  });

  test('a VPC among the services is refused', () => {
    expect(() => network('10.20.0.0/16', { serviceCidrs: ['10.20.16.0/20'] })).toThrow(apart('10.20.0.0/16', 'serviceCidrs', '10.20.16.0/20', 'prod'));
  });

  test('without a profile the documented defaults stand', () => {
    expect(() => network('10.244.0.0/16')).toThrow(apart('10.244.0.0/16', 'podCidrs', '10.244.0.0/16', 'cluster', CNI));
    expect(() => network('10.100.0.0/16')).toThrow(apart('10.100.0.0/16', 'serviceCidrs', '10.96.0.0/12', 'cluster'));
    expect(network('10.0.0.0/16').cidr).toBe('10.0.0.0/16');
  });

  test('a VPC in a default range is taken once the profile states others', () => {
    const profile = { podCidrs: ['192.168.0.0/16'], serviceCidrs: ['172.20.0.0/16'] };
    expect([network('10.244.0.0/16', profile).cidr, network('10.100.0.0/16', profile).cidr]).toEqual(['10.244.0.0/16', '10.100.0.0/16']);
  });

  test('where the network plugin gives pods addresses of the VPC, only services lie apart', () => {
    const profile = { cni: Cni.AWS_VPC, podCidrs: ['10.0.0.0/16'], nodeCidrs: ['10.0.0.0/16'] };
    expect(network('10.0.0.0/16', profile).cidr).toBe('10.0.0.0/16');
    expect(() => network('10.0.0.0/16', { ...profile, serviceCidrs: ['10.0.0.0/20'], podCidrs: ['10.1.0.0/16'], nodeCidrs: [] })).toThrow(
      apart('10.0.0.0/16', 'serviceCidrs', '10.0.0.0/20', 'prod'));
  });

  test('a VPC in which none of the stated nodes can be is refused', () => {
    expect(() => network('10.2.0.0/16', { nodeCidrs: ['10.0.0.0/16', '10.1.0.0/16'], controlPlaneCidrs: ['10.3.0.0/24'] })).toThrow(new Error(
      '[stack/network] cidr: got "10.2.0.0/16"; allowed: a range with nodes of ClusterProfile prod in it: '
      + 'nodeCidrs[0] 10.0.0.0/16, nodeCidrs[1] 10.1.0.0/16, controlPlaneCidrs[0] 10.3.0.0/24. '
      + 'Give the VPC a range that holds those, or correct nodeCidrs and controlPlaneCidrs in the ClusterProfile: policies and firewalls are written with them.'));
  });

  test.each<[string, Partial<ClusterProfileProps>]>([
    ['one node range of several', { nodeCidrs: ['10.9.0.0/16', '10.0.32.0/19'] }], ['the control plane', { nodeCidrs: ['10.9.0.0/16'], controlPlaneCidrs: ['10.0.224.0/23'] }],
    ['the VPC as a part of the node range', { nodeCidrs: ['10.0.0.0/12'] }], ['no node range stated', {}],
  ])('a VPC goes with %s', (_, profile) => {
    expect(network('10.0.0.0/16', profile).cidr).toBe('10.0.0.0/16');
  });
});
