import { CheckovReport, EXPLAINED, runCheckov, unexplained } from './checkov';
import { sampleConfigurations } from './sample-stacks';
import { describeWith } from '../programs';

type Block = Record<string, any>;

function only(configuration: Block, type: string): Block {
  return Object.values<Block>(configuration.resource[type])[0];
}

/** Each weakens the network or the bastion in one way, and the check that has to say so. */
const WEAKENINGS: [string, (network: Block, bastion: Block) => void][] = [
  ['CKV_AWS_7', (network) => { only(network, 'aws_kms_key').enable_key_rotation = false; }],
  ['CKV_AWS_24', (_, bastion) => {
    bastion.resource.aws_vpc_security_group_ingress_rule = { open: { security_group_id: 'sg-1', cidr_ipv4: '0.0.0.0/0', ip_protocol: 'tcp', from_port: 22, to_port: 22 } };
  }],
  ['CKV_AWS_66', (network) => { delete only(network, 'aws_cloudwatch_log_group').retention_in_days; }],
  ['CKV_AWS_79', (_, bastion) => { only(bastion, 'aws_launch_template').metadata_options.http_tokens = 'optional'; }],
  ['CKV_AWS_88', (_, bastion) => { only(bastion, 'aws_launch_template').network_interfaces[0].associate_public_ip_address = 'true'; }],
  ['CKV_AWS_130', (network) => { only(network, 'aws_subnet').map_public_ip_on_launch = true; }],
  ['CKV_AWS_158', (network) => { delete only(network, 'aws_cloudwatch_log_group').kms_key_id; }],
  ['CKV_AWS_341', (_, bastion) => { only(bastion, 'aws_launch_template').metadata_options.http_put_response_hop_limit = 3; }],
  ['CKV2_AWS_11', (network) => { delete network.resource.aws_flow_log; }],
  ['CKV2_AWS_12', (network) => { delete network.resource.aws_default_security_group; }],
];

describeWith(['checkov'], 'Checkov', ({ checkov }) => {
  const { defaults, options } = sampleConfigurations();
  let ofDefaults: CheckovReport;
  let ofOptions: CheckovReport;

  beforeAll(() => {
    ofDefaults = runCheckov(checkov, defaults);
    ofOptions = runCheckov(checkov, options);
  });

  test('it can read every stack', () => {
    expect([...ofDefaults.parsingErrors, ...ofOptions.parsingErrors]).toEqual([]);
  });

  test('it has nothing against the defaults', () => {
    expect(ofDefaults.failed).toEqual([]);
  });

  test('the checks that matter were made', () => {
    expect(ofDefaults.passed).toEqual(expect.arrayContaining(WEAKENINGS.map(([id]) => id)));
  });

  test('with every option used, each failed check is explained', () => {
    expect(unexplained(ofOptions)).toEqual([]);
  });

  test('no explanation is left over', () => {
    expect(EXPLAINED.filter(({ id, resource }) => !ofOptions.failed.some((failure) => failure.startsWith(`${id} `) && resource.test(failure)))).toEqual([]);
  });

  test('each weakening of a good twin is found', () => {
    const { network, bastion } = structuredClone(defaults);
    WEAKENINGS.forEach(([, weaken]) => weaken(network, bastion));
    const found = runCheckov(checkov, { network, bastion }).failed.map((failure) => failure.split(' ')[0]);
    expect(found).toEqual(expect.arrayContaining(WEAKENINGS.map(([id]) => id)));
  });
});
