import { basePodWith } from '../../../src/controls/catalog/base-pod';
import { control as digest } from '../../../src/controls/catalog/supply-chain/image-digest';
import { control as registry } from '../../../src/controls/catalog/supply-chain/image-registry';
import { control as tag } from '../../../src/controls/catalog/supply-chain/image-tag';
import { Control } from '../../../src/controls/control';
import { effectiveControls } from '../../../src/controls/superseding';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const SHA256 = `sha256:${'a1'.repeat(32)}`;
const SHA512 = `sha512:${'a1'.repeat(64)}`;
const meets = (control: Control, image: unknown) => findings([control], KubernetesVersion.V1_36, basePodWith({ 'spec.containers[0].image': image })).length === 0;

test.each<[string, unknown, boolean, boolean, boolean]>([
  // image, by digest, with a tag, with its registry
  ['a digest', `ghcr.io/acme/app@${SHA256}`, true, true, true],
  ['a longer digest', `ghcr.io/acme/app@${SHA512}`, true, true, true],
  ['a tag and a digest', `ghcr.io/acme/app:1.4@${SHA256}`, true, true, true],
  ['the tag latest and a digest', `app:latest@${SHA256}`, true, true, false],
  ['a digest that is too short', `ghcr.io/acme/app@${SHA256.slice(0, -1)}`, false, false, true],
  ['a digest with more after it', `ghcr.io/acme/app@${SHA256}f`, false, false, true],
  ['a tag', 'ghcr.io/acme/app:1.4', false, true, true],
  ['latest', 'ghcr.io/acme/app:latest', false, false, true],
  ['a tag that begins so', 'ghcr.io/acme/app:latest-2', false, true, true],
  ['no tag', 'ghcr.io/acme/app', false, false, true],
  ['no tag, but a port', 'registry:5000/app', false, false, true],
  ['a tag and a port', 'registry:5000/app:1', false, true, true],
  ['a host without a dot', 'localhost/app:1', false, true, true],
  ['a name of Docker Hub', 'library/nginx:1.27', false, true, false],
  ['an empty text', '', false, false, false],
  ['nothing', undefined, false, false, false],
  ['a number', 7, false, false, false],
])('%s', (_what, image, byDigest, withTag, withRegistry) => {
  expect([meets(digest, image), meets(tag, image), meets(registry, image)]).toEqual([byDigest, withTag, withRegistry]);
});

test('who asks for digests needn\'t hear of tags', () => {
  expect(effectiveControls([tag, digest], KubernetesVersion.V1_36)).toEqual([digest]);
});

test('images of init containers and of containers for debugging count too', () => {
  const pod = basePodWith({ 'spec.initContainers': [{ name: 'init', image: 'init:1' }], 'spec.ephemeralContainers': [{ name: 'debug', image: 'busybox' }] });
  expect(findings([digest], KubernetesVersion.V1_36, pod)).toEqual([
    'image-digest: spec.initContainers[0].image', 'image-digest: spec.ephemeralContainers[0].image',
  ]);
});
