import { mkdirSync, readFileSync } from 'fs';
import { parse } from 'yaml';
import { Cluster } from '../../control-plane/cluster';
import { programPath } from '../programs';
import { Machine, run } from './machine';

const INIT = '/etc/kubernetes/kubeadm/init.yaml';

/**
 * A control-plane node with our files on which the real kubeadm made certificates, kubeconfigs and manifests from our configuration.
 * Adapted in it: paths; the node's name and address, which kubeadm would take from the machine.
 */
export class KubeadmNode extends Machine {
  constructor(cluster: Cluster, private readonly node: { name: string; address: string }) {
    super();
    this.add(cluster.nodes);
    const init = this.read(INIT)
      .replace('localAPIEndpoint:\n', `localAPIEndpoint:\n  advertiseAddress: ${this.node.address}\n`)
      .replace('\n---\n', `\nnodeRegistration:\n  name: ${this.node.name}\n---\n`);
    this.write(INIT, init);
    run('sh', ['-c', cluster.nodes.commands.map((command) => this.adapt(command)).join('\n')]);
    mkdirSync(this.path('/manifests'));
    this.phase('certs', 'all');
    run(programPath('kubeadm'), ['init', 'phase', 'kubeconfig', 'all', '--config', this.path(INIT), '--kubeconfig-dir', this.path('/etc/kubernetes')]);
    for (const phase of [['etcd', 'local'], ['control-plane', 'apiserver'], ['control-plane', 'controller-manager'], ['control-plane', 'scheduler']]) {
      this.phase(...phase, '--dry-run');
    }
  }

  /** A static pod as kubeadm wrote it. */
  manifest(component: string): any {
    return parse(readFileSync(this.path(`/manifests/${component}.yaml`), 'utf8'));
  }

  /** Its command line without the program. */
  flags(component: string): string[] {
    return this.manifest(component).spec.containers[0].command.slice(1);
  }

  private phase(...args: string[]): void {
    run('env', [`KUBEADM_INIT_DRYRUN_DIR=${this.path('/manifests')}`, programPath('kubeadm'), 'init', 'phase', ...args, '--config', this.path(INIT)]);
  }
}
