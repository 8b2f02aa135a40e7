import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const SINCE_1_28 = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
];
const SINCE_1_29 = ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'];
const SINCE_1_32 = ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

function onlySafe(...names: string[]): Requirement {
  return Requirement.each('spec.securityContext.sysctls', Requirement.oneOf('name', ...names).fixedByRemoving(''));
}

export const control = new Control({
  id: 'sysctls',
  title: 'Pods set only sysctls that are safe',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Other sysctls switch off protections or act on every pod of the node.',
  remediation: 'Remove the sysctl, or set it on the node for everyone.',
  requirement: Requirement.byVersion(
    KubernetesVersion.V1_37,
    onlySafe(...SINCE_1_28, ...SINCE_1_29, ...SINCE_1_32, 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'),
    Requirement.byVersion(
      KubernetesVersion.V1_32,
      onlySafe(...SINCE_1_28, ...SINCE_1_29, ...SINCE_1_32),
      Requirement.byVersion(KubernetesVersion.V1_29, onlySafe(...SINCE_1_28, ...SINCE_1_29), onlySafe(...SINCE_1_28)),
    ),
  ),
  references: [Reference.pss('baseline/sysctls'), Reference.nsa('Pod security enforcement')],
  example: {
    path: 'spec.securityContext.sysctls',
    value: [{ name: 'net.ipv4.ip_forward', value: '1' }],
    finding: 'spec.securityContext.sysctls[0].name',
  },
});
