import { mkdirSync } from 'fs';
import { parse } from 'yaml';
import { ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { Cluster, cluster, MEMBERS } from '../../control-plane/cluster';
import { Daemon } from '../api-server';
import { programPath } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Answer, Credentials, freePort, ready, run, tlsRequest, workFolder } from './machine';

/** What it needs, for `describeWith`. */
export const KUBEADM_SERVERS = {
  1.37: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubeadm', 'kubectl'],
  1.33: ['etcd', 'kube-apiserver@1.33', 'kube-controller-manager@1.33', 'kube-scheduler@1.33', 'kubeadm@1.33', 'kubectl'],
} as const;

const RELEASES = { 1.37: '1.37.1', 1.33: '1.33.13' };

/**
 * A control plane whose four programs run with the command lines, certificates and kubeconfigs that kubeadm makes of our file. They talk to each
 * other by these alone. Adapted are paths, the node's address, to loopback, and ports, to free ones; the API server, which can't advertise
 * loopback, tells its Service no address.
 */
export class KubeadmServers {
  /** Resolves once all are healthy. */
  static async start(minor: '1.37' | '1.33', props: Partial<ControlPlaneProps> = {}): Promise<KubeadmServers> {
    const servers = new KubeadmServers(minor, await freePort(), props);
    try {
      await servers.boot();
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  readonly made: Cluster;
  /** The same cluster with other properties. */
  readonly declare: (props: Partial<ControlPlaneProps>) => Cluster;
  readonly node: KubeadmNode;
  readonly url: string;
  /** Ports of the controller manager and the scheduler. */
  readonly ports: Record<string, number> = {};
  private readonly daemons: Daemon[] = [];
  private readonly suffix: '' | '@1.33';

  private constructor(minor: '1.37' | '1.33', port: number, props: Partial<ControlPlaneProps>) {
    this.suffix = minor === '1.33' ? '@1.33' : '';
    this.url = `https://127.0.0.1:${port}`;
    const profile = { kubernetesVersion: KubernetesVersion.of(minor), apiServerPort: port, apiEndpoints: [this.url] };
    this.declare = (changed) => cluster(profile, { kubernetesRelease: RELEASES[minor], ...changed }, false, (app) => (
      { workers: [new NodeRole(app, 'worker', { kind: NodeKind.WORKER })] }));
    this.made = this.declare(props);
    this.node = new KubeadmNode(this.made, MEMBERS[0], undefined, `kubeadm${this.suffix}`);
    // The programs of the node itself talk to its own API server.
    for (const name of ['controller-manager', 'scheduler', 'kubelet']) {
      const path = `/etc/kubernetes/${name}.conf`;
      this.node.write(path, this.node.read(path).replaceAll(MEMBERS[0].address, '127.0.0.1'));
    }
  }

  /** The credentials of a kubeconfig that kubeadm made. */
  credentials(name: string): Credentials {
    const { user } = parse(this.node.read(`/etc/kubernetes/${name}.conf`)).users[0];
    const text = (key: string) => Buffer.from(user[key], 'base64').toString();
    return { ca: this.ca, cert: text('client-certificate-data'), key: text('client-key-data') };
  }

  get ca(): string {
    return this.node.read('/etc/kubernetes/pki/ca.crt');
  }

  /** One request to the API, with a certificate or with a token. */
  async api(method: string, path: string, body?: unknown, as: Credentials | string = this.credentials('super-admin')): Promise<Answer> {
    const headers = {
      'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...(typeof as === 'string' ? { Authorization: `Bearer ${as}` } : {}),
    };
    return tlsRequest(this.url + path, { method, body, headers, ...(typeof as === 'string' ? { ca: this.ca } : as) });
  }

  /** The node's own script. The machines that join are this one: here loopback is an address that all of them reach. */
  private get nodeJoinHere(): string {
    return this.node.read('/usr/local/sbin/node-join').replace('https://127.* | ', '');
  }

  /** Runs it, as root does there. */
  nodeJoin(...args: string[]): string {
    return run('env', [...this.environment, 'sh', '-c', this.nodeJoinHere, 'node-join', ...args]);
  }

  /** Runs kubeadm on the node. */
  kubeadm(...args: string[]): string {
    return run('env', [...this.environment, 'kubeadm', ...args]);
  }

  /** The administrator's way around RBAC, for kubeadm. */
  get superAdmin(): string[] {
    return ['--kubeconfig', this.node.path('/etc/kubernetes/super-admin.conf')];
  }

  /** What `kubeadm init` does once the API server runs and the kubelet has registered its node, in its order. */
  async initialize(): Promise<void> {
    const { name } = MEMBERS[0];
    await this.api('POST', '/api/v1/nodes', { metadata: { name, labels: { 'kubernetes.io/hostname': name } } }, this.credentials('kubelet'));
    for (const phase of [['upload-config', 'all'], ['bootstrap-token'], ['addon', 'kube-proxy']]) {
      this.node.phase(...phase, ...this.superAdmin);
    }
  }

  async stop(): Promise<void> {
    for (const daemon of this.daemons.reverse()) {
      await daemon.stop();
    }
    this.node.remove();
  }

  private get environment(): string[] {
    run('ln', ['-sf', programPath('kubectl'), this.node.path('/bin/kubectl')]);
    return this.node.environment;
  }

  private async boot(): Promise<void> {
    const etcdPorts: Record<string, number> = { 2379: await freePort(), 2380: await freePort(), 2381: await freePort() };
    const flags = (component: string) => this.node.flags(component)
      .map((flag) => Object.entries(etcdPorts).reduce((text, [port, free]) => text.replaceAll(`:${port}`, `:${free}`), this.node.adapt(flag)));
    const local = (flag: string) => flag.replaceAll(MEMBERS[0].address, '127.0.0.1');
    mkdirSync(this.node.path('/data'), { mode: 0o700 });
    const etcd = this.start('etcd', [
      ...flags('etcd').map((flag) => local(flag).replace(/^(--listen-client-urls=[^,]+),.*/, '$1').replace(/^--data-dir=.*/, `--data-dir=${this.node.path('/data')}`)),
      '--unsafe-no-fsync=true', '--log-level=warn',
    ]);
    await ready([etcd], async () => (await fetch(`http://127.0.0.1:${etcdPorts[2381]}/readyz`)).status === 200);
    const apiServer = this.start(`kube-apiserver${this.suffix}`, [
      ...flags('kube-apiserver').map((flag) => (flag.startsWith('--etcd-servers=') ? local(flag) : flag)), '--bind-address=127.0.0.1', '--endpoint-reconciler-type=none',
    ]);
    await ready([apiServer, etcd], async () => (await this.api('GET', '/readyz')).status === 200 && (await this.api('GET', '/api/v1/namespaces/default')).status === 200);
    for (const name of ['kube-controller-manager', 'kube-scheduler'] as const) {
      const port = this.ports[name] = await freePort();
      const daemon = this.start(`${name}${this.suffix}`, [...flags(name), `--secure-port=${port}`]);
      await ready([daemon], async () => (await this.health(name)).status === 200);
    }
  }

  /** Health as the kubelet asks for it, without a certificate. */
  async health(name: string, options: object = {}): Promise<Answer> {
    return tlsRequest(`https://127.0.0.1:${this.ports[name]}/healthz`, { rejectUnauthorized: false, ...options });
  }

  private start(program: ConstructorParameters<typeof Daemon>[0], flags: string[]): Daemon {
    const daemon = new Daemon(program, flags, workFolder(this.node, program));
    this.daemons.push(daemon);
    return daemon;
  }
}
