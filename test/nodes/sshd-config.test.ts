import { Cidr } from '../../src/core/cidr';
import { OperatingSystem } from '../../src/nodes/operating-system';
import { effectiveSettings, sshdConfig, SshdConfigFacts } from '../../src/nodes/sshd-config';

const FACTS: SshdConfigFacts = {
  operatingSystem: OperatingSystem.DEBIAN_13,
  allowedCidrs: [Cidr.of('10.0.0.0/16'), Cidr.of('fd00:10::/48')],
  allowGroups: ['ssh-users'],
  trustsUserCa: false,
  certificatesOnly: false,
  permitOpen: [],
};

/** Keyword to values, in order. */
function settings(facts: Partial<SshdConfigFacts> = {}): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const line of sshdConfig({ ...FACTS, ...facts }).split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
    const [keyword, ...rest] = line.split(' ');
    (result[keyword] ??= []).push(rest.join(' '));
  }
  return result;
}

const ALL = [OperatingSystem.DEBIAN_12, OperatingSystem.DEBIAN_13, OperatingSystem.UBUNTU_22_04, OperatingSystem.UBUNTU_24_04];

describe.each(ALL.map((operatingSystem) => [operatingSystem.name, operatingSystem] as const))('on %s', (_, operatingSystem) => {
  const config = settings({ operatingSystem });

  test('root cannot log in, and a public key is the only proof of identity', () => {
    expect(config).toMatchObject({
      PermitRootLogin: ['no'],
      AuthenticationMethods: ['publickey'],
      PubkeyAuthentication: ['yes'],
      PasswordAuthentication: ['no'],
      KbdInteractiveAuthentication: ['no'],
      GSSAPIAuthentication: ['no'],
      HostbasedAuthentication: ['no'],
      PermitEmptyPasswords: ['no'],
    });
  });

  test('logins are limited to the groups and to the networks', () => {
    expect(config.AllowUsers).toEqual(['*@10.0.0.0/16 *@fd00:10::/48']);
    expect(config.AllowGroups).toEqual(['ssh-users']);
    expect(config.UseDNS).toEqual(['no']);
  });

  test('nothing is forwarded', () => {
    expect(config).toMatchObject({
      DisableForwarding: ['yes'], AllowTcpForwarding: ['no'], PermitOpen: ['none'], PermitListen: ['none'], AllowAgentForwarding: ['no'],
      AllowStreamLocalForwarding: ['no'], X11Forwarding: ['no'], GatewayPorts: ['no'], PermitTunnel: ['no'],
    });
  });

  test('no algorithm with SHA-1, CBC, DSA, a NIST curve or a classic Diffie-Hellman group is permitted', () => {
    const names = ['KexAlgorithms', 'Ciphers', 'MACs', 'HostKeyAlgorithms', 'PubkeyAcceptedAlgorithms', 'CASignatureAlgorithms'].flatMap((keyword) => {
      expect(config[keyword]).toHaveLength(1);
      return config[keyword][0].split(',');
    });
    expect(names.filter((name) => /sha1|cbc|dss|nistp|diffie|md5|^ssh-rsa|^hmac-sha2-\d+$/.test(name))).toEqual([]);
  });

  test('every key exchange is on curve 25519, alone or with a post-quantum method, the post-quantum ones first', () => {
    const names = config.KexAlgorithms[0].split(',');
    expect(names.every((name) => /25519-sha(256|512)/.test(name))).toBe(true);
    const firstClassic = names.findIndex((name) => name.startsWith('curve25519'));
    expect(names.slice(0, firstClassic).every((name) => /^(mlkem|sntrup)/.test(name))).toBe(true);
    expect(names.slice(firstClassic).every((name) => name.startsWith('curve25519'))).toBe(true);
  });

  test('host keys are Ed25519 and RSA alone', () => {
    expect(config.HostKey).toEqual(['/etc/ssh/ssh_host_ed25519_key', '/etc/ssh/ssh_host_rsa_key']);
  });

  test('guessing is slow and every use of a key is logged', () => {
    expect(config).toMatchObject({
      MaxAuthTries: ['4'], LoginGraceTime: ['30'], MaxStartups: ['10:30:60'], MaxSessions: ['10'], LogLevel: ['VERBOSE'],
    });
  });
});

describe('a keyword or algorithm that the release\'s sshd does not know would stop it', () => {
  const has = (keyword: string) => ALL.filter((operatingSystem) => keyword in settings({ operatingSystem })).map(String);

  test('PerSourcePenalties needs OpenSSH 9.8', () => {
    expect(has('PerSourcePenalties')).toEqual(['Debian 13']);
  });

  test('RequiredRSASize needs OpenSSH 9.1', () => {
    expect(has('RequiredRSASize')).toEqual(['Debian 12', 'Debian 13', 'Ubuntu 24.04']);
  });

  test('ML-KEM needs OpenSSH 9.9; before it NTRU Prime comes first, by its older name', () => {
    const first = ALL.map((operatingSystem) => settings({ operatingSystem }).KexAlgorithms[0].split(',')[0]);
    expect(first).toEqual([
      'sntrup761x25519-sha512@openssh.com', 'mlkem768x25519-sha256', 'sntrup761x25519-sha512@openssh.com', 'sntrup761x25519-sha512@openssh.com',
    ]);
  });
});

test('a bastion forwards connections to the named targets and nothing else', () => {
  expect(settings({ permitOpen: ['10.0.0.5:22', '[fd00:10::1]:22'] })).toMatchObject({
    DisableForwarding: ['no'], AllowTcpForwarding: ['local'], PermitOpen: ['10.0.0.5:22 [fd00:10::1]:22'], PermitListen: ['none'],
    AllowAgentForwarding: ['no'], AllowStreamLocalForwarding: ['no'], X11Forwarding: ['no'], GatewayPorts: ['no'], PermitTunnel: ['no'],
  });
});

test('user certificates are trusted where an authority is stated, and alone where that is asked for', () => {
  expect(settings()).not.toHaveProperty('TrustedUserCAKeys');
  expect(settings({ trustsUserCa: true })).toMatchObject({ TrustedUserCAKeys: ['/etc/ssh/trusted-user-ca-keys'] });
  expect(settings({ trustsUserCa: true })).not.toHaveProperty('AuthorizedKeysFile');
  expect(settings({ trustsUserCa: true, certificatesOnly: true })).toMatchObject({ AuthorizedKeysFile: ['none'] });
});

test('no keyword but HostKey is said twice: sshd would take the first', () => {
  const repeated = Object.entries(settings({ trustsUserCa: true, certificatesOnly: true })).filter(([, values]) => values.length > 1);
  expect(repeated.map(([keyword]) => keyword)).toEqual(['HostKey']);
});

test('what sshd must say of itself is sorted by bytes, as sort does in the C locale', () => {
  expect(effectiveSettings(FACTS)).toEqual([
    'allowgroups ssh-users',
    'allowusers *@10.0.0.0/16',
    'allowusers *@fd00:10::/48',
    'authenticationmethods publickey',
    'kbdinteractiveauthentication no',
    'passwordauthentication no',
    'permitrootlogin no',
  ]);
});
