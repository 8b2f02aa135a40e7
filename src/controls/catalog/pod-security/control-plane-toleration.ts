import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'control-plane-toleration',
  title: 'Pods don\'t tolerate the control plane\'s taints',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'On a control plane node the way out of a container leads to etcd and the keys of the cluster.',
  remediation: 'Remove the toleration; one without a key tolerates these taints too.',
  requirement: Requirement.each('spec.tolerations', Requirement.allOf(
    Requirement.present('key').describedAs('the key of a taint'),
    Requirement.noneOf('key', 'node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'),
  )).notFixable('Whether the pod has to run on every node, as agents of nodes do, has to be known.'),
  example: {
    path: 'spec.tolerations',
    value: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
    finding: 'spec.tolerations[0].key',
  },
});
