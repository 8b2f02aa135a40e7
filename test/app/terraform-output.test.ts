import * as fs from 'fs';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { App, Chart } from 'cdk8s';
import {
  Annotations, App as CdktfApp, Aspects, AssetType, LocalBackend, PgBackend, S3Backend, TerraformAsset, TerraformElement, TerraformOutput,
  TerraformStack,
} from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { contents, useTempFolder } from './temp-folder';
import { evaluateTerraform } from '../../src/app/terraform-output';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { writesNodeFiles } from '../../src/core/tree-outputs';
import { BastionStack, NetworkEgress, PrivateNetworkStack, StateBackend } from '../../src/terraform';
import { PrivateNetwork } from '../../src/terraform/aws/private-network';

const STATE = StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1' });

function stackWithBackend(scope: Construct, id: string): TerraformStack {
  const stack = new TerraformStack(scope, id);
  new S3Backend(stack, { bucket: 'acme', key: id, region: 'eu-central-1' });
  return stack;
}

/** Two stacks, of which one refers to the other. */
function twoStacks(scope: Construct): void {
  const { network } = new PrivateNetworkStack(scope, 'network', {
    state: STATE, networkName: 'prod', cidr: '10.0.0.0/16', azs: ['eu-central-1a', 'eu-central-1b'], egress: NetworkEgress.NAT_SINGLE,
  });
  const bastion = new BastionStack(scope, 'bastion', { state: STATE, hostName: 'bastion', network });
  Aspects.of(bastion).add({
    visit(construct: IConstruct): void {
      if (construct.node.id === 'launch-template') {
        (construct as TerraformElement).addOverride('ebs_optimized', 'false');
      }
    },
  });
  Annotations.of(bastion).addWarning('think twice');
}

function evaluate(build: (scope: Construct) => void): Record<string, string> {
  const app = new App();
  writesNodeFiles(app);
  build(app);
  return Object.fromEntries(evaluateTerraform(app).map((file) => [file.path, file.content]));
}

function parsed(files: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, JSON.parse(content, (key, value) => (key === 'stacktrace' ? undefined : value))]));
}

describe('Terraform below a cdk8s tree', () => {
  useTempFolder();

  test('stacks become what cdktf\'s own app writes: references, aspects, annotations and manifest included', () => {
    const app = new CdktfApp({ outdir: 'cdktf.out' });
    twoStacks(app);
    app.synth();
    const ours = parsed(evaluate(twoStacks));
    expect(Object.keys(ours)).toEqual(['stacks/network/cdk.tf.json', 'stacks/bastion/cdk.tf.json', 'manifest.json']);
    expect(ours).toEqual(parsed(contents('cdktf.out')));
  });

  test('an app without stacks has no Terraform files', () => {
    expect(evaluate((app) => new Chart(app, 'chart'))).toEqual({});
  });

  test('nothing is written', () => {
    evaluate(twoStacks);
    expect(fs.readdirSync('.')).toEqual([]);
  });

  test('evaluating twice gives the same bytes', () => {
    const app = new App();
    writesNodeFiles(app);
    twoStacks(app);
    expect(evaluateTerraform(app)).toEqual(evaluateTerraform(app));
  });

  test('no file shows the working directory, whichever it is', () => {
    const here = evaluate(twoStacks);
    fs.mkdirSync('elsewhere');
    process.chdir('elsewhere');
    expect(evaluate(twoStacks)).toEqual(here);
    Object.values(here).forEach((content) => expect(content).not.toContain(process.cwd()));
  });

  test('the app is no cdktf app afterwards', () => {
    const app = new App();
    writesNodeFiles(app);
    twoStacks(app);
    evaluateTerraform(app);
    expect(CdktfApp.isApp(app)).toBe(false);
    expect(Reflect.ownKeys(app)).toEqual(Reflect.ownKeys(new App()));
  });

  test('a value of another stack is read from its state, never referred to as if it were here', () => {
    const { 'stacks/bastion/cdk.tf.json': bastion, 'stacks/network/cdk.tf.json': network } = evaluate(twoStacks);
    expect(bastion).not.toContain('${aws_vpc.');
    const { vpc_id: vpcId } = Object.values<any>(JSON.parse(bastion).resource.aws_security_group)[0];
    const [, output] = /^\$\{data\.terraform_remote_state\..*\.outputs\.(.*)\}$/.exec(vpcId)!;
    expect(JSON.parse(network).output[output].value).toMatch(/^\$\{aws_vpc\..*\.id\}$/);
  });

  test('a stack may stand below a chart', () => {
    const files = evaluate((app) => new TerraformOutput(stackWithBackend(new Chart(app, 'chart'), 'nested'), 'x', { value: 1 }));
    expect(Object.keys(files)).toEqual(['stacks/nested/cdk.tf.json', 'manifest.json']);
  });
});

