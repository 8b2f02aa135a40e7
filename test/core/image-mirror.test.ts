import * as fc from 'fast-check';
import { ImageMirror, ImageMirrorProps } from '../../src/core/image-mirror';
import { imageText, parseImage } from '../../src/core/image-name';
import { refusal } from '../workloads/fixtures';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const refused = (props: unknown) => refusal(() => ImageMirror.of(props as ImageMirrorProps));

describe('a mirror', () => {
  const mirror = ImageMirror.of({
    prefixes: { 'docker.io': 'registry.acme.internal/hub', 'quay.io/acme': 'registry.acme.internal/acme', 'quay.io/acme/tools': 'registry.acme.internal/tools' },
    others: 'registry.acme.internal:5000/all',
    reachable: ['ecr.acme.internal', 'quay.io/acme/public'],
  });

  test.each([
    [`nginx:1.27@${DIGEST}`, `registry.acme.internal/hub/library/nginx:1.27@${DIGEST}`],
    ['acme/web', 'registry.acme.internal/hub/acme/web'],
    ['docker.io/library/nginx', 'registry.acme.internal/hub/library/nginx'],
    ['index.docker.io/nginx', 'registry.acme.internal/hub/library/nginx'],
    ['quay.io/acme/web', 'registry.acme.internal/acme/web'],
    ['quay.io/acme/tools/cli:v2', 'registry.acme.internal/tools/cli:v2'],
    ['quay.io/acme/tools', 'registry.acme.internal/tools'],
    ['quay.io/acme-two/web', 'registry.acme.internal:5000/all/quay.io/acme-two/web'],
    ['quay.io/acmeweb', 'registry.acme.internal:5000/all/quay.io/acmeweb'],
    ['registry.example:8443/a/b', 'registry.acme.internal:5000/all/registry.example__8443/a/b'],
    ['localhost/web', 'registry.acme.internal:5000/all/localhost/web'],
  ])('has %s at %s', (image, pulled) => {
    expect(mirror.mirrored(image)).toBe(pulled);
    expect(mirror.mirrored(pulled)).toBe(pulled);
    expect(mirror.sourceOf(pulled)).toBe(imageText(parseImage(image)!));
  });

  test.each([
    'registry.acme.internal/hub/library/nginx', 'ecr.acme.internal/web:1', `quay.io/acme/public/web@${DIGEST}`, 'registry.acme.internal:5000/all/x',
  ])('leaves %s alone', (image) => {
    expect(mirror.mirrored(image)).toBe(image);
  });

  test('leaves what is reachable as it is written', () => {
    expect(ImageMirror.of({ others: 'm.internal/all', reachable: ['docker.io'] }).mirrored('nginx')).toBe('nginx');
  });

  test('does not take a path for a source that names no registry', () => {
    expect(mirror.sourceOf('registry.acme.internal:5000/all/x/y')).toBe('registry.acme.internal:5000/all/x/y');
    expect(mirror.sourceOf('registry.acme.internal:5000/all')).toBe('registry.acme.internal:5000/all');
    expect(mirror.sourceOf('quay.io/else/web')).toBe('quay.io/else/web');
  });

  test('that is a part of the registry it mirrors is fine', () => {
    const own = ImageMirror.of({ prefixes: { 'registry.acme.internal': 'registry.acme.internal/copy' } });
    expect(own.mirrored('registry.acme.internal/web')).toBe('registry.acme.internal/copy/web');
    expect(own.mirrored('registry.acme.internal/copy/web')).toBe('registry.acme.internal/copy/web');
  });
});

