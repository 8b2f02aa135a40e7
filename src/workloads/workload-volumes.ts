import * as path from 'path';
import { Size } from 'cdk8s';
import { Container, ISecret, k8s, Volume } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { mebibytesOf, sizeText } from './quantities';
import { invalid } from '../core/errors';
import { checkSecretKey, checkSecretName } from '../secrets/secret-reference';

/** A directory whose content outlives the pod. */
export interface PersistentPath {
  /** Absolute path of the directory in the container. */
  readonly path: string;
  /** Size of the volume that is claimed for each replica, in whole mebibytes. */
  readonly size: Size;
  /**
   * Storage class; it should encrypt at rest.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
}

/** Keys of a Secret as files, read-only. */
export interface SecretFiles {
  /** Name of the Secret, in the workload's namespace. It is not made here. */
  readonly secretName: string;
  /** Absolute path of the directory in the container. */
  readonly path: string;
  /**
   * Which keys, and the file below `path` that each becomes.
   * @default - every key, under its own name
   */
  readonly items?: Record<string, string>;
}

/** What a workload mounts. */
export interface VolumesProps {
  readonly writablePaths?: string[];
  readonly persistentPaths?: PersistentPath[];
  readonly secretFiles?: SecretFiles[];
}

/** A volume's name, where it is mounted, and what it is made from. */
interface Mounted<T> {
  readonly name: string;
  readonly mountPath: string;
  readonly from: T;
}

/** The checked volumes of a workload. */
export interface Volumes {
  readonly writable: Mounted<undefined>[];
  readonly persistent: Mounted<PersistentPath>[];
  readonly secret: Mounted<SecretFiles>[];
}

/** Checks a workload's volumes and names them after their paths. `/tmp` is writable unless something else is mounted there. */
export function volumesOf(props: VolumesProps, at: IConstruct): Volumes {
  const { writablePaths = [], persistentPaths = [], secretFiles = [] } = props;
  const names = new VolumeNames(at);
  const persistent = persistentPaths.map((from, i) => {
    checkClaim(from, `persistentPaths[${i}]`, at);
    return { from, mountPath: from.path, name: names.claim(from.path, `persistentPaths[${i}].path`) };
  });
  const secret = secretFiles.map((from, i) => {
    checkSecretFiles(from, `secretFiles[${i}]`, at);
    return { from, mountPath: from.path, name: names.claim(from.path, `secretFiles[${i}].path`) };
  });
  const writable = [...new Set(writablePaths)].map((mountPath) => (
    { from: undefined, mountPath, name: names.claim(mountPath, `writablePaths[${writablePaths.indexOf(mountPath)}]`) }));
  if (!names.has('/tmp')) {
    writable.unshift({ from: undefined, mountPath: '/tmp', name: names.claim('/tmp', 'writablePaths') });
  }
  return { writable, persistent, secret };
}

/** Mounts an empty directory: what makes a read-only root filesystem bearable. */
export function mountWritable(scope: Construct, container: Container, { name, mountPath }: Mounted<undefined>): void {
  container.mount(mountPath, Volume.fromEmptyDir(scope, `Volume-${name}`, name, { sizeLimit: Size.mebibytes(256) }));
}

/** Mounts keys of a Secret, read-only, for the pod's own group alone. */
export function mountSecret(scope: Construct, container: Container, secret: ISecret, { name, mountPath, from }: Mounted<SecretFiles>): void {
  const items = from.items && Object.fromEntries(Object.entries(from.items).map(([key, file]) => [key, { path: file }]));
  container.mount(mountPath, Volume.fromSecret(scope, `Volume-${name}`, secret, { name, defaultMode: 0o440, items }), { readOnly: true });
}

/** The claim that a StatefulSet makes for each of its pods, with all that the API server adds to it: it replaces claims as a whole. */
export function claimTemplate({ name, from }: Mounted<PersistentPath>, at: IConstruct): k8s.KubePersistentVolumeClaimProps {
  return {
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(from.storageClassName !== undefined && { storageClassName: from.storageClassName }),
      resources: { requests: { storage: k8s.Quantity.fromString(sizeText(mebibytesOf(from.size, 'size', at))) } },
      volumeMode: 'Filesystem',
    },
  };
}

/** Gives each volume a name made from its path, and refuses two volumes at one path. */
class VolumeNames {
  private readonly nameByPath = new Map<string, string>();

  constructor(private readonly at: IConstruct) {}

  public has(mountPath: string): boolean {
    return this.nameByPath.has(mountPath);
  }

  public claim(mountPath: string, property: string): string {
    checkMountPath(mountPath, property, this.at);
    if (this.has(mountPath)) {
      throw invalid({
        at: this.at, property, got: mountPath, allowed: 'a path that no other volume is mounted at', fix: 'Name each path once, as writable, persistent or secret.',
      });
    }
    const base = mountPath.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50).replace(/-+$/, '') || 'volume';
    const taken = new Set(this.nameByPath.values());
    let name = base;
    for (let n = 2; taken.has(name); n++) {
      name = `${base}-${n}`;
    }
    this.nameByPath.set(mountPath, name);
    return name;
  }
}

function checkMountPath(mountPath: string, property: string, at: IConstruct): void {
  const clean = typeof mountPath === 'string' && path.posix.isAbsolute(mountPath) && path.posix.normalize(mountPath) === mountPath;
  if (!clean || /^\/$|\/$|^\/\/|[:\s\0]/.test(mountPath)) {
    throw invalid({
      at, property, got: mountPath, allowed: 'an absolute, normalized path of a directory below the root, without ":" and blanks', fix: 'Give the path in the container, for instance /var/cache/nginx.',
    });
  }
  if (/^\/(proc|sys|dev)(\/|$)/.test(mountPath) && !/^\/dev\/shm(\/|$)/.test(mountPath)) {
    throw invalid({
      at, property, got: mountPath, allowed: 'a path outside of /proc, /sys and /dev (but for /dev/shm)', fix: 'Leave it out: the container runtime mounts these.',
    });
  }
}

function checkClaim({ size, storageClassName }: PersistentPath, property: string, at: IConstruct): void {
  mebibytesOf(size, `${property}.size`, at);
  if (storageClassName !== undefined && !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(storageClassName)) {
    throw invalid({
      at, property: `${property}.storageClassName`, got: storageClassName, allowed: 'the name of a StorageClass (RFC 1123)', fix: 'Give its name, or leave it out to take the cluster\'s default.',
    });
  }
}

function checkSecretFiles({ secretName, items }: SecretFiles, property: string, at: IConstruct): void {
  checkSecretName(secretName, `${property}.secretName`, at);
  if (items && Object.keys(items).length === 0) {
    throw invalid({ at, property: `${property}.items`, got: items, allowed: 'at least one key', fix: 'Leave items out to mount every key.' });
  }
  for (const [key, file] of Object.entries(items ?? {})) {
    checkSecretKey(key, `${property}.items`, at);
    const clean = typeof file === 'string' && file !== '' && !path.posix.isAbsolute(file) && path.posix.normalize(file) === file;
    if (!clean || file.startsWith('..') || file === '.' || /\/$|[:\0]/.test(file)) {
      throw invalid({
        at, property: `${property}.items.${key}`, got: file, allowed: 'a relative, normalized path of a file below path', fix: 'Give the file\'s name, for instance tls.key.',
      });
    }
  }
}
