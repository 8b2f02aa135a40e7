import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

export const control = new Control({
  id: 'host-path-volumes',
  title: 'Pods mount nothing of the host\'s file system',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A path of the node in a container reaches other pods\' data, the kubelet\'s credentials or what the node runs at boot.',
  remediation: 'Use a volume that belongs to the pod: persistentVolumeClaim, emptyDir, configMap, secret or ephemeral.',
  requirement: Requirement.each('spec.volumes', Requirement.absent('hostPath'))
    .notFixable('Without the volume its mounts dangle; what takes its place has to be chosen.'),
  references: [
    Reference.pss('baseline/hostPathVolumes'),
    Reference.cis('5.2.11'),
    Reference.nsa('Pod security enforcement'),
    Reference.mitre('T1611'),
  ],
  example: {
    compliant: basePodWith({ 'spec.volumes[1]': { name: 'data' } }),
    path: 'spec.volumes[1].hostPath',
    value: { path: '/srv/app' },
  },
});
