import * as path from 'path';
import { Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { HostPathMount } from './host-path';
import { checkChoice } from '../../core/choice';
import { isDnsSubdomain } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkList } from '../../core/list';
import { checkMountPath } from '../../core/mount-path';
import { mebibytesOf } from '../../core/quantities';
import { refuseSecretText } from '../../secrets/literal-secret';
import { checkSecretKey, checkSecretName } from '../../secrets/secret-reference';
import { Privilege } from '../access/privilege';

/** What the API server takes for one ConfigMap. */
const MOST_CONFIG_BYTES = 1024 * 1024;

/** How a volume may be mounted at once. */
export enum VolumeAccess {
  /** By the pods of one node. */
  READ_WRITE_ONCE = 'ReadWriteOnce',
  /** By one pod. */
  READ_WRITE_ONCE_POD = 'ReadWriteOncePod',
  /** By pods of several nodes. */
  READ_WRITE_MANY = 'ReadWriteMany',
}

/** A directory whose content outlives the pod. */
export interface PersistentPath {
  /** Absolute path of the directory in the container. */
  readonly path: string;
  /**
   * Size of the volume that is claimed, in whole mebibytes: one for each replica of a StatefulSet, else one for all pods.
   * @default - none: `claimName` names a claim that exists
   */
  readonly size?: Size;
  /**
   * Storage class; it should encrypt at rest.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
  /**
   * How the volume may be mounted. Where several pods share it, they need one that several nodes may mount.
   * @default VolumeAccess.READ_WRITE_ONCE
   */
  readonly access?: VolumeAccess;
  /**
   * A PersistentVolumeClaim of the namespace that exists. Not of a StatefulSet.
   * @default - a claim is made, which outlives the workload
   */
  readonly claimName?: string;
}

/** What an ephemeral directory is made of. */
export enum EphemeralMedium {
  /** The node's disk. It counts towards the container's ephemeral storage. */
  NODE = 'Node',
  /** The node's memory. It counts towards the container's memory. */
  MEMORY = 'Memory',
  /** A volume that is claimed for the pod and deleted with it. */
  VOLUME = 'Volume',
}

