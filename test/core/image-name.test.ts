import { imageText, isByDigest, parseImage, parsePrefix, placeText } from '../../src/core/image-name';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const whole = (reference: string) => {
  const name = parseImage(reference);
  return name && imageText(name);
};

describe('a reference to an image', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['acme/web', 'docker.io/acme/web'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['docker.io/library/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/acme/web', 'docker.io/acme/web'],
    ['localhost/web', 'localhost/web'],
    ['localhost:5000/web', 'localhost:5000/web'],
    ['registry:5000/web', 'registry:5000/web'],
    ['registry:5000', 'docker.io/library/registry:5000'],
    ['quay.io/acme/web:v1', 'quay.io/acme/web:v1'],
    ['Registry/web', 'Registry/web'],
    ['QUAY.io/acme/web', 'quay.io/acme/web'],
    [`nginx:1.27@${DIGEST}`, `docker.io/library/nginx:1.27@${DIGEST}`],
    [`quay.io/a/b@sha512:${'a'.repeat(128)}`, `quay.io/a/b@sha512:${'a'.repeat(128)}`],
  ])('%s is %s', (reference, expected) => {
    expect(whole(reference)).toBe(expected);
    expect(whole(expected)).toBe(expected);
  });

  test.each([
    '', '/', 'quay.io/', 'quay.io//web', 'Acme', 'quay.io/Acme/web', 'nginx:', 'nginx@', 'nginx@sha256:abc', `nginx@${DIGEST}@${DIGEST}`, 'user:password@quay.io/acme/web',
    'https://quay.io/acme/web', 'nginx:la test', '-.io/web', 'a_.io/web', 'quay.io/a___b', 'a'.repeat(64), 'x'.repeat(256), '$(IMAGE)', 'nginx?token=1',
  ])('%j is none', (reference) => {
    expect(parseImage(reference)).toBeUndefined();
  });

  test('without a slash is never a host: quay.io is a name at Docker Hub', () => {
    expect(whole('quay.io')).toBe('docker.io/library/quay.io');
  });

  test('is by digest only with a digest that is one', () => {
    expect(isByDigest(`nginx@${DIGEST}`)).toBe(true);
    expect(['nginx', 'nginx:1.27', 'nginx@sha256:abc'].map(isByDigest)).toEqual([false, false, false]);
  });
});

describe('a prefix of images', () => {
  test.each([
    ['docker.io', 'docker.io'], ['docker.io/library', 'docker.io/library'], ['index.docker.io', 'docker.io'], ['localhost:5000', 'localhost:5000'], ['QUAY.io/acme', 'quay.io/acme'],
  ])('%s is %s', (prefix, expected) => {
    expect(placeText(parsePrefix(prefix)!)).toBe(expected);
  });

  test.each(['', 'acme', 'acme/web', 'quay.io/', '/quay.io', 'https://quay.io', 'quay.io/Acme', 'quay.io/web:1', `quay.io/web@${DIGEST}`, 'user@quay.io'])('%j is none', (prefix) => {
    expect(parsePrefix(prefix)).toBeUndefined();
  });
});
