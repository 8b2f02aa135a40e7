import { ChildProcess, spawn, spawnSync } from 'child_process';
import { appendFileSync, chmodSync, chownSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { connect, createServer } from 'net';
import { join } from 'path';
import { Outcome, run, scratchFolder, writeRole } from './write-role';
import { NodeRole } from '../../../src/nodes/node-role';

/** Every account has it, so that only sshd's configuration can refuse it. */
const PASSWORD = 'right-password';

/** Whether this process may make machines: it needs mount namespaces and accounts of its own. */
export function canMakeMachines(): boolean {
  return process.getuid?.() === 0 && run('unshare', ['--mount', 'true']).status === 0;
}

/** A key pair in the client's hands. */
export interface Key {
  readonly path: string;
  readonly publicLine: string;
}

/** How a client logs in. */
export interface Login {
  readonly user?: string;
  readonly key?: Key;
  /** Shows the account's right password in place of a key. */
  readonly byPassword?: boolean;
  readonly options?: string[];
}

/**
 * A machine with /etc, /run and /var/log of its own (a mount namespace), a root account and the users `alice` and `mallory`, on which a
 * role's install.sh has run and sshd listens on loopback, with PAM as the distribution sets it up.
 *
 * Two things differ from a real one: systemctl is a stand-in that logs its arguments, and an sshd that knows penalties for sources exempts
 * loopback, from which all the tests' refused logins come.
 */
export class Machine {
  public static async start(options: { role?: NodeRole; keys: Key[]; sshdConfig?: string }): Promise<Machine> {
    const machine = new Machine(await freePort());
    machine.makeAccounts(options.keys);
    machine.boot(options.role, options.sshdConfig ?? '');
    try {
      await machine.answers();
    } catch (error) {
      await machine.stop();
      throw error;
    }
    return machine;
  }

  private readonly folder = scratchFolder('machine');
  private readonly log: string[] = [];
  private process?: ChildProcess;

  private constructor(public readonly port: number) {
    mkdirSync(this.path('bin'));
    mkdirSync(this.path('private'), { mode: 0o700 });
    cpSync('/etc', this.etc('.'), { recursive: true, verbatimSymlinks: true, filter: (path) => !/^\/etc\/(ssl\/private|ssh\/ssh_host_|shadow|gshadow)/.test(path) });
    writeFileSync(this.path('bin/systemctl'), `#!/bin/sh\necho "$@" >> ${this.path('systemctl.log')}\n`, { mode: 0o755 });
    writeFileSync(this.path('bin/askpass'), `#!/bin/sh\necho ${PASSWORD}\n`, { mode: 0o755 });
  }

  /** What the machine printed: install.sh, then sshd's log. */
  public get output(): string {
    return this.log.join('');
  }

  /** What install.sh asked of systemd. */
  public get systemctl(): string {
    return readFileSync(this.path('systemctl.log'), 'utf8');
  }

  /** A file of the machine's /etc. */
  public etc(path: string): string {
    return this.path(join('private/etc', path));
  }

  /** Runs a command on the machine by SSH. */
  public ssh(login: Login, command: string = 'id -un'): Outcome {
    const authentication = login.byPassword
      ? ['-o', 'PreferredAuthentications=password,keyboard-interactive', '-o', 'NumberOfPasswordPrompts=1']
      : ['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-i', login.key!.path];
    return run('ssh', [
      '-F', 'none', '-p', String(this.port), '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=INFO',
      '-o', 'ConnectTimeout=20', ...authentication, ...(login.options ?? []), `${login.user ?? 'alice'}@127.0.0.1`, command,
    ], { ...process.env, SSH_ASKPASS: this.path('bin/askpass'), SSH_ASKPASS_REQUIRE: 'force', SSH_AUTH_SOCK: '' });
  }

  public async stop(): Promise<void> {
    const { process: child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private makeAccounts(keys: Key[]): void {
    const hash = run('openssl', ['passwd', '-6', '-salt', 'machine', PASSWORD]).output.trim();
    const passwd = readFileSync(this.etc('passwd'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('root:'));
    const shadow = passwd.map((line) => `${line.split(':')[0]}:*:19000:0:99999:7:::`);
    const accounts = [['root', 0], ['alice', 20001], ['mallory', 20002]] as const;
    for (const [name, id] of accounts) {
      const home = this.path(`home-${name}`);
      passwd.push(`${name}:x:${id}:${id}::${home}:/bin/sh`);
      shadow.push(`${name}:${hash}:19000:0:99999:7:::`);
      mkdirSync(join(home, '.ssh'), { recursive: true });
      writeFileSync(join(home, '.ssh/authorized_keys'), keys.map((key) => `${key.publicLine}\n`).join(''), { mode: 0o600 });
      [home, join(home, '.ssh'), join(home, '.ssh/authorized_keys')].forEach((path) => chownSync(path, id, id));
    }
    writeFileSync(this.etc('passwd'), `${passwd.join('\n')}\n`);
    writeFileSync(this.etc('shadow'), `${shadow.join('\n')}\n`, { mode: 0o600 });
    appendFileSync(this.etc('group'), 'alice:x:20001:\nmallory:x:20002:\n');
    ['.pwd.lock', 'passwd.lock', 'group.lock'].forEach((name) => rmSync(this.etc(name), { force: true }));
    chmodSync(this.etc('.'), 0o755);
  }

  private boot(role: NodeRole | undefined, sshdConfig: string): void {
    const install = role && join(writeRole(role, this.path('nodes.out')), 'install.sh');
    writeFileSync(this.path('boot.sh'), [
      'set -euo pipefail',
      `mount --bind ${this.etc('.')} /etc`,
      'mount -t tmpfs -o mode=0755 tmpfs /run',
      'mount -t tmpfs -o mode=0755 tmpfs /var/log',
      'mkdir -p /run/sshd /etc/ssh/sshd_config.d',
      'ssh-keygen -A',
      `cat > /etc/ssh/sshd_config.d/50-image.conf <<'END'\n${sshdConfig}\nEND`,
      // Twice: an applied role may be applied again.
      ...(install ? [`PATH=${this.path('bin')}:$PATH ${install}`, `PATH=${this.path('bin')}:$PATH ${install}`] : []),
      'exempt=()',
      'if /usr/sbin/sshd -T | grep \'^persourcepenalties \' > /dev/null; then exempt=(-o PerSourcePenaltyExemptList=127.0.0.0/8); fi',
      `exec /usr/sbin/sshd -D -e -o ListenAddress=127.0.0.1 -o Port=${this.port} -o PidFile=none "\${exempt[@]}"`,
    ].join('\n'));
    this.process = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', this.path('boot.sh')], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout!.on('data', (data) => this.log.push(String(data)));
    this.process.stderr!.on('data', (data) => this.log.push(String(data)));
  }

  private async answers(): Promise<void> {
    const end = Date.now() + 120_000;
    for (;;) {
      if (Date.now() > end || this.process!.exitCode !== null || this.process!.signalCode !== null) {
        throw new Error(`the machine does not answer:\n${this.output}`);
      }
      if (await isOpen(this.port)) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Makes a key pair: `['-t', 'ed25519']`, `['-t', 'ecdsa']`, … */
export function makeKey(folder: string, name: string, type: string[]): Key {
  const path = join(folder, name);
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', ...type, '-N', '', '-C', name, '-f', path], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`ssh-keygen failed: ${stderr}`);
  }
  return { path, publicLine: readFileSync(`${path}.pub`, 'utf8').trim() };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
