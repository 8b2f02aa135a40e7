import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { NodeRole } from '../../../src/nodes/node-role';
import { OperatingSystem } from '../../../src/nodes/operating-system';
import { renderNodeRole } from '../../../src/nodes/render-node-role';

/** A new folder that every user of the machine may enter. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `nodes-${name}-`));
  spawnSync('chmod', ['0755', folder]);
  return folder;
}

/** Writes a role as the app does, and returns the role's own folder. */
export function writeRole(role: NodeRole, folder: string): string {
  for (const file of renderNodeRole(role)) {
    const path = join(folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.content, { mode: file.mode ?? 0o644 });
  }
  return join(folder, role.roleName);
}

/** What a program did. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end and returns both of its streams, standard output first. */
export function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}` };
}

/** The newest operating system whose OpenSSH is no newer than the installed sshd. */
export function operatingSystemOf(sshd: string): OperatingSystem {
  const [, major, minor] = /OpenSSH_(\d+)\.(\d+)/.exec(run(sshd, ['-V']).output) ?? [];
  const known = [OperatingSystem.DEBIAN_13, OperatingSystem.UBUNTU_24_04, OperatingSystem.DEBIAN_12, OperatingSystem.UBUNTU_22_04];
  const found = known.find((system) => {
    const [knownMajor, knownMinor] = system.openSshVersion.split('.').map(Number);
    return knownMajor < Number(major) || (knownMajor === Number(major) && knownMinor <= Number(minor));
  });
  if (!found) {
    throw new Error(`${sshd} is too old: OpenSSH ${major}.${minor}`);
  }
  return found;
}
