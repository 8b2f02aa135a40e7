import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { SYSTEM_NAMESPACES } from '../platform';
import { namespacesWith } from '../workload-model';

export const control = Control._ofModel({
  id: 'namespace-limit-range',
  title: 'Namespaces have defaults for containers that state no limits',
  severity: Severity.LOW,
  layer: ControlLayer.NAMESPACES,
  rationale: 'Where a container states no limits and nothing gives it some, it may take all memory of its node from its neighbours.',
  remediation: 'Add a LimitRange with defaults for containers.',
  appliesTo: AppliesTo.kinds('Namespace', 'LimitRange'),
  references: [Reference.nsa('Resource policies')],
  example: {
    compliant: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } },
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'bounds', namespace: 'app' },
        spec: { limits: [{ type: 'Container', default: { memory: '256Mi' } }] },
      },
    ],
    path: '[1].metadata.namespace',
    value: 'other',
    finding: '[0].metadata.name',
  },
}, (model) => {
  const bounded = namespacesWith(model, '', 'LimitRange');
  return model.ofKind('', 'Namespace').filter(({ name }) => !SYSTEM_NAMESPACES.includes(name) && !bounded.has(name))
    .map((object) => ({ object, place: ['metadata', 'name'], got: object.name, expected: 'a namespace with a LimitRange' }));
});
