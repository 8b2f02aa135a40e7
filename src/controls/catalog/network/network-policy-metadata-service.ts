import { Cloud, metadataCidrs } from '../../../core/cloud';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { policyWith } from '../example-objects';
import { blocksAround, smallBlocksAround } from '../metadata-blocks';

/** The service's addresses: each as it is in some cloud. */
const ADDRESSES = metadataCidrs(Cloud.NONE);
/** Small blocks around those that are in ranges which other networks use for themselves: wider ones are no sign that the service is meant. */
const SMALL_BLOCKS = ['168.63.129.16', '100.100.100.200'].map((address) => ({ gate: `^${address.replace(/[0-9]+$/, '').replaceAll('.', '[.]')}`, around: smallBlocksAround(address) }));
const V6 = ADDRESSES.filter((address) => address.includes(':'));
/** The blocks that the services are in, however they are written: of IPv6 those of up to 16 bits, and those that begin as an address does. */
const V6_BLOCKS = [
  '[0-9a-f:.]*:[0-9a-f:.]*/0',
  ...['[89a-f]...', '[c-f]...', '[ef]...', 'f...', 'f[89a-f]..', 'f[c-f]..', 'f[cd]..'].map((group, i) => `${group.replaceAll('.', '[0-9a-f]')}:[0-9a-f:.]*/${i + 1}`),
  'fd[0-9a-f]{2}:[0-9a-f:.]*/8',
  'fd[0-7][0-9a-f]:[0-9a-f:.]*/9', 'fd[0-3][0-9a-f]:[0-9a-f:.]*/1[01]',
  'fd[02][0-9a-f]:[0-9a-f:.]*/12', 'fd[02][0-7]:[0-9a-f:.]*/13', 'fd[02][0-3]:[0-9a-f:.]*/14', 'fd[02][01]:[0-9a-f:.]*/15', 'fd[02]0:[0-9a-f:.]*/16',
  'fd00:(0?ec2)?:[0-9a-f:.]*/(1[7-9]|2[0-9]|3[0-2])', 'fd20:(0{0,2}ce)?:[0-9a-f:.]*/(1[7-9]|2[0-9]|3[0-2])',
  '(fd00:0?ec2|fd20:0{0,2}ce)::[0-9a-f]{0,3}/(3[3-9]|[4-9][0-9]|1[01][0-9]|12[0-7])',
].join('|');
const BLOCKS = [
  { gate: '^169[.]254[.]|[.][0-9]+/([0-9]|1[0-5])$', around: blocksAround('169.254.169.254'), except: ['169.254.169.254/32', '169.254.169.0/24', '169.254.0.0/16'] },
  { gate: '^fd|:[0-9a-f.]*/([0-9]|1[0-6])$', around: `^(${V6_BLOCKS})$`, except: [...V6, 'fd00:ec2::/32', 'fd00::/8', 'fc00::/7'] },
];
/** Some clusters resolve names at the metadata service's address. */
const ONLY_DNS = Requirement.allOf(
  Requirement.present('ports'),
  Requirement.each('ports', Requirement.allOf(Requirement.oneOf('port', 53), Requirement.absent('endPort'))),
);

/** An expression of the API server costs as much as its patterns are long: a short one that few blocks pass goes before each, so that lists of hundreds can be judged. */
function isIn({ gate, around }: { readonly gate: string; readonly around: string }): Requirement {
  return Requirement.allOf(...[gate, around].map((pattern) => Requirement.matches('ipBlock.cidr', pattern, { ignoreCase: true })));
}

export const control = new Control({
  id: 'network-policy-metadata-service',
  title: 'NetworkPolicies keep the cloud\'s metadata service out of reach',
  severity: Severity.HIGH,
  layer: ControlLayer.NETWORK,
  rationale: 'The metadata service gives whoever asks from a pod the node\'s credentials at the cloud.',
  remediation: 'Except the metadata service from the block: 169.254.169.254/32, and for IPv6 fd00:ec2::254/128.',
  requirement: Requirement.each('spec.egress', Requirement.exemptWhen(ONLY_DNS, Requirement.each('to', Requirement.allOf(
    Requirement.noneOf('ipBlock.cidr', ...ADDRESSES.filter((address) => !SMALL_BLOCKS.some(({ around }) => new RegExp(around).test(address)))).notFixable('What the program wants of the metadata service has to be known.'),
    ...SMALL_BLOCKS.map((blocks) => Requirement.negation(isIn(blocks)).describedAs('a block without a metadata service')
      .notFixable('What the program wants of the metadata service has to be known.')),
    ...BLOCKS.map((blocks) => Requirement.exemptWhen(
      Requirement.negation(isIn(blocks)),
      Requirement.anyOf(...blocks.except.map((each) => Requirement.contains('ipBlock.except', each))).describedAs(`a list with "${blocks.except[0]}"`),
    )),
  )))),
  appliesTo: AppliesTo.kinds('NetworkPolicy'),
  references: [Reference.nsa('Protecting sensitive cloud infrastructure')],
  example: {
    compliant: policyWith({ policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }] }] }),
    path: 'spec.egress[0].to[0].ipBlock.except',
  },
});
