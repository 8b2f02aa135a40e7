import { randomBytes } from 'crypto';
import { existsSync, rmSync } from 'fs';
import { parse } from 'yaml';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KeyRotation } from '../../../src/control-plane/encryption/encryption-options';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { ENCRYPTION_CONFIG as CONFIG, ENCRYPTION_SCRIPT as SCRIPT, placeEncryption as place } from './encrypting-server';
import { Machine, run } from './machine';

const TEMPLATE = '/etc/kubernetes/encryption-template.yaml';
const KEYS = '/etc/kubernetes/encryption-keys';
const { ADD_NEW, USE_NEW, REMOVE_OLD } = KeyRotation;

const fingerprintIn = (output: string) => /[0-9a-f]{64}/.exec(output)![0];

describeWith(['shellcheck'], 'shellcheck', ({ shellcheck }) => {
  const { nodes } = cluster({}, { encryption: SecretsEncryption.secretbox() });
  const script = nodes.files.find((file) => file.path === SCRIPT)!.content;

  test('has nothing to say about the script', () => {
    expect(run(shellcheck, ['--enable=all', '--exclude=SC2250,SC2310,SC2312', '-'], script)).toBe('');
  });

  test('but about one with a mistake', () => {
    expect(() => run(shellcheck, ['-'], script.replace('-recip "$recipient"', '-recip $recipient'))).toThrow('SC2086');
  });
});

describeWith(['kubeadm'], 'kubeadm 1.37', ({ kubeadm }) => {
  const machine = new Machine();
  afterAll(() => machine.remove());
  const validate = (init: string) => run(kubeadm, ['config', 'validate', '--config', machine.write('/init.yaml', init)]).trim();

  test.each([
    ['keys on the nodes', SecretsEncryption.secretbox()],
    ['a key-management service', SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock' })],
  ])('accepts its file for %s, and no misspelt twin', (_, encryption) => {
    const { nodes } = cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, { encryption, kubernetesRelease: '1.37.1' });
    const init = nodes.files.find((file) => file.path === '/etc/kubernetes/kubeadm/init.yaml')!.content;

    expect(init).toContain('name: encryption-provider-config\n');
    expect(validate(init)).toBe('ok');
    expect(() => validate(init.replace('name: encryption\n', 'nam: encryption\n'))).toThrow('unknown field');
  });
});