/** A directory whose content ends with the pod, larger than 256 MiB or made of something else than the node's disk. */
export interface EphemeralPath {
  /** Absolute path of the directory in the container. */
  readonly path: string;
  /** The most that it holds, in whole mebibytes. */
  readonly size: Size;
  /**
   * What it is made of.
   * @default EphemeralMedium.NODE
   */
  readonly medium?: EphemeralMedium;
  /**
   * Storage class, of a volume only; it should encrypt at rest.
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

/** Configuration as files, read-only. One of `files` and `configMapName`. */
export interface ConfigFiles {
  /** Absolute path of the directory in the container. */
  readonly path: string;
  /**
   * The files by name, with their text. They become an immutable ConfigMap whose name carries a hash of them, so that a change rolls the pods out.
   * Secrets are refused.
   * @default - those of `configMapName`
   */
  readonly files?: Record<string, string>;
  /**
   * Name of a ConfigMap in the workload's namespace, which is not made here.
   * @default - one is made of `files`
   */
  readonly configMapName?: string;
}

/** What a workload mounts. */
export interface VolumesProps {
  readonly writablePaths?: string[];
  readonly ephemeralPaths?: EphemeralPath[];
  readonly persistentPaths?: PersistentPath[];
  readonly secretFiles?: SecretFiles[];
  readonly configFiles?: ConfigFiles[];
  readonly privileges?: Privilege[];
}

/** A volume's name, where it is mounted, and what it is made from. */
interface Mounted<T> {
  readonly name: string;
  readonly mountPath: string;
  readonly from: T;
}

/** A path of the node with where it is mounted. */
export type HostMount = Mounted<HostPathMount>;

type Check<T> = (from: T, property: string, at: IConstruct) => void;

/** The checked volumes of a workload. */
export interface Volumes {
  readonly writable: Mounted<undefined>[];
  readonly ephemeral: Mounted<EphemeralPath>[];
  readonly persistent: Mounted<PersistentPath>[];
  readonly secret: Mounted<SecretFiles>[];
  readonly config: Mounted<ConfigFiles>[];
  /** What privileges mount of the node. */
  readonly host: HostMount[];
}

/** Checks a workload's volumes and names them after their paths. `/tmp` is writable unless something else is mounted there. */
export function volumesOf(props: VolumesProps, at: IConstruct): Volumes {
  const names = new VolumeNames(at);
  const mounted = <T extends { readonly path: string }>(property: string, list: T[] | undefined, check: Check<T>) => (
    checkList(list ?? [], property, 'objects with path', at).map((from, i) => {
      if (typeof from !== 'object' || from === null) {
        throw invalid({ at, property: `${property}[${i}]`, got: from, allowed: 'an object with path', fix: 'Write it like { path: \'/etc/web\', … }.' });
      }
      check(from, `${property}[${i}]`, at);
      return { from, mountPath: from.path, name: names.claim(from.path, `${property}[${i}].path`) };
    }));
  const persistent = mounted('persistentPaths', props.persistentPaths, checkClaim);
  const ephemeral = mounted('ephemeralPaths', props.ephemeralPaths, checkEphemeral);
  const secret = mounted('secretFiles', props.secretFiles, checkSecretFiles);
  const config = mounted('configFiles', props.configFiles, checkConfigFiles);
  const host = (props.privileges ?? []).flatMap(({ _facts: { hostPath } }, i) => (
    hostPath ? [{ from: hostPath, mountPath: hostPath.mountPath, name: names.claim(hostPath.mountPath, `privileges[${i}].mountPath`) }] : []));
  const { writablePaths = [] } = props;
  const writable = [...new Set(writablePaths)].map((mountPath) => (
    { from: undefined, mountPath, name: names.claim(mountPath, `writablePaths[${writablePaths.indexOf(mountPath)}]`) }));
  if (!names.has('/tmp')) {
    writable.unshift({ from: undefined, mountPath: '/tmp', name: names.claim('/tmp', 'writablePaths') });
  }
  const volumes = { writable, ephemeral, persistent, secret, config, host };
  checkMountable(volumes, at);
  return volumes;
}

/** @throws if something is mounted in a directory that nobody may write to: the runtime couldn't make the place for it, and no pod would start */
function checkMountable({ secret, config, ...others }: Volumes, at: IConstruct): void {
  const readOnly = [...secret, ...config];
  const all = [...readOnly, ...Object.values(others).flat()];
  for (const { mountPath } of readOnly) {
    const inner = all.find((each) => each.mountPath.startsWith(`${mountPath}/`));
    if (inner) {
      throw invalid({
        at, property: 'path', got: inner.mountPath, allowed: `a path outside of ${mountPath}, where files of a Secret or a ConfigMap are mounted, read-only`, fix: 'Mount one of the two elsewhere.',
      });
    }
  }
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
        at: this.at, property, got: mountPath, allowed: 'a path that no other volume is mounted at', fix: 'Name each path once.',
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

function checkClaim({ size, storageClassName, access, claimName }: PersistentPath, property: string, at: IConstruct): void {
  if ((size === undefined) === (claimName === undefined)) {
    throw invalid({
      at, property, got: size === undefined ? 'neither size nor claimName' : 'size and claimName', allowed: 'one of the two', fix: 'Give the size of the volume to claim, or the name of a claim that exists.',
    });
  }
  if (claimName === undefined) {
    mebibytesOf(size!, `${property}.size`, at);
    checkStorageClass(storageClassName, property, at);
  } else {
    checkObjectName(claimName, `${property}.claimName`, 'PersistentVolumeClaim', at);
  }
  checkChoice(access ?? VolumeAccess.READ_WRITE_ONCE, VolumeAccess, 'VolumeAccess', `${property}.access`, at);
}

function checkEphemeral({ size, medium, storageClassName }: EphemeralPath, property: string, at: IConstruct): void {
  mebibytesOf(size, `${property}.size`, at);
  checkChoice(medium ?? EphemeralMedium.NODE, EphemeralMedium, 'EphemeralMedium', `${property}.medium`, at);
  checkStorageClass(storageClassName, property, at);
  if (storageClassName !== undefined && medium !== EphemeralMedium.VOLUME) {
    throw invalid({
      at, property: `${property}.storageClassName`, got: storageClassName, allowed: 'a storage class of EphemeralMedium.VOLUME only', fix: 'Set medium: EphemeralMedium.VOLUME, or leave it out.',
    });
  }
}

function checkConfigFiles({ files, configMapName }: ConfigFiles, property: string, at: IConstruct): void {
  if ((files === undefined) === (configMapName === undefined)) {
    throw invalid({
      at, property, got: files === undefined ? 'neither files nor configMapName' : 'files and configMapName', allowed: 'one of the two', fix: 'Give the files, or the name of a ConfigMap that has them.',
    });
  }
  if (files === undefined) {
    checkObjectName(configMapName!, `${property}.configMapName`, 'ConfigMap', at);
    return;
  }
  const entries = Object.entries(files);
  const bytes = entries.reduce((sum, [, text]) => sum + Buffer.byteLength(String(text)), 0);
  if (entries.length === 0 || bytes > MOST_CONFIG_BYTES) {
    throw invalid({
      at, property: `${property}.files`, got: `${entries.length} files of ${bytes} bytes`, allowed: `at least one file, and at most ${MOST_CONFIG_BYTES} bytes together`,
      fix: 'Put larger files into the image.',
    });
  }
  for (const [file, text] of entries) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(file) || file === '.' || file.startsWith('..') || typeof text !== 'string') {
      throw invalid({
        at, property: `${property}.files`, got: file, allowed: 'names of files, of letters, digits, -, _ and dots, each with its text', fix: 'Correct the name, or mount a folder for each directory.',
      });
    }
    refuseSecretText(text, `${property}.files.${file}`, at);
  }
}

function checkObjectName(name: string, property: string, kind: string, at: IConstruct): void {
  if (!isDnsSubdomain(name)) {
    throw invalid({ at, property, got: name, allowed: `the name of a ${kind} (RFC 1123)`, fix: 'Give the name of one in the namespace of the workload.' });
  }
}

function checkStorageClass(storageClassName: string | undefined, property: string, at: IConstruct): void {
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
