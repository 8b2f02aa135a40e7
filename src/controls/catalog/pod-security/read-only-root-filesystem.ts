import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'read-only-root-filesystem',
  title: 'Containers can\'t write to their own image',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'On a writable root an attacker leaves tools, changes the program and its settings, and fills the node\'s disk.',
  remediation: 'Set readOnlyRootFilesystem to true, and mount an emptyDir where the program writes.',
  requirement: Requirement.exemptWhen(
    Requirement.oneOf('spec.os.name', 'windows'),
    Requirement.eachContainer(Requirement.oneOf('securityContext.readOnlyRootFilesystem', true)),
  ),
  references: [Reference.cis('5.6.3'), Reference.nsa('Immutable container file systems')],
  example: { path: 'spec.containers[0].securityContext.readOnlyRootFilesystem' },
});
