import { checkPublicKey } from '../../src/nodes/ssh-public-key';

/** A line as in a `.pub` file: the type and the fields, each after its length (RFC 4251 5). */
function publicKeyLine(type: string, ...fields: Buffer[]): string {
  const blob = Buffer.concat([Buffer.from(type), ...fields].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  }));
  return `${type} ${blob.toString('base64')}`;
}

const check = (line: string) => checkPublicKey(line, 'trustedUserCaKeys[0]', 'ssh');
const E = Buffer.from([1, 0, 1]);
/** A modulus of so many bits; a positive number whose first bit is set has a zero byte before it. */
const modulus = (bits: number) => Buffer.concat([
  Buffer.from(bits % 8 === 0 ? [0, 0x80] : [2 ** (bits % 8 - 1)]), Buffer.alloc(Math.ceil(bits / 8) - 1, 7),
]);
const ED25519 = publicKeyLine('ssh-ed25519', Buffer.alloc(32, 1));

const ALLOWED = 'allowed: one line of a public key as ssh-keygen writes it, of type ssh-ed25519, sk-ssh-ed25519@openssh.com or ssh-rsa with at least 3072 bits';

test.each([
  ['Ed25519', ED25519],
  ['Ed25519 with a comment', `${ED25519} users CA 2026`],
  ['Ed25519 of a security key', publicKeyLine('sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 1), Buffer.from('ssh:'))],
  ['RSA of 3072 bits', publicKeyLine('ssh-rsa', E, modulus(3072))],
])('%s is taken', (_, line) => {
  expect(check(` ${line}\n`)).toBe(line);
});

test.each([
  ['RSA of 2048 bits', publicKeyLine('ssh-rsa', E, modulus(2048))],
  ['RSA of 3071 bits', publicKeyLine('ssh-rsa', E, modulus(3071))],
  ['DSA', publicKeyLine('ssh-dss', E, E, E, E)],
  ['ECDSA on a NIST curve', publicKeyLine('ecdsa-sha2-nistp256', Buffer.from('nistp256'), Buffer.alloc(65, 4))],
  ['Ed25519 of 31 bytes', publicKeyLine('ssh-ed25519', Buffer.alloc(31, 1))],
  ['a certificate in place of a key', publicKeyLine('ssh-ed25519-cert-v01@openssh.com', Buffer.alloc(32, 1))],
])('%s is refused', (_, line) => {
  expect(() => check(line)).toThrow(`${ALLOWED}. Make another key: ssh-keygen -t ed25519.`);
});

test.each([
  ['options before the key', `cert-authority ${ED25519}`],
  ['a second key on a second line', `${ED25519}\n${ED25519}`],
  ['no key', 'ssh-ed25519'],
  ['a control character in the comment', `${ED25519} a\u001bb`],
])('%s: refused, with the exact message', (_, line) => {
  const shown = JSON.stringify(line);
  expect(() => check(line)).toThrow(new Error(
    `[ssh] trustedUserCaKeys[0]: got ${shown.length <= 160 ? shown : `${shown.slice(0, 157)}...`}; ${ALLOWED}. `
    + 'Give the type, the key and at most a comment: no options before it, no line breaks.'));
});

test.each([
  ['cut off', `${ED25519.slice(0, 50)}`],
  ['of another type than it says', publicKeyLine('ssh-ed25519', Buffer.alloc(32, 1)).replace('ssh-ed25519 ', 'ssh-rsa ')],
  ['too short for a length', 'ssh-ed25519 AAAA'],
])('a key that is %s is called damaged', (_, line) => {
  expect(() => check(line)).toThrow(`${ALLOWED}. The key is damaged, or not of the type that the line names. Copy the whole line again.`);
});

test('a private key is refused without being shown', () => {
  const armour = ['-----BEGIN OPENSSH', 'PRIVATE KEY-----'].join(' ');
  expect(() => check(`${armour}\nb3BlbnNzaC1rZXk\n`)).toThrow(new Error(
    `[ssh] trustedUserCaKeys[0]: ${ALLOWED}. This is a private key: keep it where it is, and give the line of the file that ends in .pub.`));
});
