import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { policyWith } from '../example-objects';
import { blocksAround } from '../metadata-blocks';

/** The service's addresses, the blocks that they are in, and what of it may be excepted. */
const ADDRESSES = ['169.254.169.254/32', 'fd00:ec2::254/128'];
const BLOCKS = [
  { around: blocksAround('169.254.169.254'), except: ['169.254.169.254/32', '169.254.169.0/24', '169.254.0.0/16'] },
  { around: ['::/0', 'fc00::/7', 'fd00::/8', 'fd00:ec2::/32'], except: ['fd00:ec2::254/128', 'fd00:ec2::/32', 'fd00::/8', 'fc00::/7'] },
];
/** Some clusters resolve names at the metadata service's address. */
const ONLY_DNS = Requirement.allOf(
  Requirement.present('ports'),
  Requirement.each('ports', Requirement.allOf(Requirement.oneOf('port', 53), Requirement.absent('endPort'))),
);

export const control = new Control({
  id: 'network-policy-metadata-service',
  title: 'NetworkPolicies leave the cloud\'s metadata service out',
  severity: Severity.HIGH,
  layer: ControlLayer.NETWORK,
  rationale: 'The metadata service gives whoever asks from a pod the node\'s credentials at the cloud.',
  remediation: 'Except the metadata service from the block: 169.254.169.254/32, and for IPv6 fd00:ec2::254/128.',
  requirement: Requirement.each('spec.egress', Requirement.exemptWhen(ONLY_DNS, Requirement.each('to', Requirement.allOf(
    Requirement.noneOf('ipBlock.cidr', ...ADDRESSES).notFixable('What the program wants of the metadata service has to be known.'),
    ...BLOCKS.map(({ around, except }) => Requirement.exemptWhen(
      Requirement.noneOf('ipBlock.cidr', ...around),
      Requirement.anyOf(...except.map((each) => Requirement.contains('ipBlock.except', each))).describedAs(`a list with "${except[0]}"`),
    )),
  )))),
  appliesTo: AppliesTo.kinds('NetworkPolicy'),
  references: [Reference.nsa('Protecting sensitive cloud infrastructure')],
  example: {
    compliant: policyWith({ policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }] }] }),
    path: 'spec.egress[0].to[0].ipBlock.except',
  },
});
