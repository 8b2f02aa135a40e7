/** An image by digest: what the registry gives is what was named, or nothing. */
export const BY_DIGEST = '@sha(256:[a-f0-9]{64}|512:[a-f0-9]{128})$';

/** An image with the name of its registry: a host with a dot or a port, or localhost. */
export const WITH_REGISTRY = '^([^/@]*[.:][^/@]*|localhost)/';
