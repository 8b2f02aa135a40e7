import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, sometimes, weighted } from './arbitraries';
import { annotations, labels } from './metadata';
import { GENERATED_NAMESPACE, GeneratedObject, GeneratorOptions } from './options';
import { assemblePod, PodDraft, podDraft } from './pod-template';

export type WorkloadKind = 'Pod' | 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob' | 'ReplicationController';

export interface WorkloadOptions extends GeneratorOptions {
  /** @default - all, Pods and Deployments most often */
  readonly kinds?: readonly WorkloadKind[];
}

export interface PodTemplateOptions extends GeneratorOptions {
  /** The kind that the template is for, which decides on the restart policy. @default Deployment */
  readonly kind?: WorkloadKind;
}

export interface PodTemplate {
  readonly metadata: Fields;
  readonly spec: Fields;
}

const WEIGHTS: Record<WorkloadKind, number> = {
  Pod: 30, Deployment: 20, ReplicaSet: 6, StatefulSet: 10, DaemonSet: 10, Job: 10, CronJob: 9, ReplicationController: 5,
};
export const WORKLOAD_KINDS = Object.keys(WEIGHTS) as readonly WorkloadKind[];

/** Workloads of any kind that a server of that version finds valid. */
export function workloadArbitrary(options: WorkloadOptions): fc.Arbitrary<GeneratedObject> {
  const kinds = options.kinds ?? WORKLOAD_KINDS;
  // All kinds in one record, so that a counterexample keeps its pod when it's shrunk to another kind.
  return fc.record({
    kind: weighted(...kinds.map((kind): [number, WorkloadKind] => [WEIGHTS[kind], kind])),
    name: oneOf('app', 'web-1', '0', 'kube-proxy', 'with.dots'),
    labels,
    annotations,
    pod: podDraft(options),
    specs: fc.record(SPECS),
    otherSelector: weighted([85, false], [15, true]),
  }).map((draft) => assembleWorkload(draft, options.namespace ?? GENERATED_NAMESPACE));
}

/** A pod template of its own, with the labels that selectors of a generated object named `app` need. */
export function podTemplateArbitrary(options: PodTemplateOptions): fc.Arbitrary<PodTemplate> {
  const kind = options.kind ?? 'Deployment';
  return podDraft(options).map((draft) => {
    const { metadata, spec } = assemblePod(draft, restartPolicies(kind));
    return { metadata: { ...metadata, labels: { ...metadata.labels, app: 'app' } }, spec };
  });
}

/** Metadata and spec of the pods that the object makes; those of a Pod are its own. */
export function templateOf({ kind, metadata, spec }: GeneratedObject): PodTemplate {
  return kind === 'Pod' ? { metadata, spec } : kind === 'CronJob' ? spec.jobTemplate.spec.template : spec.template;
}

const replicas = sometimes(80, oneOf(1, 2, 3, 0));
const minReadySeconds = sometimes(10, oneOf(0, 10));
const historyLimit = sometimes(10, oneOf(0, 3));
const jobFields = {
  parallelism: sometimes(20, oneOf(1, 2, 0)),
  completions: sometimes(20, oneOf(1, 3)),
  backoffLimit: sometimes(25, oneOf(0, 6)),
  activeDeadlineSeconds: sometimes(15, oneOf(600, 1)),
  ttlSecondsAfterFinished: sometimes(20, oneOf(0, 3600)),
  suspend: sometimes(10, fc.boolean()),
};

