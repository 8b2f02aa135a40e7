import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

const DEFAULT_ONLY = Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.procMount', 'Default'));

export const control = new Control({
  id: 'proc-mount-baseline',
  title: 'Containers keep the masks over /proc unless the pod has a user namespace',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'The masks hide parts of /proc by which a process changes the node\'s kernel.',
  remediation: 'Remove procMount.',
  requirement: Requirement.byVersion(
    KubernetesVersion.V1_35,
    Requirement.exemptWhen(Requirement.oneOf('spec.hostUsers', false), DEFAULT_ONLY),
    DEFAULT_ONLY,
  ),
  references: [Reference.pss('baseline/procMount'), Reference.nsa('Pod security enforcement')],
  example: {
    // The API server takes Unmasked only in a user namespace.
    compliant: basePodWith({ 'spec.hostUsers': false }),
    path: 'spec.containers[0].securityContext.procMount',
    value: 'Unmasked',
  },
});
