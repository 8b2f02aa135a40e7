import * as fc from 'fast-check';
import { basePodWith } from '../../src/controls/catalog/base-pod';
import { control as imageDigest } from '../../src/controls/catalog/supply-chain/image-digest';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { checkImageReference } from '../../src/supply-chain/image-reference';
import { findings } from '../support/twins';
import { refusal } from '../workloads/fixtures';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const WORDS = 'allowed: an image by digest, name[:tag]@sha256:<64 hex digits> or @sha512:<128 hex digits> (NSA 1.2 Supply chain, CIS 5.5.1).';
const refused = (image: unknown) => refusal(() => checkImageReference(image, 'image', 'shop/web'));

function isTaken(image: string): boolean {
  try {
    return checkImageReference(image, 'image') === image;
  } catch {
    return false;
  }
}

describe('an image', () => {
  test.each([
    'nginx', 'nginx:1.27', 'library/nginx', 'registry.example/team/web:v1.2_3-rc.1', 'localhost:5000/web', 'REGISTRY.example:443/a/b/c', 'acme/a__b.c-d/e', 'us-docker.pkg.dev/p/r/web:v0.6.10',
  ])('%s by digest is taken as it is', (name) => {
    expect(checkImageReference(`${name}@${DIGEST}`, 'image')).toBe(`${name}@${DIGEST}`);
  });

  test('by its longer digest is taken too', () => {
    const image = `nginx@sha512:${'0123456789abcdef'.repeat(8)}`;
    expect(checkImageReference(image, 'image')).toBe(image);
  });

  test.each([DIGEST, `sha512:${'a'.repeat(128)}`, 'sha256:abc', `sha512:${'a'.repeat(64)}`, `sha384:${'a'.repeat(96)}`, `${DIGEST}0`])(
    'with the digest %s is taken exactly if the control image-digest takes it', (digest) => {
      const found = findings([imageDigest], KubernetesVersion.V1_36, basePodWith({ 'spec.containers[0].image': `nginx@${digest}` }));
      expect(found.length === 0).toBe(isTaken(`nginx@${digest}`));
    });

  test.each(['nginx', 'nginx:1.27', 'registry.example:5000/web', ''])('%j without digest is refused', (image) => {
    expect(refused(image)).toBe(
      `[shop/web] image: got "${image}"; ${WORDS} Add the digest that the registry names for the tag you tested: a tag can be moved to other content.`);
  });

  test.each([
    'sha256:abc', 'sha256:', `sha512:${'a'.repeat(64)}`, `sha256:${'a'.repeat(128)}`, `sha384:${'a'.repeat(96)}`, DIGEST.toUpperCase(), `${DIGEST}0`, ` ${DIGEST}`, `${DIGEST}\n`, `${DIGEST}@${DIGEST}`,
  ])('with the digest %j is refused', (digest) => {
    expect(refused(`nginx@${digest}`)).toMatch(/Correct the digest: sha256: and 64 lower-case hex digits, or sha512: and 128\.$/);
  });

  test.each(['', 'Nginx', 'a//b', '/a', 'a/', 'a:', 'a: b', `a:${'t'.repeat(129)}`, 'a:-b', 'https://registry.example/web', 'user:pass:x', 'a___b', '-a', 'a b', 'registry.example:port/web'])(
    'named %j is refused', (name) => {
      expect(refused(`${name}@${DIGEST}`)).toMatch(/Correct the name: lower-case path, optional registry host before it\.$/);
    });

  test.each([[undefined], [7], [null], [['nginx']]])('that is %j is refused', (image) => {
    expect(refused(image)).toMatch(/Give it as a string\.$/);
  });

  test('is checked in time, however long', () => {
    for (const text of ['a'.repeat(100_000), 'a.'.repeat(50_000), 'a/'.repeat(50_000), '-'.repeat(100_000), 'a--'.repeat(30_000)]) {
      expect(refused(`${text}!@${DIGEST}`)).toContain('Correct the name');
    }
  });

  test('of any text is taken with a digest at its end, or refused', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((name) => `${name}@${DIGEST}`)), (image) => {
      try {
        expect(checkImageReference(image, 'image')).toMatch(/^[^@\s]+@sha256:[0-9a-f]{64}$/);
      } catch (error) {
        expect((error as Error).name).toBe('HardenedError');
      }
    }));
  });
});
