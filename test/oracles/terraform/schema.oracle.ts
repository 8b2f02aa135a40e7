import { describeWithSchema, SCHEMA_VERSION, schemaErrors } from './aws-schema';
import { sampleConfigurations } from './sample-stacks';

type Block = Record<string, any>;

function only(configuration: Block, type: string): Block {
  return Object.values<Block>(configuration.resource[type])[0];
}

describeWithSchema('the schema of the AWS provider', () => {
  const { defaults, options } = sampleConfigurations();
  const all = Object.entries({ ...defaults, ...options });

  test.each(all)('every block of the stack %s is accepted', (_name, configuration) => {
    expect(schemaErrors(configuration)).toEqual([]);
  });

  test.each(all)('the stack %s pins the version of the schema', (_name, configuration) => {
    expect(configuration.terraform.required_providers.aws).toEqual({ source: 'hashicorp/aws', version: SCHEMA_VERSION });
  });

  test('there are blocks to check', () => {
    const blocks = all.flatMap(([, configuration]) => Object.values<Block>(configuration.resource).flatMap(Object.keys));
    expect(blocks.length).toBeGreaterThan(150);
  });

  test.each<[string, (bastion: Block, network: Block) => void, RegExp]>([
    ['a typo', (_, network) => { only(network, 'aws_flow_log').trafic_type = 'ALL'; }, /^aws_flow_log\..*\.trafic_type: unknown argument$/],
    ['a missing argument', (_, network) => { delete only(network, 'aws_subnet').vpc_id; }, /^aws_subnet\..*\.vpc_id: missing$/],
    ['a read-only argument', (_, network) => { only(network, 'aws_vpc').arn = 'arn:aws:x'; }, /^aws_vpc\..*\.arn: read-only$/],
    ['an unknown argument in a nested block', (bastion) => { only(bastion, 'aws_launch_template').metadata_options.http_token = 'required'; },
      /^aws_launch_template\..*\.metadata_options\.http_token: unknown argument$/],
    ['a number that is none', (_, network) => { only(network, 'aws_kms_key').deletion_window_in_days = 'thirty'; }, /^aws_kms_key\..*: not a number$/],
    ['a boolean that is none', (_, network) => { only(network, 'aws_vpc').enable_dns_support = 'yes'; }, /^aws_vpc\..*: not a bool$/],
    ['a string in place of a list', (bastion) => { only(bastion, 'aws_autoscaling_group').vpc_zone_identifier = 'subnet-1'; }, /^aws_autoscaling_group\..*: not a set$/],
    ['a list in place of a string', (_, network) => { only(network, 'aws_vpc').cidr_block = ['10.0.0.0/16']; }, /^aws_vpc\..*: not a string$/],
    ['an incomplete rule', (_, network) => { delete only(network, 'aws_network_acl').ingress[0].icmp_code; }, /^aws_network_acl\..*\.ingress\[0\]\.icmp_code: missing$/],
    ['two blocks where one is allowed', (bastion) => { only(bastion, 'aws_launch_template').monitoring = [{ enabled: true }, { enabled: false }]; }, /monitoring: at most 1$/],
    ['an unknown type', (_, network) => { network.resource.aws_vpcs = { x: {} }; }, /^aws_vpcs\.x: unknown type$/],
    ['a reference to nothing', (bastion) => { only(bastion, 'aws_security_group').vpc_id = '${aws_vpc.gone.id}'; }, /^aws_vpc\.gone\.id: refers to nothing$/],
    ['a reference to an unknown attribute', (_, network) => { only(network, 'aws_flow_log').log_destination = only(network, 'aws_flow_log').log_destination.replace('.arn', '.urn'); },
      /^aws_cloudwatch_log_group\..*\.urn: unknown attribute$/],
  ])('%s is found, and nothing else', (_what, plant, error) => {
    const { network, bastion } = structuredClone(defaults);
    plant(bastion, network);
    expect([...schemaErrors(bastion), ...schemaErrors(network)]).toEqual([expect.stringMatching(error)]);
  });
});
