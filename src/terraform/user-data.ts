import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { Cloud } from '../core/cloud';
import { invalid } from '../core/errors';
import { secretIn } from '../core/secret-text';
import { gzipUserData, checkUserDataSize, userDataLimit } from '../nodes/user-data';

const LIMIT = userDataLimit(Cloud.AWS)!;

/** cloud-init's and chpasswd's passwords: user data is where they would stand. */
const PASSWORD = /^[ \t]*(-[ \t]*)?["']?(password|passwd|plain_text_passwd|hashed_passwd|chpasswd)["']?\s*[:=]|\|\s*chpasswd\b/im;

/**
 * User data as AWS takes it: base64, made here, because Terraform would read `${` in the text as an expression.
 *
 * Text that fits goes as it is, longer text gzipped: cloud-init takes both.
 *
 * @throws if the text holds a secret, isn't known until apply, or is too long even gzipped: any process of the host can read user data
 */
export function encodeUserData(text: string, property: string, at: IConstruct): string {
  if (Token.isUnresolved(text)) {
    throw invalid({
      at, property, got: '(a value that is not known until apply)', allowed: 'literal text', fix: 'Read what is known at apply only from SSM Parameter Store on the host.',
    });
  }
  const secret = secretIn(text) ?? (PASSWORD.test(text) ? 'a password' : undefined);
  if (secret !== undefined) {
    throw invalid({
      at, property, allowed: `text without ${secret}`, fix: 'Generate keys on the host, or read secrets from a store: any process of the host can read user data.',
    });
  }
  if (Buffer.byteLength(text) <= LIMIT) {
    return Buffer.from(text, 'utf8').toString('base64');
  }
  const compressed = gzipUserData(text);
  checkUserDataSize(compressed, LIMIT, at);
  return compressed.toString('base64');
}