describe('an image that has no place in the mirror is refused', () => {
  const mirror = ImageMirror.of({ prefixes: { 'docker.io': 'm.internal/hub', 'ghcr.io/acme/web': 'm2.internal' } });

  test('where no prefix fits', () => {
    expect(refusal(() => mirror.mirrored('quay.io/acme/web:1'))).toBe(
      '[ImageMirror] image: got "quay.io/acme/web:1"; allowed: an image that a prefix of the mirror fits, or that is reachable. '
      + 'Add "quay.io" to prefixes or reachable, or give others.');
  });

  test('where it is no reference, without what somebody logs in with', () => {
    expect(refusal(() => mirror.mirrored('robot:hunter2@quay.io/acme/web'))).toBe(
      '[ImageMirror] image: got "(left out)@quay.io/acme/web"; allowed: a reference to an image: [registry/]name[:tag][@digest]. Correct it: nobody can pull it.');
    expect(refusal(() => mirror.mirrored(7 as any))).toBe(
      '[ImageMirror] image: got 7; allowed: a reference to an image: [registry/]name[:tag][@digest]. Correct it: nobody can pull it.');
    expect(refusal(() => mirror.sourceOf('Nginx'))).toBe(
      '[ImageMirror] image: got "Nginx"; allowed: a reference to an image: [registry/]name[:tag][@digest]. Correct it: nobody can pull it.');
  });

  test('where its name there would be none', () => {
    expect(refusal(() => mirror.mirrored('ghcr.io/acme/web:1'))).toBe(
      '[ImageMirror] image: got "ghcr.io/acme/web:1"; allowed: an image whose name in the mirror is a repository of at most 255 characters. '
      + 'Map it to another place than "m2.internal".');
    expect(refusal(() => ImageMirror.of({ others: `m.internal/${'a'.repeat(200)}` }).mirrored(`quay.io/${'b'.repeat(100)}`))).toMatch(/at most 255 characters/);
  });
});

describe('rules are refused', () => {
  const form = 'allowed: a registry by its host, with a path or without one, and without scheme, tag or digest. Name the registry first, for instance docker.io/library.';

  test.each<[unknown, string]>([
    [{}, 'prefixes: got undefined; allowed: at least one prefix, or others. Say where images are: others: \'registry.acme.internal/all\'.'],
    [{ prefixes: {}, reachable: ['quay.io'] }, 'prefixes: got {}; allowed: at least one prefix, or others. Say where images are: others: \'registry.acme.internal/all\'.'],
    [{ prefixes: ['docker.io'] }, 'prefixes: got ["docker.io"]; allowed: an object of prefixes. Write it like { \'docker.io\': \'registry.acme.internal/docker-hub\' }.'],
    [{ prefixes: { acme: 'm.internal' } }, `prefixes: got "acme"; ${form}`],
    [{ prefixes: { 'quay.io': 'https://m.internal' } }, `prefixes["quay.io"]: got "https://m.internal"; ${form}`],
    [{ prefixes: { 'quay.io': undefined } }, `prefixes["quay.io"]: got undefined; ${form}`],
    [{ others: 'mirror' }, `others: got "mirror"; ${form}`],
    [{ others: 'm.internal', reachable: ['quay.io/'] }, `reachable[0]: got "quay.io/"; ${form}`],
    [{ others: 'm.internal', reachable: 'quay.io' }, 'reachable: got "quay.io"; allowed: a list of registries. Put it in a list: reachable: [ … ].'],
    [{ others: 'docker.io' }, 'others: got "docker.io"; allowed: a place in Docker Hub, not all of it. Name the organization too, for instance docker.io/acme.'],
    [{ prefixes: { 'quay.io': 'm.internal/a', 'ghcr.io': 'm.internal/a/b' } },
      'prefixes["ghcr.io"]: got "m.internal/a/b"; allowed: a place that is not in that of prefixes["quay.io"] (m.internal/a). Give each rule a place of its own, so that no two images meet.'],
    [{ prefixes: { 'quay.io': 'm.internal/a' }, others: 'm.internal' },
      'prefixes["quay.io"]: got "m.internal/a"; allowed: a place that is not in that of others (m.internal). Give each rule a place of its own, so that no two images meet.'],
    [{ prefixes: { 'm.internal/a/b': 'x.internal', 'quay.io': 'm.internal/a' } },
      'prefixes["quay.io"]: got "m.internal/a"; allowed: a place that the prefix m.internal/a/b does not lie in. Leave that prefix out: what is in the mirror stays as it is.'],
    [{ prefixes: { 'quay.io': 'm.internal/a', 'm.internal': 'x.internal' } },
      'prefixes["quay.io"]: got "m.internal/a"; allowed: a place that is not in the prefix m.internal, which is mirrored itself. Name the place that images are pulled from in the end.'],
    [{ prefixes: { 'm.internal': 'x.internal' }, others: 'm.internal/all' },
      'others: got "m.internal/all"; allowed: a place that is not in the prefix m.internal, which is mirrored itself. Name the place that images are pulled from in the end.'],
    [{ prefixes: { 'quay.io': 'm.internal' }, reachable: ['quay.io'] },
      'prefixes: got "quay.io"; allowed: each prefix once. Leave it out of prefixes or of reachable: its images are mirrored, or they are not.'],
    [{ prefixes: { 'docker.io': 'm.internal/a', 'index.docker.io': 'm.internal/b' } },
      'prefixes: got "docker.io"; allowed: each prefix once. Leave it out of prefixes or of reachable: its images are mirrored, or they are not.'],
    [{ prefixes: { 'quay.io': 'm.internal' }, other: 'm.internal' }, 'other: allowed: prefixes, others, reachable. Correct or remove it: nobody reads it. Did you mean "others"?'],
  ])('%j', (props, message) => {
    expect(refused(props)).toBe(`[ImageMirror.of] ${message}`);
  });
});

