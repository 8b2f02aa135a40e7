import { Cron, Duration, Size } from 'cdk8s';
import { ImagePullPolicy } from 'cdk8s-plus-28';
import { confinedAs } from './node/confined';
import { objectsInShop, SMALL } from './node/declared';
import { describeOnNode, TestNode } from './node/node';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';

const JOBS = '/apis/batch/v1/namespaces/shop/jobs';

describeOnNode('kinds of workloads on a real node', () => {
  let node: TestNode;

  beforeAll(async () => {
    node = await TestNode.start([]);
    await node.addVolume('store', '64Mi');
    const image = node.image('probe');
    const serve = ['serve', '9000'];
    await node.apply(objectsInShop((namespace) => {
      const workload = (name: string, kind: WorkloadKind, props: Omit<SecureWorkloadProps, 'image' | 'kind'>) => (
        new SecureWorkload(namespace, name, { image, kind, resources: SMALL, ...props }));
      workload('agent', WorkloadKind.DAEMON_SET, { port: 8080 });
      workload('store', WorkloadKind.STATEFUL_SET, { port: 8080, persistentPaths: [{ path: '/data', size: Size.mebibytes(16) }], writablePaths: ['/cache'] });
      workload('report', WorkloadKind.JOB, { args: ['report'], job: { completions: 3, parallelism: 2 } });
      workload('failing', WorkloadKind.JOB, { args: ['say', 'broken', '3'], job: { backoffLimit: 1 } });
      workload('slow', WorkloadKind.JOB, { args: ['sleep', '1h'] });
      workload('late', WorkloadKind.JOB, { args: ['sleep', '1h'], job: { activeDeadline: Duration.seconds(3) } });
      workload('deleted', WorkloadKind.JOB, { args: ['say', 'done'], job: { ttlAfterFinished: Duration.seconds(0) } });
      workload('each-minute', WorkloadKind.CRON_JOB, { args: ['report'], schedule: { cron: Cron.everyMinute() } });
      workload('suspended', WorkloadKind.CRON_JOB, { args: ['report'], schedule: { cron: Cron.everyMinute(), suspended: true } });
      workload('with-sidecar', WorkloadKind.JOB, {
        args: ['get', 'http://127.0.0.1:9000/'], initContainers: [{ name: 'proxy', image, sidecar: true, args: serve, port: 9000, resources: SMALL }],
      });
      // The twin of that: a container beside the program, as before there were sidecars. It may start later than the program.
      workload('with-neighbour', WorkloadKind.JOB, { args: ['say', 'done'] }).resource.addContainer({
        name: 'proxy', image, args: serve, imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT, resources: SMALL,
      });
    }));
  });
  afterAll(async () => {
    await node?.stop();
  });

  const job = (name: string, what: string, condition: (status: any) => boolean) => (
    node.waitFor(`${JOBS}/${name}`, what, ({ status }) => status !== undefined && condition(status)));
  const ended = async (name: string) => {
    const { status } = await job(name, 'ended', ({ conditions = [] }) => conditions.some(({ type }: any) => ['Complete', 'Failed'].includes(type)));
    const { type, reason } = status.conditions.find((each: any) => ['Complete', 'Failed'].includes(each.type));
    return { type, reason, succeeded: status.succeeded ?? 0, failed: status.failed ?? 0 };
  };
  const podsOf = async (label: string) => (await node.server.request('GET', `/api/v1/namespaces/shop/pods?labelSelector=${label}`)).body.items;
  const reported = async ({ metadata }: any) => JSON.parse(await node.logs(metadata)).status;

  test('a DaemonSet runs one pod on the node, as confined as all others', async () => {
    const [pod] = await node.readyPods('shop', { 'app.kubernetes.io/name': 'agent' });
    expect([pod.metadata.ownerReferences[0].kind, pod.spec.nodeName]).toEqual(['DaemonSet', node.machine.name]);
    expect(await node.http(pod.metadata, 8080)).toMatchObject({ status: 200, body: 'ok\n' });
    expect((await node.report(pod.metadata)).status).toMatchObject(confinedAs(10001));
  });

  test('a Job ends once as many pods as wanted have succeeded, each as confined as all others', async () => {
    expect(await ended('report')).toMatchObject({ type: 'Complete', succeeded: 3, failed: 0 });
    const pods = await podsOf('app.kubernetes.io/name=report');
    expect(await Promise.all(pods.map(reported))).toEqual(Array(3).fill(expect.objectContaining(confinedAs(10001))));
  });

  test('a Job whose program fails is given up after its backoff limit', async () => {
    expect(await ended('failing')).toEqual({ type: 'Failed', reason: 'BackoffLimitExceeded', succeeded: 0, failed: 2 });
    const codes = (await podsOf('app.kubernetes.io/name=failing')).map(({ status }: any) => status.containerStatuses[0].state.terminated.exitCode);
    expect(codes).toEqual([3, 3]);
  });

  test('a Job is ended at its deadline, and one with an hour still runs', async () => {
    expect(await ended('late')).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' });
    const { status } = await job('slow', 'running', ({ ready }) => ready === 1);
    expect(status).toMatchObject({ active: 1 });
    expect(status.conditions).toBeUndefined();
  });

  test('a finished Job is deleted after its time, and stays without one', async () => {
    const { items } = await node.waitFor(JOBS, 'without the Job that is to be deleted', (list) => list.items.every(({ metadata }: any) => metadata.name !== 'deleted'));
    expect(items.map(({ metadata }: any) => metadata.name)).toContain('report');
    const { body } = await node.server.request('GET', '/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name=deleted');
    expect(body.items.map(({ reason }: any) => reason)).toContain('Completed');
  });

  test('a Job with a sidecar, which its program finds running, ends; one with the same program as a neighbour does not', async () => {
    expect(await ended('with-sidecar')).toMatchObject({ type: 'Complete', succeeded: 1, failed: 0 });
    const [pod] = await podsOf('app.kubernetes.io/name=with-sidecar');
    expect(pod.status.initContainerStatuses[0].state.terminated).toMatchObject({ exitCode: 0 });
    const [neighbours] = await podsOf('app.kubernetes.io/name=with-neighbour');
    const state = ({ status }: any, name: string) => status.containerStatuses?.find((each: any) => each.name === name)?.state ?? {};
    const still = await node.waitForPod(neighbours.metadata, 'left by its program', (each) => state(each, 'with-neighbour').terminated !== undefined && state(each, 'proxy').running !== undefined);
    expect([still.status.phase, state(still, 'with-neighbour').terminated.exitCode]).toEqual(['Running', 0]);
    expect((await node.server.request('GET', `${JOBS}/with-neighbour`)).body.status).toMatchObject({ active: 1 });
  });

  test('a pod of a StatefulSet finds its data again after it was deleted, and nothing else', async () => {
    const labels = { 'app.kubernetes.io/name': 'store' };
    const [{ metadata: first }] = await node.readyPods('shop', labels);
    expect(await node.write(first, '/data/kept', '/cache/lost')).toEqual({ '/data/kept': '', '/cache/lost': '' });
    await node.remove(first);
    const { metadata: second } = await node.waitForPod(first, 'another pod that is ready', ({ metadata, status }) => (
      metadata?.uid !== undefined && metadata.uid !== first.uid && status.containerStatuses?.[0].ready));
    expect(await node.list(second, '/data')).toEqual(['kept']);
    expect(await node.list(second, '/cache')).toEqual([]);
    expect((await node.report(second)).status).toMatchObject(confinedAs(10001));
  });

  test('a CronJob makes a Job at its time, as confined as all others; one that is suspended makes none', async () => {
    const ownedBy = (name: string) => ({ metadata }: any) => metadata.ownerReferences?.some((owner: any) => owner.kind === 'CronJob' && owner.name === name);
    const { items } = await node.waitFor(JOBS, 'joined by a Job of the CronJob that has ended', (list) => (
      list.items.some((each: any) => ownedBy('each-minute')(each) && each.status.succeeded === 1)));
    const [pod] = await podsOf(`batch.kubernetes.io/job-name=${items.find(ownedBy('each-minute')).metadata.name}`);
    expect(await reported(pod)).toMatchObject(confinedAs(10001));
    expect(items.filter(ownedBy('suspended'))).toEqual([]);
  });
});
