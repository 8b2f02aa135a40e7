import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { DASHBOARD } from '../dashboards';

const NAME = 'metadata.labels["app.kubernetes.io/name"]';
const OLD_NAME = 'metadata.labels["k8s-app"]';

export const control = new Control({
  id: 'dashboard-service',
  title: 'Dashboards of the cluster are reached from within it only',
  severity: Severity.HIGH,
  layer: ControlLayer.NETWORK,
  rationale: 'Dashboards show, and some run, whatever their service account may: found on the Internet they have been the way into whole clusters.',
  remediation: 'Use type ClusterIP, and reach the dashboard by kubectl port-forward or behind a proxy that people sign in to.',
  requirement: Requirement.exemptWhen(
    Requirement.negation(Requirement.anyOf(...['metadata.name', NAME, OLD_NAME].map((path) => Requirement.matches(path, DASHBOARD)))),
    Requirement.absentOrOneOf('spec.type', 'ClusterIP', 'ExternalName'),
  ).notFixable('How people reach it has to be decided.'),
  appliesTo: AppliesTo.kinds('Service'),
  references: [Reference.nsa('Network policies'), Reference.mitre('T1133')],
  example: {
    compliant: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'app', namespace: 'app' },
      spec: { type: 'LoadBalancer', selector: { app: 'app' }, ports: [{ port: 443 }], loadBalancerSourceRanges: ['192.0.2.0/24'] },
    },
    path: 'metadata.name',
    value: 'kubernetes-dashboard',
    finding: 'spec.type',
  },
});
