import * as fc from 'fast-check';
import { oneOf, weighted } from './arbitraries';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Every form that a runtime takes, and some that policies misread: ports that look like tags, registries that start like a trusted one. */
export const IMAGES = {
  pinned: [`registry.example/app@${DIGEST}`, `registry.example/team/app:1.2.3@${DIGEST}`, `ghcr.io/acme/web@${DIGEST}`, `localhost:5000/app@${DIGEST}`],
  tagged: ['registry.example/app:1.2.3', 'docker.io/library/nginx:1.27', 'nginx:1.27', 'quay.io/team/nested/app:v1', 'registry.example:5000/app:1.0'],
  latest: ['nginx:latest', 'registry.example/app:latest', 'registry.example:5000/app:latest', `gcr.io/acme/app:latest@${DIGEST}`],
  untagged: ['nginx', 'acme/app', 'registry.example/app', 'registry.example:5000/app', 'localhost/app'],
  odd: [
    `registry.example.evil.test/app@${DIGEST}`, `evil.test/registry.example/app@${DIGEST}`, `registry.example@${DIGEST}`, 'nginx:latest-alpine', 'latest',
    'app:LATEST', 'app@sha256:0123', `app@sha512:${'0123456789abcdef'.repeat(8)}`, '[2001:db8::1]:5000/app:1', 'Registry.Example/App:1.0',
  ],
};

export const image: fc.Arbitrary<string> = weighted(
  [60, oneOf(...IMAGES.pinned)],
  [18, oneOf(...IMAGES.tagged)],
  [8, oneOf(...IMAGES.latest)],
  [8, oneOf(...IMAGES.untagged)],
  [6, oneOf(...IMAGES.odd)],
);

export const pullPolicy = weighted<string | undefined>([50, undefined], [25, 'Always'], [20, 'IfNotPresent'], [5, 'Never']);
