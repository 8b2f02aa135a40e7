import { holdsCredentials, withoutCredentials } from '../../src/core/image-credentials';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  ['robot:hunter2@ghcr.io/acme/web:1', '(left out)@ghcr.io/acme/web:1'],
  ['hunter2@ghcr.io/acme/web', '(left out)@ghcr.io/acme/web'],
  ['oci://robot:a/b@c@ghcr.io/web', '(left out)@ghcr.io/web'],
  [`robot:hunter2@ghcr.io/web@${DIGEST}`, `(left out)@ghcr.io/web@${DIGEST}`],
  [`robot:sha256:hunter2@ghcr.io/web@${DIGEST}`, `(left out)@ghcr.io/web@${DIGEST}`],
  ['ghcr.io/web?token=hunter2', 'ghcr.io/web?(left out)'],
  ['ghcr.io/web#hunter2', 'ghcr.io/web?(left out)'],
])('%s is shown without what somebody logs in with', (image, shown) => {
  expect(withoutCredentials(image)).toBe(shown);
  expect(holdsCredentials(image)).toBe(true);
});

test.each(['', 'nginx', 'nginx:1.27', `nginx:1.27@${DIGEST}`, 'localhost:5000/a/b:c', `r.example:443/a@sha512:${'b'.repeat(128)}`])('%j is shown as it is', (image) => {
  expect(withoutCredentials(image)).toBe(image);
  expect(holdsCredentials(image)).toBe(false);
});
