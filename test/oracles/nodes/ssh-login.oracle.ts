import { existsSync, readFileSync, rmSync, statSync } from 'fs';
import { canMakeMachines, Key, Machine, makeKey } from './machine';
import { run, scratchFolder } from './write-role';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { OperatingSystem } from '../../../src/nodes/operating-system';
import { SshHardening, SshHardeningProps } from '../../../src/nodes/ssh-hardening';
import { nodeApp } from '../../nodes/node-app';
import { describeWith } from '../programs';

const PERMISSIVE = 'PermitRootLogin yes\nPasswordAuthentication yes\nPubkeyAuthentication yes\nPubkeyAcceptedAlgorithms +ssh-rsa\nAllowTcpForwarding yes\n';

const RELEASES = [OperatingSystem.DEBIAN_12, OperatingSystem.DEBIAN_13, OperatingSystem.UBUNTU_22_04, OperatingSystem.UBUNTU_24_04];

/** The operating system of this machine, where it is one that roles can be made for: install.sh refuses another. */
const system = RELEASES.find((candidate) => {
  const release = readFileSync('/etc/os-release', 'utf8').replace(/"/g, '');
  return new RegExp(`^ID=${candidate.osReleaseId}$`, 'm').test(release) && new RegExp(`^VERSION_ID=${candidate.osReleaseVersionId}$`, 'm').test(release);
})!;

const able = system !== undefined && canMakeMachines();
const describeMachines: typeof describeWith = able || process.env.REQUIRE_ORACLES === '1'
  ? describeWith
  : (_, title, body) => describe.skip(`${title} (skipped: needs root, mount namespaces and a known release)`, () => body({} as Parameters<typeof body>[0]));

describeMachines(['sshd'], 'a machine that a role was applied to', () => {
  let folder: string;
  let key: Key;
  let ecdsa: Key;
  let shortRsa: Key;
  let authority: Key;
  const machines: Machine[] = [];

  beforeAll(() => {
    if (!able) {
      throw new Error('these tests need root, mount namespaces and a release that roles can be made for');
    }
    folder = scratchFolder('login');
    key = makeKey(folder, 'key', ['-t', 'ed25519']);
    ecdsa = makeKey(folder, 'ecdsa', ['-t', 'ecdsa']);
    shortRsa = makeKey(folder, 'short-rsa', ['-t', 'rsa', '-b', '2048']);
    authority = makeKey(folder, 'authority', ['-t', 'ed25519']);
  });
  afterAll(async () => {
    await Promise.all(machines.map((machine) => machine.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: { role?: NodeRole; sshdConfig?: string }): Promise<Machine> {
    const machine = await Machine.start({ ...options, keys: [key, ecdsa, shortRsa] });
    machines.push(machine);
    return machine;
  }

  function hardened(props: Partial<SshHardeningProps> = {}, kind = NodeKind.WORKER): NodeRole {
    const app = nodeApp();
    const role = new NodeRole(app, 'node', { kind, operatingSystem: system });
    new SshHardening(app, 'ssh', { roles: [role], allowedCidrs: ['127.0.0.0/16'], groupMembers: ['alice'], ...props });
    return role;
  }

  describe('without the role, as a control', () => {
    let machine: Machine;
    beforeAll(async () => {
      machine = await start({ sshdConfig: PERMISSIVE });
    });

    test('root, passwords, weak keys, any account, any address and forwarding all get in', () => {
      expect(machine.ssh({ user: 'root', key }).output).toMatch(/^root\n/);
      expect(machine.ssh({ user: 'alice', byPassword: true }).output).toMatch(/^alice\n/);
      expect(machine.ssh({ user: 'mallory', key }).output).toMatch(/^mallory\n/);
      expect(machine.ssh({ key: ecdsa }).output).toMatch(/^alice\n/);
      expect(machine.ssh({ key: shortRsa }).output).toMatch(/^alice\n/);
      expect(machine.ssh({ key, options: ['-b', '127.1.0.1'] }).output).toMatch(/^alice\n/);
      expect(machine.ssh({ key, options: ['-o', 'KexAlgorithms=diffie-hellman-group14-sha256'] }).output).toMatch(/^alice\n/);
      expect(machine.ssh({ key, options: ['-W', `127.0.0.1:${machine.port}`] }).output).toContain('SSH-2.0-');
    });
  });

  describe('with the role, over the same permissive configuration of the image', () => {
    let machine: Machine;
    beforeAll(async () => {
      machine = await start({ role: hardened(), sshdConfig: PERMISSIVE });
    });

    test('install.sh ran twice without a warning and asked for a reload each time', () => {
      expect(machine.output).not.toContain('WARNING');
      expect(machine.systemctl).toBe('try-reload-or-restart ssh.service\n'.repeat(2));
    });

    test('files have their modes, and weak host keys are gone', () => {
      expect(statSync(machine.etc('ssh/sshd_config.d/00-hardening.conf')).mode % 0o1000).toBe(0o600);
      expect(existsSync(machine.etc('ssh/ssh_host_ecdsa_key'))).toBe(false);
      expect(existsSync(machine.etc('ssh/ssh_host_ed25519_key'))).toBe(true);
    });

    test('a user of the group gets in by key', () => {
      expect(machine.ssh({ key })).toMatchObject({ status: 0, output: expect.stringMatching(/^alice\n/) });
    });

    test('root does not get in, by key or by the right password', () => {
      expect(machine.ssh({ user: 'root', key })).toMatchObject({ status: 255, output: expect.stringContaining('Permission denied (publickey)') });
      expect(machine.ssh({ user: 'root', byPassword: true })).toMatchObject({ status: 255, output: expect.stringContaining('Permission denied (publickey)') });
    });

    test('the right password does not get in, nor is it asked for', () => {
      expect(machine.ssh({ byPassword: true })).toMatchObject({ status: 255, output: expect.stringContaining('Permission denied (publickey)') });
    });

    test('a user outside of the group does not get in', () => {
      expect(machine.ssh({ user: 'mallory', key })).toMatchObject({ status: 255, output: expect.stringContaining('Permission denied') });
    });

    test('the right key does not get in from another network', () => {
      expect(machine.ssh({ key, options: ['-b', '127.1.0.1'] })).toMatchObject({ status: 255, output: expect.stringContaining('Permission denied') });
    });

    test('an ECDSA key and an RSA key of 2048 bits do not get in', () => {
      expect(machine.ssh({ key: ecdsa })).toMatchObject({ status: 255, output: expect.stringContaining('Permission denied') });
      const short = machine.ssh({ key: shortRsa });
      expect(short.status).toBe(system._openSshAtLeast(9, 1) ? 255 : 0);
    });

    test.each([
      ['key exchange', 'KexAlgorithms=diffie-hellman-group14-sha256'],
      ['cipher', 'Ciphers=aes128-ctr'],
      ['host key', 'HostKeyAlgorithms=ecdsa-sha2-nistp256'],
    ])('a client that knows only a weaker %s finds no common ground', (_, option) => {
      expect(machine.ssh({ key, options: ['-o', option] })).toMatchObject({ status: 255, output: expect.stringContaining('no matching') });
    });

    test('nothing is forwarded', () => {
      expect(machine.ssh({ key, options: ['-W', `127.0.0.1:${machine.port}`] }).output).toMatch(/administratively prohibited|forwarding failed/);
    });
  });

  test('a bastion forwards to the named target and to no other', async () => {
    const target = await start({ sshdConfig: PERMISSIVE });
    const other = await start({ sshdConfig: PERMISSIVE });
    const bastion = await start({ role: hardened({ permitOpen: [`127.0.0.1:${target.port}`] }, NodeKind.BASTION) });
    expect(bastion.ssh({ key, options: ['-W', `127.0.0.1:${target.port}`] }).output).toContain('SSH-2.0-');
    expect(bastion.ssh({ key, options: ['-W', `127.0.0.1:${other.port}`] }).output).toContain('administratively prohibited');
  });

  test('where certificates alone are accepted, a certificate of the authority gets its principal in, and a plain key nobody', async () => {
    const machine = await start({ role: hardened({ trustedUserCaKeys: [authority.publicLine], certificatesOnly: true, allowGroups: ['ssh-users', 'mallory'] }) });
    const sign = (signer: Key, principal: string) => {
      const signed = makeKey(folder, `signed-by-${signer.path.split('/').pop()}-${principal}`, ['-t', 'ed25519']);
      expect(run('ssh-keygen', ['-q', '-s', signer.path, '-I', 'test', '-n', principal, '-V', '+10m', `${signed.path}.pub`]).status).toBe(0);
      return signed;
    };
    const ofAlice = sign(authority, 'alice');
    expect(machine.ssh({ key: ofAlice }).output).toMatch(/^alice\n/);
    expect(machine.ssh({ user: 'mallory', key: ofAlice }).status).toBe(255);
    expect(machine.ssh({ user: 'root', key: sign(authority, 'root') }).status).toBe(255);
    expect(machine.ssh({ key: sign(key, 'alice') }).status).toBe(255);
    expect(machine.ssh({ key }).status).toBe(255);
  });

  test('a machine whose groups are empty says so when the role is applied', async () => {
    const machine = await start({ role: hardened({ groupMembers: undefined }) });
    expect(machine.output).toContain('WARNING: no account is listed in ssh-users: nobody may log in by SSH');
    expect(machine.ssh({ key }).status).toBe(255);
  });

  test('a role of another release is not applied: the machine does not start', async () => {
    const app = nodeApp();
    const wrong = system === OperatingSystem.UBUNTU_22_04 ? OperatingSystem.UBUNTU_24_04 : OperatingSystem.UBUNTU_22_04;
    const role = new NodeRole(app, 'node', { kind: NodeKind.WORKER, operatingSystem: wrong });
    await expect(start({ role })).rejects.toThrow(`these files are for ${wrong.name}: options that another release does not know can stop its programs`);
  });

  test('a role whose drop-in another one undoes is not applied: sshd is not reloaded', async () => {
    await expect(start({ role: hardened(), sshdConfig: 'AllowUsers *' })).rejects.toThrow(
      'sshd: other configuration undoes /etc/ssh/sshd_config.d/00-hardening.conf; see the lines above');
  });
});
