import { parse } from 'yaml';
import { ControlPlane, ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { ControlPlaneInstaller } from '../../../src/control-plane/static-pods/control-plane-installer';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { OperatingSystem } from '../../../src/nodes/operating-system';
import { contentOf, nodeFilesApp } from '../../control-plane/cluster';
import { containerImage } from '../node/container-images';
import { ControlPlaneMachine } from '../node/control-plane-machine';
import { IMAGES } from '../node/images';
import { programPath, ProgramName } from '../programs';

/** The programs of the control plane, of the version whose kubelet is there. */
export const COMPONENTS = {
  'etcd': 'etcd',
  'kube-apiserver': 'kube-apiserver@1.33',
  'kube-controller-manager': 'kube-controller-manager@1.33',
  'kube-scheduler': 'kube-scheduler@1.33',
} satisfies Record<string, ProgramName>;
export type ComponentName = keyof typeof COMPONENTS;
export const COMPONENT_NAMES = Object.keys(COMPONENTS) as ComponentName[];

/**
 * A control plane of one node, installed from our files alone: the role's install script, the scripts that make certificates and keys, the kubelet.
 * Images hold the programs that were built here, under the names that the manifests have for them.
 */
export class StaticPodsNode {
  static async start(props: Partial<ControlPlaneProps> = {}): Promise<StaticPodsNode> {
    const machine = new ControlPlaneMachine();
    const node = new StaticPodsNode(machine, declareStaticPods(machine, '1.33.13', props));
    try {
      await node.boot();
    } catch (error) {
      await machine.stop();
      throw error;
    }
    return node;
  }

  private constructor(readonly machine: ControlPlaneMachine, readonly nodes: NodeRole) {}

  /** A manifest as it is written. */
  manifest(name: ComponentName): any {
    return parse(contentOf(this.nodes, `/etc/kubernetes/manifests/${name}.yaml`));
  }

  /** An object, or a list, as an administrator sees it. */
  async get(...args: string[]): Promise<any> {
    return JSON.parse(await this.machine.kubectl('admin', 'get', '-o', 'json', ...args));
  }

  /** The process that a static pod runs, on the machine. */
  async process(name: ComponentName): Promise<string> {
    return (await this.machine.run('pgrep', '--full', `^${name} `)).trim();
  }

  private async boot(): Promise<void> {
    const { machine, nodes } = this;
    const [pause, probe, ...components] = await Promise.all([
      containerImage('pause', IMAGES.pause),
      containerImage('probe', IMAGES.probe),
      ...COMPONENT_NAMES.map((name) => containerImage(`control-plane-${name}`, {
        copies: { [`/usr/local/bin/${name}`]: programPath(COMPONENTS[name]) }, config: { Env: ['PATH=/usr/local/bin'] },
      })),
    ]);
    await machine.bootEmpty(pause.reference);
    await machine.importImages([pause, probe, ...components].map(({ archive }) => archive));
    for (const [i, name] of COMPONENT_NAMES.entries()) {
      await machine.nameImage(components[i].reference, this.manifest(name).spec.containers[0].image);
    }
    await machine.addFileCapability('/usr/local/bin/kube-apiserver', 'cap_net_bind_service');
    await installStaticPods(machine, nodes);
    await machine.startKubelet(contentOf(nodes, '/etc/systemd/system/kubelet.service'));
    await machine.waitFor('the API server', () => machine.kubectl('super-admin', 'get', '--raw=/readyz'), (text) => text === 'ok');
    await machine.kubectl('super-admin', 'apply', '--filename=/etc/kubernetes/bootstrap-rbac.yaml');
  }
}

/** A control plane of one node, of the minor version that the release belongs to. */
export function declareStaticPods(machine: ControlPlaneMachine, release: string, props: Partial<ControlPlaneProps> = {}): NodeRole {
  const app = nodeFilesApp({ kubernetesVersion: KubernetesVersion.of(release.split('.', 2).join('.')) });
  const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE, operatingSystem: OperatingSystem.DEBIAN_12 });
  new ControlPlane(app, 'kubernetes', {
    nodes,
    installer: ControlPlaneInstaller.STATIC_PODS,
    kubernetesRelease: release,
    etcd: new EtcdTlsConfig({ members: [{ name: machine.name, address: machine.address }] }),
    encryption: SecretsEncryption.secretbox(),
    ...props,
  });
  return nodes;
}

/** Applies the role, and makes certificates and keys as its scripts do. */
export async function installStaticPods(machine: ControlPlaneMachine, nodes: NodeRole): Promise<void> {
  await machine.install(nodes);
  for (const command of [
    'ca first', 'keys first', 'request', `request ${machine.name} super-admin`, `sign /etc/cluster-pki/requests ${machine.name} mine super-admin`,
    'install /etc/cluster-pki/requests',
  ]) {
    await machine.run('cluster-pki', ...command.split(' '));
  }
  await machine.run('secrets-encryption', 'make', 'first');
  await machine.run('secrets-encryption', 'apply');
}
