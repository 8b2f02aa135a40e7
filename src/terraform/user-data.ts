import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { Cloud } from '../core/cloud';
import { invalid } from '../core/errors';
import { gzipUserData, checkUserDataSize, userDataLimit } from '../nodes/user-data';

const LIMIT = userDataLimit(Cloud.AWS)!;

const SECRETS: { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: 'an AWS access key', pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b|aws_secret_access_key\s*[=:]/i },
  { what: 'a password', pattern: /^\s*(- *)?["']?(password|passwd|plain_text_passwd|hashed_passwd|chpasswd)["']?\s*[:=]|\|\s*chpasswd\b/im },
  { what: 'a bootstrap token', pattern: /\btoken["']?[\s:=]+["']?[a-z0-9]{6}\.[a-z0-9]{16}\b/i },
];

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
  const secret = SECRETS.find(({ pattern }) => pattern.test(text));
  if (secret) {
    throw invalid({
      at, property, allowed: `text without ${secret.what}`, fix: 'Generate keys on the host, or read secrets from a store: any process of the host can read user data.',
    });
  }
  if (Buffer.byteLength(text) <= LIMIT) {
    return Buffer.from(text, 'utf8').toString('base64');
  }
  const compressed = gzipUserData(text);
  checkUserDataSize(compressed, LIMIT, at);
  return compressed.toString('base64');
}