describe('Terraform that can\'t be written', () => {
  test('a stack without a backend: its state would be a file at an absolute path', () => {
    expect(() => evaluate((app) => new TerraformStack(app, 'net'))).toThrow(new Error(
      '[net] backend: got "none"; allowed: a backend stated in the stack. '
      + 'Add one, for instance new S3Backend(stack, { … }): without it the state would be a plain file beside the code.'));
  });

  test.each([[undefined, `${process.cwd()}/terraform.net.tfstate`], ['/var/net.tfstate', '/var/net.tfstate']])('a local state at an absolute path (%s)', (path, shown) => {
    expect(() => evaluate((app) => new LocalBackend(new TerraformStack(app, 'net'), { path }))).toThrow(new Error(
      `[net] backend: got "${shown}"; allowed: a local state at a relative path. `
      + 'Give LocalBackend a relative path: it counts from the folder of the stack, whatever machine that is on.'));
  });

  test('two stacks of one name: one would overwrite the other', () => {
    expect(() => evaluate((app) => {
      stackWithBackend(app, 'net');
      stackWithBackend(new Construct(app, 'group'), 'net');
    })).toThrow(new Error(
      '[group/net] id: got "net"; allowed: an id that no other stack has; net has this one. '
      + 'Rename one of them: a stack\'s id is the name of its folder, whatever it is nested in.'));
  });

  const PLACES: [what: string, place: string, own: string, backend: (stack: TerraformStack) => unknown][] = [
    [
      'key in Amazon S3', 's3://acme/state', 'key (StateBackend.s3 without one makes it of the cluster\'s and the stack\'s name)',
      (stack) => new S3Backend(stack, { bucket: 'acme', key: 'state', region: 'eu-central-1' }),
    ],
    ['local file', 'stacks/shared.tfstate', 'path', (stack) => new LocalBackend(stack, { path: '../shared.tfstate' })],
    ['database', 'pg', 'place in its settings', (stack) => new PgBackend(stack, { connStr: 'postgres://state:hunter2@db/state' })],
  ];

  test.each(PLACES)('two stacks with one %s as their state: one would destroy the other', (_what, place, own, backend) => {
    expect(() => evaluate((app) => ['a', 'b'].forEach((id) => backend(new TerraformStack(app, id))))).toThrow(new Error(
      `[b] backend: got "${place}"; allowed: a place for the state that no other stack has; a has this one. `
      + `Give one of them another ${own}: applying either would destroy what the other made.`));
  });

  test('stacks with one StateBackend keep their states apart, also those of clusters that share a bucket', () => {
    const keys = (cluster: string) => {
      const files = evaluate((app) => {
        new ClusterProfile({ name: cluster }).attachTo(app);
        twoStacks(app);
      });
      return Object.entries(files).filter(([path]) => path.endsWith('cdk.tf.json')).map(([, content]) => JSON.parse(content).terraform.backend.s3.key);
    };
    expect([...keys('dev'), ...keys('prod')]).toEqual([
      'dev/network/terraform.tfstate', 'dev/bastion/terraform.tfstate', 'prod/network/terraform.tfstate', 'prod/bastion/terraform.tfstate',
    ]);
  });

  test('a key that is stated once for two stacks', () => {
    const state = StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1', key: 'prod.tfstate' });
    expect(() => evaluate((app) => ['a', 'b'].forEach((id) => new PrivateNetworkStack(app, id, { state, cidr: '10.0.0.0/16', azs: ['eu-central-1a', 'eu-central-1b'] }))))
      .toThrow('[b] backend: got "s3://acme-state/prod.tfstate"; allowed: a place for the state that no other stack has; a has this one.');
  });

  test('stacks in one bucket under keys of their own are taken', () => {
    expect(Object.keys(evaluate((app) => ['a', 'b'].forEach((id) => stackWithBackend(app, id))))).toHaveLength(3);
  });

  test.each(['..', '.hidden'])('a stack named %s: it is the name of a folder', (id) => {
    expect(() => evaluate((app) => stackWithBackend(app, id))).toThrow(
      `[${id}] id: got "${id}"; allowed: letters, digits, ".", "_" and "-", beginning with a letter or digit. Rename the stack: its id is the name of its folder.`);
  });

  test('a resource without a provider', () => {
    expect(() => evaluate((app) => new Vpc(stackWithBackend(app, 'net'), 'vpc', { cidrBlock: '10.0.0.0/16' }))).toThrow(
      /^\[net\] validation: allowed: a stack that passes its own validations\. Resolve: \[net\] Found resources without a matching provider construct\./);
  });

  test('a failing validation anywhere in the stack', () => {
    expect(() => evaluate((app) => new Construct(stackWithBackend(app, 'net'), 'part').node.addValidation({ validate: () => ['too small'] }))).toThrow(
      '[net] validation: allowed: a stack that passes its own validations. Resolve: [net/part] too small');
  });

  test('an annotation of level error', () => {
    expect(() => evaluate((app) => Annotations.of(stackWithBackend(app, 'net')).addError('no good'))).toThrow(
      '[net] annotations: allowed: a stack without annotations of level error. Resolve: [net] no good');
  });

  test('a file asset: only configuration is written', () => {
    expect(() => evaluate((app) => new TerraformAsset(stackWithBackend(app, 'net'), 'asset', { path: __filename, type: AssetType.FILE }))).toThrow(
      '[net/asset] asset: got "TerraformAsset"; allowed: constructs that write nothing but configuration. '
      + 'Publish the file beforehand and refer to it, or synthesize this stack with cdktf\'s own App.');
  });

  test('a cross-stack reference in a circle', () => {
    expect(() => evaluate((app) => {
      const a = new PrivateNetworkStack(app, 'a', { state: STATE, cidr: '10.0.0.0/16', azs: ['eu-central-1a', 'eu-central-1b'] });
      const b = new BastionStack(app, 'b', { state: STATE, network: a.network });
      new TerraformOutput(a, 'circle', { value: b.bastion.roleArn });
    })).toThrow(/circular/i);
  });

  test('a network that is only referred to needs no state of another stack', () => {
    const files = evaluate((app) => new BastionStack(app, 'bastion', {
      state: STATE, network: PrivateNetwork.fromAttributes({ vpcId: 'vpc-1', cidr: '10.0.0.0/16', region: 'eu-central-1', privateSubnetIds: ['subnet-1'] }),
    }));
    expect(files['stacks/bastion/cdk.tf.json']).not.toContain('terraform_remote_state');
  });
});
