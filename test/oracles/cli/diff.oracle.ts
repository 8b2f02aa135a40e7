import { FROZEN_SAMPLES, FrozenSample, label } from './frozen-samples';
import { compareOutputs } from '../../../src/cli/diff/compare-outputs';
import { frozenKinds } from '../../../src/cli/diff/immutable-fields';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from '../policy-server';
import { describeWith } from '../programs';

/** Not that somebody else changed it meanwhile. */
const REFUSAL = /^(?!.*has been modified).*(immutable|forbidden|may not|not change|can ?not|unset|primary ipFamily|invalid)/is;

test('every kind of the table has a sample', () => {
  expect(Object.keys(FROZEN_SAMPLES).sort()).toEqual(frozenKinds().sort());
});

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'what diff says of fields that cannot be changed', () => {
    let server: PolicyServer;

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      await server.namespace('default');
      await server.apply([{
        apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'growing' }, provisioner: 'example.com/disk', allowVolumeExpansion: true,
      }]);
    });
    afterAll(() => server.stop());

    /** The paths that a comparison of two manifests names. */
    function recreated(before: unknown, after: unknown): string[] {
      const side = (object: unknown) => ({ documents: [object as Record<string, unknown>], nodes: [], stacks: new Map(), problems: [] });
      return compareOutputs(side(before), side(after), { controls: [], version: KubernetesVersion.of(`1.${server.minor}`) })
        .filter(({ kind }) => kind === 'recreated').map(({ path }) => path!);
    }

    async function stored({ object, status }: FrozenSample): Promise<any> {
      const [made] = await server.apply([object]);
      if (object.kind === 'CustomResourceDefinition') {
        // Its status was written meanwhile.
        return (await server.request('GET', `/apis/${object.apiVersion}/customresourcedefinitions/${object.metadata.name}`)).body;
      }
      if (status === undefined) {
        return made;
      }
      const { body } = await server.request('PUT', `/api/v1/namespaces/default/${object.kind.toLowerCase()}s/${object.metadata.name}/status`, { body: { ...made, status } });
      expect(body.status).toMatchObject(status);
      return body;
    }

    describe.each(Object.keys(FROZEN_SAMPLES))('%s', (kind) => {
      test.each(FROZEN_SAMPLES[kind].map((sample) => [sample.object.metadata.name, sample] as const))('%s', async (_name, sample) => {
        if (sample.since !== undefined && server.minor < sample.since) {
          return;
        }
        for (const [path, edit] of Object.entries(sample.refused)) {
          const [after, update] = [structuredClone(sample.object), await stored(sample)];
          edit(after);
          edit(update);
          const { allowed, message } = await server.dryRunUpdate(update);
          expect({ path, allowed, message, told: recreated(sample.object, after) }).toEqual({
            path, allowed: false, message: expect.stringMatching(REFUSAL), told: expect.arrayContaining([path]),
          });
        }
        for (const [name, edit] of Object.entries({ ...sample.accepted, label })) {
          const [after, update] = [structuredClone(sample.object), await stored(sample)];
          edit(after);
          edit(update);
          const { allowed, message } = await server.dryRunUpdate(update);
          expect({ name, allowed, message, told: recreated(sample.object, after) }).toEqual({ name, allowed: true, message: '', told: [] });
        }
      });
    });

    test('the history that a StatefulSet keeps may be changed from 1.33 on or not, as the table says', async () => {
      const [{ object }] = FROZEN_SAMPLES['apps/StatefulSet'];
      const live = await stored({ object, refused: {}, accepted: {} });
      const after = { ...object, spec: { ...object.spec, revisionHistoryLimit: 3 } };
      const { allowed } = await server.dryRunUpdate({ ...live, spec: { ...live.spec, revisionHistoryLimit: 3 } });
      expect(recreated(object, after)).toEqual(allowed ? [] : ['spec.revisionHistoryLimit']);
    });
  });
});
