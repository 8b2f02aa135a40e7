import { SecretsEncryption } from './encryption';
import { kmsPluginPod } from './encryption-kms';
import { ENCRYPTION_SCRIPT } from './encryption-script';
import { invalid } from '../../core/errors';
import { checkMadeBy } from '../../core/made-by';
import { NodeFileKind } from '../../core/node-file';
import { NodeRole } from '../../nodes/node-role';
import { has } from '../availability';
import { ApiServerParts } from '../component/api-server-parts';
import { ENCRYPTION } from '../paths';

/** The API server, and the nodes that hold its files. */
export interface EncryptionPlace extends ApiServerParts {
  readonly nodes: NodeRole;
}

/** Puts the template, the script that fills it in, plugins, flags and mounts in place. */
export function addEncryption(encryption: SecretsEncryption, { at, profile, nodes, flags, mounts }: EncryptionPlace): void {
  checkMadeBy('SecretsEncryption', encryption, { at, property: 'encryption', fix: 'Make it by SecretsEncryption.kmsV2({ … }) or SecretsEncryption.secretbox().' });
  const services = encryption._kms;
  if (services.length > 0 && !has(profile.kubernetesVersion, 'KMS v2')) {
    throw invalid({
      at, property: 'encryption', got: encryption.keyNames.join(', '), allowed: `secretbox or aescbc on Kubernetes ${profile.kubernetesVersion}: KMS v2 is stable from 1.29`,
      fix: 'Upgrade the cluster, or use SecretsEncryption.secretbox() until then.',
    });
  }
  flags
    .set('encryption-provider-config', ENCRYPTION.config, 'SecretsEncryption')
    .set('encryption-provider-config-automatic-reload', 'true', 'SecretsEncryption');
  // The folder: a file that was replaced would not be seen through a mount of the old one.
  mounts.add({ name: 'encryption', path: ENCRYPTION.folder, readOnly: true, pathType: 'Directory' });
  nodes.addFile({ path: ENCRYPTION.template, content: encryption.toTemplate(), kind: NodeFileKind.RESTRICTED });
  nodes.addFile({ path: ENCRYPTION.script, content: ENCRYPTION_SCRIPT, kind: NodeFileKind.EXECUTABLE, mode: '0700' });
  nodes.addPackage('openssl');
  nodes.addCommand(`install -d -m 0700 -o root -g root ${ENCRYPTION.folder} ${ENCRYPTION.keys}`);

  // Two services may have one folder.
  const folders = [...new Set(services.map(({ folder }) => folder))];
  folders.forEach((path, i) => mounts.add({ name: `encryption-kms-${i + 1}`, path, readOnly: true, pathType: 'DirectoryOrCreate' }));
  for (const service of services) {
    const pod = kmsPluginPod(service);
    if (pod !== undefined) {
      nodes.addFile({ path: `/etc/kubernetes/manifests/kms-${service.name}.yaml`, content: pod, kind: NodeFileKind.RESTRICTED });
    }
  }
  // No key has to be made or brought by hand.
  if (services.length === encryption.keyNames.filter((name) => name !== 'identity').length) {
    nodes.addCommand(`${ENCRYPTION.script} apply installing`);
  }
}
