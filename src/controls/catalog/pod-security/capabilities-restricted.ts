import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'capabilities-restricted',
  title: 'Containers drop all capabilities and add none but NET_BIND_SERVICE',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Every capability is a part of root\'s power; even the default set forges packets and changes the owners of files.',
  remediation: 'Drop ALL, and add nothing but NET_BIND_SERVICE.',
  requirement: Requirement.exemptWhen(
    Requirement.oneOf('spec.os.name', 'windows'),
    Requirement.eachContainer(Requirement.allOf(
      Requirement.contains('securityContext.capabilities.drop', 'ALL'),
      Requirement.subsetOf('securityContext.capabilities.add', 'NET_BIND_SERVICE'),
    )),
  ),
  references: [
    Reference.pss('restricted/capabilities_restricted'),
    Reference.cis('5.2.8'),
    Reference.cis('5.2.9'),
    Reference.nsa('Pod security enforcement'),
    Reference.mitre('T1611'),
  ],
  supersedes: ['capabilities-baseline'],
  example: { path: 'spec.containers[0].securityContext.capabilities.drop' },
});
