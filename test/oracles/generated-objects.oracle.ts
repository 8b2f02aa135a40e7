import * as fc from 'fast-check';
import { API_SERVER_PROGRAMS, ApiServer } from './api-server';
import { describeWith, ProgramName } from './programs';
import { ephemeralContainersArbitrary } from '../support/generated-objects/ephemeral-containers';
import { OBJECT_KINDS, objectArbitrary } from '../support/generated-objects/objects';
import { GENERATED_NAMESPACE, GeneratedObject } from '../support/generated-objects/options';
import { create, dryRun, dryRunEphemeral, makeNamespace } from '../support/generated-objects/server-validity';
import { WORKLOAD_KINDS, workloadArbitrary } from '../support/generated-objects/workloads';

const SEED = 20;
const PER_KIND = 100;
/** Less than all, so that a new rule of the server doesn't stop the proofs that use these objects: they leave out what it refuses. */
const VALID_SHARE = 0.97;

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number) => fc.sample(arbitrary, { numRuns, seed: SEED });

const SERVERS: [ProgramName, number][] = [['kube-apiserver', 37], ['kube-apiserver@1.33', 33]];

describe.each(SERVERS)('generated objects, %s', (program, minor) => {
  describeWith([program, ...API_SERVER_PROGRAMS.filter((name) => name !== 'kube-apiserver')], 'on a real API server', () => {
    const report: string[] = [];
    let server: ApiServer;

    beforeAll(async () => {
      server = await ApiServer.start({ program });
      await makeNamespace(server);
    });
    afterAll(async () => {
      process.stdout.write(`${program}: valid objects\n${report.join('\n')}\n`);
      await server?.stop();
    });

    /** Asserts that nearly all are valid and reports those that aren't. */
    const expectValid = async <T>(what: string, list: T[], refusalOf: (each: T) => Promise<string | undefined>) => {
      const refusals: string[] = [];
      for (const each of list) {
        const refusal = await refusalOf(each);
        refusals.push(...refusal === undefined ? [] : [refusal]);
      }
      report.push(`  ${what}: ${list.length - refusals.length} of ${list.length}`, ...refusals.map((refusal) => `    ${refusal}`));
      expect((list.length - refusals.length) / list.length).toBeGreaterThanOrEqual(VALID_SHARE);
    };
    const refusal = async (object: GeneratedObject) => (await dryRun(server, object)).refusal;

    test.each(WORKLOAD_KINDS)('a %s is valid', async (kind) => {
      await expectValid(kind, sample(workloadArbitrary({ minor, kinds: [kind] }), PER_KIND), refusal);
    });

    test('fields that are null make none invalid', async () => {
      await expectValid('with null', sample(workloadArbitrary({ minor, nulls: true }), 2 * PER_KIND), refusal);
    });

    test('those of the oldest version are valid still', async () => {
      await expectValid('of 1.28', sample(workloadArbitrary({ minor: 28 }), 2 * PER_KIND), refusal);
    });

    test.each(OBJECT_KINDS)('a %s is valid', async (kind) => {
      await expectValid(kind, sample(objectArbitrary(kind, { minor }), PER_KIND), refusal);
    });

    test('ephemeral containers are valid', async () => {
      const pods = sample(ephemeralContainersArbitrary({ minor }), PER_KIND);
      const named = pods.map(({ pod, ephemeralContainers }, i) => (
        { pod: { ...pod, metadata: { ...pod.metadata, name: `ephemeral-${i}` } }, ephemeralContainers }));

      await expectValid('Pod with ephemeral containers', named, async ({ pod, ephemeralContainers }) => {
        await create(server, pod);
        return (await dryRunEphemeral(server, pod, ephemeralContainers)).refusal;
      });
    });

    test('nothing that was asked for is dropped', async () => {
      const others = OBJECT_KINDS.flatMap((kind) => sample(objectArbitrary(kind, { minor }), 20));
      const objects = [...sample(workloadArbitrary({ minor }), 3 * PER_KIND), ...others];
      const dropped: string[] = [];
      for (const object of objects) {
        const { stored } = await dryRun(server, object);
        dropped.push(...stored ? droppedPaths(object, stored, object.kind) : []);
      }

      expect(dropped).toEqual([]);
    });

    test('a field that no version has is refused, and one that is dropped shows', async () => {
      const pod = {
        apiVersion: 'v1', kind: 'Pod', metadata: { name: 'plain', namespace: GENERATED_NAMESPACE }, spec: { containers: [{ name: 'a', image: 'a' }] },
      };
      const dropped = { ...pod, status: { message: 'of the kubelet' } };

      expect(await refusal({ ...pod, spec: { ...pod.spec, mystery: true } })).toContain('unknown field "spec.mystery"');
      expect(droppedPaths(dropped, (await dryRun(server, dropped)).stored, 'Pod')).toEqual(['Pod.status.message']);
    });

    test('an invalid object is told from a valid one', async () => {
      const [pod] = sample(workloadArbitrary({ minor, kinds: ['Pod'] }), 1);
      const [container, ...others] = pod.spec.containers;
      const broken = { ...pod, spec: { ...pod.spec, containers: [{ ...container, volumeMounts: [{ name: 'none', mountPath: '/x' }] }, ...others] } };

      expect(await refusal(pod)).toBeUndefined();
      expect(await refusal(broken)).toContain('spec.containers[0].volumeMounts[0].name: Not found: "none"');
    });

    test('Pod Security admission takes a good share of the Pods and refuses a good share, at either level', async () => {
      const admitted = async (level: string) => {
        await makeNamespace(server, level, { 'pod-security.kubernetes.io/enforce': level });
        const pods = sample(workloadArbitrary({ minor, kinds: ['Pod'], namespace: level }), 3 * PER_KIND);
        const refusals = (await Promise.all(pods.map(refusal))).filter((each) => each !== undefined);
        expect(refusals.filter((each) => !each.includes('violates PodSecurity'))).toEqual([]);
        return 1 - refusals.length / pods.length;
      };
      const [restricted, baseline] = [await admitted('restricted'), await admitted('baseline')];
      report.push(`  Pods that PSS baseline admits: ${baseline.toFixed(2)}, restricted: ${restricted.toFixed(2)}`);

      expect(restricted).toBeGreaterThan(0.2);
      expect(restricted).toBeLessThan(baseline);
      expect(baseline).toBeLessThan(0.7);
    });

    test('a Pod without the service accounts would be refused', async () => {
      await server.request('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bare' } } });
      const [pod] = sample(workloadArbitrary({ minor, kinds: ['Pod'], namespace: 'bare' }), 1);

      expect(await refusal(pod)).toContain('error looking up service account bare/');
      expect(await refusal({ ...pod, metadata: { ...pod.metadata, namespace: GENERATED_NAMESPACE } })).toBeUndefined();
    });
  });
});

/** Paths of values that were sent and aren't stored. The server may leave out what is empty, and stores the text of a Secret as its data. */
function droppedPaths(sent: any, stored: any, at: string): string[] {
  if (isEmpty(sent) || at === 'Secret.stringData') {
    return [];
  }
  if (stored === undefined || stored === null) {
    return [at];
  }
  return typeof sent === 'object' ? Object.entries(sent).flatMap(([key, value]) => droppedPaths(value, stored[key], `${at}.${key}`)) : [];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === false || value === 0 ||
    (typeof value === 'object' && Object.values(value).every(isEmpty));
}
