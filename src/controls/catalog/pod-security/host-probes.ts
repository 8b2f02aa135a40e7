import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const HOSTS = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop']
  .flatMap((handler) => [`${handler}.httpGet.host`, `${handler}.tcpSocket.host`]);

export const control = new Control({
  id: 'host-probes',
  title: 'Probes and lifecycle hooks address only their own pod',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'The kubelet sends probes and hooks from the node: with a host of their own they reach, in its name, what the pod can\'t.',
  remediation: 'Remove host from the probe or hook: the pod\'s own address is the default.',
  requirement: Requirement.eachContainer(Requirement.allOf(...HOSTS.map((path) => Requirement.absent(path)))),
  references: [Reference.pss('baseline/hostProbesAndHostLifecycle'), Reference.nsa('Pod security enforcement')],
  since: KubernetesVersion.V1_34,
  example: { path: 'spec.containers[0].readinessProbe.httpGet.host', value: '169.254.169.254' },
});
