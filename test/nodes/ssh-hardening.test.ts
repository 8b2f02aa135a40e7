import { nodeApp, workerRole } from './node-app';
import { Cni } from '../../src/core/cni';
import { NodeFileKind } from '../../src/core/node-file';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRole } from '../../src/nodes/node-role';
import { OperatingSystem } from '../../src/nodes/operating-system';
import { SshHardening, SshHardeningProps } from '../../src/nodes/ssh-hardening';

const CA = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB users-ca';
const DROP_IN = '/etc/ssh/sshd_config.d/00-hardening.conf';

/** A role in an app of its own, hardened with the properties. */
function hardened(props: Partial<SshHardeningProps> = {}, kind = NodeKind.WORKER, profile: Parameters<typeof nodeApp>[0] = undefined): NodeRole {
  const app = nodeApp(profile);
  const role = new NodeRole(app, 'node', { kind });
  new SshHardening(app, 'ssh', { roles: [role], ...props });
  return role;
}

function dropIn(role: NodeRole): string {
  return role.files.find((file) => file.path === DROP_IN)!.content;
}

describe('SSH hardening of a role', () => {
  test('is a drop-in that sshd reads first and only root can read', () => {
    const role = hardened({ allowedCidrs: ['10.0.0.0/16'] });
    expect(role.files).toHaveLength(1);
    expect(role.files[0]).toMatchObject({ path: DROP_IN, kind: NodeFileKind.RESTRICTED, mode: '0600', owner: 'root', group: 'root' });
    expect(role.packages).toEqual(['openssh-server']);
  });

  test('is made for the OpenSSH of each role\'s operating system', () => {
    const app = nodeApp();
    const roles = [OperatingSystem.DEBIAN_13, OperatingSystem.DEBIAN_12].map((operatingSystem, i) => (
      new NodeRole(app, `role-${i}`, { kind: NodeKind.WORKER, operatingSystem })));
    new SshHardening(app, 'ssh', { roles, allowedCidrs: ['10.0.0.0/16'] });
    expect(roles.map((role) => dropIn(role).includes('PerSourcePenalties'))).toEqual([true, false]);
  });

  test('admits logins from the profile\'s nodes where nothing else is said', () => {
    const role = hardened({}, NodeKind.WORKER, { nodeCidrs: ['10.0.0.0/16', 'fd00:10::/48'] });
    expect(dropIn(role)).toContain('\nAllowUsers *@10.0.0.0/16 *@fd00:10::/48\n');
  });

  test('writes ranges in canonical form, each once', () => {
    expect(dropIn(hardened({ allowedCidrs: ['FD00:0010::/48', 'fd00:10::/48'] }))).toContain('\nAllowUsers *@fd00:10::/48\n');
  });

  test('creates the group, and warns as long as nobody is in it', () => {
    const { commands } = hardened({ allowedCidrs: ['10.0.0.0/16'] });
    expect(commands[0]).toBe('getent group ssh-users >/dev/null || groupadd --system ssh-users');
    expect(commands[1]).toContain('WARNING: no account is listed in ssh-users: nobody may log in by SSH');
  });

  test('adds the named accounts to the first group', () => {
    const role = hardened({ allowedCidrs: ['10.0.0.0/16'], allowGroups: ['admins', 'auditors'], groupMembers: ['debian'] });
    expect(role.commands).toContain('usermod --append --groups admins debian');
    expect(dropIn(role)).toContain('\nAllowGroups admins auditors\n');
  });

  test('removes DSA and ECDSA host keys', () => {
    expect(hardened({ allowedCidrs: ['10.0.0.0/16'] }).commands).toContain(
      'rm -f /etc/ssh/ssh_host_dsa_key /etc/ssh/ssh_host_dsa_key.pub /etc/ssh/ssh_host_ecdsa_key /etc/ssh/ssh_host_ecdsa_key.pub');
  });

  test('reloads sshd last, only if it accepts the configuration and nothing undoes it', () => {
    const { commands } = hardened({ allowedCidrs: ['10.0.0.0/16'] });
    expect(commands.at(-1)).toBe('/usr/sbin/sshd -t && systemctl try-reload-or-restart ssh.service');
    expect(commands.at(-2)).toMatch(/^diff .*'permitrootlogin no'.*sshd -T .*exit 1; }$/);
  });

  test('writes the authorities\' public keys, and trusts them', () => {
    const role = hardened({ allowedCidrs: ['10.0.0.0/16'], trustedUserCaKeys: [CA], certificatesOnly: true });
    const keys = role.files.find((file) => file.path === '/etc/ssh/trusted-user-ca-keys')!;
    expect([keys.content, keys.mode]).toEqual([`${CA}\n`, '0644']);
    expect(dropIn(role)).toContain('\nTrustedUserCAKeys /etc/ssh/trusted-user-ca-keys\nAuthorizedKeysFile none\n');
  });

  test('lets a bastion forward to the named targets', () => {
    const role = hardened({ allowedCidrs: ['10.0.0.0/16'], permitOpen: ['10.0.0.5:22', 'api.prod.internal:6443', '[FD00:0010::1]:22'] }, NodeKind.BASTION);
    expect(dropIn(role)).toContain('\nPermitOpen 10.0.0.5:22 api.prod.internal:6443 [fd00:10::1]:22\n');
  });
});

