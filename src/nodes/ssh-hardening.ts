import { Construct } from 'constructs';
import { NodeRole } from './node-role';
import { shellQuote } from './shell-quote';
import { checkAllowedCidrs } from './ssh-allowed-cidrs';
import { checkPermitOpen } from './ssh-permit-open';
import { checkPublicKey } from './ssh-public-key';
import { effectiveSettings, SSHD_DROP_IN, sshdConfig, SshdConfigFacts, TRUSTED_USER_CA_KEYS } from './sshd-config';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { NodeFileKind } from '../core/node-file';

/** Who may log in by SSH, and from where. */
export interface SshHardeningProps {
  /** The roles whose machines are hardened. */
  readonly roles: NodeRole[];
  /**
   * Ranges that a login may come from, none wider than /16 (IPv4) or /32 (IPv6). Logins from elsewhere fail, whatever key they show.
   * @default - the profile's `nodeCidrs`; an error where it states none
   */
  readonly allowedCidrs?: string[];
  /**
   * Groups of the machine whose members may log in. They are created where they are missing, and begin empty.
   * @default - ['ssh-users']
   */
  readonly allowGroups?: string[];
  /**
   * Accounts of the image that join the first of those groups, for instance `debian`. They must exist.
   * @default - none: until an account joins one of the groups nobody can log in, and applying the role warns of that
   */
  readonly groupMembers?: string[];
  /**
   * Public keys of the certificate authorities that sign users' short-lived certificates, as lines of `.pub` files: Ed25519, or RSA of at
   * least 3072 bits. A certificate is accepted for the accounts that it names as principals.
   * @default - none: keys are those in the accounts' authorized_keys
   */
  readonly trustedUserCaKeys?: string[];
  /**
   * Whether certificates alone are accepted, and no authorized_keys file is read.
   * @default false
   */
  readonly certificatesOnly?: boolean;
  /**
   * Where connections may be forwarded to (`ssh -J`, `ssh -L`), as `host:port` or `[IPv6]:port`; for roles of kind bastion only.
   * @default - nowhere: all forwarding is off
   */
  readonly permitOpen?: string[];
}

const PROPS: KnownProps<SshHardeningProps> = {
  roles: true, allowedCidrs: true, allowGroups: true, groupMembers: true, trustedUserCaKeys: true, certificatesOnly: true, permitOpen: true,
};

/**
 * Hardens sshd: public keys only, no root, current algorithms only, from stated networks only, no forwarding.
 *
 * Writes `/etc/ssh/sshd_config.d/00-hardening.conf` (0600) for the OpenSSH version of each role's operating system, removes DSA and ECDSA
 * host keys, makes sure that no other configuration undoes the drop-in, and reloads sshd if it accepts the whole. Nothing can switch on
 * root login, passwords or keyboard-interactive authentication.
 *
 * Follows sshd_config(5), sshd(8) and CIS Ubuntu Linux 24.04 LTS Benchmark 1.0.0, section 5.1, but for the banner.
 *
 * @throws if a range is too wide or overlaps the pods' network, a key is weak or private, or forwarding is asked for elsewhere than on a bastion
 */
export class SshHardening extends Construct {
  constructor(scope: Construct, id: string, props: SshHardeningProps) {
    super(scope, id);
    checkProps(props, PROPS, { at: this });
    const roles = this.checkRoles(props.roles);
    const caKeys = (props.trustedUserCaKeys ?? []).map((key, i) => checkPublicKey(key, `trustedUserCaKeys[${i}]`, this));
    const facts = {
      allowedCidrs: checkAllowedCidrs(this, props.allowedCidrs),
      allowGroups: this.checkAccounts('allowGroups', props.allowGroups ?? ['ssh-users']),
      trustsUserCa: caKeys.length > 0,
      certificatesOnly: this.checkCertificatesOnly(props.certificatesOnly ?? false, caKeys),
      permitOpen: checkPermitOpen(this, roles, props.permitOpen ?? []),
    };
    const members = props.groupMembers === undefined ? [] : this.checkAccounts('groupMembers', props.groupMembers);
    roles.forEach((role) => this.contribute(role, { ...facts, operatingSystem: role.operatingSystem }, caKeys, members));
  }

