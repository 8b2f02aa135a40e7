import { parse, parseAllDocuments } from 'yaml';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KeyRotation, KmsV2Options } from '../../../src/control-plane/encryption/encryption-options';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../cluster';

const VAULT: KmsV2Options = { name: 'vault', endpoint: 'unix:///run/kms-plugin/plugin.sock' };
const IMAGE = `registry.example/kms@sha256:${'a'.repeat(64)}`;
const VERSIONS = Array.from({ length: 10 }, (_, i) => KubernetesVersion.of(`1.${28 + i}`));

/** The part of kubeadm's file that speaks of the API server; its arguments as one object, whatever their form. */
function apiServer(kubernetesVersion: KubernetesVersion, encryption?: SecretsEncryption) {
  const init = contentOf(cluster({ kubernetesVersion }, { encryption }).nodes, '/etc/kubernetes/kubeadm/init.yaml');
  const documents = parseAllDocuments(init).map((document) => document.toJS());
  const { extraArgs, extraVolumes } = documents.find(({ kind }) => kind === 'ClusterConfiguration').apiServer;
  const flags = Array.isArray(extraArgs) ? Object.fromEntries(extraArgs.map(({ name, value }) => [name, value])) : extraArgs;
  return { flags, volumes: extraVolumes };
}

test.each(VERSIONS.map((version) => [`${version}`, version] as const))('%s reads the file, and again when it changes, from a read-only folder', (_, version) => {
  const { flags, volumes } = apiServer(version, SecretsEncryption.secretbox());

  expect(flags).toMatchObject({ 'encryption-provider-config': '/etc/kubernetes/encryption/config.yaml', 'encryption-provider-config-automatic-reload': 'true' });
  expect(volumes).toContainEqual({
    name: 'encryption', hostPath: '/etc/kubernetes/encryption', mountPath: '/etc/kubernetes/encryption', readOnly: true, pathType: 'Directory',
  });
});

test('without a statement there is neither flag, mount nor file of it', () => {
  expect(JSON.stringify([apiServer(KubernetesVersion.V1_37), cluster().nodes.files.map(({ path }) => path)])).not.toContain('encryption');
});

test('the keys lie where no pod sees them, the template and the script are for root alone', () => {
  const { nodes } = cluster({}, { encryption: SecretsEncryption.secretbox() });
  const { volumes } = apiServer(KubernetesVersion.V1_36, SecretsEncryption.secretbox());

  expect(nodes.files.filter(({ path }) => path.includes('encryption')).map(({ mode, owner, path }) => `${mode} ${owner} ${path}`)).toEqual([
    '0600 root /etc/kubernetes/encryption-template.yaml',
    '0700 root /usr/local/sbin/secrets-encryption',
  ]);
  expect(nodes.commands).toContain('install -d -m 0700 -o root -g root /etc/kubernetes/encryption /etc/kubernetes/encryption-keys');
  expect(volumes.filter(({ hostPath }: { hostPath: string }) => '/etc/kubernetes/encryption-keys/'.startsWith(`${hostPath}/`))).toEqual([]);
});

test('no output holds a key', () => {
  const first = SecretsEncryption.secretbox();
  for (const encryption of [first, first.rotate(KeyRotation.ADD_NEW), SecretsEncryption.aescbc(), SecretsEncryption.kmsV2(VAULT)]) {
    const { nodes } = cluster({}, { encryption });
    const secrets = nodes.files.flatMap(({ content }) => [...content.matchAll(/^ *secret: (.*)$/gm)].map(([, value]) => value));
    expect(secrets.filter((value) => !/^"@(secretbox|aescbc)-k\d+@"$/.test(value))).toEqual([]);
  }
});

test('keys are made on one node by hand, so nothing makes them when a node is installed', () => {
  expect(cluster({}, { encryption: SecretsEncryption.secretbox() }).nodes.commands.filter((command) => command.includes('secrets-encryption'))).toEqual([]);
});

