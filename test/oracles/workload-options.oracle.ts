import { ApiObject, App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import * as fc from 'fast-check';
import { podsOf, settleQuotas } from './admission';
import { titleOf } from './dry-run';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { policyBinding, PolicyPhase } from '../../src/controls/admission/policy-binding';
import { policyObstacle, validatingPolicy } from '../../src/controls/admission/validating-policy';
import { catalogControls } from '../../src/controls/catalog';
import { Control } from '../../src/controls/control';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';
import { findings } from '../support/twins';
import { anyProps, goodProps } from '../support/workload-props';
import { IMAGE, needed } from '../workloads/fixtures';

/** Namespaces in which every policy of the catalog denies, and every recommended one. */
const ALL = 'all';
const RECOMMENDED = 'recommended';
/** Sets of options at the newest version; a part of them at the others. */
const RUNS = Number(process.env.WORKLOADS ?? 1000);
/** Controls that ask for more than a workload has by itself, each with the reason. */
const ASKED_FOR: Record<string, string> = {
  'user-namespace': 'the nodes have to support it: userNamespace',
};

/** What a workload is written as, and with its namespace. */
function objectsOf(props: SecureWorkloadProps, version: KubernetesVersion, namespace: string): { objects: any[]; all: any[] } {
  const home = namespaceNamed(namespace, version);
  const workload = new SecureWorkload(home, 'web', props);
  return { objects: jsonOf(workload), all: jsonOf(home) };
}

/** With room for whatever is asked for. */
function namespaceNamed(name: string, version: KubernetesVersion): HardenedNamespace {
  const app = new App();
  new ClusterProfile({ name: 'prod', kubernetesVersion: version }).attachTo(app);
  return new HardenedNamespace(new Chart(app, 'c'), name, { quota: { cpu: Cpu.units(1000), memory: Size.tebibytes(4), pods: 100_000 } });
}

function jsonOf(scope: IConstruct): any[] {
  return scope.node.findAll().filter((each): each is ApiObject => ApiObject.isApiObject(each)).map((each) => each.toJson());
}

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s, in restricted namespaces with policies on Deny', (version) => {
  describeWith(policyServerPrograms(version), 'workloads', () => {
    let server: PolicyServer;
    let stated: KubernetesVersion;
    let controls: Control[];
    const recommended = ControlPack.recommended().controls;

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      stated = KubernetesVersion.of(`1.${server.minor}`);
      controls = catalogControls().filter(({ id }) => ASKED_FOR[id] === undefined);
      await server.apply([ALL, RECOMMENDED].flatMap((name) => jsonOf(namespaceNamed(name, stated))));
      await server.apply([
        ...[ALL, RECOMMENDED].map((namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace } })),
        { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'gvisor' }, handler: 'runsc' },
        { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
      ]);
      await settleQuotas(server);
      const enforced = controls.filter((control) => policyObstacle(control, stated) === undefined && control.appliesTo.custom.length === 0);
      await server.apply(enforced.map((control) => validatingPolicy(control, { version: stated })));
      await server.apply(enforced.map((control) => policyBinding(control, {
        phase: PolicyPhase.DENY, suffix: 'oracle', namespaces: recommended.includes(control) ? [ALL, RECOMMENDED] : [ALL],
      })));
      await server.settle();
    });
    afterAll(async () => server?.stop());

    /** What the server refuses of what a workload is written as, and of the pods that come of it. */
    const refusals = async (objects: any[]): Promise<string[]> => {
      const pods = objects.flatMap(podsOf).map(({ pod }) => pod);
      // Pods need it, so that it is there already.
      const others = objects.filter(({ kind }) => kind !== 'ServiceAccount');
      const answers = await Promise.all([...others, ...pods].map(async (object) => ({ object, answer: await server.dryRun(object) })));
      return answers.filter(({ answer }) => !answer.allowed).map(({ object, answer }) => `${titleOf(object)}: ${answer.message}`);
    };

    test.each(Object.values(WorkloadKind))('of kind %s are admitted with defaults by every policy of the catalog, and without findings', async (kind) => {
      const { objects, all } = objectsOf({ image: IMAGE, kind, ...needed(kind) }, stated, ALL);
      expect(await refusals(objects)).toEqual([]);
      expect(findings(controls, stated, all)).toEqual([]);
    });

    const runs = version === POLICY_SERVER_VERSIONS[0] ? RUNS : Math.ceil(RUNS / 4);

    test(`of ${runs} sets of options are refused by the library, or admitted, and without recommended findings`, async () => {
      const counts = { refused: 0, admitted: 0 };
      await fc.assert(fc.asyncProperty(fc.oneof(goodProps, goodProps, anyProps), async (props) => {
        let written: ReturnType<typeof objectsOf>;
        try {
          written = objectsOf({ ...props, name: undefined }, stated, RECOMMENDED);
        } catch (error) {
          expect((error as Error).name).toBe('HardenedError');
          counts.refused++;
          return;
        }
        counts.admitted++;
        expect(await refusals(written.objects)).toEqual([]);
        expect(findings(recommended, stated, written.all)).toEqual([]);
      }), { numRuns: runs });
      process.stderr.write(`    ${counts.admitted} admitted, ${counts.refused} refused by the library\n`);
      expect(counts.admitted).toBeGreaterThan(runs / 4);
      expect(counts.refused).toBeGreaterThan(runs / 20);
    });
  });
});
