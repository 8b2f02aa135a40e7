import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { Account } from './account';
import { policyDocument, PolicyStatement } from './policy-document';

/** What a key is for. */
export interface EncryptionKeyProps {
  readonly account: Account;
  readonly alias: string;
  readonly description: string;
  /** Who may use the key, besides the account's administrators. */
  readonly use: PolicyStatement[];
  readonly tags: Record<string, string>;
}

/** A symmetric KMS key that rotates yearly, is deleted after 30 days at the earliest, and names its users (CKV_AWS_7, CKV2_AWS_64). */
export class EncryptionKey extends Construct {
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, 'Resource', {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument([
        {
          Sid: 'AccountAdministrators', Effect: 'Allow', Principal: { AWS: props.account.arn('iam', '', 'root') }, Action: 'kms:*', Resource: '*',
        },
        ...props.use,
      ]),
      tags: props.tags,
    });
    new KmsAlias(this, 'alias', { name: `alias/${props.alias}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
