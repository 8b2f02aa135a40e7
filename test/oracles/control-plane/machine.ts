import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { request as httpsRequest, RequestOptions } from 'https';
import { createServer } from 'net';
import { tmpdir, userInfo } from 'os';
import { dirname, join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { NodeRole } from '../../../src/nodes/node-role';
import { Daemon } from '../api-server';

/**
 * A folder that stands for a node's root: the role's files below it, with their modes. Adapted are the paths in them, which get the folder in
 * front, and owners other than root, which become the user who runs the test.
 */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), 'machine-'));

  add(role: NodeRole): this {
    for (const file of role.files) {
      this.write(file.path, file.content, file.mode);
    }
    return this;
  }

  /** Writes a file at a path of the node and returns where it really lies. */
  write(path: string, content: string, mode = '0600'): string {
    const real = join(this.root, path);
    mkdirSync(dirname(real), { recursive: true });
    writeFileSync(real, this.adapt(content), { mode: parseInt(mode, 8) });
    return real;
  }

  adapt(text: string): string {
    return text
      .replace(/(?<=^|[\s="'])\/(etc|var|usr\/local\/sbin)\//gm, `${this.root}/$1/`)
      .replace(/ (root|etcd)$/gm, ` ${userInfo().username}`);
  }

  path(path: string): string {
    return join(this.root, path);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  /** Permission bits of a file or folder, as `stat` prints them. */
  mode(path: string): string {
    return run('stat', ['-c', '%a', this.path(path)]).trim();
  }

  /** Runs one of the machine's own programs. */
  run(path: string, ...args: string[]): string {
    return run(this.path(path), args);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What a command prints; its own words where it fails. */
export function run(command: string, args: string[], input?: string): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr}${stdout}`);
  }
}

export interface Answer {
  readonly status: number;
  readonly body: any;
}

/** One request over TLS. Rejects where the handshake fails. */
export async function tlsRequest(url: string, options: RequestOptions & { body?: unknown } = {}): Promise<Answer> {
  const { body, ...tls } = options;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { agent: false, headers: { 'Content-Type': 'application/json' }, ...tls }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => text += chunk).on('error', reject).on('end', () => {
        try {
          resolve({ status: response.statusCode!, body: JSON.parse(text) });
        } catch {
          resolve({ status: response.statusCode!, body: text });
        }
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export interface Credentials {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Waits until the request succeeds; fails with the programs' last words if one of them ends first. */
export async function ready(daemons: Daemon[], probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!await probe().catch(() => false)) {
    if (Date.now() > deadline || daemons.some((daemon) => !daemon.running)) {
      throw new Error(daemons.map((daemon) => daemon.lastLines()).join('\n'));
    }
    await sleep(100);
  }
}

/** Waits until a program has ended by itself and returns its last words. */
export async function lastWords(daemon: Daemon): Promise<string> {
  const deadline = Date.now() + 30_000;
  while (daemon.running) {
    if (Date.now() > deadline) {
      await daemon.stop();
      throw new Error(`${daemon.program} still runs:\n${daemon.lastLines()}`);
    }
    await sleep(50);
  }
  return daemon.lastLines(500);
}

/** A folder for a program's log and data. */
export function workFolder(machine: Machine, name: string): string {
  const folder = machine.path(`/work/${name}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return folder;
}

/** Below the range that outgoing connections take their ports from. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (free) {
      await new Promise((resolve) => probe.close(resolve));
      return port;
    }
  }
}
