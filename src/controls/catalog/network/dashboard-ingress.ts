import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { DASHBOARD } from '../dashboards';
import { ingressWith } from '../example-objects';

const SIGN_IN = ['auth-url', 'auth-tls-secret', 'auth-type'].map((name) => Requirement.present(`metadata.annotations["nginx.ingress.kubernetes.io/${name}"]`));
const NO_DASHBOARD = (path: string) => Requirement.negation(Requirement.matches(path, DASHBOARD)).describedAs('a Service that is no dashboard');

export const control = new Control({
  id: 'dashboard-ingress',
  title: 'No Ingress leads to a dashboard of the cluster without a sign-in',
  severity: Severity.HIGH,
  layer: ControlLayer.NETWORK,
  rationale: 'Dashboards show, and some run, whatever their service account may: found on the Internet they have been the way into whole clusters.',
  remediation: 'Remove the Ingress, or put a proxy that people sign in to before the dashboard.',
  requirement: Requirement.exemptWhen(
    Requirement.anyOf(...SIGN_IN),
    Requirement.allOf(
      NO_DASHBOARD('spec.defaultBackend.service.name'),
      Requirement.each('spec.rules', Requirement.each('http.paths', NO_DASHBOARD('backend.service.name'))),
    ),
  ).notFixable('How people reach it has to be decided.'),
  appliesTo: AppliesTo.kinds('Ingress'),
  references: [Reference.nsa('Network policies'), Reference.mitre('T1133')],
  example: {
    compliant: ingressWith({ tls: [{ hosts: ['app.example.com'], secretName: 'tls' }] }),
    path: 'spec.rules[0].http.paths[0].backend.service.name',
    value: 'kubernetes-dashboard',
  },
});
