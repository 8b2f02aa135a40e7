import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { ingressWith } from '../example-objects';
import { CLOUD_CERTIFICATES } from '../ingress-hosts';

export const control = new Control({
  id: 'ingress-tls',
  title: 'Ingresses serve TLS',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'Without a certificate passwords, cookies and answers cross the network in the clear, and anyone on the way may change them.',
  remediation: 'List the hosts in spec.tls with the Secret of their certificate; cert-manager makes and renews it.',
  requirement: Requirement.exemptWhen(
    Requirement.anyOf(...CLOUD_CERTIFICATES.map((name) => Requirement.present(`metadata.annotations["${name}"]`))),
    Requirement.present('spec.tls').describedAs('a list of hosts, each with the Secret of its certificate'),
  ).notFixable('Where the certificate comes from has to be decided.'),
  appliesTo: AppliesTo.kinds('Ingress'),
  references: [Reference.nsa('Encryption')],
  example: { compliant: ingressWith({ tls: [{ hosts: ['app.example.com'], secretName: 'tls' }] }), path: 'spec.tls' },
});
