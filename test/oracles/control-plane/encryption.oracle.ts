import { randomBytes } from 'crypto';
import { mkdirSync } from 'fs';
import { setTimeout as sleep } from 'timers/promises';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KeyRotation } from '../../../src/control-plane/encryption/encryption-options';
import { Daemon } from '../api-server';
import { describeWith } from '../programs';
import { EncryptingServer, ENCRYPTION_CONFIG as CONFIG, ENCRYPTION_SCRIPT as SCRIPT, placeEncryption as place } from './encrypting-server';
import { Machine, workFolder } from './machine';

const { ADD_NEW, USE_NEW, REMOVE_OLD } = KeyRotation;
const PROGRAMS = ['etcd', 'etcdctl', 'kube-apiserver', 'kube-apiserver@1.33', 'kms-plugin', 'openssl'] as const;
/** An API server looks at its file once a minute. */
const RELOAD_MS = 90_000;

describeWith(PROGRAMS, 'a Secret in a real etcd', () => {
  const values = new Map<string, string>();
  let server: EncryptingServer;
  beforeEach(() => {
    values.clear();
    server = new EncryptingServer(new Machine());
  });
  afterEach(() => server.stop());

  const statement = (encryption: SecretsEncryption, word = '') => {
    place(server.machine, encryption);
    server.machine.run(SCRIPT, 'make', 'first');
    server.machine.run(SCRIPT, 'apply', ...(word === '' ? [] : [word]));
  };
  const create = async (name: string) => {
    values.set(name, randomBytes(16).toString('hex'));
    await server.create(name, values.get(name)!);
  };
  /** Every Secret can be read, and its bytes have the prefix that is promised and nothing of its value, in either form. */
  const expectStored = async (prefixes: Record<string, string>) => {
    for (const [name, prefix] of Object.entries(prefixes)) {
      const value = values.get(name)!;
      const stored = await server.stored(name);
      expect([name, await server.value(name), stored.slice(0, prefix.length)]).toEqual([name, value, prefix]);
      expect([value, Buffer.from(value).toString('base64')].filter((form) => stored.includes(form))).toEqual([]);
    }
  };

  test.each([
    ['secretbox', 'kube-apiserver', SecretsEncryption.secretbox()],
    ['aescbc', 'kube-apiserver', SecretsEncryption.aescbc()],
    ['secretbox', 'kube-apiserver@1.33', SecretsEncryption.secretbox()],
    ['aescbc', 'kube-apiserver@1.33', SecretsEncryption.aescbc()],
  ] as const)('is encrypted by %s of %s, and can be read, through every step of a rotation', async (provider, program, first) => {
    const [k1, k2] = ['k1', 'k2'].map((key) => `k8s:enc:${provider}:v1:${key}:`);

    statement(first);
    await server.boot(program);
    await create('a');
    await expectStored({ a: k1 });

    statement(first.rotate(ADD_NEW));
    await server.boot(program);
    await create('b');
    await expectStored({ a: k1, b: k1 });

    statement(first.rotate(ADD_NEW).rotate(USE_NEW));
    await server.boot(program);
    await create('c');
    await expectStored({ a: k1, b: k1, c: k2 });
    expect(() => server.verify()).toThrow(new RegExp(`rewrite these objects, then verify again\n(.*\n)*secrets: 3 in etcd, 2 of them not written by ${provider}-k2\n`));
    await server.rewriteAll();
    expect(server.verify('secrets')).toBe(`secrets: 3 in etcd, 0 of them not written by ${provider}-k2\n`);
    expect(server.verify()).toMatch(/^configmaps: [1-9]\d* in etcd, 0 .*\nsecrets: 3 in etcd, 0 /);

    statement(first.rotate(ADD_NEW).rotate(USE_NEW).rotate(REMOVE_OLD), 'rewritten');
    await server.boot(program);
    await expectStored({ a: k2, b: k2, c: k2 });
  });

  test.each(['kube-apiserver', 'kube-apiserver@1.33'] as const)('moves with %s from keys on the node to a key-management service, and can be read at every step', async (program) => {
    const first = SecretsEncryption.secretbox();
    const added = first.replaceBy(SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock' }));
    mkdirSync(server.machine.path('/run/kms-plugin'), { recursive: true, mode: 0o700 });
    server.keep(new Daemon('kms-plugin', [server.machine.path('/run/kms-plugin/plugin.sock')], workFolder(server.machine, 'kms')));
    const [k1, kms] = ['k8s:enc:secretbox:v1:k1:', 'k8s:enc:kms:v2:vault:'];

    statement(first);
    await server.boot(program);
    await create('a');
    statement(added);
    await server.boot(program);
    await create('b');
    await expectStored({ a: k1, b: k1 });

    statement(added.rotate(USE_NEW));
    await server.boot(program);
    await create('c');
    await expectStored({ a: k1, b: k1, c: kms });
    expect(() => server.verify('secrets')).toThrow('secrets: 3 in etcd, 2 of them not written by kms-vault');
    await server.rewriteAll();
    expect(server.verify('secrets')).toBe('secrets: 3 in etcd, 0 of them not written by kms-vault\n');

    statement(added.rotate(USE_NEW).rotate(REMOVE_OLD), 'rewritten');
    await server.boot(program);
    await expectStored({ a: kms, b: kms, c: kms });
  });

  test('takes the new key without a restart, from the folder that is mounted', async () => {
    const first = SecretsEncryption.secretbox();
    const added = first.rotate(ADD_NEW);
    statement(first);
    statement(added);
    await server.boot();
    statement(added.rotate(USE_NEW));
    const deadline = Date.now() + RELOAD_MS;
    let name: string;
    do {
      await sleep(2_000);
      name = `s${Date.now()}`;
      await create(name);
    } while (!(await server.stored(name)).startsWith('k8s:enc:secretbox:v1:k2:') && Date.now() < deadline);

    await expectStored({ [name]: 'k8s:enc:secretbox:v1:k2:' });
  });

  test('that was stored in plain text can be read with plaintextReadable and not without; new ones are encrypted', async () => {
    const readable = SecretsEncryption.secretbox({ plaintextReadable: true });
    statement(readable);
    const config = server.machine.read(CONFIG);
    const identityFirst = config.replace('      - identity: {}\n', '').replace('providers:\n', 'providers:\n      - identity: {}\n');
    expect(identityFirst).toMatch(/providers:\n {6}- identity: \{\}\n {6}- secretbox:/);

    // The bad twin, which no statement renders.
    await server.boot('kube-apiserver', server.machine.write('/identity-first.yaml', identityFirst));
    await create('a');
    expect(await server.stored('a')).toContain(values.get('a'));

    await server.boot();
    expect(await server.value('a')).toBe(values.get('a'));
    await create('b');
    await expectStored({ b: 'k8s:enc:secretbox:v1:k1:' });

    const strict = config.replace('      - identity: {}\n', '');
    await server.boot('kube-apiserver', server.machine.write('/strict.yaml', strict), '/version');
    expect(await server.value('a')).toBe('500');
  });

  test('is looked for where etcd keeps it, and what can\'t be looked for, or is not there, is no success', async () => {
    statement(SecretsEncryption.secretbox({ resources: ['secrets', 'services', '*.rbac.authorization.k8s.io'] }));
    await server.boot();
    await create('a');

    expect(() => server.verify()).toThrow('*.rbac.authorization.k8s.io stands for many: say which, such as secrets-encryption verify secrets deployments.apps');
    expect(server.verify('secrets', 'services', 'clusterroles.rbac.authorization.k8s.io'))
      .toMatch(/^secrets: 1 in etcd, 0 of .*\nservices: 1 in etcd, 0 of .*\nclusterroles\.rbac\.authorization\.k8s\.io: \d\d+ in etcd, 0 of /);
    // Not encrypted, by this statement.
    expect(() => server.verify('namespaces')).toThrow(/namespaces: (\d+) in etcd, \1 of them not written by secretbox-k1/);
    expect(() => server.verify('deployments.apps')).toThrow('etcd holds none of it: is it this cluster\'s?');
    await server.stopEtcd();
    expect(() => server.verify('secrets')).toThrow('etcd did not answer');
  });

  test('cannot be written as long as the key-management service does not answer', async () => {
    statement(SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock', timeoutSeconds: 1 }));
    await server.boot('kube-apiserver', undefined, '/version');
    const answer = await server.api('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 'a' }, stringData: { password: 'p' } });

    expect(answer.status).toBe(500);
    expect((await server.api('GET', '/readyz')).status).toBe(500);
  });

  test('stays in plain text under a misspelt resource, which no statement takes; every resource of the server is one that a statement takes', async () => {
    statement(SecretsEncryption.secretbox({ resources: ['secrets'] }));
    await server.boot('kube-apiserver', server.machine.write('/misspelt.yaml', server.machine.read(CONFIG).replace('- secrets', '- secret')));
    await create('a');
    const { body } = await server.api('GET', '/apis');
    const paths = ['/api/v1', ...body.groups.map(({ preferredVersion }: any) => `/apis/${preferredVersion.groupVersion}`)];
    const stored = (await Promise.all(paths.map(async (path) => (await server.api('GET', path)).body))).flatMap(({ groupVersion, resources }) => resources
      .filter(({ name, verbs }: any) => !name.includes('/') && verbs.includes('create') && verbs.includes('list'))
      .map(({ name }: any) => (groupVersion === 'v1' ? name : `${name}.${groupVersion.split('/')[0]}`)))
      .filter((name) => name !== 'secrets' && name !== 'events.events.k8s.io');

    expect(await server.stored('a')).toContain(values.get('a'));
    expect(stored.length).toBeGreaterThan(50);
    expect(SecretsEncryption.secretbox({ resources: ['secrets', ...stored] }).resources).toHaveLength(stored.length + 1);
  });

  test('would need KMS v1, which no server starts with, if the statement did not say v2', async () => {
    statement(SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock' }));
    const twin = server.machine.write('/v1.yaml', server.machine.read(CONFIG).replace('          apiVersion: v2\n', ''));

    await expect(server.boot('kube-apiserver', twin)).rejects.toThrow(/KMSv1 is deprecated/);
  });
});
