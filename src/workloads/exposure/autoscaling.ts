import { ApiObject, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { ResourceBounds } from '../pod/workload-resources';

/** How many pods run, by what they use. It needs metrics-server in the cluster. */
export interface AutoscalingOptions {
  /**
   * Fewest pods. One is away for as long as its node's upgrade or a crash takes.
   * @default 2
   */
  readonly minReplicas?: number;
  /** Most pods, more than `minReplicas`. The namespace's quota has to have room for them. */
  readonly maxReplicas: number;
  /**
   * CPU time that pods use on average, in percent of their request, above which there are more of them.
   * @default 80 where `memoryUtilization` isn't given either; else CPU isn't looked at
   */
  readonly cpuUtilization?: number;
  /**
   * Memory that pods use on average, in percent of their request, above which there are more of them. It suits programs that give memory back.
   * @default - memory isn't looked at
   */
  readonly memoryUtilization?: number;
  /**
   * How long the use has to be low before there are fewer pods, up to one hour.
   * @default - five minutes, as the cluster's own default is
   */
  readonly scaleDownStabilization?: Duration;
}

const PROPS: KnownProps<AutoscalingOptions> = {
  minReplicas: true, maxReplicas: true, cpuUtilization: true, memoryUtilization: true, scaleDownStabilization: true,
};
const SCALED = ['Deployment', 'StatefulSet'];
const MOST_REPLICAS = 2 ** 31 - 1;
const LONGEST_SECONDS = 3600;
const DEFAULT_CPU = 80;

/** Checked and completed. */
export interface Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** In percent of the request. */
  readonly utilization: { readonly cpu?: number; readonly memory?: number };
  readonly stabilizationSeconds?: number;
}

/** Checks what is said of a workload's number of pods. */
export function autoscalingOf(
  options: AutoscalingOptions | undefined, replicas: number | undefined, kind: string, resources: ResourceBounds, at: IConstruct,
): Autoscaling | undefined {
  if (options === undefined) {
    return undefined;
  }
  checkProps(options, PROPS, { at, property: 'autoscaling' });
  if (!SCALED.includes(kind)) {
    throw invalid({ at, property: 'autoscaling', got: options, allowed: `none for a ${kind}`, fix: 'Leave autoscaling out.' });
  }
  if (replicas !== undefined) {
    throw invalid({
      at, property: 'replicas', got: replicas, allowed: 'none where autoscaling decides: each apply would undo what it did',
      fix: 'Leave replicas out, and give autoscaling.minReplicas.',
    });
  }
  const { minReplicas = 2, maxReplicas, cpuUtilization, memoryUtilization } = options;
  checkCount(minReplicas, 1, MOST_REPLICAS - 1, 'minReplicas', 'Give the fewest pods that may run.', at);
  checkCount(maxReplicas, minReplicas + 1, MOST_REPLICAS, 'maxReplicas', 'Give the most pods that may run; for a fixed number give replicas.', at);
  const cpu = cpuUtilization ?? (memoryUtilization === undefined ? DEFAULT_CPU : undefined);
  checkUtilization(cpu, 'cpu', resources, at);
  checkUtilization(memoryUtilization, 'memory', resources, at);
  const stabilizationSeconds = stabilization(options.scaleDownStabilization, at);
  return { minReplicas, maxReplicas, utilization: { cpu, memory: memoryUtilization }, stabilizationSeconds };
}

/** The HorizontalPodAutoscaler of a workload. It looks at the program's own container: what runs beside it doesn't count. */
export function horizontalPodAutoscaler(
  scope: Construct, metadata: { readonly name: string }, kind: string, autoscaling: Autoscaling,
): ApiObject {
  const { minReplicas, maxReplicas, utilization, stabilizationSeconds } = autoscaling;
  const metrics = (['cpu', 'memory'] as const).flatMap((name) => (utilization[name] === undefined ? [] : [{
    type: 'ContainerResource',
    containerResource: { name, container: metadata.name, target: { type: 'Utilization', averageUtilization: utilization[name] } },
  }]));
  return new ApiObject(scope, 'HorizontalPodAutoscaler', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name: metadata.name },
      minReplicas,
      maxReplicas,
      metrics,
      ...(stabilizationSeconds !== undefined && { behavior: { scaleDown: { stabilizationWindowSeconds: stabilizationSeconds } } }),
    },
  });
}

function checkCount(count: number, least: number, most: number, property: string, fix: string, at: IConstruct): void {
  if (!Number.isInteger(count) || count < least || count > most) {
    throw invalid({ at, property: `autoscaling.${property}`, got: count, allowed: `a whole number from ${least} to ${most}`, fix });
  }
}

/**
 * Pods can't use more than their limit, and autoscalers overlook a tenth: a target close to the limit is never exceeded, and there would never be
 * more pods.
 */
function checkUtilization(target: number | undefined, name: 'cpu' | 'memory', resources: ResourceBounds, at: IConstruct): void {
  if (target === undefined) {
    return;
  }
  const { request, limit } = resources[name];
  const most = Math.ceil((limit * 1000) / (request * 11)) - 1;
  if (!Number.isInteger(target) || target < 1 || target > most) {
    throw invalid({
      at, property: `autoscaling.${name}Utilization`, got: target, fix: `Give the percentage of resources.${name}.request above which there are more pods.`,
      allowed: `a whole number from 1 to ${most}: a tenth above the target has to be below the limit in resources.${name}, or pods never get there`,
    });
  }
}

function stabilization(duration: Duration | undefined, at: IConstruct): number | undefined {
  const seconds = duration?.toSeconds({ integral: false });
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds > LONGEST_SECONDS)) {
    throw invalid({
      at, property: 'autoscaling.scaleDownStabilization', got: `${seconds} s`, allowed: `whole seconds, at most ${LONGEST_SECONDS}`, fix: 'Give a shorter time in whole seconds.',
    });
  }
  return seconds;
}
