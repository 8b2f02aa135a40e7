import { invalid, InvalidInput } from '../core/errors';
import { DIGEST, parseImage } from '../core/image-name';

const WHOLE_DIGEST = new RegExp(`^${DIGEST}$`);

/**
 * Checks that an image is named by digest, so that what was reviewed is what runs. A tag beside the digest is kept for people.
 *
 * @throws if the reference has no digest, or isn't one (OCI Distribution Specification; OCI Image Specification, registered algorithms)
 */
export function checkImageReference(image: unknown, property: string, at?: InvalidInput['at']): string {
  const fail = (fix: string) => invalid({
    at, property, got: image, allowed: 'an image by digest, name[:tag]@sha256:<64 hex digits> or @sha512:<128 hex digits>', fix, source: 'NSA 1.2 Supply chain, CIS 5.5.1',
  });
  if (typeof image !== 'string') {
    throw fail('Give it as a string.');
  }
  const [, digest, ...rest] = image.split('@');
  if (digest === undefined) {
    throw fail('Add the digest that the registry names for the tag you tested: a tag can be moved to other content.');
  }
  if (rest.length > 0 || !WHOLE_DIGEST.test(digest)) {
    throw fail('Correct the digest: sha256: and 64 lower-case hex digits, or sha512: and 128.');
  }
  if (!parseImage(image)) {
    throw fail('Correct the name: lower-case path, optional registry host before it.');
  }
  return image;
}
