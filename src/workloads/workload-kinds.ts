import { Cron } from 'cdk8s';
import { CronJob, DaemonSet, Deployment, DeploymentProps, Job, Service, StatefulSet, Workload } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { WorkloadKind } from './secure-workload-props';

/** What differs between the kinds. */
export interface KindFacts {
  /** It keeps a number of pods; undefined: it is one for each node, or run by run. */
  readonly defaultReplicas?: number;
  /** It selects its pods by labels that are given. */
  readonly selects: boolean;
  /** Its pods end by themselves. */
  readonly ends: boolean;
}

export const KIND_FACTS: Record<WorkloadKind, KindFacts> = {
  [WorkloadKind.DEPLOYMENT]: { defaultReplicas: 2, selects: true, ends: false },
  [WorkloadKind.STATEFUL_SET]: { defaultReplicas: 1, selects: true, ends: false },
  [WorkloadKind.DAEMON_SET]: { selects: true, ends: false },
  [WorkloadKind.JOB]: { selects: false, ends: true },
  [WorkloadKind.CRON_JOB]: { selects: false, ends: true },
};

/** What the kinds of cdk8s-plus take, and what some of them need besides. */
export interface PlusProps extends Omit<DeploymentProps, 'progressDeadline' | 'minReady'> {
  readonly service?: Service;
  readonly cron?: Cron;
  /** An autoscaler keeps the number of pods: none is written. */
  readonly scaled?: boolean;
}

/** The workload of cdk8s-plus, without what is added as it is written. */
export function plusWorkload(scope: Construct, kind: WorkloadKind, props: PlusProps): Workload {
  const { replicas, strategy, service, cron, scaled, ...rest } = props;
  switch (kind) {
    case WorkloadKind.DEPLOYMENT:
      return keptCount(new Deployment(scope, 'Resource', { ...rest, replicas, strategy }), scaled);
    case WorkloadKind.STATEFUL_SET:
      return keptCount(new StatefulSet(scope, 'Resource', { ...rest, replicas, service: service! }), scaled);
    case WorkloadKind.DAEMON_SET:
      return new DaemonSet(scope, 'Resource', rest);
    case WorkloadKind.JOB:
      return new Job(scope, 'Resource', rest);
    case WorkloadKind.CRON_JOB:
      return new CronJob(scope, 'Resource', { ...rest, schedule: cron! });
  }
}

function keptCount<T extends Deployment | StatefulSet>(workload: T, scaled: boolean | undefined): T {
  if (scaled) {
    workload.markHasAutoscaler();
  }
  return workload;
}
