import { OperatingSystem } from './operating-system';
import { Cidr } from '../core/cidr';

/** Read before any other drop-in: the first value of a keyword wins, and images bring a `50-cloud-init.conf` (sshd_config(5)). */
export const SSHD_DROP_IN = '/etc/ssh/sshd_config.d/00-hardening.conf';
/** Public keys of the certificate authorities that sshd trusts for users. */
export const TRUSTED_USER_CA_KEYS = '/etc/ssh/trusted-user-ca-keys';

/** What the text of the drop-in depends on; checked by the caller. */
export interface SshdConfigFacts {
  readonly operatingSystem: OperatingSystem;
  readonly allowedCidrs: Cidr[];
  readonly allowGroups: string[];
  readonly trustsUserCa: boolean;
  readonly certificatesOnly: boolean;
  readonly permitOpen: string[];
}

/** The drop-in's text. A keyword that the release's sshd doesn't know would stop it: those depend on its version. */
export function sshdConfig(facts: SshdConfigFacts): string {
  const sections = [algorithms(facts), authentication(facts), access(facts), forwarding(facts), limits(facts)];
  const lines = sections.map((section) => section.map(([keyword, value]) => `${keyword} ${value}\n`).join(''));
  return `# OpenSSH ${facts.operatingSystem.openSshVersion} (${facts.operatingSystem.name}). The first value of a keyword wins: keep this file first.\n\n${lines.join('\n')}`;
}

/** What `sshd -T` has to say where nothing undoes the drop-in, sorted by bytes. */
export function effectiveSettings(facts: SshdConfigFacts): string[] {
  return [
    'permitrootlogin no',
    'passwordauthentication no',
    'kbdinteractiveauthentication no',
    'authenticationmethods publickey',
    ...allowUsers(facts).map((pattern) => `allowusers ${pattern}`),
    ...facts.allowGroups.map((group) => `allowgroups ${group}`),
  ].sort();
}

type Setting = [keyword: string, value: string];

const SIGNATURES = ['ssh-ed25519', 'sk-ssh-ed25519@openssh.com', 'rsa-sha2-512', 'rsa-sha2-256'];
const CERTIFICATES = [
  'ssh-ed25519-cert-v01@openssh.com', 'sk-ssh-ed25519-cert-v01@openssh.com', 'rsa-sha2-512-cert-v01@openssh.com', 'rsa-sha2-256-cert-v01@openssh.com',
];

function algorithms({ operatingSystem }: SshdConfigFacts): Setting[] {
  const keyExchange = [
    ...(operatingSystem._openSshAtLeast(9, 9) ? ['mlkem768x25519-sha256', 'sntrup761x25519-sha512'] : []),
    'sntrup761x25519-sha512@openssh.com', 'curve25519-sha256', 'curve25519-sha256@libssh.org',
  ];
  const hostKeys = [...CERTIFICATES, ...SIGNATURES].filter((name) => !name.startsWith('sk-'));
  return [
    ['KexAlgorithms', keyExchange.join(',')],
    ['Ciphers', 'chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com'],
    ['MACs', 'hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com'],
    ['HostKey', '/etc/ssh/ssh_host_ed25519_key'],
    ['HostKey', '/etc/ssh/ssh_host_rsa_key'],
    ['HostKeyAlgorithms', hostKeys.join(',')],
    ['PubkeyAcceptedAlgorithms', [...CERTIFICATES, ...SIGNATURES].join(',')],
    ['CASignatureAlgorithms', SIGNATURES.join(',')],
    ...(operatingSystem._openSshAtLeast(9, 1) ? [['RequiredRSASize', '3072'] as Setting] : []),
  ];
}

function authentication(facts: SshdConfigFacts): Setting[] {
  return [
    ['PermitRootLogin', 'no'],
    ['AuthenticationMethods', 'publickey'],
    ['PubkeyAuthentication', 'yes'],
    ['PasswordAuthentication', 'no'],
    ['KbdInteractiveAuthentication', 'no'],
    ['GSSAPIAuthentication', 'no'],
    ['HostbasedAuthentication', 'no'],
    ['IgnoreRhosts', 'yes'],
    ['PermitEmptyPasswords', 'no'],
    ['PermitUserEnvironment', 'no'],
    ['PermitUserRC', 'no'],
    ['StrictModes', 'yes'],
    ['UsePAM', 'yes'],
    ...(facts.trustsUserCa ? [['TrustedUserCAKeys', TRUSTED_USER_CA_KEYS] as Setting] : []),
    ...(facts.certificatesOnly ? [['AuthorizedKeysFile', 'none'] as Setting] : []),
  ];
}

function access(facts: SshdConfigFacts): Setting[] {
  return [
    ['AllowUsers', allowUsers(facts).join(' ')],
    ['AllowGroups', facts.allowGroups.join(' ')],
    ['UseDNS', 'no'],
  ];
}

function allowUsers(facts: SshdConfigFacts): string[] {
  return facts.allowedCidrs.map((cidr) => `*@${cidr}`);
}

function forwarding({ permitOpen }: SshdConfigFacts): Setting[] {
  const bastion = permitOpen.length > 0;
  return [
    ['DisableForwarding', bastion ? 'no' : 'yes'],
    ['AllowTcpForwarding', bastion ? 'local' : 'no'],
    ['PermitOpen', bastion ? permitOpen.join(' ') : 'none'],
    ['PermitListen', 'none'],
    ['AllowStreamLocalForwarding', 'no'],
    ['AllowAgentForwarding', 'no'],
    ['X11Forwarding', 'no'],
    ['GatewayPorts', 'no'],
    ['PermitTunnel', 'no'],
  ];
}

function limits({ operatingSystem }: SshdConfigFacts): Setting[] {
  return [
    ['LoginGraceTime', '30'],
    ['MaxAuthTries', '4'],
    ['MaxSessions', '10'],
    ['MaxStartups', '10:30:60'],
    ['ClientAliveInterval', '15'],
    ['ClientAliveCountMax', '3'],
    ['LogLevel', 'VERBOSE'],
    ...(operatingSystem._openSshAtLeast(9, 8)
      ? [['PerSourcePenalties', 'crash:90s authfail:5s noauth:1s grace-exceeded:20s max:10m min:15s'] as Setting] : []),
  ];
}
