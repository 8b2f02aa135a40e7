import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'default-namespace',
  title: 'The namespace default stays empty',
  severity: Severity.LOW,
  layer: ControlLayer.NAMESPACES,
  rationale: 'What lands in default by oversight shares it with everything else that did: no policy, quota or role fits them all. An object that names no namespace goes where it is applied to: only the policy sees that.',
  remediation: 'Make a namespace for the program, and name it in metadata.namespace.',
  requirement: Requirement.exemptWhen(
    // The Service of the API server itself.
    Requirement.allOf(Requirement.oneOf('kind', 'Service'), Requirement.oneOf('metadata.name', 'kubernetes')),
    Requirement.noneOf('metadata.namespace', 'default').describedAs('a namespace of the program\'s own'),
  ).notFixable('Which namespace is right has to be decided.'),
  appliesTo: AppliesTo.kinds(
    'Pod', 'ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob',
    'Service', 'Ingress', 'PersistentVolumeClaim',
  ),
  references: [Reference.cis('5.6.4'), Reference.nsa('Namespaces')],
  example: { path: 'metadata.namespace', value: 'default' },
});
