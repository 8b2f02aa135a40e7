import { catalogControls } from '../../../src/controls/catalog';
import { basePodWith } from '../../../src/controls/catalog/base-pod';
import { control as persistentVolumes } from '../../../src/controls/catalog/pod-security/host-path-persistent-volumes';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const CONTROLS = catalogControls().filter(({ id }) => ['sensitive-host-paths', 'container-runtime-sockets'].includes(id));

function speaking(path: string): string[] {
  const pod = basePodWith({ 'spec.volumes': [{ name: 'data', hostPath: { path } }] });
  return findings(CONTROLS, KubernetesVersion.V1_37, pod).map((finding) => finding.split(':')[0]);
}

describe('a hostPath volume', () => {
  test.each([
    '/', '//', '/.', '/./', '/etc', '/etc/', '//etc', '/./etc', '/etc/kubernetes/pki', '/proc', '/proc/1', '/sys/fs/cgroup', '/dev/sda', '/boot', '/root/.ssh', '/home', '/usr/bin',
    '/var', '/var/', '/var/lib', '/var//lib/./', '/var/lib/kubelet', '/var/lib/kubelet/pods', '/var/./lib//kubelet', '/var/lib/etcd', '/var/lib/docker', '/run', '/var/run',
    '/opt', '/opt/cni/bin', '/var/log', '/var/log/', '/var/lib/cloud/instance', '/srv/../etc', '/srv/..', 'C:\\', 'c:/', 'C:\\Windows\\System32', 'C:\\ProgramData\\kubernetes', 'C:\\k',
  ])('of %s is one of what the node lives on', (path) => {
    expect(speaking(path)).toEqual(['sensitive-host-paths']);
  });

  test.each([
    '/run/docker.sock', '/var/run/docker.sock', '/var/run/docker.sock/', '/var/run//docker.sock', '/run/containerd/containerd.sock', '/run/containerd', '/run/./containerd/',
    '/run/crio/crio.sock', '/var/run/crio', '/run/cri-dockerd.sock', '/run/k3s/containerd/containerd.sock', '/run/k0s/containerd.sock', '/run/podman/podman.sock',
    '/var/snap/microk8s/common/run/containerd.sock', '/run/user/1000/podman/podman.sock', '/run/buildkit/buildkitd.sock', '\\\\.\\pipe\\docker_engine',
    '\\\\.\\pipe\\Containerd-Containerd',
  ])('of %s is one of a container runtime\'s socket', (path) => {
    expect(speaking(path)).toEqual(['container-runtime-sockets']);
  });

  test.each([
    '/srv/app', '/data', '/mnt/disks/ssd1', '/var/log/pods', '/var/lib/app', '/var/libraries', '/etcetera', '/opt/app', '/optical', '/run/app', '/var/run/app.sock',
    '/rooted', '/libs', '/home2', '/srv/etc', '/srv/docker.socket', '/run/docker-proxy', '/run/containerd-shim.log', '/..data', '/srv/a..b', 'D:\\data', 'C:\\data',
    '\\\\.\\pipe\\app',
  ])('of %s is neither', (path) => {
    expect(speaking(path)).toEqual([]);
  });
});

describe('a PersistentVolume', () => {
  const volume = (spec: object) => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'app' }, spec });
  const spoken = (spec: object) => findings([persistentVolumes], KubernetesVersion.V1_37, volume(spec));

  test('is no path of the host', () => {
    expect(spoken({ hostPath: { path: '/srv/app' } })).toEqual(['host-path-persistent-volumes: spec.hostPath']);
  });

  test.each(['/', '/etc/kubernetes', '/var/lib/kubelet/pods', '/var//lib/etcd', '/srv/../etc', '/dev/sda'])('is no local path such as %s, which the node lives on', (path) => {
    expect(spoken({ local: { path } })).toEqual(['host-path-persistent-volumes: spec.local.path']);
  });

  test.each(['/mnt/disks/ssd1', '/srv/app'])('may be a local disk at %s', (path) => {
    expect(spoken({ local: { path } })).toEqual([]);
  });
});
