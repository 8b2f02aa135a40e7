import { gunzipSync } from 'zlib';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { newStack } from './configuration';
import { encodeUserData } from '../../src/terraform/user-data';

const AT = new Construct(newStack(), 'host');

function encode(text: string): Buffer {
  return Buffer.from(encodeUserData(text, 'userData', AT), 'base64');
}

/** Text that hardly compresses. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => String.fromCharCode(33 + ((state = (state * 48271) % 2147483647) % 90))).join('');
}

describe('user data', () => {
  test('Terraform finds no expression in it', () => {
    expect(encodeUserData('echo ${HOME} %{if true}', 'userData', AT)).not.toMatch(/[$%]\{/);
    expect(encode('echo ${HOME}').toString()).toBe('echo ${HOME}');
  });

  test('text of 16 KB goes as it is', () => {
    expect(encode('x'.repeat(16384)).toString()).toBe('x'.repeat(16384));
  });

  test('longer text is gzipped, without time and system in the header', () => {
    const bytes = encode('x'.repeat(16385));
    expect(gunzipSync(bytes).toString()).toBe('x'.repeat(16385));
    expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
  });

  test('the size counts bytes, not characters', () => {
    expect(encode('é'.repeat(8193))[0]).toBe(0x1f);
  });

  test.each(['PasswordAuthentication no', 'ssh_pwauth: false', 'lock_passwd: true', 'password requisite pam_pwquality.so', 'see the token: none', 'AWS_SECRET_ACCESS_KEY="$(aws ssm get-parameter)"'])(
    '"%s" is no secret', (line) => {
      expect(encode(line).toString()).toBe(line);
    });
});

describe('bad user data', () => {
  test('text that is too long even gzipped is refused', () => {
    expect(() => encode(noise(40000))).toThrow(/^\[stack\/host\] user data: got "\d+ bytes compressed"; allowed: at most 16384 bytes; it is \d+ bytes too large\./);
  });

  test.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
    ['an AWS access key', 'export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE'],
    ['an AWS access key', 'aws_secret_access_key = x'],
    ['a password', 'users:\n- name: admin\n  plain_text_passwd: hunter2'],
    ['a password', 'password: hunter2'],
    ['a password', 'chpasswd:\n  expire: false'],
    ['a password', 'echo admin:hunter2 | chpasswd'],
    ['an access token', `echo ghp_${'a1B2'.repeat(9)}`],
    ['credentials', 'curl https://user:hunter2@example.com'],
    ['a private key', `key: ${Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')}`],
    ['a bootstrap token', 'kubeadm join --token abcdef.0123456789abcdef'],
  ])('%s is refused and not shown', (what, text) => {
    expect(() => encode(text)).toThrow(new Error(
      `[stack/host] userData: allowed: text without ${what}. `
      + 'Generate keys on the host, or read secrets from a store: any process of the host can read user data.'));
  });

  test('white space of any length is looked at in time', () => {
    expect(() => encode('\n'.repeat(200_000))).not.toThrow();
    expect(() => encode(' '.repeat(200_000))).not.toThrow();
  });

  test('text that is known at apply only is refused', () => {
    expect(() => encode(`echo ${Token.asString(Fn.uuid())}`)).toThrow(
      '[stack/host] userData: got "(a value that is not known until apply)"; allowed: literal text. '
      + 'Read what is known at apply only from SSM Parameter Store on the host.');
  });
});
