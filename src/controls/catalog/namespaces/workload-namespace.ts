import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { basePod } from '../base-pod';
import { workloads } from '../workload-model';

export const control = Control._ofModel({
  id: 'workload-namespace',
  title: 'Workloads run in namespaces that are declared beside them',
  severity: Severity.INFO,
  layer: ControlLayer.NAMESPACES,
  rationale: 'Whether a namespace that is declared elsewhere enforces anything, denies traffic or has a quota can\'t be seen here.',
  remediation: 'Declare the namespace in the same output, or make sure of its labels, policies and quota where it is declared.',
  recommended: false,
  example: {
    compliant: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } },
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'app' }, spec: { template: basePod() } },
    ],
    path: '[0].metadata.name',
    value: 'other',
    finding: '[1].metadata.namespace',
  },
}, (model) => {
  const declared = new Set(model.ofKind('', 'Namespace').map(({ name }) => name));
  return workloads(model).filter(({ namespace }) => namespace !== '' && !declared.has(namespace)).map((object) => ({
    object, place: ['metadata', 'namespace'], got: object.namespace, expected: 'a namespace that is declared in this output',
  }));
});
