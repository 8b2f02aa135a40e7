import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';

/** How many pods a drain may take at a time. One of both. */
export interface DisruptionBudgetOptions {
  /**
   * Pods that may be away at a time.
   * @default 1
   */
  readonly maxUnavailable?: number;
  /**
   * Pods that have to stay, fewer than there are at least. It is for programs that need a majority.
   * @default - `maxUnavailable` is asked
   */
  readonly minAvailable?: number;
}

const PROPS: KnownProps<DisruptionBudgetOptions> = { maxUnavailable: true, minAvailable: true };

/** How many pods of a workload there are. */
export interface PodCount {
  readonly least: number;
  readonly most: number;
}

/** Checks what is said of a drain; undefined where there is one pod at most, or nobody counts them. */
export function disruptionBudgetOf(
  options: DisruptionBudgetOptions | undefined, pods: PodCount | undefined, at: IConstruct,
): DisruptionBudgetOptions | undefined {
  const several = pods !== undefined && pods.most > 1;
  if (options === undefined) {
    return several ? { maxUnavailable: 1 } : undefined;
  }
  checkProps(options, PROPS, { at, property: 'disruptionBudget' });
  const { maxUnavailable, minAvailable } = options;
  if (!several) {
    throw invalid({
      at, property: 'disruptionBudget', got: options, allowed: 'a budget where several pods of a Deployment or StatefulSet run: of a single one it would block every drain, or spare nothing',
      fix: 'Leave disruptionBudget out, or run two pods or more.',
    });
  }
  if ((maxUnavailable === undefined) === (minAvailable === undefined)) {
    throw invalid({ at, property: 'disruptionBudget', got: options, allowed: 'one of maxUnavailable and minAvailable', fix: 'Give one: { maxUnavailable: 1 }.' });
  }
  if (maxUnavailable !== undefined) {
    check(maxUnavailable, Math.max(1, pods.least - 1), 'maxUnavailable', 'none would block every drain, and with all pods no one is spared', at);
    return { maxUnavailable };
  }
  if (pods.least < 2) {
    throw invalid({
      at, property: 'disruptionBudget.minAvailable', got: minAvailable, allowed: 'none where a single pod may run: it would block every drain', fix: 'Give maxUnavailable: 1.',
    });
  }
  check(minAvailable!, pods.least - 1, 'minAvailable', `of ${pods.least} pods one has to be free to go, or every drain is blocked`, at);
  return { minAvailable };
}

/** Lets a drain take as many pods at a time as the budget has, and pods that are broken anyway at once. */
export function disruptionBudget(
  scope: Construct, metadata: { name: string; namespace: string; labels: Record<string, string> }, selector: Record<string, string>,
  budget: DisruptionBudgetOptions,
): ApiObject {
  return new ApiObject(scope, 'PodDisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { ...budget, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: selector } },
  });
}

function check(count: number, most: number, property: string, reason: string, at: IConstruct): void {
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw invalid({
      at, property: `disruptionBudget.${property}`, got: count, allowed: most === 1 ? `1: ${reason}` : `a whole number from 1 to ${most}: ${reason}`, fix: 'Correct the number.',
    });
  }
}