  private contribute(role: NodeRole, facts: SshdConfigFacts, caKeys: string[], members: string[]): void {
    role.addPackage('openssh-server');
    role.addFile({ path: SSHD_DROP_IN, kind: NodeFileKind.RESTRICTED, content: sshdConfig(facts) });
    if (caKeys.length > 0) {
      role.addFile({ path: TRUSTED_USER_CA_KEYS, content: `${caKeys.join('\n')}\n` });
    }
    [...groupCommands(facts.allowGroups, members), ...HOST_KEY_COMMANDS, ...applyCommands(facts)].forEach((command) => role.addCommand(command));
  }

  private checkRoles(roles: NodeRole[]): NodeRole[] {
    if (roles.length === 0 || new Set(roles).size !== roles.length) {
      throw invalid({
        at: this, property: 'roles', got: roles.map((role) => role.roleName), allowed: 'at least one role, each once', fix: 'Name the roles whose machines are hardened.',
      });
    }
    const stranger = roles.find((role) => role.node.root !== this.node.root);
    if (stranger) {
      throw invalid({ at: this, property: 'roles', got: stranger.node.path, allowed: 'roles of the same app', fix: 'Harden each app\'s roles in that app.' });
    }
    return roles;
  }

  private checkAccounts(property: string, names: string[]): string[] {
    const bad = names.findIndex((name) => typeof name !== 'string' || !/^[a-z_][a-z0-9_-]{0,31}$/.test(name) || name === 'root');
    if (names.length === 0 || bad >= 0) {
      throw invalid({
        at: this, property: bad >= 0 ? `${property}[${bad}]` : property, got: bad >= 0 ? names[bad] : names,
        allowed: 'at least one name of useradd(8) other than root, without wildcards', fix: 'Name who may log in; root never may.',
      });
    }
    return [...new Set(names)];
  }

  private checkCertificatesOnly(certificatesOnly: boolean, caKeys: string[]): boolean {
    if (certificatesOnly && caKeys.length === 0) {
      throw invalid({
        at: this, property: 'certificatesOnly', got: true, allowed: 'true together with trustedUserCaKeys',
        fix: 'Give the public key of the certificate authority: without one nobody could log in.',
      });
    }
    return certificatesOnly;
  }
}

function groupCommands(groups: string[], members: string[]): string[] {
  const names = groups.map(shellQuote).join(' ');
  return [
    ...groups.map((group) => `getent group ${shellQuote(group)} >/dev/null || groupadd --system ${shellQuote(group)}`),
    ...members.map((member) => `usermod --append --groups ${shellQuote(groups[0])} ${shellQuote(member)}`),
    `getent group ${names} | grep ':[^:][^:]*$' >/dev/null || echo 'WARNING: no account is listed in ${groups.join(', ')}: nobody may log in by SSH' >&2`,
  ];
}

/** Diffie-Hellman groups of /etc/ssh/moduli need no care: no key exchange that reads them is permitted. */
const HOST_KEY_COMMANDS = [
  'rm -f /etc/ssh/ssh_host_dsa_key /etc/ssh/ssh_host_dsa_key.pub /etc/ssh/ssh_host_ecdsa_key /etc/ssh/ssh_host_ecdsa_key.pub',
  'test -s /etc/ssh/ssh_host_ed25519_key || ssh-keygen -q -t ed25519 -N \'\' -f /etc/ssh/ssh_host_ed25519_key',
  'test -s /etc/ssh/ssh_host_rsa_key || ssh-keygen -q -t rsa -b 3072 -N \'\' -f /etc/ssh/ssh_host_rsa_key',
];

function applyCommands(facts: SshdConfigFacts): string[] {
  const wanted = effectiveSettings(facts);
  const keywords = [...new Set(wanted.map((line) => line.split(' ')[0]))];
  const expected = `printf '%s\\n' ${wanted.map((line) => `'${line}'`).join(' ')}`;
  const actual = `/usr/sbin/sshd -T -C user=root,host=localhost,addr=127.0.0.1 | grep -E '^(${keywords.join('|')}) ' | LC_ALL=C sort`;
  return [
    'install -d -m 0755 /run/sshd',
    `diff <(${expected}) <(${actual}) >&2 || { echo 'sshd: other configuration undoes ${SSHD_DROP_IN}; see the lines above' >&2; exit 1; }`,
    '/usr/sbin/sshd -t && systemctl try-reload-or-restart ssh.service',
  ];
}