describeWith(['openssl'], 'the script secrets-encryption', () => {
  const first = SecretsEncryption.secretbox();
  const machines: Machine[] = [];
  const machine = (encryption = first) => {
    const made = new Machine();
    machines.push(made);
    place(made, encryption);
    return made;
  };
  /** Keys that came from another node. */
  const bring = (node: Machine, encryption: SecretsEncryption) => encryption.keyNames
    .filter((name) => /-k\d+$/.test(name) && !existsSync(node.path(`${KEYS}/${name}.key`)))
    .forEach((name) => node.write(`${KEYS}/${name}.key`, `${randomBytes(32).toString('base64')}\n`));
  /** A node that has its keys and wrote its file. */
  const applied = (encryption = first) => {
    const made = machine(encryption);
    bring(made, encryption);
    made.run(SCRIPT, 'apply');
    return made;
  };
  const everythingSaid = (node: Machine, words: string) => run('sh', ['-c', `${node.path(SCRIPT)} ${words} 2>&1`]);
  const keyOf = (node: Machine, name: string) => node.read(`${KEYS}/${name}.key`).trim();
  afterEach(() => machines.splice(0).forEach((each) => each.remove()));

  test('makes a key of 32 bytes, another one each time, prints none, and closes everything to others', () => {
    const [one, other] = [machine(), machine()];
    const output = one.run(SCRIPT, 'make', 'first') + one.run(SCRIPT, 'apply');
    other.run(SCRIPT, 'make', 'first');
    const key = keyOf(one, 'secretbox-k1');

    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(keyOf(other, 'secretbox-k1')).not.toBe(key);
    expect(output).not.toContain(key);
    expect([CONFIG, `${KEYS}/secretbox-k1.key`].map((path) => one.mode(path))).toEqual(['600', '600']);
    expect(['/etc/kubernetes/encryption', KEYS].map((path) => one.mode(path))).toEqual(['700', '700']);
  });

  test('never replaces a key', () => {
    const node = applied();
    const key = keyOf(node, 'secretbox-k1');
    node.run(SCRIPT, 'make', 'first');

    expect(keyOf(node, 'secretbox-k1')).toBe(key);
  });

  test('writes the template with the keys and nothing else changed', () => {
    const node = applied(first.rotate(ADD_NEW));
    const config = parse(node.read(CONFIG));

    expect(config.resources[0].providers[0].secretbox.keys).toEqual([
      { name: 'k1', secret: keyOf(node, 'secretbox-k1') }, { name: 'k2', secret: keyOf(node, 'secretbox-k2') },
    ]);
    expect(node.read(CONFIG).replace(keyOf(node, 'secretbox-k1'), '@secretbox-k1@').replace(keyOf(node, 'secretbox-k2'), '@secretbox-k2@')).toBe(node.read(TEMPLATE));
  });

  describe('hands keys to a node that joins', () => {
    test('sealed for it alone, so that both write the same bytes', () => {
      const [holder, joining, stranger] = [applied(), machine(), machine()];
      stranger.run(SCRIPT, 'ask');
      const request = joining.run(SCRIPT, 'ask').trim().split(' ');
      const sealed = holder.run(SCRIPT, 'seal', ...request).trim().split(' ');

      expect(joining.read(`${KEYS}/asked.crt.sealed`)).toMatch(/^-----BEGIN CMS-----/);
      expect(() => stranger.run(SCRIPT, 'open', ...sealed)).toThrow('was not sealed for this node');
      joining.run(SCRIPT, 'open', ...sealed);
      joining.run(SCRIPT, 'apply');
      expect(joining.read(CONFIG)).toBe(holder.read(CONFIG));
      expect(existsSync(joining.path(`${KEYS}/asked.key`))).toBe(false);
    });

    test('not for a certificate that somebody put in the place of its own', () => {
      const [holder, joining, thief] = [applied(), machine(), machine()];
      const fingerprint = fingerprintIn(joining.run(SCRIPT, 'ask'));
      thief.run(SCRIPT, 'ask');

      expect(() => holder.run(SCRIPT, 'seal', thief.path(`${KEYS}/asked.crt`), fingerprint)).toThrow('is not the certificate with the fingerprint');
    });

    test('not keys that somebody put in the place of the cluster\'s', () => {
      const [holder, joining, thief] = [applied(), machine(), applied()];
      const request = joining.run(SCRIPT, 'ask').trim().split(' ');
      const fingerprint = fingerprintIn(holder.run(SCRIPT, 'seal', ...request));
      const [forged] = thief.run(SCRIPT, 'seal', ...request).trim().split(' ');

      expect(() => joining.run(SCRIPT, 'open', forged, fingerprint)).toThrow('does not hold the keys with the fingerprint');
      expect(existsSync(joining.path(`${KEYS}/secretbox-k1.key`))).toBe(false);
    });
  });

  describe('refuses a step that makes objects unreadable, and leaves the file as it is:', () => {
    const used = first.rotate(ADD_NEW).rotate(USE_NEW);
    test.each<[string, SecretsEncryption, SecretsEncryption, string]>([
      ['a new key first, which other API servers lack', first, used, 'no API server can read with secretbox-k2 yet'],
      ['a new key alone', first, SecretsEncryption.secretbox({ keyNumber: 2 }), 'no API server can read with secretbox-k2 yet'],
      ['the new key alone before it was used', first.rotate(ADD_NEW), SecretsEncryption.secretbox({ keyNumber: 2 }), 'secretbox-k1 still writes'],
      ['the old key\'s end before objects are rewritten', used, used.rotate(REMOVE_OLD), 'what is stored by secretbox-k1 would be lost'],
      ['another provider at once', first, SecretsEncryption.aescbc(), 'no API server can read with aescbc-k1 yet'],
      ['a resource less', first, SecretsEncryption.secretbox({ resources: ['secrets'] }), 'configmaps would not be decrypted any more'],
      ['a resource more, stored in plain text so far', first, SecretsEncryption.secretbox({ resources: ['*.'] }), '*. was stored in plain text'],
      ['the end of plain text before objects are rewritten', SecretsEncryption.secretbox({ plaintextReadable: true }), first, 'what is stored by identity would be lost'],
    ])('%s', (_, before, after, message) => {
      const node = applied(before);
      const config = node.read(CONFIG);
      place(node, after);
      bring(node, after);

      expect(() => node.run(SCRIPT, 'apply')).toThrow(message);
      expect(node.read(CONFIG)).toBe(config);
    });

    test('but goes on once objects are said to be rewritten', () => {
      const node = applied(first.rotate(ADD_NEW));
      place(node, used);
      node.run(SCRIPT, 'apply');
      place(node, used.rotate(REMOVE_OLD));
      node.run(SCRIPT, 'apply', 'rewritten');

      expect(node.read(CONFIG)).toContain('# keys: secretbox-k2\n');
      expect(existsSync(node.path(`${KEYS}/secretbox-k1.key`))).toBe(true);
    });

    test('but lets an installation go on that waits for that word, with the file as it was', () => {
      const vault = SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock' });
      const both = first.replaceBy(vault).rotate(USE_NEW);
      const node = applied(both);
      const config = node.read(CONFIG);
      place(node, both.rotate(REMOVE_OLD));

      expect(everythingSaid(node, 'apply installing')).toContain('config.yaml still has secretbox-k1: rewrite all objects, then say: secrets-encryption apply rewritten');
      expect(node.read(CONFIG)).toBe(config);
      expect(() => node.run(SCRIPT, 'apply')).toThrow('what is stored by secretbox-k1 would be lost');
      node.run(SCRIPT, 'apply', 'rewritten');
      expect(node.read(CONFIG)).toContain('# keys: kms-vault\n');
      expect(everythingSaid(node, 'apply installing')).toMatch(/config\.yaml [0-9a-f]{64}\n$/);
      // What is wrong for good still ends it.
      place(node, SecretsEncryption.kmsV2({ name: 'other', endpoint: 'unix:///run/kms-plugin/plugin.sock' }));
      expect(() => node.run(SCRIPT, 'apply', 'installing')).toThrow('no API server can read with kms-other yet');
    });

    test('but takes a wildcard for what it covers, and more resources while plain text is readable', () => {
      const wildcard = SecretsEncryption.secretbox({ resources: ['*.', '*.apps'], plaintextReadable: true });
      const node = applied();
      place(node, wildcard);
      node.run(SCRIPT, 'apply');

      expect(parse(node.read(CONFIG)).resources[0].resources).toEqual(['*.', '*.apps']);
    });
  });

  test('refuses to begin on a running API server whose objects are in plain text', () => {
    const node = machine();
    node.write('/etc/kubernetes/manifests/kube-apiserver.yaml', '');
    node.run(SCRIPT, 'make', 'first');

    expect(() => node.run(SCRIPT, 'apply')).toThrow('this API server stored objects in plain text');
    place(node, SecretsEncryption.secretbox({ plaintextReadable: true }));
    expect(node.run(SCRIPT, 'apply')).toContain(CONFIG);
  });

  test('says so as long as the API server is not told of the file', () => {
    const node = machine(SecretsEncryption.secretbox({ plaintextReadable: true }));
    const warning = 'nothing is encrypted yet: ';
    node.run(SCRIPT, 'make', 'first');
    expect(everythingSaid(node, 'apply')).not.toContain(warning);
    node.write('/etc/kubernetes/manifests/kube-apiserver.yaml', '    - --profiling=false\n');
    expect(everythingSaid(node, 'apply')).toContain(
      `${warning}${node.path('/etc/kubernetes/manifests/kube-apiserver.yaml')} does not name that file. With kubeadm: kubeadm-here init phase control-plane apiserver\n`);
    node.write('/etc/kubernetes/manifests/kube-apiserver.yaml', `    - --encryption-provider-config=${CONFIG}\n`);
    expect(everythingSaid(node, 'apply')).not.toContain(warning);
  });

  test('verifies nothing without etcdctl, which prints nothing where it is missing', () => {
    const node = applied();

    expect(() => run('env', ['PATH=/usr/bin:/bin', node.path(SCRIPT), 'verify'])).toThrow('etcdctl is missing: it is part of etcd\'s release');
  });

  test('but begins where the manifest of a static pod waits for the file, until that has run', () => {
    const node = machine();
    node.write('/etc/kubernetes/manifests/kube-apiserver.yaml', `    - --encryption-provider-config=${CONFIG}\n`);
    node.run(SCRIPT, 'make', 'first');
    expect(node.run(SCRIPT, 'apply')).toContain(CONFIG);

    rmSync(node.path(CONFIG));
    node.write('/var/log/pods/kube-system_kube-apiserver-cp-1_0/kube-apiserver/0.log', '');
    expect(() => node.run(SCRIPT, 'apply')).toThrow('this API server stored objects in plain text');
  });

  test.each([['zero', Buffer.alloc(32)], ['of 16 bytes', Buffer.alloc(16, 7)], ['of 64 bytes', Buffer.alloc(64, 7)]])('refuses a key that is %s', (_, key) => {
    const node = machine();
    node.write(`${KEYS}/secretbox-k1.key`, `${key.toString('base64')}\n`);

    expect(() => node.run(SCRIPT, 'apply')).toThrow('secretbox-k1.key is no key of 32 bytes in base64');
    expect(existsSync(node.path(CONFIG))).toBe(false);
  });

  test('refuses to make a second key where the first is missing', () => {
    const node = machine(first.rotate(ADD_NEW));
    node.write(CONFIG, '# keys: secretbox-k1\n# resources: secrets\n');

    expect(() => node.run(SCRIPT, 'make', 'first')).toThrow('the cluster has secretbox-k1, and this node has lost it: ask a node that has it');
  });

  test('refuses to make keys on a node that joins in the middle of a rotation', () => {
    const node = machine(first.rotate(ADD_NEW));

    expect(() => node.run(SCRIPT, 'make', 'first')).toThrow('this node lacks the cluster\'s keys: ask a node that has them');
    expect(existsSync(node.path(`${KEYS}/secretbox-k1.key`))).toBe(false);
  });

  test('makes no key on a node that does not say that it is the first', () => {
    const node = machine();
    expect(() => node.run(SCRIPT, 'make')).toThrow('secretbox-k1.key is missing: ask a node that has it, or on the first control-plane node alone: secrets-encryption make first');

    const other = applied();
    place(other, first.rotate(ADD_NEW));
    expect(() => other.run(SCRIPT, 'make')).toThrow('secretbox-k2.key is missing: ask a node that has it');
    expect([existsSync(node.path(`${KEYS}/secretbox-k1.key`)), existsSync(other.path(`${KEYS}/secretbox-k2.key`))]).toEqual([false, false]);
    expect(applied().run(SCRIPT, 'make')).toBe('');
  });

  test('makes the second key beside the first', () => {
    const node = applied();
    const key = keyOf(node, 'secretbox-k1');
    place(node, first.rotate(ADD_NEW));
    node.run(SCRIPT, 'make', 'first');

    expect(keyOf(node, 'secretbox-k1')).toBe(key);
    expect(Buffer.from(keyOf(node, 'secretbox-k2'), 'base64')).toHaveLength(32);
  });

  test('refuses a file that it did not write', () => {
    const node = machine();
    node.run(SCRIPT, 'make', 'first');
    node.write(CONFIG, 'kind: EncryptionConfiguration\n');

    expect(() => node.run(SCRIPT, 'apply')).toThrow('was not written by this script: nothing is known about its keys');
  });
});
