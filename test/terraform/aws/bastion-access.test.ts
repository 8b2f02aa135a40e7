import { Fn, Token } from 'cdktf';
import { BastionAccess, BastionAccessMethod, PublicSshProps } from '../../../src/terraform/aws/bastion-access';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f admin';

function publicSsh(props: Partial<PublicSshProps> = {}): BastionAccess {
  return BastionAccess.publicSsh({ allowedCidrs: ['198.51.100.0/24'], reason: 'no Session Manager on site', owner: 'ops@example.com', ...props });
}

describe('access to a bastion', () => {
  test('Session Manager opens nothing to any range', () => {
    expect(BastionAccess.ssm().method).toBe(BastionAccessMethod.SSM);
    expect(BastionAccess.ssm().allowedCidrs).toEqual([]);
  });

  test('an Instance Connect Endpoint opens nothing to any range', () => {
    expect(BastionAccess.instanceConnectEndpoint().allowedCidrs).toEqual([]);
  });

  test('public SSH is open to the named ranges, each once', () => {
    expect(publicSsh({ allowedCidrs: ['198.51.100.0/24', '2001:DB8::/32', '198.51.100.0/24'] }).allowedCidrs).toEqual(['198.51.100.0/24', '2001:db8::/32']);
  });

  test('a range of exactly /16 or /32 is the widest that is taken', () => {
    expect(publicSsh({ allowedCidrs: ['198.51.0.0/16', '2001:db8::/32'] }).allowedCidrs).toHaveLength(2);
  });

  test('an ed25519 key is taken', () => {
    expect(publicSsh({ publicKey: KEY })._publicKey).toBe(KEY);
  });
});

describe('bad input to public SSH', () => {
  test.each(['0.0.0.0/0', '::/0'])('%s is refused', (cidr) => {
    expect(() => publicSsh({ allowedCidrs: ['198.51.100.7/32', cidr] })).toThrow(new Error(
      `allowedCidrs[1]: got "${cidr}"; allowed: a range that is not the whole internet (CIS-AWS 5.2). `
      + 'Use BastionAccess.ssm(), or name the addresses that administrators come from.'));
  });

  test.each([['198.50.0.0/15', 16, 'IPv4'], ['0.0.0.0/1', 16, 'IPv4'], ['2001:db8::/31', 32, 'IPv6']])('%s is too wide', (cidr, widest, family) => {
    expect(() => publicSsh({ allowedCidrs: [String(cidr)] })).toThrow(new Error(
      `allowedCidrs[0]: got "${cidr}"; allowed: a range of at most a /${widest} (${family}) (CIS-AWS 5.2). `
      + 'Use BastionAccess.ssm(), or name the addresses that administrators come from.'));
  });

  test('a range that is known at apply only is refused: it could be the whole internet', () => {
    expect(() => publicSsh({ allowedCidrs: [Token.asString(Fn.cidrsubnet('198.51.0.0/16', 8, 1))] })).toThrow(new Error(
      'allowedCidrs[0]: got "(a value that is not known until apply)"; allowed: a literal range, at most a /16 (IPv4) or /32 (IPv6). '
      + 'Give it literally: what is known at apply only can\'t be checked here.'));
  });

  test('a list that is known at apply only is refused', () => {
    expect(() => publicSsh({ allowedCidrs: Token.asList(Fn.tolist(['198.51.100.0/24'])) })).toThrow(new Error(
      'allowedCidrs: got "(a value that is not known until apply)"; allowed: one or more ranges, at most a /16 (IPv4) or /32 (IPv6) each. '
      + 'Give it literally: what is known at apply only can\'t be checked here.'));
  });

  test('an empty list is refused', () => {
    expect(() => publicSsh({ allowedCidrs: [] })).toThrow(new Error(
      'allowedCidrs: got []; allowed: one or more ranges, at most a /16 (IPv4) or /32 (IPv6) each. Name the addresses that administrators come from.'));
  });

  test('a reason and an owner are needed', () => {
    expect(() => publicSsh({ reason: '' })).toThrow(new Error(
      'reason: got ""; allowed: 3 to 100 letters, digits, spaces and _ . : / = + @ -. Say it in a few words: it becomes a tag of the host.'));
    expect(() => publicSsh({ owner: '${x}' })).toThrow(new Error(
      'owner: got "${x}"; allowed: 3 to 100 letters, digits, spaces and _ . : / = + @ -. Say it in a few words: it becomes a tag of the host.'));
  });

  test('a private key is refused and not shown', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----';
    expect(() => publicSsh({ publicKey: key })).toThrow(/^publicKey: allowed: (?!.*c2VjcmV0)/);
  });

  test('a key that EC2 doesn\'t take is refused', () => {
    const blob = Buffer.concat(['sk-ssh-ed25519@openssh.com', 'k'.repeat(32), 'ssh:'].map((field) => {
      const bytes = Buffer.from(field);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    })).toString('base64');
    expect(() => publicSsh({ publicKey: `sk-ssh-ed25519@openssh.com ${blob}` })).toThrow(
      'allowed: a key of type ssh-ed25519 or ssh-rsa. Leave it out: EC2 Instance Connect takes a key for each connection, by IAM.');
  });
});