/** What the spec of each kind has beside the template and its selector. */
const SPECS: Record<WorkloadKind, fc.Arbitrary<Fields>> = {
  Pod: fields({ activeDeadlineSeconds: sometimes(5, fc.constant(600)) }),
  Deployment: fields({
    replicas,
    minReadySeconds,
    revisionHistoryLimit: historyLimit,
    paused: sometimes(5, fc.boolean()),
    strategy: sometimes(30, oneOf<Fields>({ type: 'Recreate' }, { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } }, { rollingUpdate: { maxUnavailable: 1 } })),
  }),
  ReplicaSet: fields({ replicas, minReadySeconds }),
  StatefulSet: fields({
    replicas,
    serviceName: weighted<string | undefined>([85, 'app'], [15, undefined]),
    podManagementPolicy: sometimes(20, oneOf('OrderedReady', 'Parallel')),
    updateStrategy: sometimes(15, oneOf<Fields>({ type: 'OnDelete' }, { type: 'RollingUpdate', rollingUpdate: { partition: 1 } })),
    volumeClaimTemplates: sometimes(35, fc.constant([
      { metadata: { name: 'claim' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    ])),
  }),
  DaemonSet: fields({
    minReadySeconds,
    revisionHistoryLimit: historyLimit,
    updateStrategy: sometimes(20, oneOf<Fields>({ type: 'OnDelete' }, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } })),
  }),
  Job: fields(jobFields),
  CronJob: fields({
    schedule: oneOf('0 3 * * *', '*/5 * * * 1-5', '@daily'),
    timeZone: sometimes(10, fc.constant('Etc/UTC')),
    concurrencyPolicy: sometimes(50, oneOf('Forbid', 'Allow', 'Replace')),
    startingDeadlineSeconds: sometimes(10, fc.constant(60)),
    successfulJobsHistoryLimit: historyLimit,
    failedJobsHistoryLimit: historyLimit,
    suspend: sometimes(10, fc.boolean()),
    job: fields(jobFields),
  }),
  ReplicationController: fields({ replicas, minReadySeconds }),
};

const API_VERSIONS: Record<WorkloadKind, string> = {
  Pod: 'v1', ReplicationController: 'v1', Job: 'batch/v1', CronJob: 'batch/v1', Deployment: 'apps/v1', ReplicaSet: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1',
};

const RESTART_POLICIES: Record<'Pod' | 'Job' | 'other', (string | undefined)[]> = {
  Pod: [undefined, 'Always', 'OnFailure', 'Never'], Job: ['OnFailure', 'Never'], other: [undefined, 'Always'],
};

function restartPolicies(kind: WorkloadKind): (string | undefined)[] {
  return RESTART_POLICIES[kind === 'Pod' ? 'Pod' : kind === 'Job' || kind === 'CronJob' ? 'Job' : 'other'];
}

interface WorkloadDraft {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly labels: Fields;
  readonly annotations: Fields;
  readonly pod: PodDraft;
  readonly specs: Record<WorkloadKind, Fields>;
  /** Selects pods in another way than by their label. */
  readonly otherSelector: boolean;
}

function assembleWorkload({ kind, name, pod, specs, otherSelector, ...own }: WorkloadDraft, namespace: string): GeneratedObject {
  const { job, volumeClaimTemplates, ...spec } = specs[kind];
  const template = assemblePod(pod, restartPolicies(kind), volumeClaimTemplates?.map(({ metadata }: Fields) => metadata.name));
  // The names of some become those of pods or labels.
  const meta = { name: ['StatefulSet', 'Job', 'CronJob'].includes(kind) ? name.replace('.', '-') : name, namespace };
  if (kind === 'Pod') {
    return { apiVersion: 'v1', kind, metadata: compact({ ...meta, ...template.metadata }), spec: { ...spec, ...template.spec } };
  }
  template.metadata.labels = { ...template.metadata.labels, app: 'app' };
  const selector = otherSelector ? { matchExpressions: [{ key: 'app', operator: 'In', values: ['app', 'other'] }] } : { matchLabels: { app: 'app' } };
  const special: Partial<Record<WorkloadKind, Fields>> = {
    Job: { ...spec, template },
    CronJob: { ...spec, jobTemplate: { spec: { ...job, template } } },
    ReplicationController: { ...spec, selector: otherSelector ? undefined : { app: 'app' }, template },
  };
  return compact({
    apiVersion: API_VERSIONS[kind],
    kind,
    metadata: { ...meta, ...own },
    spec: special[kind] ?? { ...spec, selector, volumeClaimTemplates, template },
  });
}
