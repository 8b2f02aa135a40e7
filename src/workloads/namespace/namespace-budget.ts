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

/** What is bounded: how it is written, and how much of it one pod takes. */
interface Bounded {
  readonly property: keyof Budget;
  readonly what: string;
  readonly text: (amount: number) => string;
  readonly ofPod: (perPod: Need['perPod']) => number;
}

const BOUNDED: readonly Bounded[] = [
  ...(['limit', 'request'] as const).flatMap((of): Bounded[] => [
    { property: 'cpu', what: `of cpu ${of}s`, text: cpuText, ofPod: ({ cpu }) => cpu[of] },
    { property: 'memory', what: `of memory ${of}s`, text: sizeText, ofPod: ({ memory }) => memory[of] },
  ]),
  { property: 'pods', what: 'pods', text: String, ofPod: () => 1 },
];

/** Of all pods together, and of those that the largest roll-out adds. */
interface Used {
  readonly always: number;
  readonly surge: number;
}

/**
 * What the declared workloads of a namespace need, held to its quota. Beyond the quota the API server refuses pods, one by one and with nobody
 * watching: a workload stays smaller than it was declared, or can't be rolled out.
 */
export class NamespaceBudget {
  private used: readonly Used[] = BOUNDED.map(() => ({ always: 0, surge: 0 }));

  constructor(private readonly budget: Budget) {}

  /** Adds what a workload needs. @throws if the quota doesn't suffice for all workloads and the roll-out of any one of them */
  public claim(at: IConstruct, namespaceName: string, { pods, surge, perPod, countedBy = 'replicas' }: Need): void {
    const used = BOUNDED.map(({ ofPod }, i) => ({
      always: this.used[i].always + pods * ofPod(perPod), surge: Math.max(this.used[i].surge, surge * ofPod(perPod)),
    }));
    BOUNDED.forEach(({ property, what, text }, i) => {
      const needed = used[i].always + used[i].surge;
      const has = this.budget[property];
      if (needed > has) {
        throw invalid({
          at, property: property === 'pods' ? countedBy : 'resources',
          got: `${text(needed)} ${what} with the other workloads of namespace "${namespaceName}" and one roll-out at a time`,
          allowed: `its quota, ${text(has)}`, fix: `Raise quota.${property} of the HardenedNamespace, or lower ${countedBy} or resources.`,
        });
      }
    });
    this.used = used;
  }
}
