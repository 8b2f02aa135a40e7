import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { namespaceWith } from '../example-objects';
import { SYSTEM_NAMESPACES } from '../platform';
import { currentVersion, levelLabel, PodSecurityMode } from '../pod-security-labels';

const REPORTED: PodSecurityMode[] = ['audit', 'warn'];

export const control = new Control({
  id: 'namespace-pod-security-restricted',
  title: 'Namespaces enforce the restricted Pod Security Standards, or report what they would refuse',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NAMESPACES,
  rationale: 'Baseline lets programs run as root with many capabilities: what a kernel\'s flaw needs to become a way out of the container.',
  remediation: 'Label the namespace pod-security.kubernetes.io/enforce: restricted; where one pod needs more, keep audit and warn at restricted.',
  // Namespaces that enforce less than baseline are another control's.
  requirement: Requirement.exemptWhen(Requirement.oneOf('metadata.name', ...SYSTEM_NAMESPACES), Requirement.allOf(
    Requirement.exemptWhen(
      Requirement.allOf(...REPORTED.flatMap((mode) => [Requirement.oneOf(levelLabel(mode), 'restricted'), currentVersion(mode)])),
      Requirement.negation(Requirement.oneOf(levelLabel('enforce'), 'baseline')).describedAs('restricted, or baseline with audit and warn at restricted'),
    ),
    currentVersion('enforce'),
  )).notFixable('Which pods of the namespace need more has to be known.'),
  appliesTo: AppliesTo.kinds('Namespace'),
  references: [Reference.mitre('T1611')],
  example: {
    compliant: namespaceWith({ 'pod-security.kubernetes.io/enforce': 'restricted' }),
    path: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
    value: 'baseline',
  },
});
