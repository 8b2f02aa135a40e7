import { execFile, spawn } from 'child_process';
import { once } from 'events';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'fs';
import { request as httpRequest } from 'http';
import { request as httpsRequest } from 'https';
import { Socket } from 'net';
import { dirname, join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { connect as tlsConnect, ConnectionOptions } from 'tls';
import { promisify } from 'util';
import { NodeMachine } from './machine';
import { renderFolder } from '../../../src/nodes/folder-renderer';
import { NodeRole } from '../../../src/nodes/node-role';
import { programPath } from '../programs';

const run = promisify(execFile);

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const ADAPTATIONS = 'kubelet.conf.d/90-this-machine.conf';

export interface MachineAnswer {
  readonly status: number;
  readonly body: any;
}

export interface MachineRequest extends ConnectionOptions {
  readonly method?: string;
  readonly body?: unknown;
}

/**
 * A machine on which nothing of Kubernetes runs yet but containerd, with /etc, /usr and /var of its own, to which the files of a role are applied as
 * their install.sh does it, at their real paths, and whose kubelet starts as its service says.
 *
 * What it lacks: systemd (the service's command is read from its file; what `systemctl` is told is written down), a hypervisor's kernel (the sysctls
 * are its own files), registries (images are imported), and what `adaptations` says.
 */
export class ControlPlaneMachine extends NodeMachine {
  private readonly started: string[] = [];

  /** Resolves once containerd listens. */
  async bootEmpty(sandboxImage = 'registry.example/none:test'): Promise<void> {
    this.makeCgroups();
    this.write('containerd.toml', this.containerdConfiguration(sandboxImage));
    this.writeNetworkConfiguration();
    this.enterNamespaces('boot-control-plane.sh', programPath('relay'), this.name, this.address, programPath('kubelet@1.33'), programPath('kubectl'));
    await this.until('containerd', async () => existsSync(join(this.folder, 'containerd.sock')));
  }

  /** Gives an imported image the name that a manifest has for it. */
  async nameImage(reference: string, name: string): Promise<void> {
    // Imported is the tag, and the digest without it.
    await this.ctr('images', 'tag', reference.split('@')[0], name);
  }

  /** Gives a program in the images a capability, as the Kubernetes project does with its own. */
  async addFileCapability(path: string, capability: string): Promise<void> {
    const { stdout } = await run('find', [join(this.path(this.folder), 'containerd'), '-path', `*/fs${path}`]);
    for (const file of stdout.trim().split('\n')) {
      await run(programPath('setcap'), [`${capability}=+ep`, file]);
    }
  }

  /** Applies a role as its folder's script does. */
  async install(role: NodeRole): Promise<void> {
    const folder = join(this.folder, 'role');
    for (const file of renderFolder(role)) {
      mkdirSync(dirname(join(folder, file.path)), { recursive: true });
      writeFileSync(join(folder, file.path), file.content);
      chmodSync(join(folder, file.path), file.mode ?? 0o644);
    }
    await this.run('bash', join(folder, 'install.sh'));
  }

  /** Starts the kubelet by the command of its service, and a folder of adaptations. */
  async startKubelet(unit: string): Promise<void> {
    const value = (text: string, name: string) => new RegExp(`^${name}=(.*)`, 'm').exec(text.replaceAll('\\\n', ' '))![1];
    const [program, ...args] = value(unit, 'ExecStart').replaceAll('%l', this.name).split(/\s+/);
    const environment = await this.run('cat', value(unit, 'EnvironmentFile').replaceAll('%l', this.name));
    if (program !== '/usr/bin/kubelet') {
      throw new Error(`no kubelet: ${program}`);
    }
    mkdirSync(dirname(join(this.folder, ADAPTATIONS)));
    this.write(ADAPTATIONS, this.adaptationsOfControlPlane());
    const expanded = args.map((arg) => arg.replace(/\$\{(\w+)\}/g, (_, name) => value(environment, name)));
    this.write('kubelet-arguments.new', [...expanded, `--config-dir=${dirname(join(this.folder, ADAPTATIONS))}`].join('\n') + '\n');
    await run('mv', [join(this.folder, 'kubelet-arguments.new'), join(this.folder, 'kubelet-arguments')]);
  }

  /** Runs a program on the machine. Rejects with its own words where it fails. */
  async run(command: string, ...args: string[]): Promise<string> {
    try {
      return (await run('nsenter', this.inside(command, args), { maxBuffer: 1 << 26 })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')} failed: ${stderr}${stdout}`);
    }
  }

  /** Starts a program on the machine, which ends with it. What it says goes to a log that `lastLines` shows. */
  start(name: string, command: string, ...args: string[]): void {
    const log = openSync(join(this.folder, `${name}.log`), 'a');
    spawn('nsenter', this.inside(command, args), { stdio: ['ignore', log, log] }).unref();
    closeSync(log);
    this.started.push(name);
  }

  override lastLines(count = 15): string {
    const logs = this.started.map((name) => [name, readFileSync(join(this.folder, `${name}.log`), 'utf8').trimEnd().split('\n').slice(-count)] as const);
    return [super.lastLines(count), ...logs.map(([name, lines]) => [`--- ${name}:`, ...lines].join('\n'))].join('\n');
  }

  /** kubectl on the machine, with one of its kubeconfigs. */
  async kubectl(kubeconfig: string, ...args: string[]): Promise<string> {
    return this.run('kubectl', `--kubeconfig=/etc/kubernetes/${kubeconfig}.conf`, ...args);
  }

  /** Waits until the reading satisfies the condition, and returns it. */
  async waitFor<T>(what: string, read: () => Promise<T>, condition: (value: T) => boolean, seconds = 120): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const value = await read().catch((error: Error) => error);
      if (!(value instanceof Error) && condition(value as T)) {
        return value as T;
      }
      if (Date.now() > deadline || !this.running) {
        const last = value instanceof Error ? value.message : JSON.stringify(value);
        throw new Error(`${what}: ${last.slice(0, 2000)}\n${this.lastLines()}\n${await this.podLogs()}`);
      }
      await sleep(500);
    }
  }

  /** A TCP connection to an address in the machine's network. */
  async connect(address: string, port: number): Promise<Socket> {
    const request = httpRequest({ socketPath: this.entrance, method: 'CONNECT', path: `${address}:${port}` });
    request.end();
    const [response, socket] = await Promise.race([once(request, 'connect'), once(request, 'response').then((refused) => [...refused, undefined])]);
    if (response.statusCode !== 200) {
      throw new Error(`${address}:${port} cannot be reached: ${response.headers['x-reason']}`);
    }
    return socket;
  }

  /** One request over TLS. Rejects where the handshake fails. */
  async request(port: number, path: string, options: MachineRequest = {}, address = '127.0.0.1'): Promise<MachineAnswer> {
    const { method = 'GET', body, ...tls } = options;
    const tunnel = await this.connect(address, port);
    try {
      const socket = tlsConnect({ socket: tunnel, rejectUnauthorized: false, ...tls });
      const request = httpsRequest({ method, path, headers: { 'Host': `${address}:${port}`, 'Content-Type': 'application/json' }, createConnection: () => socket });
      request.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = await once(request, 'response');
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) {
        text += chunk;
      }
      return { status: response.statusCode, body: parsed(text) };
    } finally {
      tunnel.destroy();
    }
  }

  private inside(command: string, args: string[]): string[] {
    return ['--target', this.firstProcess, '--mount', '--net', '--pid', '--uts', '--', 'env', '-i', PATH, 'HOME=/root', command, ...args];
  }

  private async podLogs(): Promise<string> {
    return this.run('bash', '-c', 'shopt -s globstar; for log in /var/log/pods/**/*.log; do echo "--- $log"; tail -n 8 "$log"; done').catch(String);
  }

  /** What this machine lacks or shares with others. Everything else is the role's own configuration. */
  private adaptationsOfControlPlane(): object {
    return {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      containerRuntimeEndpoint: `unix://${join(this.folder, 'containerd.sock')}`,
      // No systemd, and the first version of control groups.
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${this.cgroup}`,
      failCgroupV1: false,
      volumePluginDir: join(this.folder, 'volume-plugins'),
      // The machine's disk belongs to others as well.
      evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'nodefs.inodesFree': '0%', 'imagefs.available': '0%', 'imagefs.inodesFree': '0%' },
      imageGCHighThresholdPercent: 100,
      imageGCLowThresholdPercent: 99,
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
