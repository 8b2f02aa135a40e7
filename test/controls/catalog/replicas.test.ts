import { control as budget } from '../../../src/controls/catalog/availability/disruption-budget';
import { control as blocks } from '../../../src/controls/catalog/availability/disruption-budget-blocks';
import { control as spread } from '../../../src/controls/catalog/availability/replica-spread';
import { control as replicas } from '../../../src/controls/catalog/availability/replicas';
import { deploymentWith } from '../../../src/controls/catalog/example-objects';
import { Control } from '../../../src/controls/control';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const isFound = (control: Control, ...objects: object[]) => findings([control], KubernetesVersion.V1_36, objects).length > 0;
const budgetOf = (selector: unknown, namespace = 'app') => (
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'app', namespace }, spec: { maxUnavailable: 1, selector } }
);
const autoscaler = (spec: object, name = 'app') => ({
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'app', namespace: 'app' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, maxReplicas: 9, ...spec },
});
const app = deploymentWith({ replicas: 2 });

describe('a PodDisruptionBudget', () => {
  test.each<[string, unknown]>([
    ['by a label', { matchLabels: { app: 'app' } }],
    ['by nothing: all pods of the namespace', {}],
    ['by a list of values', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'app'] }] }],
    ['by a label that is there', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }],
    ['by values that are not there', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }, { key: 'tier', operator: 'NotIn', values: ['db'] }] }],
    ['by a label that is not there', { matchLabels: { app: 'app' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }],
  ])('selects the pods %s', (_how, selector) => {
    expect(isFound(budget, app, budgetOf(selector))).toBe(false);
  });

  test.each<[string, unknown]>([
    ['another value', { matchLabels: { app: 'db' } }],
    ['another label besides', { matchLabels: { app: 'app', tier: 'web' } }],
    ['other values', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] }],
    ['a label that is not there', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }],
    ['the absence of one that is', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }],
    ['values that exclude it', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['app'] }] }],
    ['an operator that there isn\'t', { matchExpressions: [{ key: 'app', operator: 'Like', values: ['app'] }] }],
    ['no selector at all', undefined],
  ])('doesn\'t select the pods by %s', (_how, selector) => {
    expect(isFound(budget, app, budgetOf(selector))).toBe(true);
  });

  test('of another namespace selects none', () => {
    expect(isFound(budget, app, budgetOf({}, 'other'))).toBe(true);
  });

  test('is asked of nobody who runs one pod', () => {
    expect(isFound(budget, deploymentWith({ replicas: 1 }))).toBe(false);
    expect(isFound(budget, deploymentWith({}))).toBe(false);
    expect(isFound(budget, deploymentWith({ replicas: 2 }))).toBe(true);
  });

  test('that spares nobody stops drains', () => {
    const spec = (bounds: object) => ({ ...budgetOf({}), spec: { selector: {}, ...bounds } });
    expect([{ maxUnavailable: 0 }, { maxUnavailable: '0%' }, { minAvailable: '100%' }].map((bounds) => isFound(blocks, spec(bounds)))).toEqual([true, true, true]);
    const sparing = [{ maxUnavailable: 1 }, { maxUnavailable: '10%' }, { minAvailable: 1 }, { minAvailable: '50%' }];
    expect(sparing.some((bounds) => isFound(blocks, spec(bounds)))).toBe(false);
  });
});

describe('a HorizontalPodAutoscaler', () => {
  test('says how many pods there are at least, whatever the Deployment says', () => {
    expect(isFound(budget, deploymentWith({}), autoscaler({ minReplicas: 3 }))).toBe(true);
    expect(isFound(budget, deploymentWith({ replicas: 3 }), autoscaler({ minReplicas: 1 }))).toBe(false);
    expect(isFound(replicas, deploymentWith({}), autoscaler({ minReplicas: 3 }))).toBe(false);
    expect(isFound(replicas, deploymentWith({}), autoscaler({}))).toBe(true);
  });

  test('of another Deployment says nothing', () => {
    expect(isFound(budget, deploymentWith({}), autoscaler({ minReplicas: 3 }, 'other'))).toBe(false);
  });
});

test('replicas are spread by constraints or by either affinity', () => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: {} };
  expect(isFound(spread, app)).toBe(true);
  expect(isFound(spread, deploymentWith({ replicas: 2 }, { topologySpreadConstraints: [] }))).toBe(true);
  expect(isFound(spread, deploymentWith({ replicas: 2 }, { topologySpreadConstraints: [{ maxSkew: 1 }] }))).toBe(false);
  expect(isFound(spread, deploymentWith({ replicas: 2 }, {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  }))).toBe(false);
  expect(isFound(spread, deploymentWith({ replicas: 2 }, {
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] } },
  }))).toBe(false);
  expect(isFound(spread, deploymentWith({}))).toBe(false);
});
