import { Size } from 'cdk8s';
import { find, refusal, shop } from './fixtures';
import { WorkloadKind } from '../../src/workloads/secure-workload-props';

const refused = (props: object) => refusal(() => shop().workload('web', props));
const PATH = 'allowed: an absolute, normalized path of a directory below the root, without ":" and blanks. '
  + 'Give the path in the container, for instance /var/cache/nginx.';
const STATEFUL = { kind: WorkloadKind.STATEFUL_SET };

describe('paths', () => {
  test.each([['tmp'], ['/'], [''], ['/a/'], ['/a//b'], ['/a/../b'], ['/a:b'], ['/a b'], ['//a'], ['/a\u0000'], [7]])('%j is refused', (path) => {
    const words = `got ${JSON.stringify(path)}; ${PATH}`;
    expect(refused({ writablePaths: ['/ok', path] })).toBe(`[c/shop/web] writablePaths[1]: ${words}`);
    expect(refused({ secretFiles: [{ secretName: 'tls', path }] })).toBe(`[c/shop/web] secretFiles[0].path: ${words}`);
    expect(refused({ ...STATEFUL, persistentPaths: [{ path, size: Size.gibibytes(1) }] })).toBe(`[c/shop/web] persistentPaths[0].path: ${words}`);
  });

  test.each(['/proc', '/sys/fs', '/dev'])('%s belongs to the container runtime', (path) => {
    expect(refused({ writablePaths: [path] })).toBe(
      `[c/shop/web] writablePaths[0]: got "${path}"; allowed: a path outside of /proc, /sys and /dev (but for /dev/shm). Leave it out: the container runtime mounts these.`);
  });

  test('/dev/shm may be a volume: databases need one of their size', () => {
    expect(() => shop().workload('db', { writablePaths: ['/dev/shm'] })).not.toThrow();
  });

  test('each has one volume', () => {
    expect(refused({ writablePaths: ['/data'], secretFiles: [{ secretName: 'tls', path: '/data' }] })).toBe(
      '[c/shop/web] writablePaths[0]: got "/data"; allowed: a path that no other volume is mounted at. Name each path once, as writable, persistent or secret.');
  });

  test('/tmp may be something else than an empty directory', () => {
    const { app, workload } = shop();
    workload('db', { ...STATEFUL, persistentPaths: [{ path: '/tmp', size: Size.gibibytes(1) }] });
    expect(find(app, 'StatefulSet').spec.template.spec.containers[0].volumeMounts).toEqual([{ mountPath: '/tmp', name: 'tmp' }]);
  });

  test('that differ in punctuation alone get volumes of different names', () => {
    const { app, workload } = shop();
    workload('web', { writablePaths: ['/a/b', '/a-b', '/A.b'], secretFiles: [{ secretName: 'a-b', path: '/db' }, { secretName: 'db', path: '/a_b' }] });
    const { volumes, containers } = find(app, 'Deployment').spec.template.spec;
    expect(new Set(volumes.map((each: any) => each.name)).size).toBe(6);
    expect(containers[0].volumeMounts.map((each: any) => each.name).sort()).toEqual(volumes.map((each: any) => each.name).sort());
  });

  test('without letters and digits are named all the same', () => {
    const { app, workload } = shop();
    workload('web', { writablePaths: ['/_'] });
    expect(find(app, 'Deployment').spec.template.spec.volumes.map((each: any) => each.name)).toEqual(['tmp', 'volume']);
  });
});

describe('secret files', () => {
  test('can be chosen and named', () => {
    const { app, workload } = shop();
    workload('web', { secretFiles: [{ secretName: 'jwt', path: '/keys', items: { 'rs256.pub': 'public/key.pem' } }] });
    expect(find(app, 'Deployment').spec.template.spec.volumes).toContainEqual({
      name: 'keys', secret: { secretName: 'jwt', defaultMode: 0o440, items: [{ key: 'rs256.pub', path: 'public/key.pem' }] },
    });
  });

  test.each([['/etc/x'], ['../x'], ['a/../../x'], [''], ['.'], ['..'], ['a/'], ['a:b']])('cannot become %j', (file) => {
    expect(refused({ secretFiles: [{ secretName: 'tls', path: '/tls', items: { key: file } }] })).toBe(
      `[c/shop/web] secretFiles[0].items.key: got "${file}"; allowed: a relative, normalized path of a file below path. Give the file's name, for instance tls.key.`);
  });

  test('of no key are refused: an empty list would mount all', () => {
    expect(refused({ secretFiles: [{ secretName: 'tls', path: '/tls', items: {} }] })).toBe(
      '[c/shop/web] secretFiles[0].items: got {}; allowed: at least one key. Leave items out to mount every key.');
  });

  test('come from a Secret and keys that can exist', () => {
    expect(refused({ secretFiles: [{ secretName: '', path: '/tls' }] })).toContain('[c/shop/web] secretFiles[0].secretName: got ""; allowed: the name of a Secret');
    expect(refused({ secretFiles: [{ secretName: 'tls', path: '/tls', items: { '..': 'x' } }] })).toContain('secretFiles[0].items: got ".."; allowed: a key of a Secret');
  });
});

describe('persistent paths', () => {
  test('name a storage class, or take the default', () => {
    const { app, workload } = shop();
    workload('db', { ...STATEFUL, persistentPaths: [{ path: '/data', size: Size.mebibytes(1536), storageClassName: 'encrypted' }] });
    expect(find(app, 'StatefulSet').spec.volumeClaimTemplates[0].spec).toMatchObject({ storageClassName: 'encrypted', resources: { requests: { storage: '1536Mi' } } });
  });

  test.each([[''], ['Fast SSD']])('no storage class is named %j', (storageClassName) => {
    expect(refused({ ...STATEFUL, persistentPaths: [{ path: '/data', size: Size.gibibytes(1), storageClassName }] })).toBe(
      `[c/shop/web] persistentPaths[0].storageClassName: got "${storageClassName}"; allowed: the name of a StorageClass (RFC 1123). `
      + 'Give its name, or leave it out to take the cluster\'s default.');
  });

  test.each([[Size.gibibytes(0), '0Gi'], [Size.kibibytes(100), '100Ki'], [Size.gibibytes(NaN), 'NaNGi']])('a size that is none is refused', (size, got) => {
    expect(refused({ ...STATEFUL, persistentPaths: [{ path: '/data', size }] })).toBe(
      `[c/shop/web] persistentPaths[0].size: got "${got}"; allowed: a size of at least one mebibyte, in whole mebibytes. `
      + 'Give it as Size.mebibytes(256) or Size.gibibytes(1).');
  });
});
