/** A digest, of the algorithms that the OCI Image Specification registers. */
export const DIGEST = 'sha(256:[a-f0-9]{64}|512:[a-f0-9]{128})';

/** A reference to an image, taken apart and completed as container runtimes do it. */
export interface ImageName {
  /** Host of the registry, with a port where one is given. */
  readonly registry: string;
  /** The repository in it, as `library/nginx`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const DOCKER_HUB = 'docker.io';
/** Names that people write for Docker Hub. */
const DOCKER_HUB_ALIASES = ['index.docker.io'];
const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::\\d{1,5})?$`, 'i');
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const WHOLE_DIGEST = new RegExp(`^${DIGEST}$`);
const MOST_CHARACTERS = 255;

/**
 * Takes a reference apart: `nginx` is `docker.io/library/nginx`. Undefined where it is none that a container runtime pulls.
 *
 * Source: distribution/reference, normalize.go and regexp.go, which containerd and CRI-O go by.
 */
export function parseImage(reference: string): ImageName | undefined {
  const [name, digest, ...rest] = reference.split('@');
  const tagAt = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = tagAt < 0 ? undefined : name.slice(tagAt + 1);
  const place = parseRepository(tagAt < 0 ? name : name.slice(0, tagAt));
  const isWrong = rest.length > 0 || (digest !== undefined && !WHOLE_DIGEST.test(digest)) || (tag !== undefined && !TAG.test(tag));
  if (isWrong || place?.repository === undefined) {
    return undefined;
  }
  return { registry: place.registry, repository: place.repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** Where images are: a registry, with a repository or what repositories begin with. */
export interface ImagePlace {
  readonly registry: string;
  readonly repository?: string;
}

/** A registry by its host, or a part of one. Undefined where it is neither, or leaves the registry out. */
export function parsePrefix(prefix: string): ImagePlace | undefined {
  const [host] = prefix.split('/', 1);
  if (!isHost(host) || !HOST.test(host)) {
    return undefined;
  }
  const repository = prefix === host ? undefined : prefix.slice(host.length + 1);
  if (repository === undefined) {
    return { registry: registryOf(host) };
  }
  return isRepository(repository) ? { registry: registryOf(host), repository } : undefined;
}

/** The place in one text, as it stands in a reference. */
export function placeText({ registry, repository }: ImagePlace): string {
  return repository === undefined ? registry : `${registry}/${repository}`;
}

/** The whole reference in one text; with the name of the registry. */
export function imageText(image: ImageName): string {
  return `${placeText(image)}${image.tag === undefined ? '' : `:${image.tag}`}${image.digest === undefined ? '' : `@${image.digest}`}`;
}

/** Whether a reference names its image by digest: what the registry gives is what was named, or nothing. */
export function isByDigest(reference: string): boolean {
  return parseImage(reference)?.digest !== undefined;
}

/** Whether a text is a repository's path, and short enough. */
export function isRepository(text: string): boolean {
  return text.length <= MOST_CHARACTERS && REPOSITORY.test(text) && !/^[a-f0-9]{64}$/.test(text);
}

function parseRepository(name: string): ImagePlace | undefined {
  const slash = name.indexOf('/');
  const host = slash < 0 ? '' : name.slice(0, slash);
  const ofHub = !isHost(host);
  const registry = ofHub ? DOCKER_HUB : registryOf(host);
  const path = ofHub ? name : name.slice(slash + 1);
  const repository = registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  return (ofHub || HOST.test(host)) && isRepository(path) && isRepository(repository) ? { registry, repository } : undefined;
}

/** What stands before the first slash is a host, or else the name of somebody at Docker Hub. */
function isHost(text: string): boolean {
  return /[.:]/.test(text) || text === 'localhost' || text !== text.toLowerCase();
}

function registryOf(host: string): string {
  // Of a name without dot and port, capitals alone say that it is a host.
  const registry = isHost(host.toLowerCase()) ? host.toLowerCase() : host;
  return DOCKER_HUB_ALIASES.includes(registry) ? DOCKER_HUB : registry;
}
