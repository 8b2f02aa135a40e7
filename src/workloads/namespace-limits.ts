import { ApiObject, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { cpuText, mebibytesOf, millisOf, sizeText } from './quantities';
import { invalid } from '../core/errors';

/** The most that all pods of a namespace may ask for together. */
export interface NamespaceQuota {
  /** CPU time: the sum of all requests, and of all limits. */
  readonly cpu: Cpu;
  /** Memory: the sum of all requests, and of all limits. In whole mebibytes. */
  readonly memory: Size;
  /**
   * Number of pods that have not ended.
   * @default 50
   */
  readonly pods?: number;
}

/** What a container gets that states nothing, so that no pod is unbounded. In thousandths of a CPU and in mebibytes. */
export const CONTAINER_DEFAULTS = {
  cpu: { request: 100, limit: 500 },
  memory: { request: 128, limit: 256 },
  ephemeralStorage: { request: 128, limit: 1024 },
};

const MOST_PODS = 1_000_000;

/**
 * The bounds that a ResourceQuota enforces: what the pods may ask for together, and no way to open a node's port or a public load balancer.
 * Source: NSA 1.2 (resource policies).
 *
 * @throws if an amount isn't one
 */
export function quotaBounds(quota: NamespaceQuota | undefined, at: Construct): Record<string, string> {
  const { cpu, memory, pods = 50 } = quota ?? { cpu: Cpu.units(8), memory: Size.gibibytes(16) };
  if (!Number.isInteger(pods) || pods < 1 || pods > MOST_PODS) {
    throw invalid({
      at, property: 'quota.pods', got: pods, allowed: `a whole number from 1 to ${MOST_PODS}`, fix: 'Give the most pods that may run at once.',
    });
  }
  const cpuBound = cpuText(millisOf(cpu, 'quota.cpu', at));
  const memoryBound = sizeText(mebibytesOf(memory, 'quota.memory', at));
  return {
    'requests.cpu': cpuBound,
    'limits.cpu': cpuBound,
    'requests.memory': memoryBound,
    'limits.memory': memoryBound,
    'pods': String(pods),
    'services.nodeports': '0',
    'services.loadbalancers': '0',
  };
}

/** ResourceQuota of a namespace. */
export function resourceQuota(scope: Construct, namespaceName: string, bounds: Record<string, string>): ApiObject {
  return new ApiObject(scope, 'ResourceQuota', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'quota', namespace: namespaceName },
    spec: { hard: bounds },
  });
}

/** LimitRange of a namespace: gives containers that state nothing their bounds, so that the quota counts them instead of refusing them. */
export function limitRange(scope: Construct, namespaceName: string): ApiObject {
  const { cpu, memory, ephemeralStorage } = CONTAINER_DEFAULTS;
  const bounds = (of: 'request' | 'limit') => ({
    'cpu': cpuText(cpu[of]), 'memory': sizeText(memory[of]), 'ephemeral-storage': sizeText(ephemeralStorage[of]),
  });
  return new ApiObject(scope, 'LimitRange', {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'limits', namespace: namespaceName },
    spec: { limits: [{ type: 'Container', default: bounds('limit'), defaultRequest: bounds('request') }] },
  });
}
