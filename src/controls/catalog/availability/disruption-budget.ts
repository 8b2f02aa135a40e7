import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { valueAt } from '../../path';
import { deploymentWith } from '../example-objects';
import { replicasOf, replicatedWorkloads, selects } from '../workload-model';

export const control = Control._ofModel({
  id: 'disruption-budget',
  title: 'Drains leave replicated workloads running',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Without a PodDisruptionBudget a drain, as every node upgrade is one, may take all replicas at once; so upgrades are put off.',
  remediation: 'Add a PodDisruptionBudget whose selector selects the pods, with maxUnavailable: 1.',
  appliesTo: AppliesTo.kinds('Deployment', 'StatefulSet', 'PodDisruptionBudget'),
  example: {
    compliant: [
      deploymentWith({ replicas: 2 }),
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'app', namespace: 'app' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'app' } } },
      },
    ],
    path: '[1].spec.selector.matchLabels.app',
    value: 'other',
    finding: '[0].spec.replicas',
  },
}, (model) => {
  const budgets = model.ofKind('policy', 'PodDisruptionBudget');
  return replicatedWorkloads(model).filter((object) => {
    const labels = valueAt(object.json, ['spec', 'template', 'metadata', 'labels']);
    return replicasOf(object, model) > 1
      && !budgets.some(({ namespace, json }) => namespace === object.namespace && selects(valueAt(json, ['spec', 'selector']), labels));
  }).map((object) => ({
    object,
    place: ['spec', 'replicas'],
    got: valueAt(object.json, ['spec', 'replicas']),
    expected: '1, or a PodDisruptionBudget that selects the pods',
  }));
});
