import { Token } from 'cdktf';
import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { NodeFile, NodeFileKind, NodeFileProps } from '../../src/core/node-file';

const PATH = '/etc/kubernetes/audit-policy.yaml';
const file = (props: Partial<NodeFileProps> = {}) => new NodeFile({ path: PATH, content: 'x\n', ...props });

test('a file belongs to root and is as wide as its kind allows, unless stated', () => {
  expect({ ...file() }).toEqual({ path: PATH, content: 'x\n', kind: NodeFileKind.CONFIGURATION, mode: '0644', owner: 'root', group: 'root' });
  expect(file({ kind: NodeFileKind.RESTRICTED }).mode).toBe('0600');
  expect(file({ kind: NodeFileKind.EXECUTABLE }).mode).toBe('0755');
  expect(file({ kind: NodeFileKind.SUDOERS }).mode).toBe('0440');
});

test('owner, group and a narrower mode are taken as stated', () => {
  const narrow = file({ mode: '0400', owner: 'etcd', group: '_etcd-x' });
  expect([narrow.mode, narrow.owner, narrow.group]).toEqual(['0400', 'etcd', '_etcd-x']);
});

test.each(['etc/passwd', './x', '', '/', '/etc/', '/etc//ssh', '/etc/../root/x', '/etc/./x', '~/x', 'C:\\x', '/etc/a\nb', '/etc/a\u0000', '/etc/a\u007f'])(
  'a file at %j is refused', (path) => {
    expect(messageOf(() => file({ path }))).toBe(
      `[NodeFile] path: got ${JSON.stringify(path)}; allowed: an absolute path of a file, normalized (no "..", no double or trailing slash). `
      + 'Give the path on the node, for instance /etc/ssh/sshd_config.d/00-hardening.conf.');
  });

test.each([
  [NodeFileKind.CONFIGURATION, '0664', '0644'], [NodeFileKind.CONFIGURATION, '0755', '0644'], [NodeFileKind.CONFIGURATION, '0666', '0644'],
  [NodeFileKind.RESTRICTED, '0644', '0600'], [NodeFileKind.RESTRICTED, '0640', '0600'], [NodeFileKind.RESTRICTED, '0700', '0600'],
  [NodeFileKind.EXECUTABLE, '0775', '0755'], [NodeFileKind.EXECUTABLE, '4755', '0755'],
  [NodeFileKind.SUDOERS, '0640', '0440'], [NodeFileKind.SUDOERS, '0444', '0440'],
  [NodeFileKind.CONFIGURATION, '644', '0644'], [NodeFileKind.CONFIGURATION, '0o644', '0644'], [NodeFileKind.CONFIGURATION, '0648', '0644'],
  [NodeFileKind.CONFIGURATION, 'u=rw', '0644'], [NodeFileKind.CONFIGURATION, '', '0644'],
])('a file of kind %s with mode %j is refused', (kind, mode, widest) => {
  expect(messageOf(() => file({ kind, mode }))).toBe(
    `[NodeFile ${PATH}] mode: got "${mode}"; allowed: four octal digits, at most ${widest} for a file of kind ${kind}. `
    + 'Drop the bits that are too wide, or choose the kind that fits what the file holds.');
});

test('a file of an unknown kind is refused', () => {
  expect(messageOf(() => file({ kind: 'secret' as NodeFileKind }))).toBe(
    `[NodeFile ${PATH}] kind: got "secret"; allowed: configuration, restricted, executable, sudoers. Take a value of NodeFileKind.`);
});

/** The octal digits that have no bit beyond those of a digit. */
const WITHIN: Record<string, string> = { 0: '0', 4: '04', 5: '0145', 6: '0246', 7: '01234567' };

test('a mode is never wider than the widest of its kind, bit by bit', () => {
  fc.assert(fc.property(fc.constantFrom(...Object.values(NodeFileKind)), fc.integer({ min: 0, max: 0o777 }), (kind, bits) => {
    const widest = parseInt(file({ kind }).mode, 8);
    const mode = `0${bits.toString(8).padStart(3, '0')}`;
    if ([...mode].every((digit, i) => WITHIN[`0${widest.toString(8)}`[i]].includes(digit))) {
      expect(file({ kind, mode }).mode).toBe(mode);
    } else {
      expect(() => file({ kind, mode })).toThrow('mode');
    }
  }), { numRuns: 500 });
});

