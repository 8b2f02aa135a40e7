import { Folders } from './comparing';
import { Change } from '../../../src/cli/diff/change';
import { compareOutputs } from '../../../src/cli/diff/compare-outputs';
import { readOutput } from '../../../src/cli/diff/output-folder';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const folders = new Folders();
let count = 0;

function stacks(before: object, after: object): readonly Change[] {
  const [old, next] = [before, after].map((resource, i) => folders.make(`stacks-${count++}`, {
    'cdktf.out/stacks/net/cdk.tf.json': JSON.stringify({ '//': { metadata: { version: i } }, 'resource': resource }),
  }));
  return compareOutputs(readOutput(old, '/', 'OLD'), readOutput(next, '/', 'NEW'), { controls: [], version: KubernetesVersion.V1_36 });
}

const instance = (content: object) => ({ aws_instance: { bastion: { '//': { unique: Math.random() }, 'ami': 'ami-1', ...content } } });
const ingress = (cidr: string) => ({ aws_vpc_security_group_ingress_rule: { ssh: { cidr_ipv4: cidr, from_port: 22, to_port: 22, ip_protocol: 'tcp' } } });

describe('Terraform', () => {
  test.each([
    ['a public address', instance({}), instance({ associate_public_ip_address: true })],
    ['everybody by SSH', ingress('192.0.2.0/24'), ingress('0.0.0.0/0')],
    ['everybody by SSH in a group', { aws_security_group: { a: { ingress: [{ cidr_blocks: ['192.0.2.0/24'], from_port: 22, to_port: 22, protocol: 'tcp' }] } } }, { aws_security_group: { a: { ingress: [{ cidr_blocks: ['192.0.2.0/24', '0.0.0.0/0'], from_port: 22, to_port: 22, protocol: 'tcp' }] } } }],
    ['a disk without encryption', instance({ root_block_device: { encrypted: true } }), instance({ root_block_device: { encrypted: false } })],
    ['a disk of which nothing is said', instance({ root_block_device: { encrypted: true } }), instance({ root_block_device: {} })],
    ['metadata without a token', instance({ metadata_options: { http_tokens: 'required' } }), instance({ metadata_options: { http_tokens: 'optional' } })],
    ['flow logs that go', { aws_flow_log: { a: { vpc_id: 'a' } }, ...instance({}) }, instance({})],
  ])('is weaker by %s', (_name, strong, weak) => {
    expect(stacks(strong, weak).filter(({ verdict }) => verdict === 'weaker')).toHaveLength(1);
    expect(stacks(weak, strong).filter(({ verdict }) => verdict === 'weaker')).toEqual([]);
    expect(stacks(weak, strong).filter(({ verdict }) => verdict === 'stronger').length).toBeGreaterThan(0);
  });

  test('says nothing of comments, and names what else changed', () => {
    expect(stacks(instance({}), instance({}))).toEqual([]);
    expect(stacks(instance({}), instance({ ami: 'ami-2' }))).toMatchObject([
      { verdict: 'neutral', kind: 'changed', subject: 'stack net: aws_instance.bastion', details: ['ami: "ami-1" → "ami-2"'] },
    ]);
    expect(stacks({}, instance({}))).toMatchObject([{ kind: 'new', verdict: 'neutral' }]);
  });

  test('never shows a secret', () => {
    const changes = stacks({ aws_db_instance: { a: { password: 'hunter2hunter2' } } }, { aws_db_instance: { a: { password: 'hunter3hunter3' } } });
    expect(changes).toHaveLength(1);
    expect(JSON.stringify(changes)).not.toMatch(/hunter/);
  });
});
