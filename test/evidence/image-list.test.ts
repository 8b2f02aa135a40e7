import { ClusterProfile } from '../../src/core/cluster-profile';
import { ImageMirror } from '../../src/core/image-mirror';
import { imageList, imagesJson, imagesText } from '../../src/evidence/image-list';
import { evidence } from '../../src/evidence/report';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const MIRROR = ImageMirror.of({ prefixes: { 'docker.io': 'm.internal/hub' }, others: 'm.internal/all' });
const object = (json: object) => ({ constructPath: 'c/o', json });
const pod = (name: string, ...images: string[]) => object({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: images.map((image) => ({ image })) } });

describe('the list of images', () => {
  test('names each image once, with all that use it, whatever it is called there', () => {
    expect(imageList([pod('b', 'nginx:1', 'quay.io/acme/web:2'), pod('a', 'docker.io/library/nginx:1', 'nginx:1')]).images).toEqual([
      { source: 'docker.io/library/nginx:1', pulled: 'docker.io/library/nginx:1', byDigest: false, usedBy: ['Pod/a', 'Pod/b'] },
      { source: 'quay.io/acme/web:2', pulled: 'quay.io/acme/web:2', byDigest: false, usedBy: ['Pod/b'] },
    ]);
  });

  test('is sorted by where images are from', () => {
    const { images } = imageList([pod('a', 'quay.io/b', 'm.internal/hub/z', 'quay.io/a', 'docker.io/acme/a')], MIRROR);
    expect(images.map(({ source }) => source)).toEqual(['docker.io/acme/a', 'docker.io/library/z', 'quay.io/a', 'quay.io/b']);
  });

  test('tells where a mirror\'s images are from', () => {
    const { images } = imageList([pod('a', `m.internal/hub/library/nginx:1.27@${DIGEST}`, `m.internal/all/quay.io/acme/web@${DIGEST}`)], MIRROR);
    expect(images).toEqual([
      { source: `docker.io/library/nginx:1.27@${DIGEST}`, pulled: `m.internal/hub/library/nginx:1.27@${DIGEST}`, byDigest: true, usedBy: ['Pod/a'] },
      { source: `quay.io/acme/web@${DIGEST}`, pulled: `m.internal/all/quay.io/acme/web@${DIGEST}`, byDigest: true, usedBy: ['Pod/a'] },
    ]);
  });

  test('goes into templates of custom resources and into lists, whose objects it names', () => {
    const { images } = imageList([
      object({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'r', namespace: 'shop' }, spec: { template: { spec: { containers: [{ image: 'a' }] } } } }),
      object({ apiVersion: 'v1', kind: 'List', items: [pod('listed', 'b').json] }),
    ]);
    expect(images.map(({ source, usedBy }) => [source, usedBy])).toEqual([['docker.io/library/a', ['Rollout/shop/r']], ['docker.io/library/b', ['Pod/listed']]]);
  });

  test('says which objects may have more than they name', () => {
    const made = (apiVersion: string, kind: string) => object({ apiVersion, kind, metadata: { name: 'x' } });
    expect(imageList([
      made('monitoring.coreos.com/v1', 'Prometheus'), made('helm.toolkit.fluxcd.io/v2', 'HelmRelease'), made('argoproj.io/v1alpha1', 'Application'), made('v1', 'ConfigMap'), pod('p', 'a'),
    ]).mayPullMore).toEqual(['Application/x', 'HelmRelease/x', 'Prometheus/x']);
  });

  test.each<[string, object, string[]]>([
    ['an image of its own', { image: 'quay.io/acme/engine:1' }, ['Engine/x']],
    ['an image within, by repository and tag', { workers: [{ engineImage: { repository: 'quay.io/acme/engine', tag: '1' } }] }, ['Engine/x']],
    ['an image in a container, which is listed', { containers: [{ image: 'quay.io/acme/engine:1' }] }, []],
    ['how to pull, and no image', { imagePullPolicy: 'Always', image: '' }, []],
  ])('names custom objects whose settings it does not know: %s', (_, spec, expected) => {
    expect(imageList([object({ apiVersion: 'engines.example.com/v1', kind: 'Engine', metadata: { name: 'x' }, spec })]).mayPullMore.map((each) => each.replace('.engines.example.com', ''))).toEqual(expected);
    expect(imageList([object({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, spec })]).mayPullMore).toEqual([]);
  });

  test('never shows what somebody logs in with', () => {
    const list = imageList([pod('a', `robot:hunter2@quay.io/acme/web@${DIGEST}`, 'quay.io/acme/web?token=hunter2')], MIRROR);
    expect(list.images.map(({ source, pulled, byDigest }) => [source, pulled, byDigest])).toEqual([
      [`(left out)@quay.io/acme/web@${DIGEST}`, `(left out)@quay.io/acme/web@${DIGEST}`, false], ['quay.io/acme/web?(left out)', 'quay.io/acme/web?(left out)', false],
    ]);
    expect(imagesJson(list, 'c') + imagesText(list)).not.toContain('hunter2');
  });
});

describe('its files', () => {
  const list = imageList([pod('a', `nginx@${DIGEST}`, 'm.internal/hub/acme/web:1', 'wrong image\nof two lines')], MIRROR);

  test('have three columns a line, for shells', () => {
    expect(imagesText(list)).toBe([
      'docker.io/acme/web:1\tm.internal/hub/acme/web:1\tno-digest\n',
      `docker.io/library/nginx@${DIGEST}\tdocker.io/library/nginx@${DIGEST}\tby-digest\n`,
      'wrong?image?of?two?lines\twrong?image?of?two?lines\tno-digest\n',
    ].join(''));
  });

  test('are JSON with a version of its own, for programs', () => {
    expect(JSON.parse(imagesJson(list, 'far'))).toEqual({ formatVersion: 1, cluster: 'far', ...list });
  });

  test('are part of the evidence', () => {
    const profile = new ClusterProfile({ name: 'far', imageMirror: MIRROR });
    const files = evidence({ profile, objects: [pod('a', 'm.internal/hub/acme/web:1')], files: [], findings: [] });
    expect(files.find(({ path }) => path === 'images.txt')?.content).toBe('docker.io/acme/web:1\tm.internal/hub/acme/web:1\tno-digest\n');
    expect(JSON.parse(files.find(({ path }) => path === 'images.json')!.content)).toMatchObject({ cluster: 'far', images: [{ source: 'docker.io/acme/web:1' }] });
  });

  test('are empty where there is no image', () => {
    expect(imagesText(imageList([]))).toBe('');
    expect(imageList([])).toEqual({ images: [], mayPullMore: [] });
  });
});
