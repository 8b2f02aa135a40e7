import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { policyWith } from '../example-objects';
import { openDirections } from '../network-policies';
import { SYSTEM_NAMESPACES } from '../platform';

export const control = Control._ofModel({
  id: 'namespace-default-deny',
  title: 'Namespaces deny all traffic that nothing allows',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'Where no policy selects a pod, everyone may reach it and it may reach everyone: one pod that is broken into opens the way to all others.',
  remediation: 'Add a NetworkPolicy with an empty podSelector and policyTypes Ingress and Egress, then one for each connection.',
  appliesTo: AppliesTo.kinds('Namespace', 'NetworkPolicy'),
  references: [Reference.cis('5.3.2'), Reference.nsa('Network policies')],
  example: {
    compliant: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } },
      policyWith({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    ],
    path: '[1].spec.policyTypes[1]',
    finding: '[0].metadata.name',
  },
}, (model) => model.ofKind('', 'Namespace').filter(({ name }) => !SYSTEM_NAMESPACES.includes(name)).flatMap((object) => {
  const open = openDirections(model.ofKind('networking.k8s.io', 'NetworkPolicy').filter(({ namespace }) => namespace === object.name));
  return open.length === 0 ? [] : [{
    object, place: ['metadata', 'name'], got: object.name, expected: `a namespace with a NetworkPolicy that denies all pods ${open.join(' and ')}`,
  }];
}));