describe('a key-management service', () => {
  test('is reached through its own folder, and needs nothing by hand', () => {
    const encryption = SecretsEncryption.kmsV2(VAULT);

    expect(apiServer(KubernetesVersion.V1_36, encryption).volumes).toContainEqual({
      name: 'encryption-kms-1', hostPath: '/run/kms-plugin', mountPath: '/run/kms-plugin', readOnly: true, pathType: 'DirectoryOrCreate',
    });
    expect(cluster({}, { encryption }).nodes.commands).toContain('/usr/local/sbin/secrets-encryption apply installing');
  });

  test('needs nothing by hand beside plain text that is still readable either, but beside a key on the nodes it does', () => {
    const commands = (encryption: SecretsEncryption) => cluster({}, { encryption }).nodes.commands.filter((command) => command.includes('secrets-encryption'));

    expect(commands(SecretsEncryption.kmsV2({ ...VAULT, plaintextReadable: true }))).toEqual(['/usr/local/sbin/secrets-encryption apply installing']);
    expect(commands(SecretsEncryption.secretbox().replaceBy(SecretsEncryption.kmsV2(VAULT)))).toEqual([]);
  });

  test('has a name that its pod\'s label has room for', () => {
    const named = (length: number, plugin?: KmsV2Options['plugin']) => () => SecretsEncryption.kmsV2({ ...VAULT, name: 'a'.repeat(length), plugin });
    const plugin = { image: IMAGE, args: [] };

    expect(named(60, plugin)).toThrow(new Error(
      `[SecretsEncryption] name: got "${'a'.repeat(60)}"; allowed: at most 59 characters with a plugin: its pod is called kms- and that. Shorten it.`));
    expect(named(59, plugin)).not.toThrow();
    expect(named(63)).not.toThrow();
  });

  test('has its plugin as a static pod without privileges', () => {
    const { nodes } = cluster({}, { encryption: SecretsEncryption.kmsV2({ ...VAULT, plugin: { image: IMAGE, args: ['--listen'], configFolder: '/etc/kms-plugin' } }) });
    const { kind, metadata, spec } = parse(contentOf(nodes, '/etc/kubernetes/manifests/kms-vault.yaml'));

    expect([kind, metadata.namespace, metadata.name]).toEqual(['Pod', 'kube-system', 'kms-vault']);
    expect(spec).toMatchObject({ automountServiceAccountToken: false, hostNetwork: true, priorityClassName: 'system-node-critical' });
    expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    expect(spec.containers[0]).toMatchObject({
      image: IMAGE,
      args: ['--listen'],
      resources: { limits: { memory: '256Mi' } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true },
      volumeMounts: [{ name: 'socket', mountPath: '/run/kms-plugin', readOnly: false }, { name: 'config', mountPath: '/etc/kms-plugin', readOnly: true }],
    });
    expect(nodes.files.find(({ path }) => path.endsWith('kms-vault.yaml'))!.mode).toBe('0600');
  });

  test('without a plugin of ours there is no pod', () => {
    expect(cluster({}, { encryption: SecretsEncryption.kmsV2(VAULT) }).nodes.files.filter(({ path }) => path.includes('manifests'))).toEqual([]);
  });

  test('two services in one folder share its mount', () => {
    const encryption = SecretsEncryption.kmsV2(VAULT).replaceBy(SecretsEncryption.kmsV2({ name: 'cloud', endpoint: 'unix:///run/kms-plugin/cloud.sock' }));

    expect(apiServer(KubernetesVersion.V1_36, encryption).volumes.filter(({ name }: { name: string }) => name.startsWith('encryption-kms'))).toHaveLength(1);
  });

  test('is refused before 1.29, where KMS v2 is no stable feature', () => {
    for (const version of VERSIONS) {
      const make = () => cluster({ kubernetesVersion: version }, { encryption: SecretsEncryption.kmsV2(VAULT) });
      if (version.atLeast(KubernetesVersion.V1_29)) {
        expect(make).not.toThrow();
      } else {
        expect(make).toThrow(new Error(
          `[kubernetes] encryption: got "kms-vault"; allowed: secretbox or aescbc on Kubernetes ${version}: KMS v2 is stable from 1.29. `
          + 'Upgrade the cluster, or use SecretsEncryption.secretbox() until then.'));
      }
    }
  });
});

test('what is no statement is refused', () => {
  expect(() => cluster({}, { encryption: { keyNames: [] } as never })).toThrow(new Error(
    '[kubernetes] encryption: got {"keyNames":[]}; allowed: a SecretsEncryption. Make it by SecretsEncryption.kmsV2({ … }) or SecretsEncryption.secretbox().'));
});
