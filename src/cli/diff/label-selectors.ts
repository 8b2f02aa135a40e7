import { isObject } from '../../controls/path';

interface Condition {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** How what one selector selects compares with what another one does. */
export type Comparison = 'same' | 'narrower' | 'wider' | 'different';

/** How a label selector changed; one that is left out selects everything here. */
export function compareSelectors(before: unknown, after: unknown): Comparison {
  const [old, next] = [conditions(before), conditions(after)];
  const narrows = implies(next, old);
  const widens = implies(old, next);
  return narrows && widens ? 'same' : narrows ? 'narrower' : widens ? 'wider' : 'different';
}

/** Whether everything that one selector selects is selected by the other. */
export function selectsWithin(inner: unknown, outer: unknown): boolean {
  return implies(conditions(inner), conditions(outer));
}

function conditions(selector: unknown): Condition[] {
  const { matchLabels, matchExpressions } = isObject(selector) ? selector : { matchLabels: undefined, matchExpressions: undefined };
  return [
    ...Object.entries(isObject(matchLabels) ? matchLabels : {}).map(([key, value]) => ({ key, operator: 'In', values: [String(value)] })),
    ...(Array.isArray(matchExpressions) ? matchExpressions : []).filter(isObject).map(({ key, operator, values }) => ({
      key: String(key), operator: String(operator), values: Array.isArray(values) ? values.map(String) : [],
    })),
  ];
}

function implies(strict: readonly Condition[], loose: readonly Condition[]): boolean {
  return loose.every((need) => strict.some((has) => has.key === need.key && entails(has, need)));
}

function entails(has: Condition, need: Condition): boolean {
  switch (need.operator) {
    case 'In': return has.operator === 'In' && has.values.every((each) => need.values.includes(each));
    case 'Exists': return has.operator === 'In' || has.operator === 'Exists';
    case 'DoesNotExist': return has.operator === 'DoesNotExist';
    case 'NotIn':
      return has.operator === 'DoesNotExist'
        || (has.operator === 'In' && !has.values.some((each) => need.values.includes(each)))
        || (has.operator === 'NotIn' && need.values.every((each) => has.values.includes(each)));
    default: return false;
  }
}
