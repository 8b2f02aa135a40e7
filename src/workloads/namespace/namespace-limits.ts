import { ApiObject, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MostPerContainer } from './container-limits';
import { Budget } from './namespace-budget';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { cpuText, mebibytesOf, millisOf, sizeText } from '../../core/quantities';
import { CONTAINER_DEFAULTS } from '../pod/workload-resources';

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

const DEFAULT_QUOTA: NamespaceQuota = { cpu: Cpu.units(8), memory: Size.gibibytes(16) };
const QUOTA: KnownProps<NamespaceQuota> = { cpu: true, memory: true, pods: true };

const MOST_PODS = 1_000_000;

/** What a quota gives the pods of a namespace together. @throws if an amount isn't one */
export function budgetOf(quota: NamespaceQuota | undefined, at: Construct): Budget {
  const { cpu, memory, pods = 50 } = checkProps(quota ?? DEFAULT_QUOTA, QUOTA, { at, property: 'quota' });
  if (!Number.isInteger(pods) || pods < 1 || pods > MOST_PODS) {
    throw invalid({
      at, property: 'quota.pods', got: pods, allowed: `a whole number from 1 to ${MOST_PODS}`, fix: 'Give the most pods that may run at once.',
    });
  }
  return { cpu: millisOf(cpu, 'quota.cpu', at), memory: mebibytesOf(memory, 'quota.memory', at), pods };
}

/**
 * ResourceQuota of a namespace: what the pods may ask for together, and no way to open a node's port or a public load balancer.
 * Source: NSA 1.2 (resource policies).
 */
export function resourceQuota(scope: Construct, namespaceName: string, { cpu, memory, pods }: Budget): ApiObject {
  return new ApiObject(scope, 'ResourceQuota', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'quota', namespace: namespaceName },
    spec: {
      hard: {
        'requests.cpu': cpuText(cpu),
        'limits.cpu': cpuText(cpu),
        'requests.memory': sizeText(memory),
        'limits.memory': sizeText(memory),
        'pods': String(pods),
        'services.nodeports': '0',
        'services.loadbalancers': '0',
      },
    },
  });
}

/**
 * LimitRange of a namespace: gives containers that state nothing their bounds, so that the quota counts them instead of refusing them, and holds
 * each to the most that one may use.
 */
export function limitRange(scope: Construct, namespaceName: string, most: MostPerContainer): ApiObject {
  const atMost = (amount: number, limit = Infinity) => Math.min(amount, limit);
  const bounds = (of: 'request' | 'limit') => ({
    'cpu': cpuText(atMost(CONTAINER_DEFAULTS.cpu[of], most.cpu)),
    'memory': sizeText(atMost(CONTAINER_DEFAULTS.memory[of], most.memory)),
    'ephemeral-storage': sizeText(CONTAINER_DEFAULTS.ephemeralStorage[of]),
  });
  const max = {
    ...(most.cpu !== undefined && { cpu: cpuText(most.cpu) }),
    ...(most.memory !== undefined && { memory: sizeText(most.memory) }),
  };
  return new ApiObject(scope, 'LimitRange', {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'limits', namespace: namespaceName },
    spec: { limits: [{ type: 'Container', default: bounds('limit'), defaultRequest: bounds('request'), ...(Object.keys(max).length > 0 && { max }) }] },
  });
}
