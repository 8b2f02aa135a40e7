import { Size } from 'cdk8s';
import { objectsInShop, SMALL } from './node/declared';
import { describeOnNode, TestNode } from './node/node';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { EphemeralMedium } from '../../src/workloads/volumes/workload-volumes';

const CLAIMS = '/api/v1/namespaces/shop/persistentvolumeclaims';
const TEXT = 'listen 8080;\n';

describeOnNode('files of workloads on a real node', () => {
  let node: TestNode;

  beforeAll(async () => {
    node = await TestNode.start([]);
    await Promise.all([node.addVolume('scratch', '64Mi'), node.server.namespace('loose')]);
    const props = { image: node.image('probe'), port: 8080, replicas: 1, resources: SMALL };
    const objects = objectsInShop((namespace) => {
      for (const name of ['modest', 'greedy']) {
        new SecureWorkload(namespace, name, {
          ...props,
          ephemeralPaths: [{ path: '/disk', size: Size.mebibytes(16) }, { path: '/memory', size: Size.mebibytes(16), medium: EphemeralMedium.MEMORY }],
        });
      }
      new SecureWorkload(namespace, 'claiming', { ...props, ephemeralPaths: [{ path: '/volume', size: Size.mebibytes(16), medium: EphemeralMedium.VOLUME }] });
      new SecureWorkload(namespace, 'configured', {
        ...props,
        configFiles: [{ path: '/etc/web', files: { 'web.conf': TEXT } }, { path: '/etc/flags', configMapName: 'flags' }],
        secretFiles: [{ secretName: 'db', path: '/etc/db' }, { secretName: 'db', path: '/etc/some', items: { password: 'deep/password' } }],
        secretEnv: { DB_PASSWORD: { secretName: 'db', key: 'password' } },
        env: { DB_URI: 'postgres://app:$(DB_PASSWORD)@db/app' },
      });
      new SecureWorkload(namespace, 'without-secret', { ...props, secretEnv: { DB_PASSWORD: { secretName: 'db', key: 'no-such-key' } } });
    });
    await node.apply([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags', namespace: 'shop' }, data: { beta: 'on' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, stringData: { user: 'app', password: 'for-tests-only' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'loose' }, stringData: { user: 'app', password: 'for-tests-only' } },
      ...objects,
    ]);
  });
  afterAll(async () => {
    await node?.stop();
  });

  const podOf = async (name: string) => (await node.readyPods('shop', { 'app.kubernetes.io/name': name }))[0];
  const read = async (pod: any, path: string) => {
    const { code, stdout, stderr } = await node.exec(pod.metadata, ['/probe', 'read', path]);
    return code === 0 ? stdout : stderr.split('\n')[0];
  };
  const stat = async (pod: any, path: string) => JSON.parse((await node.exec(pod.metadata, ['/probe', 'stat', path])).stdout);

  const evictions = async ({ uid }: { uid: string }) => {
    const selector = encodeURIComponent(`involvedObject.uid=${uid},reason=Evicted`);
    return (await node.server.request('GET', `/api/v1/namespaces/shop/events?fieldSelector=${selector}`)).body.items.map(({ message }: any) => message);
  };

  describe('ephemeral directories', () => {
    test('one in memory is a tmpfs that takes no more than its size', async () => {
      const pod = await podOf('modest');
      const { mounts } = await node.report(pod.metadata);
      expect(mounts.find(({ path }) => path === '/memory')).toMatchObject({ type: 'tmpfs', fileSystem: expect.arrayContaining([`size=${16 * 1024}k`]) });
      expect(mounts.find(({ path }) => path === '/disk')!.type).not.toBe('tmpfs');
      expect([await node.fill(pod.metadata, '/memory/file', 15), await node.fill(pod.metadata, '/memory/file', 17)]).toEqual(['', 'no space left on device']);
    });

    test('a pod that fills one on disk beyond its size is evicted and replaced; one that stays below it goes on', async () => {
      const [{ metadata: modest }, { metadata: greedy }] = await Promise.all([podOf('modest'), podOf('greedy')]);
      expect([await node.fill(modest, '/disk/file', 15), await node.fill(greedy, '/disk/file', 24)]).toEqual(['', '']);
      const isSuccessor = ({ metadata, status: { containerStatuses } }: any) => metadata.uid !== greedy.uid && containerStatuses?.[0].ready;
      await node.waitFor('/api/v1/namespaces/shop/pods?labelSelector=app.kubernetes.io/name=greedy', 'with another pod', ({ items }) => items.some(isSuccessor));
      expect(await evictions(greedy)).toEqual(['Usage of EmptyDir volume "disk" exceeds the limit "16Mi". ']);
      const { status } = await node.waitForPod(greedy, 'ended', (pod) => ['Succeeded', 'Failed'].includes(pod.status.phase));
      expect(status.containerStatuses[0].state).toHaveProperty('terminated');
      const { status: left } = await node.waitForPod(modest, 'there', () => true);
      expect([left.phase, left.containerStatuses[0].restartCount, await evictions(modest)]).toEqual(['Running', 0, []]);
    });

    test('one on a volume is claimed for the pod, writable, and the claim is deleted with it', async () => {
      const { metadata } = await podOf('claiming');
      expect(await node.write(metadata, '/volume/file')).toEqual({ '/volume/file': '' });
      const { items: [claim] } = (await node.server.request('GET', CLAIMS)).body;
      expect(claim).toMatchObject({ metadata: { name: `${metadata.name}-volume`, ownerReferences: [{ kind: 'Pod', name: metadata.name }] }, status: { phase: 'Bound' } });
      await node.server.remove([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'claiming', namespace: 'shop' } }]);
      await node.waitFor(CLAIMS, 'empty', ({ items }) => items.length === 0);
    });
  });

  test('configuration files have their content, and the program cannot change them', async () => {
    const pod = await podOf('configured');
    expect([await read(pod, '/etc/web/web.conf'), await read(pod, '/etc/flags/beta')]).toEqual([TEXT, 'on']);
    expect(await stat(pod, '/etc/web/web.conf')).toMatchObject({ mode: '0444', user: 0 });
    expect(await node.write(pod.metadata, '/etc/web/web.conf', '/etc/web/new', '/etc/flags/beta')).toEqual({
      '/etc/web/web.conf': 'permission denied', '/etc/web/new': 'read-only file system', '/etc/flags/beta': 'permission denied',
    });
  });

  test('configuration that is made of files cannot be changed in the cluster either', async () => {
    const { body: { items } } = await node.server.request('GET', '/api/v1/namespaces/shop/configmaps');
    const made = items.find(({ data }: any) => data['web.conf'] !== undefined);
    const change = (name: string) => node.server.dryRunPatch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } }, { data: { more: 'x' } });
    expect(await change(made.metadata.name)).toMatchObject({ allowed: false, message: expect.stringContaining('field is immutable when `immutable` is set') });
    expect(await change('flags')).toMatchObject({ allowed: true });
  });

  test('secret files belong to root and the pod\'s group, which may read them and no more', async () => {
    const pod = await podOf('configured');
    expect(await node.list(pod.metadata, '/etc/some')).toEqual(expect.arrayContaining(['deep']));
    expect(await read(pod, '/etc/some/user')).toMatch(/no such file/);
    for (const path of ['/etc/db/password', '/etc/some/deep/password']) {
      expect(await read(pod, path)).toBe('for-tests-only');
      expect(await stat(pod, path)).toEqual({ mode: '0440', user: 0, group: 10001 });
      expect(await node.write(pod.metadata, path, `${path}-new`)).toEqual({ [path]: 'permission denied', [`${path}-new`]: 'read-only file system' });
    }
    const { mounts } = await node.report(pod.metadata);
    expect(mounts.find(({ path }) => path === '/etc/db')).toMatchObject({ type: 'tmpfs', options: expect.arrayContaining(['ro']) });
  });

  test('without the pod\'s group, the program could not read secret files', async () => {
    const { spec } = structuredClone(await podOf('configured'));
    const volumes = spec.volumes.filter(({ secret }: any) => secret?.secretName === 'db' && !secret.items);
    const { fsGroup, ...securityContext } = spec.securityContext;
    const { name, image, securityContext: context } = spec.containers[0];
    const twin = await node.runPod({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'without-group', namespace: 'loose' },
      spec: { securityContext, volumes, containers: [{ name, image, securityContext: context, volumeMounts: [{ name: volumes[0].name, mountPath: '/etc/db' }] }] },
    });
    expect(fsGroup).toBe(10001);
    expect(await stat(twin, '/etc/db/password')).toEqual({ mode: '0440', user: 0, group: 0 });
    expect(await read(twin, '/etc/db/password')).toMatch(/permission denied/);
  });

  test('a variable from a Secret has its value, also within another, and the manifest does not show it', async () => {
    const pod = await podOf('configured');
    const { body } = await node.http(pod.metadata, 8080, '/environment');
    expect(body).toEqual(expect.arrayContaining(['DB_PASSWORD=for-tests-only', 'DB_URI=postgres://app:for-tests-only@db/app']));
    expect(JSON.stringify(pod)).not.toContain('for-tests-only');
  });

  test('a program does not start without a secret that it needs', async () => {
    const { items: [pod] } = await node.waitFor('/api/v1/namespaces/shop/pods?labelSelector=app.kubernetes.io/name=without-secret', 'complaining', ({ items }) => (
      items[0]?.status.containerStatuses?.[0].state.waiting?.reason === 'CreateContainerConfigError'));
    expect(pod.status.containerStatuses[0].state.waiting.message).toMatch(/couldn't find key no-such-key in Secret shop\/db/);
  });
});
