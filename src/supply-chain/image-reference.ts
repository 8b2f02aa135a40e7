import { invalid, InvalidInput } from '../core/errors';

const REPOSITORY = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;

/**
 * Checks that an image is named by digest, so that what was reviewed is what runs. A tag beside the digest is kept for people.
 *
 * @throws if the reference has no digest, or isn't one (OCI Distribution Specification)
 */
export function checkImageReference(image: unknown, property: string, at?: InvalidInput['at']): string {
  const fail = (fix: string) => invalid({
    at, property, got: image, allowed: 'an image by digest, name[:tag]@sha256:<64 hex digits>', fix, source: 'NSA 1.2 Supply chain, CIS 5.5.1',
  });
  if (typeof image !== 'string') {
    throw fail('Give it as a string.');
  }
  const [name, digest, ...rest] = image.split('@');
  if (digest === undefined) {
    throw fail('Add the digest that the registry names for the tag you tested: a tag can be moved to other content.');
  }
  const tagAt = name.indexOf(':', name.lastIndexOf('/') + 1);
  const repository = tagAt < 0 ? name : name.slice(0, tagAt);
  if (rest.length > 0 || !DIGEST.test(digest)) {
    throw fail('Correct the digest: sha256: and 64 lower-case hex digits.');
  }
  if (!REPOSITORY.test(repository) || (tagAt >= 0 && !TAG.test(name.slice(tagAt + 1)))) {
    throw fail('Correct the name: lower-case path, optional registry host before it.');
  }
  return image;
}
