import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { cpuText, sizeText } from '../../core/quantities';
import { ResourceBounds } from '../pod/workload-resources';

/** What a namespace has, in thousandths of a CPU, mebibytes and pods. Requests and limits are each held to it. */
export interface Budget {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** What the pods of one workload need. */
export interface Need {
  /** Pods at once, at most. Of a kind with a pod for each node, which nobody has counted: one. */
  readonly pods: number;
  /** Further pods while it is rolled out. */
  readonly surge: number;
  /** What one pod asks for and may use. */
  readonly perPod: Pick<ResourceBounds, 'cpu' | 'memory'>;
  /**
   * The property that says how many pods there are.
   * @default replicas
   */
  readonly countedBy?: string;
}

const BOUNDED = ['limit', 'request'] as const;

/**
 * What the declared workloads of a namespace need, held to its quota. Beyond the quota the API server refuses pods, one by one and with nobody
 * watching: a workload stays smaller than it was declared, or can't be rolled out.
 */
export class NamespaceBudget {
  private readonly needs: Need[] = [];

  constructor(private readonly budget: Budget) {}

  /** Adds what a workload needs. @throws if the quota doesn't suffice for all workloads and the roll-out of any one of them */
  public claim(at: IConstruct, namespaceName: string, need: Need): void {
    const needs = [...this.needs, need];
    for (const of of BOUNDED) {
      this.check('cpu', cpuText, amount(needs, ({ perPod }) => perPod.cpu[of]), of, need, at, namespaceName);
      this.check('memory', sizeText, amount(needs, ({ perPod }) => perPod.memory[of]), of, need, at, namespaceName);
    }
    this.check('pods', String, amount(needs, () => 1), undefined, need, at, namespaceName);
    this.needs.push(need);
  }

  private check(
    property: keyof Budget, text: (amount: number) => string, needed: number, of: 'limit' | 'request' | undefined, { countedBy = 'replicas' }: Need,
    at: IConstruct, namespaceName: string,
  ): void {
    const has = this.budget[property];
    if (needed > has) {
      const what = of === undefined ? 'pods' : `of ${property} ${of}s`;
      throw invalid({
        at, property: of === undefined ? countedBy : 'resources', got: `${text(needed)} ${what} with the other workloads of namespace "${namespaceName}" and one roll-out at a time`,
        allowed: `its quota, ${text(has)}`, fix: `Raise quota.${property} of the HardenedNamespace, or lower ${countedBy} or resources.`,
      });
    }
  }
}

/** Of all pods together, and of those that the largest roll-out adds. */
function amount(needs: readonly Need[], ofPod: (need: Need) => number): number {
  return needs.reduce((sum, need) => sum + need.pods * ofPod(need), 0) + Math.max(...needs.map((need) => need.surge * ofPod(need)));
}
