import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { sensitivePath } from '../host-paths';

export const control = new Control({
  id: 'host-path-persistent-volumes',
  title: 'PersistentVolumes don\'t stand for a path of the host',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'A claim on such a volume mounts the node\'s file system into a pod that no rule about hostPath sees.',
  remediation: 'Use a storage class of the cluster, or a local volume on a disk of its own.',
  requirement: Requirement.allOf(
    Requirement.absent('spec.hostPath'),
    Requirement.negation(sensitivePath('spec.local.path')).describedAs('a folder that the node does not live on'),
  ).notFixable('Where the data is to be has to be chosen, and moved.'),
  appliesTo: AppliesTo.kinds('PersistentVolume'),
  references: [Reference.cis('5.2.11'), Reference.mitre('T1611')],
  example: {
    compliant: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'app' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], csi: { driver: 'disk.csi.example.com', volumeHandle: 'app-1' } },
    },
    path: 'spec',
    value: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/srv/app' } },
    finding: 'spec.hostPath',
  },
});
