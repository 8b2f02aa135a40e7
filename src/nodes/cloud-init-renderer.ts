import { Yaml } from 'cdk8s';
import type { NodeRole } from './node-role';
import { NodeOutputFile } from './output-file';
import { survivesYaml } from './plain-text';
import { fileSteps } from './role-steps';
import { checkUserDataSize, gzipUserData, userDataLimit } from './user-data';
import { ClusterProfile } from '../core/cluster-profile';
import { NodeFile } from '../core/node-file';

/**
 * The role as cloud-init user data (`#cloud-config`), whatever its size.
 *
 * cloud-init writes files in the network stage, before sshd and any package; deferred files after packages; commands last.
 */
export function renderCloudInit(role: NodeRole): string {
  const { beforePackages, afterPackages } = fileSteps(role);
  const files = [
    ...beforePackages.map(writeFile),
    ...afterPackages.map((file) => ({ ...writeFile(file), defer: true })),
  ];
  const config = {
    ...(files.length > 0 && { write_files: files }),
    ...(role.packages.length > 0 && { package_update: true, packages: role.packages }),
    ...(role.commands.length > 0 && { runcmd: ['set -e', ...role.commands.map((command) => ['bash', '-euo', 'pipefail', '-c', command])] }),
  };
  return `#cloud-config\n${Yaml.stringify(config)}`;
}

/** `cloud-init.yaml`, and its compressed form where only that one fits into the platform's limit. */
export function renderCloudInitFiles(role: NodeRole, maxBytes?: number): NodeOutputFile[] {
  const limit = maxBytes ?? userDataLimit(ClusterProfile.of(role).cloud);
  const text = renderCloudInit(role);
  const plain = { path: 'cloud-init.yaml', content: text };
  if (limit === undefined || Buffer.byteLength(text) <= limit) {
    return [plain];
  }
  const compressed = gzipUserData(text);
  checkUserDataSize(compressed, limit, role);
  return [plain, { path: 'cloud-init.yaml.gz', content: compressed }];
}

function writeFile(file: NodeFile): Record<string, string> {
  return {
    path: file.path,
    owner: `${file.owner}:${file.group}`,
    permissions: file.mode,
    ...(survivesYaml(file.content)
      ? { content: file.content }
      : { encoding: 'b64', content: Buffer.from(file.content, 'utf8').toString('base64') }),
  };
}
