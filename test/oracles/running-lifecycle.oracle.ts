import { setTimeout as sleep } from 'timers/promises';
import { Duration } from 'cdk8s';
import { Probe } from 'cdk8s-plus-28';
import { confinedAs } from './node/confined';
import { objectsInShop, SMALL } from './node/declared';
import { describeOnNode, TestNode } from './node/node';
import { InitContainer } from '../../src/workloads/pod/init-container';
import { PreStop } from '../../src/workloads/pod/termination';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps } from '../../src/workloads/secure-workload-props';

const PROXY = 'http://127.0.0.1:9000/';

describeOnNode('the life of workloads on a real node', () => {
  let node: TestNode;
  /** Programs that run and are of no use from early on: the default liveness takes half a minute to notice. */
  let useless: ReturnType<typeof makeUseless>;

  beforeAll(async () => {
    node = await TestNode.start([]);
    await node.server.namespace('loose');
    const image = node.image('probe');
    const often = (path: string, failureThreshold = 2, port = 8080) => (
      Probe.fromHttpGet(path, { port, periodSeconds: Duration.seconds(1), failureThreshold }));
    const init = (name: string, args: string[], more: Partial<InitContainer> = {}): InitContainer => (
      { name, image, args, resources: SMALL, ...more });
    const write = init('write', ['write', '/work/first'], { sharedPaths: ['/work'] });
    const read = init('read', ['read', '/work/first'], { sharedPaths: ['/work'] });
    const proxy = init('proxy', ['serve', '9000'], { sidecar: true, port: 9000 });
    const ask = init('ask', ['get', PROXY]);
    await node.apply(objectsInShop((namespace) => {
      const workload = (name: string, props: Omit<SecureWorkloadProps, 'image'>) => (
        new SecureWorkload(namespace, name, { image, port: 8080, replicas: 1, resources: SMALL, ...props }));
      const apart = init('apart', ['write', '/work/apart', '/tmp/apart']);
      workload('ordered', { writablePaths: ['/work'], initContainers: [write, read, apart, proxy, ask] });
      workload('disordered', { writablePaths: ['/work'], initContainers: [read, write] });
      workload('hasty', { initContainers: [ask, proxy] });
      workload('restarting', { initContainers: [init('ends', ['sleep', '1s']), init('again', ['sleep', '1s'], { sidecar: true })] });
      workload('hung-sidecar', { initContainers: [init('proxy', ['serve', '9000'], { sidecar: true, port: 9000, liveness: often('/', 2, 9000) })] });
      workload('watched', { liveness: often('/') });
      workload('deaf', {});
      workload('hung', {});
      workload('ready', { replicas: 2, readiness: often('/ready', 1) });
      workload('patient', {});
      workload('impatient', { terminationGracePeriod: Duration.seconds(1) });
      // Programs that stop at once, whatever they are at.
      const abrupt = ['serve', '8080', '1ms'];
      workload('abrupt', { args: abrupt });
      workload('sleeps-first', { args: abrupt, preStop: PreStop.sleep(Duration.seconds(4)) });
      workload('runs-first', { args: abrupt, preStop: PreStop.command(['/probe', 'sleep', '4s']) });
    }));
    useless = makeUseless();
    useless.catch(() => undefined);
  });
  afterAll(async () => {
    await node?.stop();
  });

  const podOf = async (name: string) => (await node.readyPods('shop', { 'app.kubernetes.io/name': name }))[0];
  /** A pod that may never be ready. */
  const anyPodOf = async (name: string, what: string, condition: (pod: any) => boolean) => (
    await node.waitFor(`/api/v1/namespaces/shop/pods?labelSelector=app.kubernetes.io/name=${name}`, what, ({ items }) => items.some(condition))).items.find(condition);
  const initOf = ({ status }: any, name: string) => (
    (status.initContainerStatuses ?? []).find((each: any) => each.name === name) ?? { restartCount: 0, state: {} });
  const restartsOf = ({ status }: any) => status.containerStatuses?.[0].restartCount ?? 0;

  /** A pod like another, in a namespace that refuses nothing, whose liveness nobody looks at. */
  const unwatchedTwin = async ({ spec }: any) => {
    const { livenessProbe, startupProbe, resources, ...container } = structuredClone(spec.containers[0]);
    const volumes = spec.volumes.filter(({ emptyDir }: any) => emptyDir);
    container.volumeMounts = container.volumeMounts.filter(({ name }: any) => volumes.some((volume: any) => volume.name === name));
    return node.runPod({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'unwatched', namespace: 'loose' }, spec: { containers: [container], volumes, securityContext: spec.securityContext },
    });
  };
  async function makeUseless() {
    const [deaf, hung] = [await podOf('deaf'), await podOf('hung')];
    const unwatched = await unwatchedTwin(deaf);
    await node.http(hung.metadata, 8080, '/hang');
    await Promise.all([deaf, unwatched].map(({ metadata }) => node.http(metadata, 8080, '/deaf')));
    return { deaf, hung, unwatched };
  }

  describe('init containers', () => {
    test('run one after the other before the program, which finds what they have left', async () => {
      const { metadata, status } = await podOf('ordered');
      const statuses = status.initContainerStatuses;
      expect(statuses.map(({ name, state, restartCount }: any) => [name, state.terminated?.exitCode, restartCount])).toEqual([
        ['write', 0, 0], ['read', 0, 0], ['apart', 0, 0], ['proxy', undefined, 0], ['ask', 0, 0],
      ]);
      expect(await node.list(metadata, '/work')).toEqual(['first']);
      expect(await node.logs({ ...metadata, container: 'read' })).toBe('written\n');
    });

    test('in another order, the one that needs the other fails, and the program does not start', async () => {
      const pod = await anyPodOf('disordered', 'failing', (each) => initOf(each, 'read').restartCount > 0);
      expect([initOf(pod, 'write').state, pod.status.containerStatuses[0].state]).toEqual([
        { waiting: { reason: 'PodInitializing' } }, { waiting: { reason: 'PodInitializing' } },
      ]);
    });

    test('have volumes of the program only where they say so, and a /tmp of their own', async () => {
      const { metadata } = await podOf('ordered');
      expect(JSON.parse(await node.logs({ ...metadata, container: 'apart' }))).toEqual({ '/work/apart': expect.stringMatching(/^(no such file or directory|read-only file system)$/), '/tmp/apart': '' });
      expect(await node.list(metadata, '/tmp')).toEqual([]);
    });
  });

  describe('sidecars', () => {
    test('run before what follows them, beside the program, and as confined as it', async () => {
      const { metadata, status } = await podOf('ordered');
      expect(initOf({ status }, 'proxy')).toMatchObject({ ready: true, started: true, state: { running: {} } });
      expect((await node.exec(metadata, ['/probe', 'get', PROXY])).stdout).toBe('ok\n');
      expect((await node.report({ ...metadata, container: 'proxy' })).status).toMatchObject(confinedAs(10001));
    });

    test('do not run yet when what precedes them does', async () => {
      const pod = await anyPodOf('hasty', 'failing', (each) => initOf(each, 'ask').restartCount > 0);
      expect(initOf(pod, 'proxy').state).toEqual({ waiting: { reason: 'PodInitializing' } });
    });

    test('are started again when they end, which init containers are not, and the program goes on', async () => {
      const pod = await anyPodOf('restarting', 'restarted', (each) => initOf(each, 'again').restartCount > 0);
      expect([initOf(pod, 'ends').restartCount, initOf(pod, 'ends').state.terminated.exitCode, restartsOf(pod), pod.status.phase]).toEqual([0, 0, 0, 'Running']);
    });

    test('are restarted when they hang, and the program goes on', async () => {
      const { metadata } = await podOf('hung-sidecar');
      await node.http(metadata, 9000, '/hang');
      const pod = await node.waitForPod(metadata, 'running a restarted sidecar', (each) => initOf(each, 'proxy').restartCount > 0);
      expect(restartsOf(pod)).toBe(0);
    });
  });

  describe('probes', () => {
    test('liveness by a request restarts a program that hangs', async () => {
      const { metadata } = await podOf('watched');
      await node.http(metadata, 8080, '/hang');
      await node.waitForPod(metadata, 'restarted', (pod) => restartsOf(pod) === 1 && pod.status.containerStatuses[0].ready);
      expect(await node.http(metadata, 8080)).toMatchObject({ status: 200, body: 'ok\n' });
    });

    test('a pod that is not ready is taken from the endpoints of its Service, and is not restarted', async () => {
      const pods = await node.readyPods('shop', { 'app.kubernetes.io/name': 'ready' }, 2);
      const slices = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io/service-name=ready';
      const readiness = ({ items }: any) => Object.fromEntries(
        items.flatMap(({ endpoints }: any) => endpoints ?? []).map(({ addresses, conditions }: any) => [addresses[0], conditions.ready]),
      );
      const [busy, idle] = pods.map(({ status }) => status.podIP);
      expect(readiness(await node.waitFor(slices, 'complete', (body) => Object.values(readiness(body)).filter(Boolean).length === 2))).toEqual({ [busy]: true, [idle]: true });
      await node.http(pods[0].metadata, 8080, '/unready');
      expect(readiness(await node.waitFor(slices, 'without the busy pod', (body) => !readiness(body)[busy]))).toEqual({ [busy]: false, [idle]: true });
      expect(restartsOf(await node.waitForPod(pods[0].metadata, 'there', () => true))).toBe(0);
    });
  });

  describe('shutdown', () => {
    /** What becomes of a request when the pod is told to end while it is open. */
    const answerDuringShutdown = async (name: string) => {
      const { metadata } = await podOf(name);
      const answer = node.http(metadata, 8080, '/wait?for=3s');
      while (!(await node.logs(metadata)).includes('waiting')) {
        await sleep(50);
      }
      await node.remove(metadata);
      const { status, body } = await answer;
      return status === 200 ? body : 'broken off';
    };

    const CASES = [
      ['patient', 'is finished where the program takes the time it has', 'waited\n'],
      ['impatient', 'is broken off where that is too short', 'broken off'],
      ['abrupt', 'is broken off where the program stops at once', 'broken off'],
      ['sleeps-first', 'is finished where the program stops at once, but a sleep comes before', 'waited\n'],
      ['runs-first', 'is finished where the program stops at once, but another program comes before', 'waited\n'],
    ];
    let answers: Record<string, string>;

    beforeAll(async () => {
      answers = Object.fromEntries(await Promise.all(CASES.map(async ([name]) => [name, await answerDuringShutdown(name)])));
    });

    test.each(CASES)('%s: an open request %s', (name, _, answer) => {
      expect(answers[name]).toBe(answer);
    });
  });

  describe('the default liveness', () => {
    test('restarts a program that no longer takes connections; nothing else would', async () => {
      const { deaf, unwatched } = await useless;
      await node.waitForPod(deaf.metadata, 'restarted', (pod) => restartsOf(pod) === 1 && pod.status.containerStatuses[0].ready);
      const left = await node.waitForPod(unwatched.metadata, 'seen as unready', (pod) => !pod.status.containerStatuses[0].ready);
      expect([restartsOf(left), left.status.containerStatuses[0].state.running !== undefined]).toEqual([0, true]);
    });

    test('leaves a program alone that takes connections, though it answers none', async () => {
      const { hung } = await useless;
      expect(restartsOf(await node.waitForPod(hung.metadata, 'there', () => true))).toBe(0);
    });
  });
});
