import { Pod } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { Privilege } from './access/privilege';
import { checkIdentity } from './access/workload-identity';
import { privilegesOf } from './access/workload-privileges';
import { Autoscaling, autoscalingOf } from './exposure/autoscaling';
import { DisruptionBudgetOptions, disruptionBudgetOf, PodCount } from './exposure/disruption-budget';
import { probedPort, ServicePort, servicePorts } from './exposure/service-ports';
import { jobSpec, scheduleSpec } from './job-options';
import { Need } from './namespace/namespace-budget';
import { checkCommandLine } from './pod/command-line';
import { confinementParts, withOverhead } from './pod/confinement';
import { InitContainerPlan, initContainerPlans } from './pod/init-containers';
import { PlacementPlan, placementPlan } from './pod/placement';
import { PodParts } from './pod/pod-parts';
import { PodIdentity, podIdentity } from './pod/pod-security';
import { Termination, terminationOf } from './pod/termination';
import { checkEnvironment } from './pod/workload-environment';
import { ImagePull, imagePull } from './pod/workload-image';
import { Probes, probesOf } from './pod/workload-probes';
import { podBounds, ResourceBounds, resourceBounds } from './pod/workload-resources';
import { SecureWorkloadProps, WorkloadKind } from './secure-workload-props';
import { checkVolumesFit, sharesOnOneNode } from './volumes/volumes-check';
import { Volumes, volumesOf } from './volumes/workload-volumes';
import { KIND_FACTS } from './workload-kinds';
import { checkSelector, checkWorkloadName } from './workload-name';
import { Json } from '../controls/path';
import { checkChoice } from '../core/choice';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';
import { checkImageReference } from '../supply-chain/image-reference';

/** A workload's properties, checked and completed. */
export interface WorkloadPlan {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly image: string;
  readonly pull: ImagePull;
  readonly port?: number;
  /** `port` first, where there is one. */
  readonly ports: readonly ServicePort[];
  /** Undefined: the kind keeps no number of pods, or autoscaling does. */
  readonly replicas?: number;
  readonly autoscaling?: Autoscaling;
  /** How many pods there are; undefined: nobody counts them. */
  readonly pods?: PodCount;
  /** How many pods a drain may take; undefined: there is one at most, or nobody counts them. */
  readonly disruptionBudget?: DisruptionBudgetOptions;
  readonly selector: Record<string, string>;
  readonly podLabels: Record<string, string>;
  readonly identity: PodIdentity;
  readonly resources: ResourceBounds;
  readonly probes: Probes;
  readonly volumes: Volumes;
  readonly privileges: readonly Privilege[];
  /** What runs before the program, and beside it. */
  readonly initContainers: readonly InitContainerPlan[];
  /** What it takes of the namespace's quota. */
  readonly need: Need;
  /** Pods are stopped before others start: they share a volume of one node. */
  readonly stopsFirst: boolean;
  /** What keeps it from the kernel and the node. */
  readonly confinement: readonly PodParts[];
  readonly placement: PlacementPlan;
  readonly termination: Termination;
  /** What the kind says of itself, in the manifest's own terms. */
  readonly kindSpec: Json;
}

const MOST_REPLICAS = 2 ** 31 - 1;

