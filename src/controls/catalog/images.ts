import { DIGEST } from '../../core/image-name';

/** An image by digest: what the registry gives is what was named, or nothing. */
export const BY_DIGEST = `@${DIGEST}$`;

/** An image with the name of its registry: a host with a dot or a port, or localhost. */
export const WITH_REGISTRY = '^([^/@]*[.:][^/@]*|localhost)/';