describe('networks that SSH is never open to', () => {
  const TOO_WIDE = 'allowed: a range no wider than /16 (IPv4) or /32 (IPv6), outside of the NAT64 prefixes. '
    + 'Name the networks that administrators come from: a VPN, an office, the bastion. SSH is never open to the internet.';

  test.each(['0.0.0.0/0', '::/0', '10.0.0.0/8', '10.0.0.0/15', '2001::/16', '2001:db8::/31', '64:ff9b::/96'])('%s', (cidr) => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16', cidr] })).toThrow(new Error(`[ssh] allowedCidrs[1]: got "${cidr}"; ${TOO_WIDE}`));
  });

  test('nodeCidrs of the profile that are too wide, and the error says where they come from', () => {
    expect(() => hardened({}, NodeKind.WORKER, { nodeCidrs: ['172.16.0.0/12'] })).toThrow(new Error(
      `[ssh] allowedCidrs (from the profile's nodeCidrs)[0]: got "172.16.0.0/12"; ${TOO_WIDE}`));
  });

  test.each(['10.0.0.0/16', '2001:db8::/32', '192.0.2.7/32'])('%s is narrow enough', (cidr) => {
    expect(() => hardened({ allowedCidrs: [cidr] })).not.toThrow();
  });

  test('the pods\' network', () => {
    expect(() => hardened({ allowedCidrs: ['10.244.7.0/24'] })).toThrow(new Error(
      '[ssh] allowedCidrs[0]: got "10.244.7.0/24"; allowed: a range without addresses of pods (podCidrs 10.244.0.0/16). '
      + 'Leave the pods\' network out: no workload logs in to a node.'));
  });

  test('where pods share the nodes\' network the two can\'t be told apart by address', () => {
    const profile = { cni: Cni.AWS_VPC, podCidrs: ['10.0.0.0/16'], nodeCidrs: ['10.0.0.0/16'] };
    expect(dropIn(hardened({}, NodeKind.WORKER, profile))).toContain('\nAllowUsers *@10.0.0.0/16\n');
  });
});

