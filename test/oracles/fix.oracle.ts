import * as fc from 'fast-check';
import { PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { psaFixtures } from './psa-fixtures';
import { catalogControls } from '../../src/controls/catalog';
import { ControlSet } from '../../src/controls/control-set';
import { fixObject } from '../../src/controls/fix/fix';
import { ControlPack } from '../../src/controls/pack';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { SAMPLES } from '../controls/fix/sample-controls';
import { GENERATED_NAMESPACE, SERVICE_ACCOUNTS } from '../support/generated-objects/options';
import { workloadArbitrary } from '../support/generated-objects/workloads';

const MINORS = Array.from({ length: 10 }, (_, i) => 28 + i);
const LEVELS = { baseline: ControlPack.pssBaseline(), restricted: ControlPack.pssRestricted() };

describeWith([...policyServerPrograms('1.37'), 'psa-fixtures'], 'what fix makes of objects', () => {
  let server: PolicyServer;

  beforeAll(async () => {
    server = await PolicyServer.start();
    await server.namespace(GENERATED_NAMESPACE);
    await server.apply(SERVICE_ACCOUNTS.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: GENERATED_NAMESPACE } })));
  });

  afterAll(async () => server?.stop());

  describe.each(['baseline', 'restricted'] as const)('Pod Security admission, %s,', (level) => {
    const namespaceOf = (minor: number) => `${level}-${minor}`;

    beforeAll(async () => {
      await Promise.all(MINORS.map(async (minor) => {
        const labels = { 'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/enforce-version': `v1.${minor}` };
        await server.namespace(namespaceOf(minor), labels);
        await server.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace: namespaceOf(minor) } }]);
      }));
    });

    /** Whether the pods are refused as they are, and admitted where fix says that they are fixed. */
    async function outcomes(pods: readonly { pod: any; minor: number }[]) {
      const counts = { refused: 0, fixed: 0, unfixable: 0 };
      const wrong: string[] = [];
      await Promise.all(pods.map(async ({ pod, minor }) => {
        const at = (object: any) => server.dryRun({ ...object, metadata: { ...object.metadata, namespace: namespaceOf(minor) } });
        const before = await at(pod);
        const { object, changes, unfixed } = fixObject(pod, new ControlSet(LEVELS[level].controls, KubernetesVersion.of(`1.${minor}`)));
        const after = await at(object);
        if (before.podSecurity.length === 0) {
          // Admitted, or invalid whatever Pod Security would say.
          wrong.push(...(changes.length === 0 || before.unjudged ? [] : [`1.${minor} ${pod.metadata.name} was admitted, and yet changed`]));
          return;
        }
        counts.refused++;
        counts[unfixed.length === 0 ? 'fixed' : 'unfixable']++;
        if (after.allowed !== (unfixed.length === 0)) {
          wrong.push(`1.${minor} ${pod.metadata.name}: ${after.allowed ? 'admitted' : after.message}, ${unfixed.map(({ control, reason }) => `${control.id}: ${reason}`).join(' ')}`);
        }
      }));
      return { counts, wrong };
    }

    test('admits every failing fixture of its own that is fixed, and no other', async () => {
      const fixtures = psaFixtures().filter((fixture) => fixture.level === level);
      const { counts, wrong } = await outcomes(fixtures.map(({ pod, minor }) => ({ pod, minor })));
      expect(wrong).toEqual([]);
      expect(counts.fixed).toBeGreaterThan(counts.refused / 2);
      expect(counts.unfixable).toBeGreaterThan(0);
      process.stderr.write(`${level}: ${JSON.stringify(counts)}\n`);
    });

    test('admits every generated pod that is fixed, and no other', async () => {
      const pods = MINORS.flatMap((minor) => fc.sample(workloadArbitrary({ minor, kinds: ['Pod'] }), { numRuns: 100, seed: minor }).map((pod) => ({ pod, minor })));
      const { counts, wrong } = await outcomes(pods);
      expect(wrong).toEqual([]);
      expect(counts.fixed).toBeGreaterThan(100);
      process.stderr.write(`${level}: ${JSON.stringify(counts)}\n`);
    });
  });

  test.each([
    ['the samples', () => Object.values(SAMPLES)],
    ['the catalog', () => catalogControls()],
  ])('the API server takes what it took before, fixed by one control of %s or by all', async (_, controlsOf) => {
    const objects = fc.sample(workloadArbitrary({ minor: 37 }), { numRuns: 300, seed: 20_261_121 });
    const refused: string[] = [];
    for (const controls of [controlsOf(), ...controlsOf().map((control) => [control])]) {
      const set = new ControlSet(controls, KubernetesVersion.V1_37);
      await Promise.all(objects.map(async (object) => {
        const { object: fixed, changes } = fixObject(object, set);
        const { allowed, message } = changes.length === 0 ? { allowed: true, message: '' } : await server.dryRun(fixed);
        refused.push(...(allowed ? [] : [`${changes.map(({ control }) => control.id).join(', ')}: ${message}`]));
      }));
    }
    expect(refused).toEqual([]);
  });
});
