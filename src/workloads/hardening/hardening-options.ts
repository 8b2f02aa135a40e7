import { IConstruct } from 'constructs';
import { checkPack, ControlPack } from '../../controls/pack';
import { invalid } from '../../core/errors';
import { imageText, ImageName, parseImage } from '../../core/image-name';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { checkMadeBy } from '../../core/made-by';
import { checkMountPath } from '../../core/mount-path';
import { ImageProfile } from '../../supply-chain/image-profile';
import { budgetOf, NamespaceQuota } from '../namespace/namespace-limits';

/** How objects that others made are hardened. */
export interface HardeningOptions {
  /**
   * What they are brought up to.
   * @default - ControlPack.recommended()
   */
  readonly pack?: ControlPack;
  /**
   * Directories that programs write to, by object as reports name it, `Deployment/shop/web`: each gets an empty directory that ends with the pod.
   * It counts for all containers but init containers, or for the one that `#` names: `Deployment/shop/web#nginx`.
   * @default - those of `imageProfiles`, and `/tmp` where the root filesystem becomes read-only
   */
  readonly writablePaths?: Record<string, string[]>;
  /**
   * What images need, by name without tag and digest, such as `nginx` or `ghcr.io/acme/web`: the user, unless another one than root is stated, and
   * where its program writes. Variables that a profile names are not set, since they may lead away from data that are there.
   * @default - none
   */
  readonly imageProfiles?: Record<string, ImageProfile>;
  /**
   * Whether workloads that use the service account `default`, or share one, get one of their own, where nothing in the app names the present one.
   * @default true
   */
  readonly serviceAccounts?: boolean;
  /**
   * Whether the namespaces of its objects deny all traffic that nothing allows but DNS. What would be cut is reported, and not allowed by itself.
   * @default false
   */
  readonly defaultDeny?: boolean;
  /**
   * The most that all pods of each of the namespaces may ask for together. It goes with bounds for containers that state none.
   * @default - none
   */
  readonly quota?: NamespaceQuota;
}

const PROPS: KnownProps<HardeningOptions> = {
  pack: true, writablePaths: true, imageProfiles: true, serviceAccounts: true, defaultDeny: true, quota: true,
};

/** Writable paths of an object's containers, or of one of them. */
export interface DeclaredPaths {
  /** As it was written. */
  readonly key: string;
  readonly resource: string;
  readonly container?: string;
  readonly paths: readonly string[];
}

/** The profile of an image. */
export interface ProfiledImage {
  /** As it was written. */
  readonly key: string;
  /** Registry and repository. */
  readonly repository: string;
  readonly profile: ImageProfile;
}

/** Options that are checked and complete. */
export interface CheckedOptions {
  readonly pack: ControlPack;
  readonly writablePaths: readonly DeclaredPaths[];
  readonly images: readonly ProfiledImage[];
  readonly serviceAccounts: boolean;
  readonly defaultDeny: boolean;
  readonly quota?: NamespaceQuota;
}

/** @throws if one is unknown or malformed */
export function checkHardeningOptions(options: HardeningOptions, at: IConstruct): CheckedOptions {
  checkProps(options, PROPS, { at, property: 'options' });
  const { pack = ControlPack.recommended(), writablePaths = {}, imageProfiles = {}, quota } = options;
  if (quota !== undefined) {
    budgetOf(quota, at);
  }
  return {
    pack: checkPack(pack, at),
    writablePaths: Object.entries(checkMap(writablePaths, 'writablePaths', '{ \'Deployment/shop/web\': [\'/var/cache/nginx\'] }', at))
      .map(([key, paths]) => declaredPaths(key, paths, at)),
    images: Object.entries(checkMap(imageProfiles, 'imageProfiles', '{ nginx: ImageProfile.nginx() }', at)).map(([key, profile]) => profiledImage(key, profile, at)),
    serviceAccounts: checkBoolean(options.serviceAccounts ?? true, 'serviceAccounts', at),
    defaultDeny: checkBoolean(options.defaultDeny ?? false, 'defaultDeny', at),
    ...(quota !== undefined && { quota }),
  };
}

/** Registry and repository of an image; undefined where it is malformed. */
export function repositoryOf(image: unknown): string | undefined {
  const name = typeof image === 'string' ? parseImage(image) : undefined;
  return name && repositoryText(name);
}

function repositoryText({ registry, repository }: ImageName): string {
  return imageText({ registry, repository });
}

function declaredPaths(key: string, paths: string[], at: IConstruct): DeclaredPaths {
  const property = `writablePaths["${key}"]`;
  const match = /^([A-Z]\w*(?:\.[\w.-]+)?(?:\/[^/#\s]+){1,2})(?:#([^/#\s]+))?$/.exec(key);
  if (!match) {
    throw invalid({
      at, property: 'writablePaths', got: key, allowed: 'objects as reports name them, Kind/namespace/name, with #container where one container is meant',
      fix: 'Write it like Deployment/shop/web, or Deployment/shop/web#nginx.',
    });
  }
  const list = checkList(paths, property, 'paths', at);
  list.forEach((path, i) => checkMountPath(path, `${property}[${i}]`, at));
  return { key, resource: match[1], ...(match[2] !== undefined && { container: match[2] }), paths: list };
}

function profiledImage(key: string, profile: ImageProfile, at: IConstruct): ProfiledImage {
  checkMadeBy('ImageProfile', profile, { at, property: `imageProfiles["${key}"]`, fix: 'Give, for instance, ImageProfile.nginx().' });
  const name = parseImage(key);
  if (!name || name.tag !== undefined || name.digest !== undefined) {
    throw invalid({
      at, property: 'imageProfiles', got: key, allowed: 'names of images without tag and digest', fix: 'Write it like nginx or ghcr.io/acme/web.',
    });
  }
  return { key, repository: repositoryText(name), profile };
}

function checkMap<T extends object>(map: T, property: string, example: string, at: IConstruct): T {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw invalid({ at, property, got: map, allowed: 'an object', fix: `Write it like ${example}.` });
  }
  return map;
}

function checkBoolean(value: unknown, property: string, at: IConstruct): boolean {
  if (typeof value !== 'boolean') {
    throw invalid({ at, property, got: value, allowed: 'true or false', fix: 'Write it without quotes.' });
  }
  return value;
}
