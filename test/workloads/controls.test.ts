import { Cron } from 'cdk8s';
import { shop, written } from './fixtures';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../support/twins';

const PACKS: [string, ControlPack][] = [['pssRestricted', ControlPack.pssRestricted()], ['recommended', ControlPack.recommended()]];

/** What a kind has to be told; all else is default. */
const LEAST: Record<WorkloadKind, Partial<SecureWorkloadProps>> = {
  [WorkloadKind.DEPLOYMENT]: { port: 8080 },
  [WorkloadKind.STATEFUL_SET]: { port: 8080 },
  [WorkloadKind.DAEMON_SET]: { port: 8080 },
  [WorkloadKind.JOB]: { port: undefined },
  [WorkloadKind.CRON_JOB]: { port: undefined, schedule: { cron: Cron.daily() } },
};
const KINDS = Object.keys(LEAST) as WorkloadKind[];

/** What is taken away, and the control that then speaks. */
const TWINS: [field: string, control: string][] = [
  ['allowPrivilegeEscalation', 'allow-privilege-escalation'],
  ['seccompProfile', 'seccomp-profile-restricted'],
  ['capabilities', 'capabilities-restricted'],
  ['runAsNonRoot', 'run-as-non-root'],
];

/** Every object of an app with one workload. */
function objectsOf(version: KubernetesVersion, kind: WorkloadKind, props: Partial<SecureWorkloadProps> = LEAST[kind]): any[] {
  const { app, workload } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion: version }));
  workload('web', { kind, ...props });
  return written(app);
}

/** The objects without a field of the pod's and the containers' security contexts. */
function without(field: string, kind: WorkloadKind, objects: any[]): any[] {
  const { spec } = objects.find((object) => object.kind === kind);
  const pod = (spec.jobTemplate?.spec ?? spec).template.spec;
  for (const { securityContext } of [pod, ...pod.containers]) {
    delete securityContext?.[field];
  }
  return objects;
}

describe.each(VERSIONS.map((version): [string, KubernetesVersion] => [String(version), version]))('at Kubernetes %s', (_, version) => {
  describe.each(PACKS)('ControlPack.%s()', (_name, { controls }) => {
    test.each(KINDS)('finds nothing in what a %s with defaults is written as', (kind) => {
      expect(findings(controls, version, objectsOf(version, kind))).toEqual([]);
    });

    test.each([WorkloadKind.DEPLOYMENT, WorkloadKind.DAEMON_SET])('finds nothing in a %s that accepts no connections', (kind) => {
      expect(findings(controls, version, objectsOf(version, kind, { port: undefined }))).toEqual([]);
    });

    test.each(KINDS.flatMap((kind) => TWINS.map(([field, control]): [string, string, WorkloadKind] => [field, control, kind])))(
      'misses %s: %s finds that in a %s', (field, control, kind) => {
        expect(findings(controls, version, without(field, kind, objectsOf(version, kind)))).toEqual([expect.stringContaining(`${control}: `)]);
      });
  });
});
