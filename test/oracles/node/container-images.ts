import { execFile } from 'child_process';
import { createHash } from 'crypto';
import { existsSync } from 'fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'fs/promises';
import { homedir, tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { promisify } from 'util';
import { programPath, ProgramName } from '../programs';

const run = promisify(execFile);

/** What image building needs, for `describeWith`. */
export const IMAGE_PROGRAMS: ProgramName[] = ['apt-get', 'dpkg-deb', 'probe'];

const OLD_MS = 24 * 60 * 60 * 1000;

/** What an image is made of. */
export interface ImageRecipe {
  /** Debian packages, unpacked with all that they depend on; their scripts don't run. */
  readonly packages?: readonly string[];
  /** Paths below the root, as the shell's patterns, of which the tests have no use. */
  readonly without?: readonly string[];
  /** Files from this machine, by their path in the image. */
  readonly copies?: Record<string, string>;
  /** Texts, by their path in the image. Those below a folder `bin` are programs. */
  readonly files?: Record<string, string>;
  /** Owner of each folder that is made besides: `{ '/data': 999 }`. */
  readonly folders?: Record<string, number>;
  /** `redis: 999` is a user and a group. */
  readonly accounts?: Record<string, number>;
  /** As in an OCI image's configuration. */
  readonly config: ImageConfig;
}

export interface ImageConfig {
  readonly Entrypoint?: string[];
  readonly Cmd?: string[];
  readonly Env?: string[];
  readonly WorkingDir?: string;
}

/** An image as an OCI archive. */
export interface ContainerImage {
  readonly archive: string;
  /** `registry.example/NAME:test@sha256:…` */
  readonly reference: string;
}

/**
 * The image, from the cache unless its recipe has changed. Every image holds the test program as `/probe` besides.
 *
 * @param name of the repository
 */
export async function containerImage(name: string, recipe: ImageRecipe): Promise<ContainerImage> {
  const complete = { ...recipe, copies: { ...recipe.copies, '/probe': programPath('probe') } };
  const archive = await cachePath(name, complete);
  if (!existsSync(archive)) {
    await build(name, complete, archive);
  }
  const { stdout } = await run('tar', ['-xOf', archive, 'index.json']);
  return { archive, reference: `${repository(name)}:test@${JSON.parse(stdout).manifests[0].digest}` };
}

function repository(name: string): string {
  return `registry.example/${name}`;
}

async function cachePath(name: string, recipe: ImageRecipe): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(recipe)).update(await readFile('/etc/os-release')).update(await readFile(__filename));
  for (const path of Object.values(recipe.copies ?? {})) {
    hash.update(await readFile(path));
  }
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'cdk8s-hardened', 'images', `${name}-${hash.digest('hex').slice(0, 8)}.tar`);
}

async function build(name: string, recipe: ImageRecipe, archive: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'image-'));
  const unfinished = `${archive}.${process.pid}`;
  try {
    const root = join(scratch, 'root');
    await unpack(recipe, root, scratch);
    await fillIn(recipe, root);
    const layout = join(scratch, 'layout');
    await pack(name, recipe, root, layout);
    await mkdir(dirname(archive), { recursive: true });
    await run('tar', ['-cf', unfinished, '-C', layout, 'oci-layout', 'index.json', 'blobs']);
    await rename(unfinished, archive);
    await forgetOldOnes(name, dirname(archive));
  } finally {
    await rm(unfinished, { force: true });
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Archives of the image by earlier recipes. Another checkout may use one that is new. */
async function forgetOldOnes(name: string, folder: string): Promise<void> {
  for (const file of (await readdir(folder)).filter(each => new RegExp(`^${name}-[0-9a-f]{8}\\.tar$`).test(each))) {
    const path = join(folder, file);
    if (Date.now() - (await stat(path)).mtimeMs > OLD_MS) {
      await rm(path, { force: true });
    }
  }
}

/** A merged /usr, as in Debian's own images: packages still have files in /bin and /lib. */
async function unpack({ packages = [], without = [] }: ImageRecipe, root: string, scratch: string): Promise<void> {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', folder), { recursive: true });
    await symlink(`usr/${folder}`, join(root, folder));
  }
  for (const archive of await download(packages, scratch)) {
    await run(programPath('dpkg-deb'), ['--extract', archive, root]);
  }
  const patterns = packages.length > 0 ? ['usr/share/doc', 'usr/share/man', 'usr/share/locale', ...without] : without;
  await run('bash', ['-c', `shopt -s globstar nullglob; rm -rf -- ${patterns.join(' ')} /nowhere`], { cwd: root });
}

