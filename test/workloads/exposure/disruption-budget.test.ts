import { show } from '../../../src/core/errors';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { find, names, refusal, shop } from '../fixtures';

const budgetOf = (props: Partial<SecureWorkloadProps>) => {
  const { app, workload } = shop();
  workload('web', props);
  const { maxUnavailable, minAvailable } = find(app, 'PodDisruptionBudget').spec;
  return { maxUnavailable, minAvailable };
};

describe('a drain', () => {
  test('takes one pod at a time by default', () => {
    expect(budgetOf({})).toEqual({ maxUnavailable: 1 });
  });

  test('takes as many as are named', () => {
    expect(budgetOf({ replicas: 5, disruptionBudget: { maxUnavailable: 4 } })).toEqual({ maxUnavailable: 4 });
  });

  test('leaves as many as are named', () => {
    expect(budgetOf({ replicas: 3, kind: WorkloadKind.STATEFUL_SET, disruptionBudget: { minAvailable: 2 } })).toEqual({ minAvailable: 2 });
  });

  test('follows the fewest pods of an autoscaler', () => {
    expect(budgetOf({ autoscaling: { minReplicas: 3, maxReplicas: 9 }, disruptionBudget: { minAvailable: 2 } })).toEqual({ minAvailable: 2 });
  });

  test('may take a single pod: no budget is made', () => {
    const { app, workload } = shop();
    workload('one', { replicas: 1 });
    workload('none', { replicas: 0 });
    workload('agent', { kind: WorkloadKind.DAEMON_SET });
    expect(names(app).filter((name) => name.startsWith('PodDisruptionBudget'))).toEqual([]);
  });
});

describe('refused', () => {
  const refused = (disruptionBudget: unknown, props: Partial<SecureWorkloadProps> = { replicas: 3 }) => (
    refusal(() => shop().workload('web', { ...props, disruptionBudget: disruptionBudget as never })));

  test.each([[0], [3], [4], [1.5], ['1']])('%p of three pods away', (maxUnavailable) => {
    expect(refused({ maxUnavailable })).toBe(
      `[c/shop/web] disruptionBudget.maxUnavailable: got ${show(maxUnavailable)}; allowed: a whole number from 1 to 2: none would block every drain, and with all pods no one is spared. `
      + 'Correct the number.');
  });

  test.each([[0], [3], [4], [-1], ['50%']])('%p of three pods there', (minAvailable) => {
    expect(refused({ minAvailable })).toBe(
      `[c/shop/web] disruptionBudget.minAvailable: got ${show(minAvailable)}; allowed: a whole number from 1 to 2: of 3 pods one has to be free to go, or every drain is blocked. `
      + 'Correct the number.');
  });

  test('as many pods there as an autoscaler keeps at least', () => {
    const autoscaling = { minReplicas: 2, maxReplicas: 9 };
    expect(refused({ minAvailable: 2 }, { autoscaling })).toBe(
      '[c/shop/web] disruptionBudget.minAvailable: got 2; allowed: 1: of 2 pods one has to be free to go, or every drain is blocked. Correct the number.');
    expect(refused({ minAvailable: 1 }, { autoscaling: { minReplicas: 1, maxReplicas: 9 } })).toBe(
      '[c/shop/web] disruptionBudget.minAvailable: got 1; allowed: none where a single pod may run: it would block every drain. Give maxUnavailable: 1.');
  });

  test.each([[{}], [{ maxUnavailable: 1, minAvailable: 1 }]])('%p', (budget) => {
    expect(refused(budget)).toBe(
      `[c/shop/web] disruptionBudget: got ${show(budget)}; allowed: one of maxUnavailable and minAvailable. Give one: { maxUnavailable: 1 }.`);
  });

  test.each<[string, Partial<SecureWorkloadProps>]>([
    ['a single pod', { replicas: 1 }], ['no pod', { replicas: 0 }], ['a DaemonSet', { kind: WorkloadKind.DAEMON_SET }], ['a Job', { kind: WorkloadKind.JOB }],
  ])('a budget of %s', (_, props) => {
    expect(refused({ maxUnavailable: 1 }, props)).toBe(
      '[c/shop/web] disruptionBudget: got {"maxUnavailable":1}; allowed: a budget where several pods of a Deployment or StatefulSet run: '
      + 'of a single one it would block every drain, or spare nothing. Leave disruptionBudget out, or run two pods or more.');
  });

  test('a name that nobody reads, and what is no object', () => {
    expect(refused({ maxUnavailble: 1 })).toBe(
      '[c/shop/web] disruptionBudget.maxUnavailble: allowed: maxUnavailable, minAvailable. Correct or remove it: nobody reads it. Did you mean "maxUnavailable"?');
    expect(refused(1)).toContain('[c/shop/web] disruptionBudget: got 1; allowed: an object with maxUnavailable, minAvailable.');
  });
});
