import { ChildProcess, execFile, execFileSync, spawn } from 'child_process';
import { once } from 'events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { promisify } from 'util';
import { programPath, ProgramName } from '../programs';
import { OPEN_KUBELET } from './open-kubelet';

const run = promisify(execFile);

/** What `NodeMachine` needs, for `describeWith`. */
export const MACHINE_PROGRAMS: ProgramName[] = ['containerd', 'ctr', 'runc', 'ip', 'unshare', 'kubelet@1.33', 'relay', 'openssl'];

const NODE_NAME = 'node-a';
const NODE_ADDRESS = '10.87.0.1';
const POD_CIDR = '10.88.0.0/16';
const SERVICE_ADDRESS = '10.96.0.1';
const CNI_PLUGINS = '/usr/lib/cni';
const CGROUPS = '/sys/fs/cgroup';
const CGROUP_PREFIX = 'cdk8s-hardened-';
const STOP_TIMEOUT_MS = 20_000;

/** Whether this process may make such machines: it needs namespaces and control groups of its own. */
export function canMakeMachines(): boolean {
  if (process.getuid?.() !== 0 || !existsSync(join(CNI_PLUGINS, 'bridge'))) {
    return false;
  }
  try {
    execFileSync('unshare', ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The API server that a machine joins. */
export interface Cluster {
  /** Holds `ca.crt` and `ca.key`. */
  readonly folder: string;
  readonly port: number;
}

/**
 * containerd, runc and a kubelet in namespaces of their own (mounts, processes, network), with their state in a temporary folder. Everything
 * ends with the first process, which ends with the process that started it; only control groups and the folder have to be removed.
 */
export class NodeMachine {
  readonly name = NODE_NAME;
  readonly address = NODE_ADDRESS;
  readonly folder: string;
  /** Unix socket that takes HTTP CONNECT into the machine's network. */
  readonly entrance: string;
  /** Unix socket that the machine reaches its API server by. */
  readonly exit: string;

  protected readonly cgroup: string;
  private init?: ChildProcess;

  constructor() {
    removeLeftovers();
    this.folder = mkdtempSync(join(tmpdir(), `node-${process.pid}-`));
    this.entrance = join(this.folder, 'enter.sock');
    this.exit = join(this.folder, 'leave.sock');
    this.cgroup = CGROUP_PREFIX + basename(this.folder);
  }

  /** Flags of an API server on the outside that let it reach the kubelet and the pods. */
  apiServerFlags(): Record<string, string> {
    const selector = {
      apiVersion: 'apiserver.k8s.io/v1beta1',
      kind: 'EgressSelectorConfiguration',
      egressSelections: [{ name: 'cluster', connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: this.entrance } } } }],
    };
    return {
      'egress-selector-config-file': this.write('egress.json', selector),
      'kubelet-client-certificate': 'admin.crt',
      'kubelet-client-key': 'admin.key',
      'kubelet-preferred-address-types': 'InternalIP',
    };
  }

  /**
   * Starts containerd; the kubelet follows once images are imported.
   * @param kubelet configuration to run it with; of it, what this machine lacks or has elsewhere is replaced, see `adaptations`
   */
  boot(cluster: Cluster, sandboxImage: string, kubelet: object = OPEN_KUBELET): void {
    this.makeCgroups();
    this.writeKubeconfig(cluster);
    this.write('kubelet.json', { ...kubelet, ...this.adaptations(cluster, kubelet) });
    this.write('containerd.toml', this.containerdConfiguration(sandboxImage));
    this.writeNetworkConfiguration();
    this.enterNamespaces('boot.sh', programPath('kubelet@1.33'), programPath('relay'), String(cluster.port), NODE_NAME, NODE_ADDRESS, SERVICE_ADDRESS);
  }

  /** Puts images into containerd, then lets the kubelet start. */
  async importImages(archives: readonly string[]): Promise<void> {
    await this.until('containerd', async () => existsSync(join(this.folder, 'containerd.sock')));
    await this.until('containerd', async () => Boolean(await this.ctr('version')));
    await Promise.all(archives.map(archive => this.ctr('images', 'import', archive)));
    writeFileSync(join(this.folder, 'images-imported'), '');
  }

  /** Where a path of the machine is seen from the outside. */
  path(path: string): string {
    return join('/proc', this.firstProcess, 'root', path);
  }

  /** Waits until the probe resolves with true. @throws Error with the last lines of all logs where it takes too long or the machine ends */
  async until(what: string, probe: () => Promise<boolean>, seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!await probe().catch(() => false)) {
      if (!this.running || Date.now() > deadline) {
        throw new Error(`${what}: ${this.running ? `not ready after ${seconds} s` : 'the machine ended'}\n${this.lastLines()}`);
      }
      await sleep(100);
    }
  }

  /** The end of each of the machine's logs. */
  lastLines(count = 15): string {
    return ['boot', 'relay', 'containerd', 'kubelet'].map(name => join(this.folder, `${name}.log`)).filter(existsSync)
      .map(log => [`--- ${basename(log)}:`, ...readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count)].join('\n')).join('\n');
  }

  get running(): boolean {
    return this.init !== undefined && this.init.exitCode === null && this.init.signalCode === null;
  }

  /** Ends all processes at once and leaves nothing behind. */
  async stop(): Promise<void> {
    if (this.running) {
      const exit = once(this.init!, 'exit');
      this.init!.ref();
      this.init!.kill('SIGKILL');
      await exit;
    }
    await removeCgroup(this.cgroup);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a script of this folder as the machine's first process. Its first argument is the machine's folder. */
  protected enterNamespaces(script: string, ...args: string[]): void {
    const log = openSync(join(this.folder, 'boot.log'), 'a');
    this.init = spawn('setpriv', [
      '--pdeathsig', 'KILL', programPath('unshare'), '--mount', '--net', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc', join(__dirname, script), this.folder, ...args,
    ], { stdio: ['ignore', log, log] });
    closeSync(log);
    this.init.unref();
  }

  /** Its id on the outside. */
  protected get firstProcess(): string {
    const pid = this.init!.pid!;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0];
  }

  protected async ctr(...args: string[]): Promise<string> {
    return (await run(programPath('ctr'), ['--address', join(this.folder, 'containerd.sock'), '--namespace', 'k8s.io', ...args])).stdout;
  }

  /** @returns the file's path */
  protected write(name: string, content: string | object): string {
    const path = join(this.folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return path;
  }

  private writeKubeconfig({ folder, port }: Cluster): void {
    execFileSync(programPath('openssl'), [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/O=system:nodes/CN=system:node:${NODE_NAME}`,
      '-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=clientAuth',
      '-keyout', join(this.folder, 'node.key'), '-out', join(this.folder, 'node.crt'),
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.write('kubelet.kubeconfig', {
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'oracle', cluster: { 'server': `https://127.0.0.1:${port}`, 'certificate-authority': join(folder, 'ca.crt') } }],
      'users': [{ name: 'node', user: { 'client-certificate': join(this.folder, 'node.crt'), 'client-key': join(this.folder, 'node.key') } }],
      'contexts': [{ name: 'oracle', context: { cluster: 'oracle', user: 'node' } }],
      'current-context': 'oracle',
    });
  }

  private adaptations({ folder }: Cluster, kubelet: { authentication?: object }): object {
    return {
      address: NODE_ADDRESS,
      authentication: { ...kubelet.authentication, x509: { clientCAFile: join(folder, 'ca.crt') } },
      containerRuntimeEndpoint: `unix://${join(this.folder, 'containerd.sock')}`,
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${this.cgroup}`,
      failCgroupV1: false,
      resolvConf: '',
      // Nobody resolves names, but says so at once. Without an address, every pod gets a warning a minute.
      clusterDNS: [NODE_ADDRESS],
      volumePluginDir: join(this.folder, 'volume-plugins'),
      staticPodPath: '',
      failSwapOn: false,
      // The machine's disk belongs to others as well.
      evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'nodefs.inodesFree': '0%', 'imagefs.available': '0%', 'imagefs.inodesFree': '0%' },
      // Whether volumes hold more than they may.
      volumeStatsAggPeriod: '5s',
      imageGCHighThresholdPercent: 100,
      imageGCLowThresholdPercent: 99,
    };
  }

  protected containerdConfiguration(sandboxImage: string): string {
    return `version = 2
root = "${this.folder}/containerd"
state = "/run/containerd"
[grpc]
  address = "${this.folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${sandboxImage}"
  restrict_oom_score_adj = true
  enable_unprivileged_ports = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_PLUGINS}"
    conf_dir = "${this.folder}/cni"
[plugins."io.containerd.internal.v1.opt"]
  path = "${this.folder}/opt"
`;
  }

  protected writeNetworkConfiguration(): void {
    mkdirSync(join(this.folder, 'cni'));
    this.write('cni/10-bridge.conflist', {
      cniVersion: '0.4.0',
      name: 'pods',
      plugins: [{
        type: 'bridge', bridge: 'cni0', isGateway: true, hairpinMode: true,
        ipam: { type: 'host-local', dataDir: join(this.folder, 'addresses'), ranges: [[{ subnet: POD_CIDR }]], routes: [{ dst: '0.0.0.0/0' }] },
      }],
    });
  }

  protected makeCgroups(): void {
    for (const cgroup of hierarchies().map(hierarchy => join(hierarchy, this.cgroup))) {
      mkdirSync(cgroup);
      const controllers = join(cgroup, 'cgroup.controllers');
      if (existsSync(controllers)) {
        const enabled = readFileSync(controllers, 'utf8').trim().split(/\s+/).filter(controller => controller !== '');
        writeFileSync(join(cgroup, 'cgroup.subtree_control'), enabled.map(controller => `+${controller}`).join(' '));
      }
      for (const setting of ['cpuset.cpus', 'cpuset.mems']) {
        if (existsSync(join(cgroup, setting)) && !existsSync(controllers)) {
          writeFileSync(join(cgroup, setting), readFileSync(join(cgroup, '..', setting)));
        }
      }
    }
  }
}

/** Every hierarchy of version 1, or the one of version 2. */
function hierarchies(): string[] {
  return existsSync(join(CGROUPS, 'cgroup.controllers')) ? [CGROUPS] : subfolders(CGROUPS).filter(path => existsSync(join(path, 'cgroup.procs')));
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter(each => each.isDirectory()).map(each => join(folder, each.name));
}

/** Removes a control group in all hierarchies. @throws Error if something still runs in it after a while */
async function removeCgroup(name: string): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  for (const cgroup of hierarchies().map(hierarchy => join(hierarchy, name))) {
    while (existsSync(cgroup) && !removed(cgroup)) {
      if (Date.now() > deadline) {
        throw new Error(`the control group ${cgroup} is still in use`);
      }
      await sleep(20);
    }
  }
}

/** What remains of machines whose test was killed: their processes have ended with it. */
function removeLeftovers(): void {
  for (const cgroup of hierarchies().flatMap(subfolders)) {
    const [, folder, owner] = new RegExp(`^${CGROUP_PREFIX}(node-(\\d+)-\\w+)$`).exec(basename(cgroup)) ?? [];
    if (owner && !existsSync(`/proc/${owner}`) && removed(cgroup)) {
      rmSync(join(tmpdir(), folder), { recursive: true, force: true });
    }
  }
}

/** Whether the control group and those below it are gone; none can be removed before its last process has ended. */
function removed(cgroup: string): boolean {
  try {
    subfolders(cgroup).forEach(removed);
    rmdirSync(cgroup);
    return true;
  } catch {
    return false;
  }
}