test.each(['Root', '0', '', 'a b', 'root:root', 'x'.repeat(33)])('%j is no account', (name) => {
  const rest = `got "${name}"; allowed: a user or group name (useradd(8)). Name an account that exists on the node.`;
  expect(messageOf(() => file({ owner: name }))).toBe(`[NodeFile ${PATH}] owner: ${rest}`);
  expect(messageOf(() => file({ group: name }))).toBe(`[NodeFile ${PATH}] group: ${rest}`);
});

const pem = (kind: string) => `-----BEGIN ${kind}-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END ${kind}-----\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
test.each([
  ['PKCS #8', pem('PRIVATE KEY')], ['encrypted PKCS #8', pem('ENCRYPTED PRIVATE KEY')], ['RSA', pem('RSA PRIVATE KEY')], ['EC', pem('EC PRIVATE KEY')],
  ['OpenSSH', pem('OPENSSH PRIVATE KEY')], ['PGP', pem('PGP PRIVATE KEY BLOCK')], ['a kubeconfig', `users:\n- user:\n    client-key-data: ${base64(pem('EC PRIVATE KEY'))}\n`],
  ['age', 'AGE-SECRET-KEY-1QQQQ'],
])('a private key is refused and not shown: %s', (_what, key) => {
  expect(messageOf(() => file({ content: `# key\n${key}` }))).toBe(
    `[NodeFile ${PATH}] content: allowed: text without a private key. `
    + 'Generate keys on the node, or take secrets there from a KMS or a secret store: node files travel in readable user data.');
});

test.each([
  ['a bootstrap token', 'kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef'], ['an access token', `machine_token=ghp_${'a1B2'.repeat(9)}`],
  ['an AWS access key', `AWS_SECRET_ACCESS_KEY=${'wJalrXUt'.repeat(5)}`], ['credentials', 'proxy=http://user:hunter2@proxy:3128'],
])('%s is refused as a private key is', (what, line) => {
  expect(messageOf(() => file({ content: `#!/bin/sh\n${line}\n` }))).toBe(
    `[NodeFile ${PATH}] content: allowed: text without ${what}. `
    + 'Generate keys on the node, or take secrets there from a KMS or a secret store: node files travel in readable user data.');
});

test.each([
  ['a certificate', pem('CERTIFICATE')], ['a public key', pem('PUBLIC KEY')], ['a certificate in base64', `certificate-authority-data: ${base64(pem('CERTIFICATE'))}`],
  ['words about keys', 'HostKey /etc/ssh/ssh_host_ed25519_key # the PRIVATE KEY stays on the node'], ['no text', ''], ['all of Unicode', 'naïve 🔒\r\n'],
])('%s is no private key', (_what, content) => {
  expect(file({ content }).content).toBe(content);
});

test.each([undefined, null, 5, Buffer.from('x'), 'half a character: \ud83d'])('content that is no text is refused (%#)', (content) => {
  expect(messageOf(() => file({ content: content as never }))).toBe(
    `[NodeFile ${PATH}] content: allowed: text that UTF-8 can express. Give the text as a string; install binary files with a package of the operating system.`);
});

test('a file cannot be changed afterwards', () => {
  const audit = file({ kind: NodeFileKind.RESTRICTED });
  expect(() => Object.assign(audit, { mode: '0777' })).toThrow(TypeError);
  expect(audit.mode).toBe('0600');
});

test('a value that only Terraform knows is refused: nobody would replace it', () => {
  expect(messageOf(() => file({ content: `endpoint: ${Token.asString({ resolve: () => 'x' })}\n` }))).toBe(
    `[NodeFile ${PATH}] content: got "(a value that is not known until Terraform applies it)"; allowed: literal text. `
    + 'Give it literally, or read it on the node, for instance from a parameter store: node files are written before Terraform runs.');
  expect(file({ content: 'endpoint: ${ENDPOINT}\n' }).content).toBe('endpoint: ${ENDPOINT}\n');
});
