import { once } from 'events';
import { mkdirSync, readdirSync } from 'fs';
import { request as httpRequest } from 'http';
import { Socket } from 'net';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { containerImage, IMAGE_PROGRAMS } from './container-images';
import { ImageName, IMAGES } from './images';
import { canMakeMachines, MACHINE_PROGRAMS, NodeMachine } from './machine';
import { CommandResult, Daemon, Response } from '../api-server';
import { PolicyServer, policyServerPrograms } from '../policy-server';
import { describeWith, ProgramName } from '../programs';

const VERSION = '1.33';
const READY_TIMEOUT_MS = 90_000;

/** Those that make pods from other objects, and those without which pods don't start. */
const CONTROLLERS = [
  'namespace-controller', 'root-ca-certificate-publisher-controller', 'resourcequota-controller', 'node-lifecycle-controller', 'garbage-collector-controller',
  'deployment-controller', 'replicaset-controller', 'statefulset-controller', 'daemonset-controller', 'job-controller', 'cronjob-controller',
  'disruption-controller', 'endpointslice-controller', 'persistentvolume-binder-controller', 'ephemeral-volume-controller',
  'persistentvolumeclaim-protection-controller', 'ttl-after-finished-controller',
];

const PROGRAMS: ProgramName[] = [...policyServerPrograms(VERSION), 'kube-scheduler@1.33', ...MACHINE_PROGRAMS, ...IMAGE_PROGRAMS];

/** `describe` for tests on a real node: skipped, or failing with REQUIRE_ORACLES=1, where the machine can't have one. */
export function describeOnNode(title: string, body: () => void): void {
  if (canMakeMachines() || process.env.REQUIRE_ORACLES === '1') {
    describeWith(PROGRAMS, title, body);
  } else {
    describe.skip(`${title} (skipped: needs root, namespaces and the package containernetworking-plugins)`, body);
  }
}

export interface TestNodeOptions {
  /** Configuration of the kubelet. @default - whoever has a certificate of the cluster may do everything */
  readonly kubelet?: object;
  /** Flags of the API server, besides those that the node needs. */
  readonly flags?: Record<string, string>;
}

/** What a container's kernel says about its first process. */
export interface ContainerReport {
  /** Lines of /proc/1/status by name: `{ Uid: '10001 10001 10001 10001', CapEff: '0000000000000000', NoNewPrivs: '1', Seccomp: '2', … }`. */
  readonly status: Record<string, string>;
  readonly mounts: Mount[];
}

export interface Mount {
  readonly path: string;
  readonly type: string;
  /** Of the mount: `ro`, `nosuid`, … */
  readonly options: string[];
  /** Of what is mounted: `size=262144k`, … */
  readonly fileSystem: string[];
}

/** Where a pod, or one of its containers, is. */
export interface PodAddress {
  readonly namespace?: string;
  readonly name: string;
  /** @default - the first */
  readonly container?: string;
}

/**
 * A whole cluster of one real node: `server` is its API server with controllers; scheduler, kubelet, containerd and runc run pods from images
 * that were packed on this machine (`IMAGES`), without pulling anything.
 *
 * Nothing enforces network policies, resolves names or translates Service addresses: reach pods by `http` and `connect`.
 */
export class TestNode {
  /** Resolves once the node takes pods, which takes some 15 seconds; images are built before where they aren't cached. */
  static async start(images: readonly ImageName[], options: TestNodeOptions = {}): Promise<TestNode> {
    if (!canMakeMachines()) {
      throw new Error('a node needs root, namespaces for mounts, processes and networks, and apt-get install containernetworking-plugins');
    }
    const names = [...new Set<ImageName>(['pause', 'probe', ...images])];
    const built = await Promise.all(names.map(name => containerImage(name, IMAGES[name])));
    const references = Object.fromEntries(names.map((name, i) => [name, built[i].reference]));
    const machine = new NodeMachine();
    const node = new TestNode(machine, references);
    try {
      await node.boot(built.map(({ archive }) => archive), options);
    } catch (error) {
      await node.stop();
      throw error;
    }
    return node;
  }

  private readonly daemons: Daemon[] = [];
  private apiServer?: PolicyServer;

  private constructor(readonly machine: NodeMachine, private readonly references: Record<string, string>) {}

  get server(): PolicyServer {
    return this.apiServer!;
  }