/** Checks everything that a workload is given before the first of its objects is made, so that an error leaves none behind. */
export function workloadPlan(
  props: SecureWorkloadProps, id: string, profile: ClusterProfile, at: IConstruct, pullSecretsOfNamespace: readonly string[] = [],
  nodesOfNamespace: Record<string, string> = {},
): WorkloadPlan {
  const kind = checkChoice(props.kind ?? WorkloadKind.DEPLOYMENT, WorkloadKind, 'WorkloadKind', 'kind', at);
  const name = checkWorkloadName(props.name ?? id, kind, props.port !== undefined || props.furtherPorts !== undefined, at);
  const selector = checkSelector(props.selectorLabels ?? { 'app.kubernetes.io/name': name }, at);
  const image = checkImageReference(props.image, 'image', at);
  const pull = imagePull(props, pullSecretsOfNamespace, at);
  const ports = servicePorts(props, kind, at);
  checkEnvironment(props, at);
  checkCommandLine(props, at);
  checkIdentity(props.workloadIdentity, profile, at);
  const identity = podIdentity(props, profile, at);
  const confinement = confinementParts(props, { name, identity }, profile, at);
  const privileges = privilegesOf(props, { ports, version: profile.kubernetesVersion, at });
  const volumes = volumesOf(props, at);
  const onOneNode = kind !== WorkloadKind.STATEFUL_SET && sharesOnOneNode(volumes);
  const resources = resourceBounds(props.resources, at);
  const autoscaling = autoscalingOf(props.autoscaling, props.replicas, kind, resources, at);
  const single = kind === WorkloadKind.DEPLOYMENT && onOneNode ? 1 : undefined;
  const replicas = autoscaling ? undefined : checkReplicas(props.replicas ?? single, kind, at);
  const pods = podCount(replicas, autoscaling);
  const initContainers = initContainerPlans(props.initContainers, { name, ports, volumes }, at);
  const need = needOf(kind, pods?.most, props.job?.parallelism ?? 1, onOneNode, withOverhead(podBounds(resources, initContainers), props.runtime, at), autoscaling && 'autoscaling.maxReplicas');
  checkVolumesFit(volumes, { kind, pods: kind === WorkloadKind.DAEMON_SET ? Infinity : need.pods, resources }, at);
  return {
    kind,
    name,
    image,
    pull,
    port: props.port,
    ports,
    replicas,
    autoscaling,
    pods,
    disruptionBudget: disruptionBudgetOf(props.disruptionBudget, pods, at),
    selector: Object.freeze(selector),
    // A label that cdk8s-plus makes from the construct's path; an object that is adopted may be selected by it.
    podLabels: Object.freeze({ [Pod.ADDRESS_LABEL]: name, ...selector }),
    identity,
    resources,
    need,
    initContainers,
    probes: probesOf({ ...props, port: probedPort(ports, props.readiness, at) }, at),
    volumes,
    privileges,
    stopsFirst: onOneNode,
    confinement,
    placement: placementPlan(props.placement, {
      onEachNode: kind === WorkloadKind.DAEMON_SET, runtime: props.runtime, parts: props.workloadIdentity?._parts ?? [], nodesOfNamespace,
    }, at),
    termination: terminationOf(props, profile, at),
    kindSpec: kindSpec(props, kind, at),
  };
}

function podCount(replicas: number | undefined, autoscaling: Autoscaling | undefined): PodCount | undefined {
  if (autoscaling) {
    return { least: autoscaling.minReplicas, most: autoscaling.maxReplicas };
  }
  return replicas === undefined ? undefined : { least: replicas, most: replicas };
}

function checkReplicas(given: number | undefined, kind: WorkloadKind, at: IConstruct): number | undefined {
  const { defaultReplicas } = KIND_FACTS[kind];
  if (defaultReplicas === undefined && given !== undefined) {
    throw invalid({
      at, property: 'replicas', got: given, allowed: `none for a ${kind}`, fix: 'Leave replicas out.',
    });
  }
  const replicas = given ?? defaultReplicas;
  if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS)) {
    throw invalid({ at, property: 'replicas', got: replicas, allowed: `a whole number from 0 to ${MOST_REPLICAS}`, fix: 'Give the number of pods.' });
  }
  return replicas;
}

/** Pods of a Deployment are replaced by new ones first, a quarter of them at once, as the API server's default has it. */
function needOf(kind: WorkloadKind, replicas: number | undefined, parallelism: number, stopsFirst: boolean, perPod: Need['perPod'], countedBy?: string): Need {
  return {
    pods: KIND_FACTS[kind].ends ? parallelism : replicas ?? 1,
    surge: kind === WorkloadKind.DEPLOYMENT && !stopsFirst ? Math.ceil((replicas ?? 0) / 4) : 0,
    perPod,
    ...(countedBy && { countedBy }),
  };
}

/** Refuses what another kind would need, and fills in the defaults of this one. */
function kindSpec({ job, schedule }: SecureWorkloadProps, kind: WorkloadKind, at: IConstruct): Json {
  if (job !== undefined && !KIND_FACTS[kind].ends) {
    throw invalid({ at, property: 'job', got: job, allowed: `none for a ${kind}`, fix: 'Set kind: WorkloadKind.JOB or WorkloadKind.CRON_JOB, or leave job out.' });
  }
  if ((schedule !== undefined) !== (kind === WorkloadKind.CRON_JOB)) {
    throw invalid({
      at, property: 'schedule', got: schedule, allowed: kind === WorkloadKind.CRON_JOB ? 'the times at which it runs' : `none for a ${kind}`,
      fix: schedule === undefined ? 'Say when it runs: schedule: { cron: Cron.daily() }.' : 'Set kind: WorkloadKind.CRON_JOB, or leave schedule out.',
    });
  }
  if (!KIND_FACTS[kind].ends) {
    return {};
  }
  const run = jobSpec(job, at);
  return schedule === undefined ? run : { ...scheduleSpec(schedule, at), jobTemplate: { spec: run } };
}
