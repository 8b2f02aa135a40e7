import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

const TYPES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];

export const control = new Control({
  id: 'restricted-volumes',
  title: 'Pods use only volumes that belong to them',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Volumes of other types mount the node\'s files, or network storage with credentials and drivers that the pod itself brings.',
  remediation: 'Use configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected or secret.',
  requirement: Requirement.each('spec.volumes', Requirement.anyOf(...TYPES.map((type) => Requirement.present(type))))
    .notFixable('Without the volume its mounts dangle; what takes its place has to be chosen.'),
  references: [Reference.pss('restricted/restrictedVolumes'), Reference.nsa('Pod security enforcement')],
  supersedes: ['host-path-volumes'],
  example: {
    compliant: basePodWith({ 'spec.volumes[1]': { name: 'data', emptyDir: {} } }),
    path: 'spec.volumes[1]',
    value: { name: 'data', nfs: { server: '10.0.0.2', path: '/export' } },
  },
});
