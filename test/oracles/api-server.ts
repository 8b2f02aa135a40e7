import { ChildProcess, execFileSync, spawn } from 'child_process';
import { once } from 'events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { Agent, request as httpsRequest } from 'https';
import { createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { programPath, ProgramName } from './programs';

/** What `ApiServer` needs, for `describeWith`. */
export const API_SERVER_PROGRAMS = ['etcd', 'kube-apiserver', 'kubectl', 'openssl'] as const;

const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 20_000;
/** More requests than that at a time wait, so that callers may start thousands at once. */
const MAX_SOCKETS = 16;

export interface ApiServerOptions {
  /** @default - the newest version, `kube-apiserver` */
  readonly program?: ProgramName;
  /** Flags without their dashes that are added to the defaults, or replace them; undefined removes one. */
  readonly flags?: Record<string, string | undefined>;
}

export interface KubectlOptions {
  /** Standard input, for `-f -`. */
  readonly input?: string;
  /** The command must fail: success is an error. */
  readonly expectFailure?: boolean;
  /** The command may fail: the caller looks at `code`. */
  readonly allowFailure?: boolean;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RequestOptions {
  /** Sent as JSON unless it's a string. */
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  /** @default application/json */
  readonly accept?: string;
}

export interface Response {
  readonly status: number;
  /** The parsed JSON; the text where it is none. */
  readonly body: any;
  /** The texts of all `Warning` headers. */
  readonly warnings: string[];
}

/**
 * A real kube-apiserver with its etcd, on loopback, in a temporary folder of its own, with an administrator.
 *
 * There are no controllers. In particular no namespace gets its `default` ServiceAccount, and the API server refuses a pod whose
 * service account doesn't exist: create the ServiceAccount before the pod and name it in the pod. Deployments make no pods: create one
 * from the template to see what admission says. Namespaces are never emptied and removed: use a new name for each test instead.
 * Nothing runs, so Services have no endpoints and pods stay Pending. Act as another user by `kubectl --as` and `--as-group`.
 */
export class ApiServer {
  /** Resolves once the server is ready, which takes some 5 seconds. */
  static async start(options: ApiServerOptions = {}): Promise<ApiServer> {
    return new ApiServer(await freePort()).started(options);
  }

  /** Holds certificates, logs and data; removed by `stop`. */
  readonly folder: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly url: string;

  private readonly daemons: Daemon[] = [];
  private agent?: Agent;

  protected constructor(private readonly port: number) {
    this.folder = mkdtempSync(join(tmpdir(), 'api-server-'));
    this.kubeconfig = join(this.folder, 'kubeconfig');
    this.url = `https://127.0.0.1:${port}`;
  }

  /** Runs kubectl as the administrator. Rejects with the command's own words if it fails, unless the options say otherwise. */
  async kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<CommandResult> {
    const environment = { ...process.env, HOME: this.folder, KUBECONFIG: this.kubeconfig, KUBECACHEDIR: join(this.folder, 'kubectl') };
    const child = spawn(programPath('kubectl'), args, { env: environment });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', text => output.stdout += text);
    child.stderr.setEncoding('utf8').on('data', text => output.stderr += text);
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    const [exitCode] = await once(child, 'close');
    const result = { code: exitCode ?? -1, ...output };

    const failed = result.code !== 0;
    if (failed ? !options.expectFailure && !options.allowFailure : options.expectFailure) {
      throw new Error(`kubectl ${args.join(' ')} ${failed ? `failed with ${result.code}` : 'succeeded'}:\n${result.stderr}${result.stdout}`);
    }
    return result;
  }

  /**
   * One request to the API as the administrator, a hundred times faster than kubectl. Every status resolves.
   *
   * @param path for instance `/api/v1/namespaces/shop/pods?dryRun=All&fieldValidation=Strict`
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { body, contentType = 'application/json', accept = 'application/json' } = options;
    const request = httpsRequest(this.url + path, { method, agent: this.agent, headers: { 'Accept': accept, 'Content-Type': contentType } });
    request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
    }
    return { status: response.statusCode, body: parseJson(text), warnings: (response.headersDistinct.warning ?? []).map(warningText) };
  }

  /** Ends the API server, then etcd, and removes the folder. */
  async stop(): Promise<void> {
    this.agent?.destroy();
    for (const daemon of this.daemons.splice(0).reverse()) {
      await daemon.stop();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Boots what was constructed, or leaves nothing behind. */
  protected async started(options: ApiServerOptions): Promise<this> {
    try {
      await this.boot(options);
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  protected async boot(options: ApiServerOptions): Promise<void> {
    const files = this.writeCertificates();
    const credentials = { ca: readFileSync(files.ca), cert: readFileSync(files.adminCertificate), key: readFileSync(files.adminKey) };
    // Idle sockets end here before the server ends them, so that no request meets a closed one.
    this.agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, timeout: 60_000, ...credentials });
    this.writeKubeconfig(credentials);

    const etcd = this.spawn('etcd', {
      'name': 'oracle',
      'data-dir': 'etcd',
      'listen-client-urls': ETCD_CLIENT,
      'advertise-client-urls': ETCD_CLIENT,
      'listen-peer-urls': ETCD_PEER,
      'initial-advertise-peer-urls': ETCD_PEER,
      'initial-cluster': `oracle=${ETCD_PEER}`,
      'unsafe-no-fsync': 'true',
      'log-level': 'warn',
    });
    await this.waitFor('etcd', [etcd], async () => existsSync(join(this.folder, new URL(ETCD_CLIENT).host)));

    const apiServer = this.spawn(options.program ?? 'kube-apiserver', {
      'etcd-servers': ETCD_CLIENT,
      'bind-address': '127.0.0.1',
      'secure-port': String(this.port),
      'advertise-address': '127.0.0.1',
      'endpoint-reconciler-type': 'none',
      'cert-dir': join(this.folder, 'cert-dir'),
      'tls-cert-file': files.serverCertificate,
      'tls-private-key-file': files.serverKey,
      'client-ca-file': files.ca,
      'authorization-mode': 'Node,RBAC',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': files.serverCertificate,
      'service-account-signing-key-file': files.serverKey,
      'service-cluster-ip-range': '10.96.0.0/16',
      // Without it privileged pods are invalid before any policy sees them.
      'allow-privileged': 'true',
      ...options.flags,
    });
    await this.waitFor('kube-apiserver', [apiServer, etcd], async () =>
      (await this.request('GET', '/readyz')).status === 200 && (await this.request('GET', '/api/v1/namespaces/default')).status === 200);
  }

  protected spawn(program: ProgramName, flags: Record<string, string | undefined>): Daemon {
    const args = Object.entries(flags).filter(([, value]) => value !== undefined).map(([flag, value]) => `--${flag}=${value}`);
    const daemon = new Daemon(program, args, this.folder);
    this.daemons.push(daemon);
    return daemon;
  }

  private async waitFor(what: string, daemons: Daemon[], ready: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!await ready().catch(() => false)) {
      const dead = daemons.find(daemon => !daemon.running);
      if (dead || Date.now() > deadline) {
        const reason = dead ? `${dead.program} ended` : `not ready after ${READY_TIMEOUT_MS / 1000} s`;
        throw new Error([`${what} did not start: ${reason}`, ...daemons.map(daemon => daemon.lastLines())].join('\n'));
      }
      await sleep(50);
    }
  }

  private writeCertificates() {
    const certificate = (name: string, subject: string, ...more: string[]) => execFileSync(programPath('openssl'), [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.crt`, ...more,
    ], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE', '-addext'];
    certificate('ca', '/CN=oracle-ca');
    certificate('server', '/CN=kube-apiserver', ...signed, 'extendedKeyUsage=serverAuth', '-addext', 'subjectAltName=IP:127.0.0.1');
    certificate('admin', '/O=system:masters/CN=oracle-admin', ...signed, 'extendedKeyUsage=clientAuth');
    return {
      ca: join(this.folder, 'ca.crt'),
      serverCertificate: join(this.folder, 'server.crt'),
      serverKey: join(this.folder, 'server.key'),
      adminCertificate: join(this.folder, 'admin.crt'),
      adminKey: join(this.folder, 'admin.key'),
    };
  }

  private writeKubeconfig(credentials: { ca: Buffer; cert: Buffer; key: Buffer }): void {
    const config = {
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'oracle', cluster: { 'server': this.url, 'certificate-authority-data': credentials.ca.toString('base64') } }],
      'users': [{
        name: 'admin',
        user: { 'client-certificate-data': credentials.cert.toString('base64'), 'client-key-data': credentials.key.toString('base64') },
      }],
      'contexts': [{ name: 'oracle', context: { cluster: 'oracle', user: 'admin' } }],
      'current-context': 'oracle',
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config), { mode: 0o600 });
  }
}

/** A long-running program with its log in a file, ended with the process that started it. */
export class Daemon {
  private readonly child: ChildProcess;
  private readonly log: string;
  private readonly kill: () => void;

  constructor(readonly program: ProgramName, args: readonly string[], folder: string) {
    this.log = join(folder, `${program}.log`);
    const path = programPath(program);
    const output = openSync(this.log, 'a');
    // Under jest, `process` is a copy that never emits 'exit', and nothing runs after a SIGKILL: on Linux the kernel sees to it.
    const [command, ...rest] = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', path, ...args] : [path, ...args];
    this.child = spawn(command, rest, { cwd: folder, stdio: ['ignore', output, output] });
    closeSync(output);
    this.child.on('error', error => writeFileSync(this.log, String(error), { flag: 'a' }));
    this.child.unref();
    this.kill = () => this.child.kill('SIGKILL');
    process.once('exit', this.kill);
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it by SIGTERM, and by SIGKILL where that takes too long. */
  async stop(): Promise<void> {
    process.removeListener('exit', this.kill);
    if (!this.running) {
      return;
    }
    this.child.ref();
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const impatience = setTimeout(this.kill, STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(impatience);
  }

  /** The end of its log. */
  lastLines(count = 20): string {
    const lines = readFileSync(this.log, 'utf8').trimEnd().split('\n');
    return [`--- ${this.program}:`, ...lines.slice(-count)].join('\n');
  }
}

const SETPRIV = '/usr/bin/setpriv';

/** Sockets in the working folder need no free ports; etcd wants a host and a port even in their names. */
const ETCD_CLIENT = 'unix://client:0';
const ETCD_PEER = 'unix://peer:0';

/** Below the range that outgoing connections get their ports from, so that none takes it before the server does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const free = await new Promise<boolean>(resolve => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (free) {
      await new Promise(resolve => probe.close(resolve));
      return port;
    }
  }
}

/** `299 - "text"`: in UTF-8, which Node reads as Latin-1, with backslashes before quotes and backslashes. */
function warningText(header: string): string {
  const [, quoted] = /^\d{3} \S+ "([^]*)"$/.exec(Buffer.from(header, 'latin1').toString('utf8')) ?? [];
  if (quoted === undefined) {
    throw new Error(`not a Warning header: ${header}`);
  }
  return quoted.replace(/\\(.)/gs, '$1');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
