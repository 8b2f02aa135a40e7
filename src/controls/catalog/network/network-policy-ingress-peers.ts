import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { policyWith } from '../example-objects';

export const control = new Control({
  id: 'network-policy-ingress-peers',
  title: 'NetworkPolicies name who may come in',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'A rule without peers lets in everyone from everywhere, whatever other policies deny: rules only add.',
  remediation: 'Name the pods or addresses in from.',
  requirement: Requirement.each('spec.ingress', Requirement.present('from').describedAs('a list of pods or addresses')).notFixable('Who calls the program has to be known.'),
  appliesTo: AppliesTo.kinds('NetworkPolicy'),
  references: [Reference.cis('5.3.2'), Reference.nsa('Network policies')],
  example: {
    compliant: policyWith({ policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] }),
    path: 'spec.ingress[0].from',
  },
});
