import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { ingressWith } from '../example-objects';

/** Certificates that a cloud's load balancer has of its own. */
const CERTIFICATES = [
  'alb.ingress.kubernetes.io/certificate-arn', 'networking.gke.io/managed-certificates', 'ingress.gcp.kubernetes.io/pre-shared-cert',
  'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
];

export const control = new Control({
  id: 'ingress-tls',
  title: 'Ingresses serve TLS',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'Without a certificate passwords, cookies and answers cross the network in the clear, and anyone on the way may change them.',
  remediation: 'List the hosts in spec.tls with the Secret of their certificate; cert-manager makes and renews it.',
  requirement: Requirement.exemptWhen(
    Requirement.anyOf(...CERTIFICATES.map((name) => Requirement.present(`metadata.annotations["${name}"]`))),
    Requirement.present('spec.tls'),
  ).notFixable('Where the certificate comes from has to be decided.'),
  appliesTo: AppliesTo.kinds('Ingress'),
  references: [Reference.nsa('Encryption')],
  example: { compliant: ingressWith({ tls: [{ hosts: ['app.example.com'], secretName: 'tls' }] }), path: 'spec.tls' },
});
