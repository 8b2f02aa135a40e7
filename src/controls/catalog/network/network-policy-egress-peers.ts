import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { policyWith } from '../example-objects';

export const control = new Control({
  id: 'network-policy-egress-peers',
  title: 'NetworkPolicies name who may be called',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'A rule without peers lets stolen data out to everywhere, and everything inside be reached: rules only add, and no other policy takes it back.',
  remediation: 'Name the pods or addresses in to.',
  requirement: Requirement.each('spec.egress', Requirement.present('to').describedAs('a list of pods or addresses')).notFixable('Whom the program calls has to be known.'),
  appliesTo: AppliesTo.kinds('NetworkPolicy'),
  references: [Reference.cis('5.3.2'), Reference.nsa('Network policies')],
  example: {
    compliant: policyWith({ policyTypes: ['Egress'], egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }] }] }),
    path: 'spec.egress[0].to',
  },
});
