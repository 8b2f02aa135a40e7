import { mkdirSync, readFileSync, symlinkSync } from 'fs';
import { parse } from 'yaml';
import { Cluster } from '../../control-plane/cluster';
import { programPath } from '../programs';
import { Machine, run } from './machine';

const HERE = '/usr/local/sbin/kubeadm-here';

/**
 * A control-plane node with our files on which the real kubeadm made certificates, kubeconfigs and manifests from our configuration.
 * Adapted in it: paths; the machine's own name and address, which are what `hostname` and `ip` say in it; no service is started.
 */
export class KubeadmNode extends Machine {
  /** @param prepare what happens between the files' arrival and kubeadm's work */
  constructor(
    cluster: Cluster, node: { name: string; address: string }, prepare: (node: KubeadmNode) => void = () => undefined,
    kubeadm: 'kubeadm' | 'kubeadm@1.33' = 'kubeadm',
  ) {
    super();
    this.install(cluster);
    this.write('/bin/hostname', `#!/bin/sh\necho ${node.name}\n`, '0700');
    this.write('/bin/ip', `#!/bin/sh\n[ "$*" != '-o address show to ${node.address}' ] || echo 'eth0 ${node.address}'\n`, '0700');
    symlinkSync(programPath(kubeadm), this.path('/bin/kubeadm'));
    mkdirSync(this.path('/manifests'));
    prepare(this);
    this.phase('certs', 'all');
    this.phase('kubeconfig', 'all', '--kubeconfig-dir', this.path('/etc/kubernetes'));
    this.phase('etcd', 'local', '--dry-run');
    this.phase('control-plane', 'all', '--dry-run');
  }

  /** Files and commands of the role, as install.sh brings them. */
  install(cluster: Cluster): void {
    this.add(cluster.nodes);
    run('sh', ['-c', cluster.nodes.commands.filter((command) => !/^(systemctl|sysctl) /.test(command)).map((command) => this.adapt(command)).join('\n')]);
  }

  /** A static pod as kubeadm wrote it. */
  manifest(component: string): any {
    return parse(readFileSync(this.path(`/manifests/${component}.yaml`), 'utf8'));
  }

  /** Its command line without the program. */
  flags(component: string): string[] {
    return this.manifest(component).spec.containers[0].command.slice(1);
  }

  /** Runs a phase of `kubeadm init` as on the node, by `kubeadm-here`, and returns what it prints. */
  phase(...args: string[]): string {
    return this.here('init', 'phase', ...args);
  }

  /** Runs `kubeadm-here`. */
  here(...args: string[]): string {
    return run('env', [...this.environment, this.path(HERE), ...args]);
  }

  /** Variables for programs of the node. */
  get environment(): string[] {
    return [`PATH=${this.path('/bin')}:${process.env.PATH}`, `HOME=${this.root}`, `KUBEADM_INIT_DRYRUN_DIR=${this.path('/manifests')}`, `TMPDIR=${this.root}`];
  }
}
