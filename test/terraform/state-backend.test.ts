import { Fn, Token } from 'cdktf';
import { configurationOf, newStack } from './configuration';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { StateBackend } from '../../src/terraform/state-backend';

function backendOf(state: StateBackend): unknown {
  const stack = newStack('network');
  state._addTo(stack);
  return configurationOf(stack).terraform.backend;
}

describe('where Terraform keeps its state', () => {
  test('in S3 it is encrypted and locked', () => {
    expect(backendOf(StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1' }))).toEqual({
      s3: { bucket: 'acme-state', region: 'eu-central-1', key: 'cluster/network/terraform.tfstate', encrypt: true, use_lockfile: true },
    });
  });

  test('its key begins with the cluster\'s name, so that clusters may share a bucket', () => {
    const stack = newStack('network');
    new ClusterProfile({ name: 'prod' }).attachTo(stack);
    StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1' })._addTo(stack);
    expect(configurationOf(stack).terraform.backend.s3.key).toBe('prod/network/terraform.tfstate');
  });

  test('key and KMS key can be given', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0';
    expect(backendOf(StateBackend.s3({ bucket: 'acme-state', region: 'eu-central-1', key: 'prod/net.tfstate', kmsKeyArn }))).toMatchObject({
      s3: { key: 'prod/net.tfstate', kms_key_id: kmsKeyArn },
    });
  });

  test('a local state is at a relative path, so that no machine shows in the output', () => {
    expect(backendOf(StateBackend.local())).toEqual({ local: { path: 'terraform.tfstate' } });
  });

  test.each(['/var/state', '../state', 'a/../../b', 'C:\\state', ''])('the local path %j is refused', (path) => {
    expect(() => StateBackend.local(path)).toThrow(
      `path: got ${JSON.stringify(path)}; allowed: a relative path inside the stack's folder. `
      + 'Leave it out, or give a path such as state/terraform.tfstate: an absolute one would make the output depend on the machine.');
  });

  test.each([
    [{ bucket: 'Acme', region: 'eu-central-1' }, 'bucket: got "Acme"; allowed: the name of an S3 bucket.'],
    [{ bucket: 'acme', region: 'Frankfurt' }, 'region: got "Frankfurt"; allowed: an AWS region such as eu-central-1.'],
    [{ bucket: 'acme', region: 'eu-central-1', key: '/x' }, 'key: got "/x"; allowed: an object key that begins with a letter or digit.'],
    [{ bucket: 'acme', region: 'eu-central-1', kmsKeyArn: 'alias/state' }, 'kmsKeyArn: got "alias/state"; allowed: the ARN of a KMS key.'],
    [{ bucket: 'acme', region: 'eu-central-1', kmsKeyArn: Token.asString(Fn.uuid()) }, 'kmsKeyArn: got "(a value that is not known until apply)"; allowed: the ARN of a KMS key.'],
    [{ bucket: Token.asString(Fn.uuid()), region: 'eu-central-1' }, 'bucket: got "(a value that is not known until apply)"; allowed: the name of an S3 bucket.'],
  ])('%j is refused', (props, message) => {
    expect(() => StateBackend.s3(props)).toThrow(`${message} Give it literally: Terraform reads its backend before anything else.`);
  });
});
