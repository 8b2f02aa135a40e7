import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

export const control = new Control({
  id: 'privileged',
  title: 'Containers aren\'t privileged',
  severity: Severity.CRITICAL,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A privileged container has every capability, all devices and no confinement: whoever breaks into it owns the node.',
  remediation: 'Remove privileged, and add the one capability or device that the program needs.',
  requirement: Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)),
  references: [Reference.pss('baseline/privileged'), Reference.cis('5.2.2'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1611')],
  example: {
    // The API server refuses privileged: true beside allowPrivilegeEscalation: false.
    compliant: basePodWith({ 'spec.containers[0].securityContext.allowPrivilegeEscalation': undefined }),
    path: 'spec.containers[0].securityContext.privileged',
    value: true,
  },
});
