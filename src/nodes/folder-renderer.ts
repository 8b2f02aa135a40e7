import { createHash } from 'crypto';
import { installScript } from './install-script';
import type { NodeRole } from './node-role';
import { NodeOutputFile } from './output-file';

/** The role as a plain folder: the files, a script that applies them, a list of what there is. */
export function renderFolder(role: NodeRole): NodeOutputFile[] {
  return [
    ...role.files.map((file) => ({ path: `files${file.path}`, content: file.content, mode: parseInt(file.mode, 8) })),
    { path: 'install.sh', content: installScript(role), mode: 0o755 },
    { path: 'manifest.json', content: manifest(role) },
  ];
}

function manifest(role: NodeRole): string {
  const files = role.files.map((file) => ({
    path: file.path,
    mode: file.mode,
    owner: file.owner,
    group: file.group,
    sha256: createHash('sha256').update(file.content, 'utf8').digest('hex'),
  }));
  const content = {
    role: role.roleName, kind: role.kind, operatingSystem: role.operatingSystem.name, files, packages: role.packages, commands: role.commands,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
