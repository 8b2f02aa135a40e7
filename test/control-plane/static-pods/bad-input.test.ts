import { staticPods } from './static-pods-cluster';
import { ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { KubeProxyConfig } from '../../../src/control-plane/kubelet/kube-proxy-config';
import { ControlPlaneInstaller } from '../../../src/control-plane/static-pods/control-plane-installer';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { cluster } from '../cluster';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const make = (props: Partial<ControlPlaneProps>) => () => staticPods({}, props);

test('an installer that does not exist', () => {
  expect(make({ installer: 'kops' as never })).toThrow(new Error(
    '[kubernetes] installer: got "kops"; allowed: kubeadm, static-pods. Take a value of ControlPlaneInstaller.'));
});

test('no release, which no one would look up', () => {
  expect(make({ kubernetesRelease: undefined })).toThrow(new Error(
    '[kubernetes] kubernetesRelease: got undefined; allowed: a patch release of 1.36 with ControlPlaneInstaller.STATIC_PODS. '
    + 'Give for instance 1.36.1: the manifests name images, and there is no kubeadm to ask for the newest.'));
});

test('machines that nobody named', () => {
  expect(make({ etcd: new EtcdTlsConfig() })).toThrow(new Error(
    '[kubernetes] etcd.members: got []; allowed: name and address of every control-plane node, where kubeadm does not make the certificates. '
    + 'List them as members of EtcdTlsConfig: certificates carry them.'));
});

test('addresses of two families', () => {
  const members = [{ name: 'cp-1', address: '10.0.16.11' }, { name: 'cp-2', address: 'fd00::12' }];

  expect(make({ etcd: new EtcdTlsConfig({ members }) })).toThrow(new Error(
    '[kubernetes] etcd: got "cp-1 at 10.0.16.11, cp-2 at fd00::12"; allowed: addresses of one family with ControlPlaneInstaller.STATIC_PODS. '
    + 'Give the IPv4 addresses of all machines, or the IPv6 addresses of all.'));
});

test('workers, which would have nothing to join with', () => {
  const withWorkers = () => cluster({}, { installer: ControlPlaneInstaller.STATIC_PODS, kubernetesRelease: '1.36.1' }, false,
    (app) => ({ workers: [new NodeRole(app, 'pool', { kind: NodeKind.WORKER })] }));

  expect(withWorkers).toThrow(new Error(
    '[kubernetes] workers: got ["pool"]; allowed: no roles with ControlPlaneInstaller.STATIC_PODS. '
    + 'Bring the workers\' kubelets their configuration and certificates by your own means, or use ControlPlaneInstaller.KUBEADM: what workers join with here is kubeadm\'s.'));
});

test('a configuration of kube-proxy, which nobody would run', () => {
  expect(make({ kubeProxy: new KubeProxyConfig() })).toThrow(new Error(
    '[kubernetes] kubeProxy: allowed: nothing with ControlPlaneInstaller.STATIC_PODS: it runs no kube-proxy. '
    + 'Leave it out, and run kube-proxy, or what replaces it, as you run the network plugin.'));
});

describe('images', () => {
  test('by tag, which can be moved', () => {
    expect(make({ images: { apiServer: 'registry.acme.internal/kube-apiserver:v1.36.1' } })).toThrow(new Error(
      '[kubernetes] images.apiServer: got "registry.acme.internal/kube-apiserver:v1.36.1"; allowed: an image by digest, without a tag or with v1.36.1. '
      + 'Leave it out for the project\'s own, or add @sha256:…: no admission checks a static pod.'));
  });

  test('of another release', () => {
    expect(make({ images: { scheduler: `registry.k8s.io/kube-scheduler:v1.35.1@${DIGEST}` } })).toThrow(new Error(
      `[kubernetes] images.scheduler: got "registry.k8s.io/kube-scheduler:v1.35.1@${DIGEST}"; allowed: an image by digest, without a tag or with v1.36.1. `
      + 'Leave it out for the project\'s own, or add @sha256:…: no admission checks a static pod.'));
  });

  test('of etcd by tag', () => {
    expect(make({ images: { etcd: 'registry.k8s.io/etcd:3.6.8-0' } })).toThrow(new Error(
      '[kubernetes] images.etcd: got "registry.k8s.io/etcd:3.6.8-0"; allowed: an image by digest. '
      + 'Leave it out for the project\'s own, or add @sha256:…: no admission checks a static pod.'));
  });

  test('of a program that is not there', () => {
    expect(make({ images: { apiserver: `x@${DIGEST}` } as never })).toThrow(new Error(
      '[kubernetes] images.apiserver: allowed: apiServer, controllerManager, scheduler, etcd. Correct or remove it: nobody reads it. Did you mean "apiServer"?'));
  });

  test('for kubeadm, which would not take them', () => {
    expect(make({ installer: ControlPlaneInstaller.KUBEADM, images: {} })).toThrow(new Error(
      '[kubernetes] images: got {}; allowed: nothing with ControlPlaneInstaller.KUBEADM: kubeadm names images by tag. '
      + 'Remove it, or set installer to ControlPlaneInstaller.STATIC_PODS.'));
  });
});
