import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Include, JsonPatch, Lazy, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { HardenedApp } from '../../src/app/hardened-app';
import { ConfigurableControls } from '../../src/controls/configurable-controls';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { ImageMirror } from '../../src/core/image-mirror';
import { imagesOf } from '../../src/core/image-places';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { IMAGE, refusal } from '../workloads/fixtures';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const MIRROR = ImageMirror.of({ others: 'm.internal/all' });
const cluster = (imageMirror?: ImageMirror) => new ClusterProfile({ name: 'far', imageMirror });
const pod = (image: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'main', image }] } });
const images = (app: App) => parseAllDocuments(app.synthYaml()).flatMap((document) => imagesOf(document.toJS()));

function plainApp(imageMirror = MIRROR): App {
  const app = new App();
  cluster(imageMirror).attachTo(app);
  return app;
}

const apps: [string, () => App][] = [['plain App', () => plainApp()], ['HardenedApp', () => new HardenedApp({ cluster: cluster(MIRROR), quiet: true })]];

describe.each(apps)('below a %s with a mirror', (_, make) => {
  test('a SecureWorkload pulls from it', () => {
    const app = make();
    new SecureWorkload(new HardenedNamespace(new Chart(app, 'c'), 'shop'), 'web', { image: IMAGE, port: 8080 });
    expect(images(app)).toEqual([`m.internal/all/${IMAGE}`]);
  });

  test('objects of cdk8s-plus, raw ones, included ones, lists and patched ones do', () => {
    const app = make();
    const chart = new Chart(app, 'c');
    new Deployment(chart, 'plus', { containers: [{ image: `nginx@${DIGEST}` }] });
    new ApiObject(chart, 'raw', pod('quay.io/acme/raw'));
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'mirror-')), 'more.yaml');
    fs.writeFileSync(file, JSON.stringify({ ...pod('quay.io/acme/included'), metadata: { name: 'q' } }));
    new Include(chart, 'included', { url: file });
    new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [pod('quay.io/acme/listed')] } as any);
    new ApiObject(chart, 'patched', pod('a')).addJsonPatch(JsonPatch.replace('/spec/containers/0/image', 'quay.io/acme/patched'));
    expect(images(app).sort()).toEqual([
      `m.internal/all/docker.io/library/nginx@${DIGEST}`, 'm.internal/all/quay.io/acme/included', 'm.internal/all/quay.io/acme/listed',
      'm.internal/all/quay.io/acme/patched', 'm.internal/all/quay.io/acme/raw',
    ]);
  });

  test('objects that are made as others are written do, and charts that render themselves', () => {
    const app = make();
    const chart = new Chart(app, 'c');
    const late = () => {
      if (!app.node.tryFindChild('late')) {
        new ApiObject(new Chart(app, 'late'), 'raw', pod('quay.io/late'));
      }
      return 'quay.io/first';
    };
    new ApiObject(chart, 'first', pod(Lazy.any({ produce: late }) as string));
    class Own extends Chart {
      public toJson(): any[] {
        return [pod('quay.io/own')];
      }
    }
    new Own(app, 'own');
    app.synthYaml();
    expect(images(app).sort()).toEqual(['m.internal/all/quay.io/first', 'm.internal/all/quay.io/late', 'm.internal/all/quay.io/own']);
  });

  test('a second synth says the same', () => {
    const app = make();
    new ApiObject(new Chart(app, 'c'), 'raw', pod('quay.io/acme/raw'));
    expect(app.synthYaml()).toBe(app.synthYaml());
  });

  test('an image without a place in it is refused by the object that has it', () => {
    const app = make();
    new ApiObject(new Chart(app, 'c'), 'raw', pod('$(IMAGE)'));
    expect(refusal(() => app.synthYaml())).toContain('[c/raw] image: got "$(IMAGE)"; allowed: a reference to an image: [registry/]name[:tag][@digest]. Correct it: nobody can pull it.');
  });

  test('hardening and the mirror go together', () => {
    const app = make();
    const chart = new Chart(app, 'c');
    Controls.of(app).harden(ControlPack.pssRestricted());
    new ApiObject(chart, 'raw', pod('quay.io/acme/raw'));
    const [object] = parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
    expect(object.spec.containers[0]).toMatchObject({ image: 'm.internal/all/quay.io/acme/raw', securityContext: { allowPrivilegeEscalation: false } });
  });
});

test('Testing.synth writes the mirror\'s images too', () => {
  const chart = new Chart(plainApp(), 'c');
  new ApiObject(chart, 'raw', pod('quay.io/acme/raw'));
  expect(imagesOf(Testing.synth(chart))).toEqual(['m.internal/all/quay.io/acme/raw']);
});

test('controls judge the mirror\'s images, even where they were attached before the profile', () => {
  const written = (mirror?: ImageMirror) => {
    const app = new App();
    Controls.of(app).enforce(ControlPack.of('own', ConfigurableControls.allowedRegistries(['m.internal'])));
    cluster(mirror).attachTo(app);
    new ApiObject(new Chart(app, 'c'), 'raw', pod('quay.io/acme/raw'));
    return app;
  };
  expect(images(written(MIRROR))).toEqual(['m.internal/all/quay.io/acme/raw']);
  expect(() => images(written())).toThrow(/quay.io\/acme\/raw/);
});

test('without a mirror every image stays', () => {
  const app = new App();
  cluster().attachTo(app);
  new ApiObject(new Chart(app, 'c'), 'raw', pod('nginx'));
  expect(images(app)).toEqual(['nginx']);
});

test('below a plain App nothing is written where one image of the last chart has no place', () => {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'mirror-'));
  const app = new App({ outdir });
  cluster(MIRROR).attachTo(app);
  new ApiObject(new Chart(app, 'a'), 'raw', pod('nginx'));
  new ApiObject(new Chart(app, 'b'), 'raw', pod('Nginx'));
  expect(() => app.synth()).toThrow(/\[b\/raw\] image: got "Nginx"/);
  expect(fs.readdirSync(outdir)).toEqual([]);
});

describe('an object that another language writes', () => {
  const written = (image: string) => {
    const app = plainApp();
    const object = new ApiObject(new Chart(app, 'c'), 'foreign', pod('nginx'));
    Object.defineProperty(object, 'toJson', { value: () => pod(image), configurable: false, writable: false });
    return app;
  };

  test('is refused with an image that is not the mirror\'s', () => {
    expect(refusal(() => written('nginx').synthYaml())).toContain(
      '[c/foreign] image: allowed: images of the mirror in an object that is written by another language. Give it the names that mirrored() of the ImageMirror returns.');
  });

  test('is taken with one that is', () => {
    expect(images(written('m.internal/all/docker.io/library/nginx'))).toEqual(['m.internal/all/docker.io/library/nginx']);
  });
});

test('a mirror that is none is refused', () => {
  expect(refusal(() => cluster({ others: 'm.internal/all' } as any))).toBe(
    '[ClusterProfile far] imageMirror: got {"others":"m.internal/all"}; allowed: an ImageMirror. Make it by ImageMirror.of({ … }).');
});
