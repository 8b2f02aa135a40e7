import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';
import { hostPathBelow } from '../host-paths';

const SOCKET = String.raw`/(docker|dockershim|cri-dockerd|containerd|crio|podman|buildkitd|frakti)\.sock(/|$)`;
const PIPE = String.raw`^\\\\\.\\pipe\\(docker_engine|containerd-containerd)$`;
const RUNTIME_FOLDERS = ['containerd', 'crio', 'docker', 'podman', 'buildkit', 'k3s', 'k0s'].flatMap((name) => [`/run/${name}`, `/var/run/${name}`]);

export const control = new Control({
  id: 'container-runtime-sockets',
  title: 'Pods don\'t mount a container runtime\'s socket',
  severity: Severity.CRITICAL,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'Who may talk to the node\'s container runtime starts privileged containers on it, and so owns the node.',
  remediation: 'Remove the volume: build images with a rootless builder, and read metrics through the kubelet\'s API.',
  requirement: Requirement.each('spec.volumes', Requirement.negation(Requirement.anyOf(
    Requirement.matches('hostPath.path', SOCKET),
    Requirement.matches('hostPath.path', hostPathBelow(...RUNTIME_FOLDERS)),
    Requirement.matches('hostPath.path', PIPE, { ignoreCase: true }),
  )).describedAs('a path without a container runtime\'s socket'))
    .notFixable('Without the volume its mounts dangle; what takes its place has to be chosen.'),
  references: [Reference.cis('5.2.11'), Reference.nsa('Pod security enforcement'), Reference.mitre('T1611')],
  example: {
    compliant: basePodWith({ 'spec.volumes[1]': { name: 'data', hostPath: { path: '/srv/app' } } }),
    path: 'spec.volumes[1].hostPath.path',
    value: '/run/containerd/containerd.sock',
  },
});
