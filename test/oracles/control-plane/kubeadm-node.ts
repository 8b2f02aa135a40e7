import { mkdirSync, readFileSync } from 'fs';
import { parse } from 'yaml';
import { Cluster } from '../../control-plane/cluster';
import { programPath } from '../programs';
import { Machine, run } from './machine';

const INIT = '/etc/kubernetes/kubeadm/init.yaml';

/**
 * A control-plane node with our files on which the real kubeadm made certificates, kubeconfigs and manifests from our configuration.
 * Adapted in it: paths; the node's name and address, which kubeadm would take from the machine; no service is started.
 */
export class KubeadmNode extends Machine {
  /** @param prepare what happens between the files' arrival and kubeadm's work */
  constructor(
    cluster: Cluster, private readonly node: { name: string; address: string }, prepare: (node: KubeadmNode) => void = () => undefined,
    private readonly kubeadm: 'kubeadm' | 'kubeadm@1.33' = 'kubeadm',
  ) {
    super();
    this.add(cluster.nodes);
    const init = this.read(INIT)
      .replace('localAPIEndpoint:\n', `localAPIEndpoint:\n  advertiseAddress: ${this.node.address}\n`)
      .replace('nodeRegistration:\n', `nodeRegistration:\n  name: ${this.node.name}\n`);
    this.write(INIT, init);
    run('sh', ['-c', cluster.nodes.commands.filter((command) => !/^(systemctl|sysctl) /.test(command)).map((command) => this.adapt(command)).join('\n')]);
    mkdirSync(this.path('/manifests'));
    prepare(this);
    this.phase('certs', 'all');
    this.phase('kubeconfig', 'all', '--kubeconfig-dir', this.path('/etc/kubernetes'));
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

  /** Runs a phase of `kubeadm init` and returns what it prints. */
  phase(...args: string[]): string {
    return run('env', [`KUBEADM_INIT_DRYRUN_DIR=${this.path('/manifests')}`, programPath(this.kubeadm), 'init', 'phase', ...args, '--config', this.path(INIT)]);
  }
}
