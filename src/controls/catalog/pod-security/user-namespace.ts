import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

export const control = new Control({
  id: 'user-namespace',
  title: 'Pods have a user namespace of their own',
  severity: Severity.LOW,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'In a user namespace root of the container is nobody on the node, so that most ways out of a container lead nowhere.',
  remediation: 'Set hostUsers to false, where the nodes\' runtime and file systems support it and the pod uses none of the host\'s namespaces.',
  // Windows has none: the API server refuses the field there.
  requirement: Requirement.exemptWhen(Requirement.oneOf('spec.os.name', 'windows'), Requirement.oneOf('spec.hostUsers', false)),
  references: [Reference.mitre('T1611')],
  since: KubernetesVersion.V1_33,
  recommended: false,
  example: {
    compliant: basePodWith({ 'spec.hostUsers': false }),
    path: 'spec.hostUsers',
  },
});
