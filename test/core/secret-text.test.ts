import { generateKeyPairSync, KeyObject } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import * as fc from 'fast-check';
import { secretIn } from '../../src/core/secret-text';
import { SshHardening } from '../../src/nodes/ssh-hardening';
import { cluster } from '../control-plane/cluster';

const ROOT = path.resolve(__dirname, '../..');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const of = (alphabet: string, length: number) => alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const alnum = (length: number) => of('a1B2c3D4', length);
const hex = (length: number) => of('0123456789abcdef', length);

const PRIVATE_KEY = 'a private key';
const BOOTSTRAP = 'a bootstrap token';
const AWS = 'an AWS access key';
const CLOUD = 'a cloud credential';
const ACCESS = 'an access token';
const CREDENTIALS = 'credentials';

/** Secrets of every form, each with a twin that differs in what matters only. */
const PAIRS: [string, string, string][] = [
  [PRIVATE_KEY, '-----BEGIN PRIVATE KEY-----', '-----BEGIN PUBLIC KEY-----'],
  [PRIVATE_KEY, '-----BEGIN ENCRYPTED PRIVATE KEY-----', '-----BEGIN CERTIFICATE-----'],
  [PRIVATE_KEY, '-----BEGIN PGP PRIVATE KEY BLOCK-----', '-----BEGIN PGP PUBLIC KEY BLOCK-----'],
  [PRIVATE_KEY, '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----', '---- BEGIN SSH2 PUBLIC KEY ----'],
  [PRIVATE_KEY, '{"key":"-----BEGIN RSA PRIVATE KEY-----\\nMII"}', 'the PRIVATE KEY stays on the node'],
  [PRIVATE_KEY, 'AGE-SECRET-KEY-1QQQQ', 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'],
  [PRIVATE_KEY, 'PuTTY-User-Key-File-3: ssh-ed25519', 'puttygen'],
  [PRIVATE_KEY, `PrivateKey = ${alnum(43)}=`, `PublicKey = ${alnum(43)}=`],
  [PRIVATE_KEY, `{"d":"${alnum(43)}","kty":"EC"}`, `{"x":"${alnum(43)}","kty":"EC"}`],
  [PRIVATE_KEY, `{"kty": "EC", "d": "${alnum(43)}"}`, `{"d": "${alnum(43)}"}`],
  [BOOTSTRAP, 'kubeadm join --token abcdef.0123456789abcdef 10.0.0.1:6443', 'kubeadm join --token "$(cat /run/token)" 10.0.0.1:6443'],
  [BOOTSTRAP, '--token=abcdef.0123456789abcdef', '--token-file=abcdef.0123456789abcdef'],
  [BOOTSTRAP, '--tls-bootstrap-token \'abcdef.0123456789abcdef\'', '--discovery-token-ca-cert-hash sha256:0123456789abcdef'],
  [BOOTSTRAP, 'bootstrapTokens:\n- token: abcdef.0123456789abcdef', 'bootstrapTokens:\n- token: ${TOKEN}'],
  [BOOTSTRAP, 'tlsBootstrapToken: "abcdef.0123456789abcdef"', 'file: abcdef.0123456789abcdef'],
  [BOOTSTRAP, '{\\"token\\":\\"abcdef.0123456789abcdef\\"}', '{\\"token\\":\\"\\"}'],
  [BOOTSTRAP, 'kubeadm token create abcdef.0123456789abcdef', 'kubeadm token create --print-join-command'],
  [BOOTSTRAP, 'token-id: abcdef\ntoken-secret: 0123456789abcdef', 'token-id: abcdef\ntoken-secret: /run/secrets/token'],
  [BOOTSTRAP, `token-secret: ${base64('0123456789abcdef')}`, 'token-secret: ""'],
  [BOOTSTRAP, `K10${hex(64)}::server:hunter2`, `K10${hex(64)}`],
  ['a kubeadm certificate key', `--certificate-key ${hex(64)}`, '--certificate-key "$(cat /run/key)"'],
  ['a kubeadm certificate key', `certificateKey: ${hex(64)}`, `certificateHash: ${hex(64)}`],
  ['an encryption key', `kind: EncryptionConfiguration\nproviders:\n- aescbc:\n    keys:\n    - name: a\n      secret: ${alnum(43)}=`, 'kind: EncryptionConfiguration\nresources: [secrets]\nproviders:\n- kms: {}'],
  ['an encryption key', `{"kind":"EncryptionConfiguration","secret":"${alnum(32)}"}`, `{"kind":"EncryptionConfiguration","secret":"${alnum(31)}"}`],
  [AWS, `AKIA${of('A1B2', 16)}`, `AKIA${of('A1B2', 12)}`],
  [AWS, `ASIA${of('A1B2', 16)}`, 'arn:aws:iam::123456789012:role/ASIA'],
  [AWS, `AWS_SECRET_ACCESS_KEY=${alnum(40)}`, 'AWS_SECRET_ACCESS_KEY=$(aws ssm get-parameter --name key)'],
  [AWS, `aws_secret_access_key = ${alnum(40)}`, 'aws_secret_access_key = "${KEY}"'],
  [AWS, `"SecretAccessKey": "${alnum(40)}"`, '"SecretAccessKey":\n  name: aws'],
  [AWS, `secretKey: ${alnum(40)}`, `secretKey: ${hex(64)}`],
  [AWS, `AWS_SESSION_TOKEN=${alnum(300)}`, 'AWS_SESSION_TOKEN="$TOKEN"'],
  [CLOUD, `AIza${alnum(35)}`, `AIza${alnum(20)}`],
  [CLOUD, `GOCSPX-${alnum(28)}`, 'GOCSPX-none'],
  [CLOUD, `ya29.${alnum(40)}`, 'ya29.conf'],
  [CLOUD, `DefaultEndpointsProtocol=https;AccountKey=${alnum(86)}==`, 'AccountKey=$KEY'],
  [CLOUD, `client_secret abc8Q~${alnum(34)}`, `client_id abc8Q-${alnum(34)}`],
  [CLOUD, `HCLOUD_TOKEN=${alnum(64)}`, 'HCLOUD_TOKEN=$(cat /run/token)'],
  [CLOUD, `dop_v1_${hex(64)}`, `sha256:${hex(64)}`],
  [CLOUD, `hvs.${alnum(24)}`, 'hvs.service'],
  [CLOUD, `${alnum(14)}.atlasv1.${alnum(60)}`, 'atlasv1'],
  [ACCESS, `ghp_${alnum(36)}`, 'ghp_short'],
  [ACCESS, `github_pat_${alnum(60)}`, 'github_pat_none'],
  [ACCESS, `glpat-${alnum(20)}`, 'glpat-file'],
  [ACCESS, `xoxb-${of('1', 12)}-abcdef`, 'xoxb-none'],
  [ACCESS, `https://hooks.slack.com/services/T${of('A', 9)}/B${of('B', 9)}/${alnum(24)}`, 'https://hooks.slack.com/services/'],
  [ACCESS, `sk_live_${alnum(24)}`, 'sk_live_key'],
  [ACCESS, `npm_${alnum(36)}`, 'npm_config_registry'],
  [ACCESS, `pypi-AgE${alnum(60)}`, 'pypi-AgE'],
  [ACCESS, `dckr_pat_${alnum(27)}`, 'dckr_pat_file'],
  [ACCESS, `SG.${alnum(22)}.${alnum(43)}`, 'SG.example.org'],
  [ACCESS, `sk-ant-${alnum(40)}`, 'sk-ant-none'],
  [ACCESS, `hf_${alnum(34)}`, 'hf_home'],
  [ACCESS, `sk-${alnum(48)}`, 'disk-0123456789'],
  [ACCESS, `//npm.example.org/:_authToken=${alnum(36)}`, '//npm.example.org/:_authToken=${NPM_TOKEN}'],
  [ACCESS, `https://discord.com/api/webhooks/${of('1', 18)}/${alnum(68)}`, 'https://discord.com/api/webhooks/'],
  [ACCESS, `https://acme.webhook.office.com/webhookb2/${hex(8)}-0123`, 'https://acme.webhook.office.com/webhookb2/'],
  [ACCESS, `${of('1', 10)}:AA${alnum(33)}`, '10:AA'],
  ['a JSON web token', `${base64('{"alg":"RS256"}').replace(/=/g, '')}.${base64('{"sub":"x"}').replace(/=/g, '')}.x`, base64('{"alg":"RS256"}')],
  [CREDENTIALS, 'https://user:hunter2@proxy.example:3128/', 'https://user@proxy.example:3128/'],
  [CREDENTIALS, 'postgres://:hunter2@db/app', 'postgres://app:${PASSWORD}@db/app'],
  [CREDENTIALS, 'https://user:1234@proxy.example', '["https://10.0.0.1:6443","ops@example.org"]'],
  [CREDENTIALS, 'Authorization: Bearer abcdefgh12345', 'Authorization: Bearer $TOKEN'],
  [CREDENTIALS, `Authorization = ["Basic ${base64('user:hunter2')}"]`, 'authorization-mode: Node,RBAC'],
  [CREDENTIALS, `{"auths":{"registry.example":{"auth":"${base64('user:hunter2')}"}}}`, '{"auth":"kubernetes"}'],
];

test.each(PAIRS)('%s: %s', (what, secret) => {
  expect(secretIn(secret)).toBe(what);
  expect(secretIn(`# one line\n  ${secret}\nanother\n`)).toBe(what);
});

test.each(PAIRS)('not %s (%s), but %s', (_what, _secret, twin) => {
  expect(secretIn(twin)).toBeUndefined();
});

describe('a private key that was just made', () => {
  const MAKERS: [string, () => { privateKey: KeyObject; publicKey: KeyObject }][] = [
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
    ['X25519', () => generateKeyPairSync('x25519')],
  ];

  test.each(MAKERS)('of %s is found in PEM, in base64 of PEM at any offset, and without its PEM lines; its public key is none', (kind, make) => {
    const { privateKey, publicKey } = make();
    const types: ('pkcs8' | 'sec1' | 'pkcs1')[] = ['pkcs8', ...(kind.startsWith('P-') ? ['sec1' as const] : []), ...(kind === 'RSA' ? ['pkcs1' as const] : [])];
    for (const type of types) {
      const pem = privateKey.export({ format: 'pem', type }) as string;
      const der = privateKey.export({ format: 'der', type }) as Buffer;
      for (const text of [pem, base64(pem), base64(`\n${pem}`), base64(`  ${pem}`), `key: ${der.toString('base64')}`]) {
        expect(secretIn(text)).toBe(PRIVATE_KEY);
      }
    }
    const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string;
    expect([secretIn(pem), secretIn(base64(pem)), secretIn(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'))]).toEqual([undefined, undefined, undefined]);
  });
});

describe('no secret', () => {
  test.each([
    'PasswordAuthentication no\nPermitEmptyPasswords no', 'password requisite pam_pwquality.so retry=3', 'ssh_pwauth: false', 'PASS_MAX_DAYS 365',
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${alnum(43)} admin@example`, `registry.k8s.io/pause:3.10@sha256:${hex(64)}`, `${hex(64)}  kubeadm`,
    `integrity sha512-${alnum(86)}==`, 'git@github.com:acme/fleet.git', 'proxy_pass http://127.0.0.1:8080;', 'client-certificate-data: ', 'resources: ["secrets", "tokenreviews"]',
    '--service-account-signing-key-file=/etc/kubernetes/pki/sa.key', '',
  ])('%j', (text) => {
    expect(secretIn(text)).toBeUndefined();
  });

  test('is a digest, or the body of a certificate', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect([secretIn(buffer.toString('hex')), secretIn(`certificate: ${buffer.toString('base64')}`)]).toEqual([undefined, undefined]);
    }));
  });

  test.each([false, true])('is in the files and commands of a control plane and its nodes (etcd apart: %s)', (external) => {
    const { nodes, etcdNodes } = cluster({}, {}, external);
    new SshHardening(nodes, 'ssh', { roles: [nodes], allowedCidrs: ['10.0.0.0/16'] });
    const texts = [nodes, etcdNodes].flatMap((role) => [...role.files.map((file) => file.content), ...role.commands]);
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => secretIn(text) !== undefined)).toEqual([]);
  });

  test('is in the documentation or the sources', () => {
    const files = ['docs', 'src'].flatMap((folder) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
      // What the controls of secrets find has to stand in their examples.
      .filter((file) => !file.includes(path.join('catalog', 'secrets')));
    const texts = [...files, path.join(ROOT, 'README.md')].map((file) => ({ file, found: secretIn(fs.readFileSync(file, 'utf8')) }));
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter(({ found }) => found !== undefined)).toEqual([]);
  });
});

test.each([
  ' ', '\n', 'a', 'A', 'a.', 'a-', '-', '=', ':', '"', '\\', '~', '-----BEGIN ', '-----BEGIN A', 'PRIVATE KEY', 'MIIa', '://', 'a://', 'a://b:', 'token ', 'token create ', 'token=',
  'eyJ', 'eyJ.', 'eyJ-', 'secret_key=', '"kty":"d":"', '"kty":', '"auths":"auth":"', '"auths":', 'EncryptionConfiguration secret: ', 'secret:', 'a1Q~', 'SG.', 'K10', 'authorization: basic $',
])('200 kB of %j are looked through in time', (unit) => {
  expect(secretIn(unit.repeat(200_000 / unit.length))).toBeUndefined();
});
