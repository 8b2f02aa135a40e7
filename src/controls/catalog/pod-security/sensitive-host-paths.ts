import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';
import { sensitivePath } from '../host-paths';

export const control = new Control({
  id: 'sensitive-host-paths',
  title: 'Pods don\'t mount what the node itself lives on',
  severity: Severity.CRITICAL,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'These folders hold the node\'s credentials, its start-up files, its devices or the data of every pod: writing to them, and to most reading, takes the node.',
  remediation: 'Remove the volume, or mount the one harmless folder below that the program needs.',
  requirement: Requirement.each('spec.volumes', Requirement.negation(sensitivePath('hostPath.path'))
    .describedAs('a folder that the node does not live on'))
    .notFixable('Without the volume its mounts dangle; what takes its place has to be chosen.'),
  references: [Reference.cis('5.2.11'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1611')],
  example: {
    compliant: basePodWith({ 'spec.volumes[1]': { name: 'data', hostPath: { path: '/srv/app' } } }),
    path: 'spec.volumes[1].hostPath.path',
    value: '/etc/kubernetes',
  },
});