describe('whatever the rules are', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,4}$/);
  const host = fc.oneof(fc.constantFrom('docker.io', 'quay.io', 'm.internal', 'localhost', 'm.internal:5000'), label.map((each) => `${each}.io`));
  const path = fc.array(label, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('/'));
  const prefix = fc.oneof(host, fc.tuple(host, path).map((parts) => parts.join('/')));
  const image = fc.tuple(
    fc.oneof(path, fc.tuple(host, path).map((parts) => parts.join('/'))), fc.constantFrom('', ':1', ':v2_x'), fc.constantFrom('', `@${DIGEST}`),
  ).map((parts) => parts.join(''));
  const props = fc.record({
    prefixes: fc.dictionary(prefix, prefix, { maxKeys: 3 }),
    others: fc.option(prefix, { nil: undefined }),
    reachable: fc.array(prefix, { maxLength: 2 }),
  });
  const made = (given: ImageMirrorProps) => {
    try {
      return ImageMirror.of(given);
    } catch {
      return undefined;
    }
  };
  const tried = (mirror: ImageMirror, reference: string) => {
    try {
      return mirror.mirrored(reference);
    } catch {
      return undefined;
    }
  };

  test('an image keeps tag and digest, is in a target or reachable, and stays there', () => {
    let mirrored = 0;
    fc.assert(fc.property(props, image, (given, reference) => {
      const mirror = made(given);
      const pulled = mirror && tried(mirror, reference);
      if (!mirror || pulled === undefined) {
        return;
      }
      mirrored += 1;
      const [before, after] = [parseImage(reference)!, parseImage(pulled)!];
      expect([after.tag, after.digest]).toEqual([before.tag, before.digest]);
      const places = [...Object.values(given.prefixes ?? {}), ...(given.others === undefined ? [] : [given.others]), ...(given.reachable ?? [])];
      const place = `${after.registry}/${after.repository}`;
      expect(places.some((each) => place === each || place.startsWith(`${each}/`))).toBe(true);
      expect(mirror.mirrored(pulled)).toBe(pulled);
      expect(mirror.mirrored(imageText(after))).toBe(imageText(after));
    }), { numRuns: 5000 });
    expect(mirrored).toBeGreaterThan(300);
  });

  test('two images are never pulled from one place, unless one was in the mirror before', () => {
    fc.assert(fc.property(props, image, image, (given, a, b) => {
      const mirror = made(given);
      const [one, two] = [a, b].map((each) => mirror && tried(mirror, each));
      const moved = one !== undefined && two !== undefined && one !== a && two !== b;
      expect(!moved || one !== two || imageText(parseImage(a)!) === imageText(parseImage(b)!)).toBe(true);
    }), { numRuns: 5000 });
  });
});
