import { parse } from 'yaml';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KeyRotation, KmsV2Options } from '../../../src/control-plane/encryption/encryption-options';

const { ADD_NEW, USE_NEW, REMOVE_OLD } = KeyRotation;
const VAULT: KmsV2Options = { name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock' };
const DIGEST = `sha256:${'a'.repeat(64)}`;
const providersOf = (encryption: SecretsEncryption) => parse(encryption.toTemplate()).resources[0].providers;
const everyStatement = () => {
  const rotations = [SecretsEncryption.secretbox, SecretsEncryption.aescbc].flatMap((make) => [false, true].flatMap((plaintextReadable) => {
    const first = make({ plaintextReadable });
    const added = first.rotate(ADD_NEW);
    const used = added.rotate(USE_NEW);
    const moved = first.replaceBy(SecretsEncryption.kmsV2(VAULT));
    return [first, added, used, used.rotate(REMOVE_OLD), moved, moved.rotate(USE_NEW), moved.rotate(USE_NEW).rotate(REMOVE_OLD)];
  }));
  return [...rotations, SecretsEncryption.kmsV2(VAULT), SecretsEncryption.kmsV2({ ...VAULT, plaintextReadable: true })];
};

describe('what is written', () => {
  test('is encrypted, whatever is said: plain text is never first, and absent unless asked for', () => {
    for (const encryption of everyStatement()) {
      const providers = providersOf(encryption);
      expect(Object.keys(providers[0])).not.toContain('identity');
      expect(providers.findIndex((provider: object) => 'identity' in provider)).toBe(encryption.keyNames.includes('identity') ? providers.length - 1 : -1);
    }
    expect(SecretsEncryption.secretbox().keyNames).toEqual(['secretbox-k1']);
  });

  test('has one provider an element, since an API server prints the key where it finds two', () => {
    expect(everyStatement().flatMap(providersOf).filter((provider) => Object.keys(provider).length !== 1)).toEqual([]);
  });

  test('has a placeholder in the place of every key, and the keys\' names are never the same', () => {
    for (const encryption of everyStatement()) {
      const keys = providersOf(encryption).flatMap((provider: any) => Object.entries<any>(provider).flatMap(([name, { keys: list = [] }]) =>
        list.map((key: any) => ({ ...key, provider: name }))));
      expect(keys.map((key: any) => key.secret)).toEqual(keys.map((key: any) => `@${key.provider}-${key.name}@`));
      expect(new Set(keys.map((key: any) => key.secret)).size).toBe(keys.length);
    }
  });

  test('speaks of one list of resources, so that none can be in two entries, of which the first would win in silence', () => {
    expect(everyStatement().map((encryption) => parse(encryption.toTemplate()).resources.length)).toEqual(everyStatement().map(() => 1));
    expect(SecretsEncryption.secretbox().resources).toEqual(['configmaps', 'secrets']);
  });

  test('names KMS v2, which would default to v1 and then not start', () => {
    expect(providersOf(SecretsEncryption.kmsV2({ ...VAULT, timeoutSeconds: 5 }))).toEqual([
      { kms: { apiVersion: 'v2', name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock', timeout: '5s' } },
    ]);
  });

  test('is the same for the same statement', () => {
    expect(SecretsEncryption.secretbox({ resources: ['secrets', 'configmaps'] }).toTemplate()).toBe(SecretsEncryption.secretbox().toTemplate());
  });
});

describe('a rotation', () => {
  const first = SecretsEncryption.secretbox();

  test('adds the new key second, then moves it first, then removes the old one', () => {
    const added = first.rotate(ADD_NEW);
    const used = added.rotate(USE_NEW);
    const removed = used.rotate(REMOVE_OLD);

    expect([first, added, used, removed].map((each) => each.keyNames)).toEqual([
      ['secretbox-k1'], ['secretbox-k1', 'secretbox-k2'], ['secretbox-k2', 'secretbox-k1'], ['secretbox-k2'],
    ]);
    expect(providersOf(used)).toEqual([{ secretbox: { keys: [{ name: 'k2', secret: '@secretbox-k2@' }, { name: 'k1', secret: '@secretbox-k1@' }] } }]);
  });

  test('ends where a statement with the next number begins', () => {
    expect(first.rotate(ADD_NEW).rotate(USE_NEW).rotate(REMOVE_OLD).toTemplate()).toBe(SecretsEncryption.secretbox({ keyNumber: 2 }).toTemplate());
    expect(SecretsEncryption.secretbox({ keyNumber: 2 }).rotate(ADD_NEW).keyNames).toEqual(['secretbox-k2', 'secretbox-k3']);
  });

  test('keeps plain text last for as long as it is readable', () => {
    expect(SecretsEncryption.aescbc({ plaintextReadable: true }).rotate(ADD_NEW).rotate(USE_NEW).keyNames).toEqual(['aescbc-k2', 'aescbc-k1', 'identity']);
  });

  test('moves to a key-management service in the same steps', () => {
    const added = first.replaceBy(SecretsEncryption.kmsV2(VAULT));

    expect([added, added.rotate(USE_NEW), added.rotate(USE_NEW).rotate(REMOVE_OLD)].map((each) => each.keyNames)).toEqual([
      ['secretbox-k1', 'kms-vault'], ['kms-vault', 'secretbox-k1'], ['kms-vault'],
    ]);
  });

  test.each([
    ['using a key that nobody has', first, USE_NEW, 'KeyRotation.ADD_NEW', 'secretbox-k1'],
    ['removing the only key', first, REMOVE_OLD, 'KeyRotation.ADD_NEW', 'secretbox-k1'],
    ['removing the key that still writes', first.rotate(ADD_NEW), REMOVE_OLD, 'KeyRotation.USE_NEW', 'secretbox-k1, secretbox-k2'],
    ['a third key', first.rotate(ADD_NEW), ADD_NEW, 'KeyRotation.USE_NEW', 'secretbox-k1, secretbox-k2'],
    ['going back', first.rotate(ADD_NEW).rotate(USE_NEW), USE_NEW, 'KeyRotation.REMOVE_OLD', 'secretbox-k2, secretbox-k1'],
  ])('refuses %s', (_, before, step, next, names) => {
    const word = `KeyRotation.${Object.entries(KeyRotation).find(([, value]) => value === step)![0]}`;

    expect(() => before.rotate(step)).toThrow(new Error(
      `[SecretsEncryption] step: got "${word}"; allowed: ${next}, with ${names} so far. `
      + 'Take one step after the other, each on every control-plane node: an API server that lacks a key can\'t read what another wrote.'));
  });

  test('refuses a new key of a key-management service, which has it', () => {
    expect(() => SecretsEncryption.kmsV2(VAULT).rotate(ADD_NEW)).toThrow(new Error(
      '[SecretsEncryption] step: got "KeyRotation.ADD_NEW"; allowed: no new key: the service behind the plugin has it. '
      + 'Rotate the key there, then rewrite the objects. Use replaceBy for another service.'));
  });

  test('refuses a step that is none', () => {
    for (const step of ['skip', 'ADD_NEW']) {
      expect(() => first.rotate(step as never)).toThrow(new Error(
        `[SecretsEncryption] step: got "${step}"; allowed: KeyRotation.ADD_NEW, KeyRotation.USE_NEW, KeyRotation.REMOVE_OLD. The next is rotate(KeyRotation.ADD_NEW).`));
    }
  });

  test('refuses another kind of encryption in the middle of a rotation, with other resources, of the same name, or none', () => {
    const next = SecretsEncryption.kmsV2(VAULT);

    expect(() => first.rotate(ADD_NEW).replaceBy(next)).toThrow(new Error(
      '[SecretsEncryption] next: got "kms-vault"; allowed: nothing while a rotation is under way. Finish it first: rotate(KeyRotation.REMOVE_OLD) is its last step.'));
    expect(() => first.replaceBy(SecretsEncryption.kmsV2({ ...VAULT, resources: ['secrets'] }))).toThrow(new Error(
      '[SecretsEncryption] next: got ["secrets"]; allowed: the same resources: configmaps, secrets. Change them before or after it.'));
    expect(() => next.replaceBy(SecretsEncryption.kmsV2({ ...VAULT, timeoutSeconds: 9 }))).toThrow(new Error(
      '[SecretsEncryption] next: got "kms-vault"; allowed: a key or a service of another name. Use rotate for a new key, or give the other service a name of its own.'));
    expect(() => first.replaceBy({} as never)).toThrow(new Error(
      '[SecretsEncryption] next: got {}; allowed: a SecretsEncryption. Make one, for instance by SecretsEncryption.kmsV2({ … }).'));
  });
});

describe('resources', () => {
  const make = (resources: unknown) => () => SecretsEncryption.secretbox({ resources: resources as string[] });

  test.each([[['secrets']], [['*.']], [['*.*']], [['*.', '*.apps', 'pandas.bears.example']], [['secrets', 'deployments.apps', '*.bears.example', 'events']]])('%j', (resources) => {
    expect(make(resources)().resources).toEqual([...resources].sort());
  });

  test.each(['secret', 'Secrets', 'secrets.core', 'secrets.v1', '*.core', '*.v1', 'secrets.', 'deployments', 'deployment.apps', 'pods/status', 'tokenreviews.authentication.k8s.io',
    '*.authorization.k8s.io', 'pandas.constructor',
    'ingresses.extensions', '*.extensions', 'apiserveripinfo', 'Pandas.bears.example', '*.Bears.example'])('refuse %s, which the API server would ignore or refuse', (resource) => {
    expect(make(['secrets', resource])).toThrow(new Error(
      `[SecretsEncryption] resources[1]: got "${resource}"; allowed: the plural of a resource that is stored, in lower case, as secrets, deployments.apps or pandas.bears.example. `
      + 'Correct the name or its group, without a version: the API server accepts names that it does not know, and stores the objects in plain text.'));
  });

  test('refuse a bare star, a resource of all groups, and events under their second name', () => {
    expect(make(['*'])).toThrow(new Error(
      '[SecretsEncryption] resources[0]: got "*"; allowed: a resource, *.<group>, *. or *.*. Write *. for everything of the core group, *.* for everything.'));
    expect(make(['secrets.*'])).toThrow(new Error(
      '[SecretsEncryption] resources[0]: got "secrets.*"; allowed: a resource of one group. Name its group, or leave it out for the core group: secrets.'));
    expect(make(['events.events.k8s.io'])).toThrow(new Error(
      '[SecretsEncryption] resources[0]: got "events.events.k8s.io"; allowed: events, the name under which all events are stored. Write events.'));
  });

  test.each([[['secrets', '*.'], 0, 1], [['*.', 'secrets'], 1, 0], [['*.*', '*.'], 1, 0], [['secrets', 'deployments.apps', '*.apps'], 1, 2], [['secrets', 'secrets'], 0, 1]])(
    'refuse %j, which overlap', (resources, covered, covering) => {
      expect(make(resources)).toThrow(new Error(
        `[SecretsEncryption] resources[${covered}]: got "${resources[covered]}"; allowed: no resource that resources[${covering}], ${resources[covering]}, covers. `
        + 'Leave one of the two out: the API server refuses lists that overlap.'));
    });

  test.each([[[]], [['configmaps']], [['*.apps']]])('refuse %j, without Secrets', (resources) => {
    expect(make(resources)).toThrow(new Error(
      `[SecretsEncryption] resources: got ${JSON.stringify(resources)}; allowed: a list with secrets, *. or *.* (CIS cis-1.12 1.2.27). Add secrets.`));
  });
});

describe('bad input', () => {
  const kms = (more: object) => () => SecretsEncryption.kmsV2({ ...VAULT, ...more } as KmsV2Options);

  test.each(['unix:///run/plugin.sock', 'unix:///run/containerd/containerd.sock', 'unix:///tmp/kms/plugin.sock', 'unix://@kms', '/run/kms/plugin.sock', 'https://kms.example',
    'unix:///run/kms/../x.sock', `unix:///run/kms/${'a'.repeat(100)}`, undefined])('the socket %s', (endpoint) => {
    expect(kms({ endpoint })).toThrow(new Error(
      `[SecretsEncryption] endpoint: got ${endpoint === undefined ? 'undefined' : JSON.stringify(endpoint)}; allowed: unix:// and a socket, of at most 107 characters, in a folder below `
      + '/run or /var/run whose name has kms in it. Let the plugin listen at, for instance, unix:///run/kms-plugin/plugin.sock: the API server gets the whole folder, '
      + 'so nothing else may lie in it.'));
  });

  test.each(['a:b', 'Vault', ''])('the name "%s" of a service', (name) => {
    expect(kms({ name })).toThrow('[SecretsEncryption] name: got');
  });

  test.each([0, 31, 1.5])('a timeout of %s seconds', (timeoutSeconds) => {
    expect(kms({ timeoutSeconds })).toThrow(new Error(
      `[SecretsEncryption] timeoutSeconds: got ${timeoutSeconds}; allowed: a whole number from 1 to 30. Leave it out for 3: every request that reads a new key waits for it.`));
  });

  test('a cache size, which KMS v2 does not have', () => {
    expect(kms({ cachesize: 100 })).toThrow('[SecretsEncryption] cachesize: allowed: resources, plaintextReadable, name, endpoint, timeoutSeconds, plugin.');
  });

  test('a plugin by tag', () => {
    expect(kms({ plugin: { image: 'registry.example/kms:1', args: [] } })).toThrow(new Error(
      '[SecretsEncryption] plugin.image: got "registry.example/kms:1"; allowed: an image by digest. Add @sha256:…: it decrypts every Secret, and no admission checks a static pod.'));
  });

  test.each(['/etc/kubernetes', '/etc/kubernetes/pki', '/etc', '/', 'kms', '/etc/kms/../kubernetes', '/etc/kms/'])('a plugin with the folder %s', (configFolder) => {
    expect(kms({ plugin: { image: `registry.example/kms@${DIGEST}`, args: [], configFolder } })).toThrow(new Error(
      `[SecretsEncryption] plugin.configFolder: got "${configFolder}"; allowed: a folder of its own below /etc, not of /etc/kubernetes. `
      + 'Choose for instance /etc/kms-plugin: with the control plane\'s own keys it could do anything.'));
  });

  test('arguments that are none', () => {
    expect(kms({ plugin: { image: `registry.example/kms@${DIGEST}`, args: [1] } })).toThrow(new Error(
      '[SecretsEncryption] plugin.args[0]: got 1; allowed: a string. Write it in quotes.'));
  });

  test.each([0, -1, 1.5, 10_000, '1'])('the key number %j', (keyNumber) => {
    expect(() => SecretsEncryption.secretbox({ keyNumber: keyNumber as number })).toThrow(new Error(
      `[SecretsEncryption] keyNumber: got ${JSON.stringify(keyNumber)}; allowed: a whole number from 1 to 9999. Leave it out for the first key.`));
  });

  test('plain text by a word', () => {
    expect(() => SecretsEncryption.aescbc({ plaintextReadable: 'no' as never })).toThrow(new Error(
      '[SecretsEncryption] plaintextReadable: got "no"; allowed: true or false. Leave it out unless objects are stored in plain text.'));
  });

  test('a key, whose value no error shows', () => {
    expect(() => SecretsEncryption.secretbox({ secret: 'c2VjcmV0' } as never)).toThrow(new Error(
      '[SecretsEncryption] secret: allowed: resources, plaintextReadable, keyNumber. Correct or remove it: nobody reads it.'));
  });
});
