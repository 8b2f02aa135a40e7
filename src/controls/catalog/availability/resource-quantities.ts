import { Severity } from '../../../core/severity';
import { ActsAt, Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

const QUANTITY = Requirement.matches('', '^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$')
  .describedAs('an amount such as 250m or 64Mi');

export const control = new Control({
  id: 'resource-quantities',
  title: 'Amounts of resources are quantities',
  severity: Severity.MEDIUM,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'The API server refuses an object with an amount that is none, and below a custom resource nobody notices until its pods are missing.',
  remediation: 'Write a number with a unit, for instance 250m or 64Mi.',
  requirement: Requirement.eachDeclaredContainer(Requirement.allOf(
    Requirement.eachKey('resources.requests', '', QUANTITY),
    Requirement.eachKey('resources.limits', '', QUANTITY),
  )).notFixable('Which amount was meant has to be known.'),
  actsAt: ActsAt.SYNTH,
  actsAtReason: 'The API server itself refuses such objects.',
  example: {
    compliant: basePodWith({ 'spec.containers[0].resources.requests["ephemeral-storage"]': '1Gi' }),
    path: 'spec.containers[0].resources.requests["ephemeral-storage"]',
    value: 'banana',
  },
});