  /** The reference by digest of an image that the node was started with. */
  image(name: ImageName): string {
    const reference = this.references[name];
    if (!reference) {
      throw new Error(`the node was started without the image ${name}`);
    }
    return reference;
  }

  /** Applies objects server-side, with strict validation, whatever their order. */
  async apply(objects: readonly unknown[]): Promise<any[]> {
    return this.server.apply(objects);
  }

  /** A volume on the node's disk, which claims without storage class are bound to; `fsGroup` acts on it. */
  async addVolume(name: string, size: string): Promise<void> {
    const path = join(this.machine.folder, 'volumes', name);
    mkdirSync(path);
    await this.apply([{
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: size },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        local: { path },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [this.machine.name] }] }] } },
      },
    }]);
  }

  /** Applies a pod and waits until it's ready. */
  async runPod(pod: any): Promise<any> {
    await this.apply([pod]);
    return this.waitForPod(pod.metadata, 'ready', isReady);
  }

  /** Waits until as many pods as wanted have the labels and are ready, and returns them. */
  async readyPods(namespace: string, labels: Record<string, string>, count = 1): Promise<any[]> {
    const selector = encodeURIComponent(Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(','));
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`;
    return this.poll(async () => (await this.server.request('GET', path)).body.items, (pods) => pods.length === count && pods.every(isReady),
      (pods) => this.complaint(`${count} pods of ${namespace} with ${JSON.stringify(labels)} are not ready`, namespace, pods));
  }

  /** Waits until what the API server says about the pod satisfies the condition, and returns it. */
  async waitForPod({ namespace = 'default', name }: PodAddress, what: string, condition: (pod: any) => boolean): Promise<any> {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    return this.poll(async () => (await this.server.request('GET', path)).body, condition,
      (pod) => this.complaint(`${namespace}/${name} is not ${what}`, namespace, [pod]));
  }

  /** Waits until what the API server answers to a GET of the path satisfies the condition, and returns it. */
  async waitFor(path: string, what: string, condition: (body: any) => boolean): Promise<any> {
    const namespace = /\/namespaces\/([^/]+)/.exec(path)?.[1] ?? 'default';
    return this.poll(async () => (await this.server.request('GET', path)).body, condition,
      (body) => this.complaint(`${path} is not ${what}`, namespace, body.items ?? [body]));
  }

  /** Tells a pod to end, and doesn't wait for it. */
  async remove({ namespace = 'default', name }: PodAddress): Promise<void> {
    await this.server.remove([{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } }]);
  }

  /** Runs a program in a running container; it may fail. */
  async exec({ namespace = 'default', name, container }: PodAddress, command: readonly string[]): Promise<CommandResult> {
    const where = ['exec', '--namespace', namespace, name, ...(container ? ['--container', container] : [])];
    return this.server.kubectl([...where, '--', ...command], { allowFailure: true });
  }

  /** What the kernel says about the first process of a container. */
  async report(pod: PodAddress): Promise<ContainerReport> {
    return JSON.parse(await this.probe(pod, 'report'));
  }

  /** Tries to write each file: why it was refused, '' where it was written. */
  async write(pod: PodAddress, ...paths: string[]): Promise<Record<string, string>> {
    return JSON.parse(await this.probe(pod, 'write', ...paths));
  }

  /**
   * Files and folders that a container has made or changed on its root filesystem, which the pod must leave writable: what a read-only one would
   * have refused.
   */
  async written(pod: PodAddress): Promise<string[]> {
    const { mounts } = await this.report(pod);
    const upper = mounts.find(({ path }) => path === '/')!.fileSystem.find(option => option.startsWith('upperdir='))!.slice('upperdir='.length);
    const paths = readdirSync(this.machine.path(upper), { recursive: true, encoding: 'utf8' }).map(path => `/${path}`);
    return paths.filter(path => !mounts.some(mount => mount.path === path || mount.path.startsWith(`${path}/`))).sort();
  }

  /** Tries to make a file of so many mebibytes: why it failed, '' where it didn't. */
  async fill(pod: PodAddress, path: string, mebibytes: number): Promise<string> {
    return JSON.parse(await this.probe(pod, 'fill', path, String(mebibytes)));
  }

  /** Names in a folder of a container. */
  async list(pod: PodAddress, path: string): Promise<string[]> {
    return (await this.probe(pod, 'list', path)).split('\n').filter(name => name !== '');
  }

  /** What a container has written to its standard output and error. */
  async logs({ namespace = 'default', name, container }: PodAddress, previous = false): Promise<string> {
    const query = new URLSearchParams({ ...(container && { container }), ...(previous && { previous: 'true' }) });
    const { status, body } = await this.server.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log?${query}`, { accept: '*/*' });
    if (status !== 200) {
      throw new Error(`no logs of ${namespace}/${name}: ${status} ${JSON.stringify(body)}`);
    }
    return typeof body === 'string' ? body : JSON.stringify(body);
  }

  /** A GET request to a port of the pod. */
  async http({ namespace = 'default', name }: PodAddress, port: number, path = '/'): Promise<Response> {
    return this.server.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy${path}`, { accept: '*/*' });
  }

  /** A TCP connection to an address in the node's network, for instance a pod's `status.podIP`. */
  async connect(address: string, port: number): Promise<Socket> {
    const request = httpRequest({ socketPath: this.machine.entrance, method: 'CONNECT', path: `${address}:${port}` });
    request.end();
    const [response, socket] = await Promise.race([once(request, 'connect'), once(request, 'response').then(refused => [...refused, undefined])]);
    if (response.statusCode !== 200) {
      throw new Error(`${address}:${port} cannot be reached: ${response.headers['x-reason']}`);
    }
    return socket;
  }

  /** Ends everything and leaves nothing behind. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of [() => this.machine.stop(), ...this.daemons.reverse().map(daemon => () => daemon.stop()), () => this.apiServer?.stop()]) {
      await Promise.resolve(end()).catch(error => failures.push(error));
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  private async boot(archives: readonly string[], { kubelet, flags }: TestNodeOptions): Promise<void> {
    const { machine } = this;
    this.apiServer = await PolicyServer.start({ version: VERSION, controllers: CONTROLLERS, flags: { ...machine.apiServerFlags(), ...flags } });
    const port = Number(new URL(this.server.url).port);
    this.daemons.push(
      new Daemon('relay', ['leave', machine.exit, `127.0.0.1:${port}`], machine.folder),
      new Daemon('kube-scheduler@1.33', [`--kubeconfig=${this.server.kubeconfig}`, '--leader-elect=false', '--secure-port=0'], machine.folder),
    );
    machine.boot({ folder: this.server.folder, port }, this.image('pause'), kubelet);
    await machine.importImages(archives);
    await machine.until('the node', async () => {
      const { status, body } = await this.server.request('GET', `/api/v1/nodes/${machine.name}`);
      return status === 200 && isReady(body) && (body.spec.taints ?? []).length === 0;
    });
  }

  private async probe(pod: PodAddress, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.exec(pod, ['/probe', ...args]);
    if (code !== 0) {
      throw new Error(`/probe ${args.join(' ')} failed in ${pod.name}: ${stderr}`);
    }
    return stdout;
  }

  private async poll<T>(read: () => Promise<T>, condition: (value: T) => boolean, complaint: (value: T) => Promise<string>): Promise<T> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (;;) {
      const value = await read();
      if (condition(value)) {
        return value;
      }
      if (Date.now() > deadline || !this.machine.running) {
        throw new Error(await complaint(value));
      }
      await sleep(200);
    }
  }

  /** With what the API server, the kubelet and the containers have to say. */
  private async complaint(what: string, namespace: string, pods: any[]): Promise<string> {
    const { body } = await this.server.request('GET', `/api/v1/namespaces/${namespace}/events`);
    const events = body.items.filter(({ type }: any) => type !== 'Normal').slice(-10)
      .map(({ involvedObject, reason, message }: any) => `${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`);
    const logs = await Promise.all(pods.filter(pod => pod.kind === 'Pod' || pod.status?.phase).map(async ({ metadata }) =>
      `--- ${metadata.name}:\n${await this.logs(metadata).catch(error => error.message)}`));
    return [what, ...pods.map(({ status }) => JSON.stringify([status?.phase, status?.reason, status?.containerStatuses ?? status])), ...events, ...logs, this.machine.lastLines(5)].join('\n');
  }
}

/** Of a pod or a node. */
function isReady({ status }: any): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }: any) => type === 'Ready' && value === 'True');
}
