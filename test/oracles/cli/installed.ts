import { execFileSync } from 'child_process';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { basename, join, resolve } from 'path';

const ROOT = resolve(__dirname, '../../..');

/**
 * Installs the tarball as it would be published, with its required peers alone.
 * @returns the path of its program, as npm links it
 */
export function installProgram(folder: string): string {
  if (!existsSync(join(ROOT, 'lib/cli/main.js'))) {
    throw new Error('There is no compiled package to pack. Run `npx projen assemble` first.');
  }
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed) as { filename: string }[];
  const { devDependencies: dev } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({
    name: 'fresh',
    private: true,
    dependencies: { 'cdk8s-hardened': `file:${basename(filename)}`, 'cdk8s': dev.cdk8s, 'cdk8s-plus-28': dev['cdk8s-plus-28'], 'constructs': dev.constructs },
  }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'pipe' });
  return join(folder, 'node_modules/.bin/cdk8s-hardened');
}
