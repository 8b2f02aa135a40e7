import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { namespaceWith } from '../example-objects';
import { SYSTEM_NAMESPACES } from '../platform';
import { currentVersion, levelLabel } from '../pod-security-labels';

export const control = new Control({
  id: 'namespace-pod-security',
  title: 'Namespaces enforce the baseline of the Pod Security Standards',
  severity: Severity.HIGH,
  layer: ControlLayer.NAMESPACES,
  rationale: 'Without the label a namespace takes privileged pods, and with them whoever may make a pod takes the node.',
  remediation: 'Label the namespace pod-security.kubernetes.io/enforce: restricted; where that is too much, baseline, with audit and warn at restricted.',
  requirement: Requirement.exemptWhen(Requirement.oneOf('metadata.name', ...SYSTEM_NAMESPACES), Requirement.allOf(
    Requirement.oneOf(levelLabel('enforce'), 'restricted', 'baseline'),
    currentVersion('enforce'),
  )).notFixable('Which pods of the namespace need more has to be known.'),
  appliesTo: AppliesTo.kinds('Namespace'),
  references: [Reference.cis('5.2.1'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1610')],
  example: {
    compliant: namespaceWith({ 'pod-security.kubernetes.io/enforce': 'baseline' }),
    path: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
  },
});
