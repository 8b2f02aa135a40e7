import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const NON_ROOT = Requirement.inherited(Requirement.oneOf('securityContext.runAsNonRoot', true));

export const control = new Control({
  id: 'run-as-non-root',
  title: 'Containers don\'t run as root',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Root in a container is root on the node once it gets out, and meets fewer obstacles on the way.',
  remediation: 'Set runAsNonRoot to true on the pod, and run the program as a user of its own.',
  requirement: Requirement.byVersion(
    KubernetesVersion.V1_35,
    Requirement.exemptWhen(Requirement.oneOf('spec.hostUsers', false), NON_ROOT),
    NON_ROOT,
  ),
  references: [
    Reference.pss('restricted/runAsNonRoot'),
    Reference.cis('5.2.7'),
    Reference.nsa('"Non-root" containers and "rootless" container engines'),
    Reference.mitre('T1611'),
  ],
  example: { path: 'spec.securityContext.runAsNonRoot', value: false },
});
