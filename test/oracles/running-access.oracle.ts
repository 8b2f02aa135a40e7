import { setTimeout as sleep } from 'timers/promises';
import { Chart, Duration } from 'cdk8s';
import { ApiResource, Deployment, ImagePullPolicy } from 'cdk8s-plus-28';
import { confinedAs } from './node/confined';
import { objectsInShop, SMALL } from './node/declared';
import { describeOnNode, TestNode } from './node/node';
import { SecureWorkload } from '../../src/workloads/secure-workload';

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const VAULT_TOKEN = '/var/run/secrets/tokens/vault';
const API = 'https://kubernetes.default.svc';

describeOnNode('what workloads on a real node may do in the cluster', () => {
  let node: TestNode;
  const pods: Record<string, any> = {};

  beforeAll(async () => {
    node = await TestNode.start([]);
    await Promise.all(['loose', 'data'].map((name) => node.server.namespace(name)));
    const image = node.image('probe');
    const props = { image, port: 8080, replicas: 1, resources: SMALL };
    const later = { name: 'later', image, args: ['serve', '9000'], imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT };
    await node.apply([
      ...['shop', 'data'].flatMap((namespace) => ['flags', 'other'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { beta: 'on' } }))),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'flags', namespace: 'shop' } },
      ...objectsInShop((namespace) => {
        const reader = new SecureWorkload(namespace, 'reader', props);
        reader.grantRead(ApiResource.CONFIG_MAPS, { names: ['flags'] });
        reader.addToken({ audience: 'vault', path: VAULT_TOKEN, expiry: Duration.minutes(10) });
        new SecureWorkload(namespace, 'stranger', props);
        const pair = new SecureWorkload(namespace, 'pair', props);
        pair.resource.addContainer(later);
        // The twin of that: cdk8s-plus alone.
        const plain = new Deployment(new Chart(namespace.node.root, 'plain'), 'plain', { metadata: { name: 'plain', namespace: 'loose' }, replicas: 1 });
        plain.podMetadata.addLabel('app.kubernetes.io/name', 'plain');
        plain.addContainer({ ...later, resources: SMALL, securityContext: { user: 10001, group: 10001 } });
      }),
    ]);
    await Promise.all([['shop', 'reader'], ['shop', 'stranger'], ['shop', 'pair'], ['loose', 'plain']].map(async ([namespace, name]) => {
      [pods[name]] = await node.readyPods(namespace, { 'app.kubernetes.io/name': name });
    }));
  });
  afterAll(async () => {
    await node?.stop();
  });

  /** What the API server answers the program of a pod, by the token it has. */
  const asks = async (name: string, path: string) => {
    const { code, stdout, stderr } = await node.exec(pods[name].metadata, ['/probe', 'api', path]);
    return code === 0 ? JSON.parse(stdout) : stderr.split('\n')[0];
  };
  const tokenOf = async (name: string, path = TOKEN) => (await node.exec(pods[name].metadata, ['/probe', 'read', path])).stdout;
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  /** What the API server says about a token to those who ask whether they may accept it. */
  const review = async (token: string, audience: string) => (await node.server.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: [audience] } },
  })).body.status;

  describe('a grant', () => {
    test('lets the program read what was granted, by the token of its own service account', async () => {
      expect(await asks('reader', '/api/v1/namespaces/shop/configmaps/flags')).toMatchObject({ kind: 'ConfigMap', data: { beta: 'on' } });
      expect(await asks('reader', '/api/v1/namespaces/shop/configmaps?fieldSelector=metadata.name%3Dflags')).toMatchObject({ items: [{ data: { beta: 'on' } }] });
    });

    test.each([
      ['another object', '/api/v1/namespaces/shop/configmaps/other'],
      ['all objects', '/api/v1/namespaces/shop/configmaps'],
      ['another resource of the same name', '/api/v1/namespaces/shop/secrets/flags'],
      ['another namespace', '/api/v1/namespaces/data/configmaps/flags'],
      ['pods', '/api/v1/namespaces/shop/pods'],
    ])('does not let it read its neighbours: %s', async (_, path) => {
      expect(await asks('reader', path)).toMatch(/"reason":"Forbidden"|^403 Forbidden$/);
    });

    test('brings a token that only the pod\'s own user and group may read', async () => {
      const { stdout } = await node.exec(pods.reader.metadata, ['/probe', 'stat', TOKEN]);
      // The kubelet gives tokens to the user of the program, by a mode of its own.
      expect(JSON.parse(stdout)).toEqual({ mode: '0640', user: 10001, group: 10001 });
      expect(await node.write(pods.reader.metadata, `${TOKEN}-new`)).toEqual({ [`${TOKEN}-new`]: 'read-only file system' });
    });

    test('is what brings the token: a pod without one has none, and nobody to be', async () => {
      expect(await asks('stranger', '/api/v1/namespaces/shop/configmaps/flags')).toMatch(new RegExp(`open ${TOKEN}: no such file`));
      const { mounts } = await node.report(pods.stranger.metadata);
      expect(mounts.filter(({ path }) => path.includes('secrets'))).toEqual([]);
    });
  });

  describe('a token', () => {
    test.each([['for the API server', TOKEN, API, 3600], ['for somebody else', VAULT_TOKEN, 'vault', 600]])(
      '%s names its audience, its pod and its service account, and holds as long as it says', async (_, path, audience, seconds) => {
        const { aud, exp, iat, sub, 'kubernetes.io': bound } = claimsOf(await tokenOf('reader', path));
        expect({ aud, seconds: exp - iat, sub, pod: bound.pod.name, uid: bound.pod.uid }).toEqual({
          aud: [audience], seconds, sub: 'system:serviceaccount:shop:reader', pod: pods.reader.metadata.name, uid: pods.reader.metadata.uid,
        });
      });

    test.each([['the API server\'s', TOKEN, API, 'vault'], ['another\'s', VAULT_TOKEN, 'vault', API]])('that is %s is accepted for its audience alone', async (_, path, own, other) => {
      const token = await tokenOf('reader', path);
      expect(await review(token, own)).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:shop:reader' } });
      expect((await review(token, other)).authenticated ?? false).toBe(false);
    });

    test('ends with its pod', async () => {
      const token = await tokenOf('reader');
      const { metadata } = pods.reader;
      await node.remove(metadata);
      await node.waitFor(`/api/v1/namespaces/shop/pods/${metadata.name}`, 'gone', ({ code }) => code === 404);
      // The API server remembers for ten seconds whom it has seen.
      let status = await review(token, API);
      for (let attempt = 0; attempt < 150 && status.authenticated; attempt++) {
        await sleep(200);
        status = await review(token, API);
      }
      expect([status.authenticated ?? false, status.error]).toEqual([false, expect.stringContaining('invalid bearer token')]);
    });
  });

  describe('a container that is added later', () => {
    test('is as confined as the program', async () => {
      for (const container of ['pair', 'later']) {
        const { status, mounts } = await node.report({ ...pods.pair.metadata, container });
        expect(status).toMatchObject(confinedAs(10001));
        expect(mounts.find(({ path }) => path === '/')!.options).toContain('ro');
        expect(mounts.filter(({ path }) => path.includes('secrets'))).toEqual([]);
      }
      expect(Object.keys(pods.pair.spec.containers[1].resources.limits).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    });

    test('would not be so by cdk8s-plus alone', async () => {
      const { status } = await node.report(pods.plain.metadata);
      expect([/^0+$/.test(status.CapBnd), status.Seccomp]).toEqual([false, '0']);
    });
  });
});
