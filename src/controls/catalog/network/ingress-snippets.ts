import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { ingressWith } from '../example-objects';

const SNIPPETS = [
  ...['auth', 'configuration', 'modsecurity', 'server', 'stream'].map((name) => `nginx.ingress.kubernetes.io/${name}-snippet`),
  'nginx.org/location-snippets', 'nginx.org/server-snippets',
];

export const control = new Control({
  id: 'ingress-snippets',
  title: 'Ingresses bring no snippets of configuration for the proxy',
  severity: Severity.HIGH,
  layer: ControlLayer.NETWORK,
  rationale: 'A snippet runs in the ingress controller itself, which reads the Secrets of all namespaces: who may make an Ingress has them too (CVE-2021-25742).',
  remediation: 'Use the annotation that the controller has for the purpose, and leave allow-snippet-annotations off.',
  requirement: Requirement.allOf(...SNIPPETS.map((name) => Requirement.absent(`metadata.annotations["${name}"]`)))
    .notFixable('What the snippet is for has to be had in another way.'),
  appliesTo: AppliesTo.kinds('Ingress'),
  concealsValues: true,
  references: [Reference.nsa('Network policies'), Reference.mitre('T1552.007')],
  example: {
    compliant: ingressWith({ tls: [{ hosts: ['app.example.com'], secretName: 'tls' }] }),
    path: 'metadata.annotations["nginx.ingress.kubernetes.io/server-snippet"]',
    value: 'location /x { }',
  },
});
