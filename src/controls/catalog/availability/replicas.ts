import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { valueAt } from '../../path';
import { deploymentWith } from '../example-objects';
import { replicasOf } from '../workload-model';

export const control = Control._ofModel({
  id: 'replicas',
  title: 'Deployments run more than one pod',
  severity: Severity.INFO,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'A single pod is away for as long as its node\'s upgrade, its own update or a crash takes.',
  remediation: 'Set replicas to 2 or more, if the program may run twice.',
  appliesTo: AppliesTo.kinds('Deployment'),
  recommended: false,
  example: {
    compliant: [
      deploymentWith({ replicas: 2 }, {
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }],
      }),
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'app', namespace: 'app' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'app' } } },
      },
    ],
    path: '[0].spec.replicas',
  },
}, (model) => model.ofKind('apps', 'Deployment').filter((object) => replicasOf(object, model) === 1).map((object) => ({
  object, place: ['spec', 'replicas'], got: valueAt(object.json, ['spec', 'replicas']), expected: 'at least 2',
})));
