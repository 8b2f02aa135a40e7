import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { SYSTEM_NAMESPACES } from '../platform';
import { namespacesWith } from '../workload-model';

export const control = Control._ofModel({
  id: 'namespace-resource-quota',
  title: 'Namespaces bound what all their pods use together',
  severity: Severity.LOW,
  layer: ControlLayer.NAMESPACES,
  rationale: 'Without a quota one namespace takes the whole cluster: by a fault, by an attack, or for someone else\'s coins.',
  remediation: 'Add a ResourceQuota for CPU, memory and the number of pods.',
  appliesTo: AppliesTo.kinds('Namespace', 'ResourceQuota'),
  references: [Reference.nsa('Resource policies'), Reference.mitre('T1496')],
  example: {
    compliant: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } },
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'bounds', namespace: 'app' },
        spec: { hard: { 'pods': '50', 'requests.cpu': '8', 'requests.memory': '16Gi' } },
      },
    ],
    path: '[1].metadata.namespace',
    value: 'other',
    finding: '[0].metadata.name',
  },
}, (model) => {
  const bounded = namespacesWith(model, '', 'ResourceQuota');
  return model.ofKind('', 'Namespace').filter(({ name }) => !SYSTEM_NAMESPACES.includes(name) && !bounded.has(name))
    .map((object) => ({ object, place: ['metadata', 'name'], got: object.name, expected: 'a namespace with a ResourceQuota' }));
});
