import { Size } from 'cdk8s';
import { ContainerResources } from 'cdk8s-plus-28';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { EphemeralMedium, EphemeralPath, VolumeAccess } from '../../../src/workloads/volumes/workload-volumes';
import { find, refusal, shop, written } from '../fixtures';

const refused = (props: object) => refusal(() => shop().workload('web', props));
const PATH = 'allowed: an absolute, normalized path of a directory below the root, without ":" and blanks. '
  + 'Give the path in the container, for instance /var/cache/nginx.';
const STATEFUL = { kind: WorkloadKind.STATEFUL_SET };
const GIB = { size: Size.gibibytes(1) };

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
      '[c/shop/web] writablePaths[0]: got "/data"; allowed: a path that no other volume is mounted at. Name each path once.');
  });

  test.each<[string, object]>([
    ['ConfigMap', { configFiles: [{ path: '/etc/web', files: { a: 'b' } }] }], ['Secret', { secretFiles: [{ path: '/etc/web', secretName: 'tls' }] }],
  ])('in the directory of a %s are refused: the runtime can make no place for them', (_, props) => {
    expect(refused({ ...props, writablePaths: ['/etc/web/conf.d'] })).toBe(
      '[c/shop/web] path: got "/etc/web/conf.d"; allowed: a path outside of /etc/web, where files of a Secret or a ConfigMap are mounted, read-only. Mount one of the two elsewhere.');
    expect(() => shop().workload('web', { ...props, writablePaths: ['/etc/web.d'] })).not.toThrow();
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

describe('a volume that all pods share', () => {
  const persistentPaths = [{ path: '/data', size: Size.gibibytes(1) }];

  test('of one node has one pod, which is stopped before the next one starts', () => {
    const { app, workload } = shop();
    workload('web', { persistentPaths });
    expect(find(app, 'Deployment').spec).toMatchObject({ replicas: 1 });
    expect(find(app, 'Deployment').spec.strategy).toEqual({ type: 'Recreate' });
    expect(find(app, 'Deployment').spec.template.spec.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'web-data' } });
    expect(find(app, 'PersistentVolumeClaim')).toMatchObject({
      metadata: { name: 'web-data', namespace: 'shop' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
  });

  test('is named for another workload to mount; of a StatefulSet there is none', () => {
    const { workload } = shop();
    expect(workload('web', { persistentPaths }).claimName('/data')).toBe('web-data');
    expect(workload('api', { persistentPaths: [{ path: '/data', claimName: 'shared' }] }).claimName('/data')).toBe('shared');
    expect(refusal(() => workload('db', { ...STATEFUL, persistentPaths }).claimName('/data'))).toBe(
      '[c/shop/db] claimName: got "/data"; allowed: none: it has no persistent path that all pods share. '
      + 'Give one of its persistentPaths. Each pod of a StatefulSet has claims of its own.');
  });

  test('of several nodes may have several, rolled out as ever', () => {
    const { app, workload } = shop();
    workload('web', { persistentPaths: [{ path: '/data', claimName: 'shared', access: VolumeAccess.READ_WRITE_MANY }], replicas: 3 });
    expect(find(app, 'Deployment').spec.strategy.type).toBe('RollingUpdate');
    expect(written(app).filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
  });

  test.each<[string, Partial<SecureWorkloadProps>]>([
    ['two replicas', { replicas: 2 }], ['a pod on each node', { kind: WorkloadKind.DAEMON_SET }], ['two pods of a Job', { kind: WorkloadKind.JOB, job: { parallelism: 2 } }],
  ])('of one node is refused for %s', (_, props) => {
    expect(refused({ ...props, ...(props.kind === WorkloadKind.JOB && { port: undefined }), persistentPaths })).toBe(
      '[c/shop/web] persistentPaths[0].access: got "ReadWriteOnce"; allowed: ReadWriteMany where several pods share the volume. '
      + 'Run one pod, take a StatefulSet, or name a volume that several nodes may mount: access: VolumeAccess.READ_WRITE_MANY.');
  });

  test.each<[string, Partial<SecureWorkloadProps>, string, Partial<SecureWorkloadProps>, string]>([
    ['two StatefulSets', { ...STATEFUL, persistentPaths: [{ ...GIB, path: '/data/a' }] }, 'a-web', { ...STATEFUL, persistentPaths: [{ ...GIB, path: '/data' }] }, 'data-a-web-0'],
    ['two Deployments', { persistentPaths: [{ ...GIB, path: '/data/a' }] }, 'web-data', { persistentPaths: [{ ...GIB, path: '/a' }] }, 'web-data-a'],
    ['a StatefulSet and a Deployment', { ...STATEFUL, persistentPaths: [{ ...GIB, path: '/data' }] }, 'data-web', { persistentPaths: [{ ...GIB, path: '/1' }] }, 'data-web-1'],
    ['a Deployment and a StatefulSet', { persistentPaths: [{ ...GIB, path: '/a/1' }] }, 'a', { ...STATEFUL, persistentPaths: [{ ...GIB, path: '/web' }] }, 'web-a-0'],
  ])('of %s never is the same by its name alone', (_, web, id, other, claim) => {
    const { workload } = shop();
    workload('web', web);
    expect(refusal(() => workload(id, other))).toBe(
      `[c/shop/${id}] persistentPaths[0].path: got "${claim}"; allowed: a path that makes another name of the PersistentVolumeClaim: c/shop/web has this one. `
      + 'Mount the volume at another path, or choose another name for the workload: both would write to one volume.');
  });

  test('has a size or a claim that exists, of a StatefulSet a size', () => {
    expect(refused({ persistentPaths: [{ path: '/data' }] })).toBe(
      '[c/shop/web] persistentPaths[0]: got "neither size nor claimName"; allowed: one of the two. Give the size of the volume to claim, or the name of a claim that exists.');
    expect(refused({ ...STATEFUL, persistentPaths: [{ path: '/data', claimName: 'x' }] })).toBe(
      '[c/shop/web] persistentPaths[0].claimName: got "x"; allowed: none for a StatefulSet, each of whose pods has a claim of its own. Give the size instead.');
    expect(refused({ persistentPaths: [{ path: '/data', claimName: 'X' }] })).toBe(
      '[c/shop/web] persistentPaths[0].claimName: got "X"; allowed: the name of a PersistentVolumeClaim (RFC 1123). Give the name of one in the namespace of the workload.');
  });
});

describe('ephemeral paths', () => {
  const volumesOf = (ephemeralPaths: EphemeralPath[], resources?: ContainerResources) => {
    const { app, workload } = shop();
    workload('web', { ephemeralPaths, resources });
    return find(app, 'Deployment').spec.template.spec.volumes;
  };

  test('are on the disk of the node, in its memory, or a volume of the pod\'s own', () => {
    expect(volumesOf([
      { path: '/disk', size: Size.mebibytes(512) }, { path: '/memory', size: Size.mebibytes(64), medium: EphemeralMedium.MEMORY },
      { path: '/volume', size: Size.gibibytes(100), medium: EphemeralMedium.VOLUME, storageClassName: 'encrypted' },
    ])).toEqual(expect.arrayContaining([
      { name: 'disk', emptyDir: { sizeLimit: '512Mi' } },
      { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      {
        name: 'volume',
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'encrypted', resources: { requests: { storage: '100Gi' } }, volumeMode: 'Filesystem' },
          },
        },
      },
    ]));
  });

  test('hold no more together than the limit that they count towards', () => {
    const inMemory = (path: string): EphemeralPath => ({ path, size: Size.mebibytes(200), medium: EphemeralMedium.MEMORY });
    expect(refused({ ephemeralPaths: [inMemory('/a'), inMemory('/b')] })).toBe(
      '[c/shop/web] ephemeralPaths[1].size: got "200Mi, 400Mi with those before it"; allowed: at most 256Mi, the limit in resources.memory that it counts towards. '
      + 'Raise resources.memory.limit: the pod would be ended before the directory is full.');
    expect(() => shop().workload('web', { ephemeralPaths: [inMemory('/a'), { ...inMemory('/b'), medium: EphemeralMedium.NODE }] })).not.toThrow();
  });

  test('hold no more than the limit that they count towards: the pod would be ended before they are full', () => {
    expect(refused({ ephemeralPaths: [{ path: '/disk', size: Size.gibibytes(2) }] })).toBe(
      '[c/shop/web] ephemeralPaths[0].size: got "2Gi"; allowed: at most 1Gi, the limit in resources.ephemeralStorage that it counts towards. '
      + 'Raise resources.ephemeralStorage.limit: the pod would be ended before the directory is full.');
    expect(refused({ ephemeralPaths: [{ path: '/ram', size: Size.gibibytes(1), medium: EphemeralMedium.MEMORY }] })).toContain('allowed: at most 256Mi, the limit in resources.memory');
    expect(volumesOf([{ path: '/disk', size: Size.gibibytes(2) }], { ephemeralStorage: { limit: Size.gibibytes(3) } })).toHaveLength(2);
  });

  test('have a storage class where they are volumes', () => {
    expect(refused({ ephemeralPaths: [{ path: '/disk', size: Size.mebibytes(1), storageClassName: 'fast' }] })).toBe(
      '[c/shop/web] ephemeralPaths[0].storageClassName: got "fast"; allowed: a storage class of EphemeralMedium.VOLUME only. Set medium: EphemeralMedium.VOLUME, or leave it out.');
  });
});

describe('config files', () => {
  const withFiles = (files: Record<string, string>) => {
    const { app, workload } = shop();
    workload('web', { configFiles: [{ path: '/etc/web', files }] });
    return { map: find(app, 'ConfigMap'), pod: find(app, 'Deployment').spec.template.spec };
  };

  test('become an immutable ConfigMap, mounted read-only', () => {
    const { map, pod } = withFiles({ 'web.conf': 'listen 8080;' });
    expect(map).toMatchObject({ immutable: true, data: { 'web.conf': 'listen 8080;' }, metadata: { namespace: 'shop' } });
    expect(pod.volumes).toContainEqual({ name: 'etc-web', configMap: { name: map.metadata.name, defaultMode: 0o444 } });
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: 'etc-web', mountPath: '/etc/web', readOnly: true });
  });

  test('that change roll the pods out; their order changes nothing', () => {
    const name = (files: Record<string, string>) => withFiles(files).map.metadata.name;
    expect(name({ a: '1', b: '2' })).toBe(name({ b: '2', a: '1' }));
    expect(name({ a: '1', b: '3' })).not.toBe(name({ a: '1', b: '2' }));
  });

  test('may come from a ConfigMap that is made elsewhere', () => {
    const { app, workload } = shop();
    workload('web', { configFiles: [{ path: '/etc/web', configMapName: 'flags' }] });
    expect(find(app, 'Deployment').spec.template.spec.volumes).toContainEqual({ name: 'etc-web', configMap: { name: 'flags', defaultMode: 0o444 } });
  });

  test('hold no secrets, and the error does not show them', () => {
    const message = refused({ configFiles: [{ path: '/etc/web', files: { 'db.conf': 'password=hunter2-Zx9' } }] });
    expect(message).toContain('[c/shop/web] configFiles[0].files.db.conf: ');
    expect(message).not.toContain('hunter2');
  });

  test.each<[string, object, string]>([
    ['none', { files: {} }, 'configFiles[0].files: got "0 files of 0 bytes"; allowed: at least one file, and at most 1048576 bytes together. Put larger files into the image.'],
    ['too much', { files: { a: 'x'.repeat(2 ** 20 + 1) } },
      'configFiles[0].files: got "1 files of 1048577 bytes"; allowed: at least one file, and at most 1048576 bytes together. Put larger files into the image.'],
    ['a folder', { files: { 'a/b': '' } },
      'configFiles[0].files: got "a/b"; allowed: names of files, of letters, digits, -, _ and dots, each with its text. Correct the name, or mount a folder for each directory.'],
    ['both', { files: { a: '' }, configMapName: 'b' },
      'configFiles[0]: got "files and configMapName"; allowed: one of the two. Give the files, or the name of a ConfigMap that has them.'],
  ])('are refused: %s', (_, from, message) => {
    expect(refused({ configFiles: [{ path: '/etc/web', ...from }] })).toBe(`[c/shop/web] ${message}`);
  });
});
