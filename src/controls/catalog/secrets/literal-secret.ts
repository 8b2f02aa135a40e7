import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { ActsAt, Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'literal-secret',
  title: 'Secrets get their values elsewhere',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'The value of a Secret in a manifest is only encoded: who reads the manifest, its history or a pipeline\'s log has it.',
  remediation: 'Let External Secrets, a CSI driver, Sealed Secrets or a person make the Secret; then change its value, since it was seen.',
  requirement: Requirement.allOf(
    Requirement.eachKey('data', '', Requirement.absent('')),
    Requirement.eachKey('stringData', '', Requirement.absent('')),
  ).describedAs('no value').notFixable('The value has to be taken out of the history of the manifest, and changed.'),
  appliesTo: AppliesTo.kinds('Secret'),
  references: [Reference.cis('5.4.2'), Reference.nsa('Secrets'), Reference.mitre('T1552')],
  actsAt: ActsAt.SYNTH,
  actsAtReason: 'In the cluster every Secret has a value: only in a manifest it tells too much.',
  concealsValues: true,
  example: {
    compliant: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'app' }, type: 'Opaque' },
    path: 'stringData.password',
    value: 'correct-horse-7',
  },
});
