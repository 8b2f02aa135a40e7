import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

export const control = new Control({
  id: 'proc-mount-restricted',
  title: 'Containers keep the masks over /proc',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'The masks hide parts of /proc by which a process changes the node\'s kernel; a user namespace is no full substitute.',
  remediation: 'Remove procMount.',
  requirement: Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.procMount', 'Default')),
  references: [Reference.pss('restricted/procMount_restricted'), Reference.nsa('Pod security enforcement')],
  since: KubernetesVersion.V1_35,
  supersedes: ['proc-mount-baseline'],
  example: {
    // The API server takes Unmasked only in a user namespace.
    compliant: basePodWith({ 'spec.hostUsers': false }),
    path: 'spec.containers[0].securityContext.procMount',
    value: 'Unmasked',
  },
});
