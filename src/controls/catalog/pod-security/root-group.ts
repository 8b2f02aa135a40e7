import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'root-group',
  title: 'Pods aren\'t put into group 0',
  severity: Severity.LOW,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Files of group root are often writable for it, on volumes and, after an escape, on the node.',
  remediation: 'Give runAsGroup, fsGroup and supplementalGroups ids of the program\'s own.',
  requirement: Requirement.allOf(
    Requirement.eachSecurityContext(Requirement.noneOf('runAsGroup', 0)),
    Requirement.noneOf('spec.securityContext.fsGroup', 0),
    Requirement.each('spec.securityContext.supplementalGroups', Requirement.noneOf('', 0)),
  ).notFixable('Without a group the runtime may choose 0 again: which id the program can run with has to be known.'),
  references: [Reference.nsa('"Non-root" containers and "rootless" container engines')],
  example: { path: 'spec.securityContext.runAsGroup', value: 0 },
});
