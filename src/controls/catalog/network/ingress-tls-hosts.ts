import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { isEmpty, valueAt } from '../../path';
import { ingressWith } from '../example-objects';
import { CLOUD_CERTIFICATES, hostsWithoutCertificate } from '../ingress-hosts';

export const control = Control._ofModel({
  id: 'ingress-tls-hosts',
  title: 'Ingresses have a certificate for each of their hosts',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'A host that spec.tls leaves out is served in the clear, or with a certificate that no client trusts, while the Ingress looks as if it served TLS.',
  remediation: 'List the host in spec.tls, itself or as a wildcard for its one first label, with the Secret of its certificate.',
  appliesTo: AppliesTo.kinds('Ingress'),
  references: [Reference.nsa('Encryption')],
  actsAtReason: 'It compares two lists of an object with each other, and a policy looks at one element at a time.',
  example: {
    compliant: ingressWith({ tls: [{ hosts: ['*.example.com'], secretName: 'tls' }] }),
    path: 'spec.tls[0].hosts[0]',
    value: 'www.example.com',
    finding: 'spec.rules[0].host',
  },
}, (model) => model.ofKind('networking.k8s.io', 'Ingress').flatMap((object) => {
  const certified = CLOUD_CERTIFICATES.some((name) => !isEmpty(valueAt(object.json, ['metadata', 'annotations', name])));
  return certified ? [] : hostsWithoutCertificate(object.json).map(({ host, place }) => ({ object, place, got: host, expected: 'a host that spec.tls lists' }));
}));
