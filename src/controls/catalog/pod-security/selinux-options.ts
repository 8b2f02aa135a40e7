import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const TYPES = ['container_t', 'container_init_t', 'container_kvm_t'];

export const control = new Control({
  id: 'selinux-options',
  title: 'Pods keep the SELinux type, user and role of containers',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'With another SELinux type, user or role a process is confined less than a container has to be, up to not at all.',
  remediation: 'Remove type, user and role from seLinuxOptions; level may stay.',
  requirement: Requirement.eachSecurityContext(Requirement.allOf(
    Requirement.byVersion(
      KubernetesVersion.V1_31,
      Requirement.absentOrOneOf('seLinuxOptions.type', ...TYPES, 'container_engine_t'),
      Requirement.absentOrOneOf('seLinuxOptions.type', ...TYPES),
    ),
    Requirement.absent('seLinuxOptions.user'),
    Requirement.absent('seLinuxOptions.role'),
  )),
  references: [Reference.pss('baseline/seLinuxOptions'), Reference.nsa('Pod security enforcement')],
  example: { path: 'spec.securityContext.seLinuxOptions', value: { type: 'spc_t' }, finding: 'spec.securityContext.seLinuxOptions.type' },
});
