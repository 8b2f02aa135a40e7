import { NodeFileKind } from '../../core/node-file';
import { has } from '../availability';
import { Component } from '../component/component';
import { ControlPlaneModel } from '../control-plane-model';
import { addApiServerBase, addControllerManagerBase, addEtcdBase, addSchedulerBase } from './base-flags';
import { ControlPlaneImages, controlPlaneImages } from './control-plane-images';
import { kubeletFiles, RESTART_IF_CHANGED } from './kubelet-service';
import { mountsOf } from './mounted-files';
import { startDigest } from './start-digest';
import { StaticPod, staticPodYaml } from './static-pod';
import { STATIC_PODS } from './static-pod-paths';
import { checkFamilies, refuseWorkers, requireRelease } from './static-pods-check';
import { ControlPlaneNode } from '../pki/certificate-options';

/** What static pods need to know besides the model. */
export interface StaticPodsChoice {
  /** The control-plane nodes by name and address. */
  readonly machines: ControlPlaneNode[];
  readonly images?: ControlPlaneImages;
}

/**
 * The control plane without kubeadm: a kubelet on every control-plane node that runs it from manifests. Certificates, kubeconfigs and the first
 * bindings are the plan's (`addPkiFiles`).
 */
export function addStaticPods(model: ControlPlaneModel, { machines, images = {} }: StaticPodsChoice): void {
  const { at, profile, nodes } = model;
  const image = controlPlaneImages(images, requireRelease(model), profile, at);
  refuseWorkers(model);
  checkFamilies(model, machines);
  const pods: Omit<StaticPod, 'mounts'>[] = [
    { component: apiServer(model), image: image.apiServer, requests: { cpu: '250m', memory: '512Mi' }, ...apiServerNeeds(model) },
    {
      component: controllerManager(model),
      image: image.controllerManager,
      requests: { cpu: '200m', memory: '128Mi' },
      health: { scheme: 'HTTPS', port: 10257, alive: '/healthz' },
    },
    { component: scheduler(model), image: image.scheduler, requests: { cpu: '100m', memory: '64Mi' }, health: schedulerHealth(model) },
  ];
  if (model.etcd.kind === 'local') {
    addEtcdBase(model.etcd.etcd, model, machines);
    pods.push({
      component: model.etcd.etcd,
      image: image.etcd,
      requests: { cpu: '100m', memory: '128Mi' },
      health: { scheme: 'HTTP', port: 2381, alive: '/livez', ready: '/readyz', started: '/readyz' },
    });
    nodes.addCommand(`install -d -m 0700 -o root -g root ${STATIC_PODS.etcdData}`);
  }
  kubeletFiles(model, machines).forEach((file) => nodes.addFile(file));
  for (const pod of pods) {
    const content = staticPodYaml({ ...pod, mounts: mountsOf(pod.component), startDigest: startDigest(pod.component, model.tokenDiscovery) });
    nodes.addFile({ path: `${STATIC_PODS.manifests}/${pod.component.program}.yaml`, content, kind: NodeFileKind.RESTRICTED });
  }
  nodes.addCommand('systemctl daemon-reload');
  // It starts once certificates are there, or with the machine.
  nodes.addCommand('systemctl enable kubelet.service');
  nodes.addCommand(RESTART_IF_CHANGED);
}

function apiServer(model: ControlPlaneModel): Component {
  addApiServerBase(model.apiServer, model);
  return model.apiServer;
}

function controllerManager(model: ControlPlaneModel): Component {
  addControllerManagerBase(model.controllerManager, model);
  return model.controllerManager;
}

function scheduler(model: ControlPlaneModel): Component {
  addSchedulerBase(model.scheduler, model);
  return model.scheduler;
}

/** The project's kube-apiserver carries this capability on its file: without it the kernel refuses to start the program. */
function apiServerNeeds({ profile }: ControlPlaneModel): Pick<StaticPod, 'capabilities' | 'health'> {
  return { capabilities: ['NET_BIND_SERVICE'], health: { scheme: 'HTTPS', port: profile.apiServerPort, alive: '/livez', ready: '/readyz' } };
}

function schedulerHealth({ profile }: ControlPlaneModel): StaticPod['health'] {
  const health = { scheme: 'HTTPS', port: 10259 } as const;
  return has(profile.kubernetesVersion, 'kube-scheduler livez') ? { ...health, alive: '/livez', ready: '/readyz' } : { ...health, alive: '/healthz' };
}