describe('bad input for SSH hardening', () => {
  test('no network stated, neither here nor in the profile', () => {
    expect(() => hardened()).toThrow(new Error(
      '[ssh] allowedCidrs: got undefined; allowed: at least one range that logins may come from. State allowedCidrs, or the nodeCidrs of the ClusterProfile.'));
    expect(() => hardened({ allowedCidrs: [] })).toThrow('[ssh] allowedCidrs: got []; allowed: at least one range');
  });

  test('a malformed range', () => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.1'] })).toThrow(/^\[ssh\] allowedCidrs\[0\]: got "10\.0\.0\.1"; allowed: an address range in CIDR notation/);
  });

  test('no role, or one twice', () => {
    const role = workerRole();
    const make = (roles: NodeRole[]) => () => new SshHardening(role, `ssh-${roles.length}`, { roles, allowedCidrs: ['10.0.0.0/16'] });
    const message = (got: string, count: number) => `[worker/ssh-${count}] roles: got ${got}; allowed: at least one role, each once. Name the roles whose machines are hardened.`;
    expect(make([])).toThrow(new Error(message('[]', 0)));
    expect(make([role, role])).toThrow(new Error(message('["worker","worker"]', 2)));
  });

  test('a role of another app', () => {
    expect(() => hardened({ roles: [workerRole()], allowedCidrs: ['10.0.0.0/16'] })).toThrow(new Error(
      '[ssh] roles: got "worker"; allowed: roles of the same app. Harden each app\'s roles in that app.'));
  });

  test('a role that is hardened already', () => {
    const role = hardened({ allowedCidrs: ['10.0.0.0/16'] });
    expect(() => new SshHardening(role, 'again', { roles: [role], allowedCidrs: ['10.0.0.0/16'] })).toThrow(new Error(
      `[node] path: got "${DROP_IN}"; allowed: a path that no other file of the role has. Merge the two files, or move one.`));
  });

  test.each([
    ['allowGroups', [], 'allowGroups', '[]'],
    ['allowGroups', ['ssh-users', '*'], 'allowGroups[1]', '"*"'],
    ['allowGroups', ['a b'], 'allowGroups[0]', '"a b"'],
    ['groupMembers', ['root'], 'groupMembers[0]', '"root"'],
    ['groupMembers', ['$(reboot)'], 'groupMembers[0]', '"$(reboot)"'],
  ])('%s of %j', (property, names, where, shown) => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], [property]: names })).toThrow(new Error(
      `[ssh] ${where}: got ${shown}; allowed: at least one name of useradd(8) other than root, without wildcards. Name who may log in; root never may.`));
  });

  test('a weak authority\'s key', () => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], trustedUserCaKeys: [CA, 'ssh-dss AAAAB3NzaC1kc3MAAAAA'] })).toThrow(
      /^\[ssh\] trustedUserCaKeys\[1\]: got "ssh-dss /);
  });

  test('certificates only, without an authority: nobody could log in', () => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], certificatesOnly: true })).toThrow(new Error(
      '[ssh] certificatesOnly: got true; allowed: true together with trustedUserCaKeys. '
      + 'Give the public key of the certificate authority: without one nobody could log in.'));
  });

  test('forwarding through anything but a bastion', () => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], permitOpen: ['10.0.0.5:22'] })).toThrow(new Error(
      '[ssh] permitOpen: got ["10.0.0.5:22"]; allowed: forwarding on roles of kind bastion only (node is worker). '
      + 'Harden the bastion with an SshHardening of its own.'));
  });

  test.each(['*:22', '10.0.0.5:*', '10.0.0.5', 'fd00::1:22', 'a b:22', '10.0.0.?:22', ''])('forwarding to %j', (target) => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], permitOpen: [target] }, NodeKind.BASTION)).toThrow(new Error(
      `[ssh] permitOpen[0]: got ${JSON.stringify(target)}; allowed: host:port or [IPv6]:port, without wildcards. `
      + 'Name each machine and port that may be reached through the bastion.'));
  });

  test.each([
    ['10.0.0.5:0', '[ssh] permitOpen[0]: got 0; allowed: a whole number from 1 to 65535.'],
    ['10.0.0.5:65536', '[ssh] permitOpen[0]: got 65536; allowed: a whole number from 1 to 65535.'],
    ['-oProxyCommand:22', '[ssh] permitOpen[0]: got "-oProxyCommand"; allowed: a DNS domain'],
    ['10.0.0.256:22', '[ssh] permitOpen[0]: got "10.0.0.256:22"; allowed: a DNS name or an IP address. Correct the address.'],
    ['[10.0.0.5]:22', '[ssh] permitOpen[0]: got "[10.0.0.5]:22"; allowed: an IPv6 address in brackets. Correct the address.'],
  ])('forwarding to %s', (target, message) => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], permitOpen: [target] }, NodeKind.BASTION)).toThrow(message);
  });

  test.each(['169.254.169.254:80', '[fd00:ec2::254]:80'])('forwarding to the metadata service %s', (target) => {
    expect(() => hardened({ allowedCidrs: ['10.0.0.0/16'], permitOpen: [target] }, NodeKind.BASTION)).toThrow(new Error(
      `[ssh] permitOpen[0]: got "${target}"; allowed: a target that is no metadata service: it hands out the bastion's credentials. Take it out.`));
  });
});