/** The packages and all that they depend on, as for a machine that has none. */
async function download(packages: readonly string[], scratch: string): Promise<string[]> {
  if (packages.length === 0) {
    return [];
  }
  const archives = join(scratch, 'archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  await writeFile(join(scratch, 'status'), '');
  const settings = [
    `Dir::State::status=${join(scratch, 'status')}`, `Dir::Cache::archives=${archives}`, 'APT::Install-Recommends=false', 'APT::Sandbox::User=root',
    'Debug::NoLocking=true',
  ].flatMap(setting => ['-o', setting]);
  const install = () => run(programPath('apt-get'), [...settings, '--yes', '--quiet', '--download-only', 'install', ...packages], { maxBuffer: 1 << 26 });
  await install().catch(async () => {
    // The lists of packages may be missing, or older than the packages.
    await run(programPath('apt-get'), ['--quiet', 'update']);
    return install();
  });
  const { stdout } = await run('find', [archives, '-name', '*.deb']);
  return stdout.trim().split('\n').sort();
}

async function fillIn({ copies = {}, files = {}, folders = {}, accounts = {} }: ImageRecipe, root: string): Promise<void> {
  const everybody = { root: 0, ...accounts, nobody: 65534 };
  const lines = (line: (account: string, id: number) => string) => Object.entries(everybody).map(([account, id]) => `${line(account, id)}\n`).join('');
  const texts: Record<string, string> = {
    '/etc/passwd': lines((account, id) => `${account}:x:${id}:${id}::/nonexistent:/bin/sh`),
    '/etc/group': lines((account, id) => `${account === 'nobody' ? 'nogroup' : account}:x:${id}:`),
    ...files,
  };
  for (const folder of ['tmp', 'run', 'var', 'proc', 'sys', 'dev']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, 'tmp'), 0o1777);
  await symlink('/run', join(root, 'var/run')).catch(() => undefined);
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode: basename(dirname(path)) === 'bin' ? 0o755 : 0o644 });
  }
  for (const [path, source] of Object.entries(copies)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(source, join(root, path));
  }
  for (const [path, owner] of Object.entries(folders)) {
    await mkdir(join(root, path), { recursive: true });
    await chown(join(root, path), owner, owner);
  }
}

/** Writes an OCI layout with one layer. */
async function pack(name: string, { config }: ImageRecipe, root: string, layout: string): Promise<void> {
  const blobs = join(layout, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const layerFile = join(layout, 'layer.tar');
  await run('tar', ['--sort=name', '--mtime=@0', '--numeric-owner', '-cf', layerFile, '-C', root, '.']);
  const layerHash = (await run('sha256sum', [layerFile])).stdout.split(' ')[0];
  await rename(layerFile, join(blobs, layerHash));
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${layerHash}`, size: (await stat(join(blobs, layerHash))).size,
  };
  const blob = async (mediaType: string, content: object) => {
    const text = JSON.stringify(content);
    const hash = createHash('sha256').update(text).digest('hex');
    await writeFile(join(blobs, hash), text);
    return { mediaType, digest: `sha256:${hash}`, size: Buffer.byteLength(text) };
  };
  const configuration = await blob('application/vnd.oci.image.config.v1+json', {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux', config, rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = await blob('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: configuration, layers: [layer],
  });
  // A reference with a digest is looked up without its tag.
  const names = [`${repository(name)}@${manifest.digest}`, `${repository(name)}:test`];
  const manifests = names.map(each => ({ ...manifest, annotations: { 'io.containerd.image.name': each } }));
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
