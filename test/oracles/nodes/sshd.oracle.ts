import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { operatingSystemOf, run, scratchFolder } from './write-role';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { OperatingSystem } from '../../../src/nodes/operating-system';
import { SshHardening, SshHardeningProps } from '../../../src/nodes/ssh-hardening';
import { SSHD_DROP_IN } from '../../../src/nodes/sshd-config';
import { nodeApp } from '../../nodes/node-app';
import { describeWith } from '../programs';

function hardened(operatingSystem: OperatingSystem, props: Partial<SshHardeningProps> = {}, kind = NodeKind.WORKER): NodeRole {
  const app = nodeApp();
  const role = new NodeRole(app, 'node', { kind, operatingSystem });
  new SshHardening(app, 'ssh', { roles: [role], allowedCidrs: ['10.0.0.0/16', 'fd00:10::/48'], ...props });
  return role;
}

function dropIn(role: NodeRole): string {
  return role.files.find((file) => file.path === SSHD_DROP_IN)!.content;
}

describeWith(['sshd'], 'a real sshd', ({ sshd }) => {
  let folder: string;
  let system: OperatingSystem;
  beforeAll(() => {
    folder = scratchFolder('sshd');
    system = operatingSystemOf(sshd);
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host_key')]);
    run('mkdir', ['-p', '/run/sshd']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A configuration of the machine's own, with drop-ins in their order. */
  function configuration(...dropIns: string[]): string {
    const paths = dropIns.map((text, i) => {
      const path = join(folder, `drop-in-${i}.conf`);
      writeFileSync(path, text);
      return path;
    });
    const config = join(folder, 'sshd_config');
    writeFileSync(config, [...paths.map((path) => `Include ${path}`), `HostKey ${join(folder, 'host_key')}`, ''].join('\n'));
    return config;
  }

  function check(...dropIns: string[]) {
    return run(sshd, ['-t', '-f', configuration(...dropIns)]);
  }

  function effective(...dropIns: string[]): string[] {
    const { output } = run(sshd, ['-T', '-f', configuration(...dropIns), '-C', 'user=alice,host=office.example,addr=10.0.3.7']);
    return output.split('\n');
  }

  test('accepts the drop-in, and calls nothing in it deprecated or unsupported', () => {
    const { status, output } = check(dropIn(hardened(system)));
    expect(output.split('\n').filter((line) => line !== '' && !/Unable to load host key/.test(line))).toEqual([]);
    expect(status).toBe(0);
  });

  test('accepts it with certificates and with a bastion\'s forwarding', () => {
    const key = run('ssh-keygen', ['-y', '-f', join(folder, 'host_key')]).output.trim();
    const role = hardened(system, { trustedUserCaKeys: [key], certificatesOnly: true, permitOpen: ['10.0.0.5:22', '[fd00:10::1]:22'] }, NodeKind.BASTION);
    expect(check(dropIn(role)).status).toBe(0);
    expect(effective(dropIn(role))).toEqual(expect.arrayContaining([
      'disableforwarding no', 'allowtcpforwarding local', 'permitopen 10.0.0.5:22 [fd00:10::1]:22', 'allowagentforwarding no', 'x11forwarding no',
      'permittunnel no', 'allowstreamlocalforwarding no', 'gatewayports no', 'permitlisten none', 'authorizedkeysfile none',
      'trustedusercakeys /etc/ssh/trusted-user-ca-keys',
    ]));
  });

  test('then permits public keys alone, no root and no forwarding', () => {
    expect(effective(dropIn(hardened(system)))).toEqual(expect.arrayContaining([
      'permitrootlogin no', 'passwordauthentication no', 'kbdinteractiveauthentication no', 'authenticationmethods publickey',
      'hostbasedauthentication no', 'gssapiauthentication no', 'permitemptypasswords no', 'permituserenvironment no', 'disableforwarding yes',
      'maxauthtries 4', 'logingracetime 30', 'loglevel VERBOSE', 'allowgroups ssh-users', 'allowusers *@10.0.0.0/16', 'allowusers *@fd00:10::/48',
    ]));
  });

  test('a later drop-in of the image can\'t undo it; an earlier one could', () => {
    const weak = 'PermitRootLogin yes\nPasswordAuthentication yes\nAuthenticationMethods password\n';
    const ours = dropIn(hardened(system));
    expect(effective(ours, weak)).toEqual(expect.arrayContaining(['permitrootlogin no', 'passwordauthentication no', 'authenticationmethods publickey']));
    expect(effective(weak, ours)).toEqual(expect.arrayContaining(['permitrootlogin yes', 'passwordauthentication yes', 'authenticationmethods password']));
  });

  test('refuses a twin with one unknown key exchange', () => {
    const twin = dropIn(hardened(system)).replace('curve25519-sha256,', 'curve25519-sha257,');
    expect(check(twin)).toMatchObject({ status: 255, output: expect.stringContaining('curve25519-sha257') });
  });

  test('refuses keywords that its version doesn\'t know: the gates are needed', () => {
    if (system.openSshVersion === OperatingSystem.DEBIAN_13.openSshVersion) {
      expect(check('PerSourcePenaltiesOfTheFuture yes\n').status).toBe(255);
    } else {
      const newer = dropIn(hardened(OperatingSystem.DEBIAN_13));
      expect(check(newer.replace(/^PerSourcePenalties .*\n/m, ''))).toMatchObject({ status: 255, output: expect.stringContaining('mlkem768x25519-sha256') });
      expect(check(newer.replace('mlkem768x25519-sha256,', ''))).toMatchObject({ status: 255, output: expect.stringContaining('PerSourcePenalties') });
    }
  });

  test('the role\'s own check passes, and fails where another drop-in admits more users', () => {
    const role = hardened(system);
    const command = role.commands.find((text) => text.startsWith('diff '))!;
    const verify = (...dropIns: string[]) => run('bash', ['-euo', 'pipefail', '-c', command.replace('/usr/sbin/sshd -T', `${sshd} -f ${configuration(...dropIns)} -T`)]);
    expect(verify(dropIn(role))).toEqual({ status: 0, output: '' });
    expect(verify(dropIn(role), 'AllowUsers bob\n')).toMatchObject({ status: 1, output: expect.stringContaining('> allowusers bob') });
    expect(verify('PasswordAuthentication yes\n', dropIn(role)).status).toBe(1);
    expect(verify('Match User root\n  PermitRootLogin yes\n', dropIn(role)).status).toBe(1);
    expect(verify('NoSuchKeyword yes\n', dropIn(role)).status).toBe(1);
  });
});
