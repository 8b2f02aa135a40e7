/** A form that secrets have, and what an error calls it. */
interface SecretForm {
  readonly what: string;
  readonly patterns: RegExp[];
}

/*
 * Only forms that can't well be anything else: sshd_config and PAM speak of passwords and tokens too. A form without a prefix of its own
 * needs the name before it. Every repetition is bounded or can't start over within itself, so that a text takes time in proportion to its
 * length; a pattern for two words anywhere is anchored for that reason.
 */
const FORMS: SecretForm[] = [
  {
    what: 'a private key',
    patterns: [
      /-{4,5} ?BEGIN [A-Z0-9 ]{0,64}PRIVATE KEY( BLOCK)? ?-{4,5}/,
      anyBase64Of('PRIVATE KEY-----', 'PRIVATE KEY BLOCK-----'),
      // The same keys without their PEM lines: PKCS #8 (RFC 5208) of RSA, EC and Curve25519, PKCS #1, SEC 1, OpenSSH.
      /\bMII[A-Za-z0-9+/]{3}IBADANBgkqhkiG9w0BAQEFAAS/,
      /\bMI[GH][A-Za-z0-9+/]AgEAM[A-Za-z0-9+/]{3}ByqGSM49AgEG/,
      /\bMC4CAQAwBQYDK2V[uw]BCIEI[A-Za-z0-9+/]{43}/,
      /\bMII[A-Za-z0-9+/]{3}IBAAKC(AQEA|AYEA|AgEA)/,
      /\bMHcCAQEEI[A-Za-z0-9+/]{43}oAoGCCqGSM49/,
      /\bMI(GkAgEBBD|HcAgEBBEI)[A-Za-z0-9+/]{40}/,
      /\bb3BlbnNzaC1rZXktdjE/,
      /AGE-SECRET-KEY-1[A-Z0-9]/,
      /PuTTY-User-Key-File-\d/,
      /\bPrivateKey[ \t]{0,8}=[ \t]{0,8}[A-Za-z0-9+/]{43}=/,
      /^(?=[^]*"kty"\s{0,8}:)[^]*"d"\s{0,8}:\s{0,8}"[\w-]{42}/,
    ],
  },
  {
    what: 'a bootstrap token',
    patterns: [
      /token(?:[ \t]{1,8}create)?["'\\]{0,2}[\s:=]{1,8}["'\\]{0,2}[a-z0-9]{6}\.[a-z0-9]{16}\b/i,
      /token-secret["']?[ \t]{0,8}[:=][ \t]{0,8}["']?[A-Za-z0-9]{16}/i,
      /\bK10[0-9a-f]{64}::/,
    ],
  },
  { what: 'a kubeadm certificate key', patterns: [/certificate-?key["']?[\s:=]{1,8}["']?[0-9a-f]{64}\b/i] },
  {
    what: 'an encryption key',
    // Keys of 16, 24 and 32 bytes: AES and secretbox.
    patterns: [
      /^(?=[^]*\bEncryptionConfiguration\b)[^]*\bsecret["']?[ \t]{0,8}:[ \t]{0,8}["']?([\w+/]{22}==|[\w+/]{32}|[\w+/]{43}=)(?![\w+/=])/,
    ],
  },
  {
    what: 'an AWS access key',
    patterns: [
      /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
      /aws[_-]?secret[_-]?access[_-]?key["'\\]{0,2}[ \t]{0,8}[=:][ \t]{0,8}["'\\]{0,2}[A-Za-z0-9/+]/i,
      /secret[_-]?(access[_-]?)?key["'\\]{0,2}[ \t]{0,8}[=:][ \t]{0,8}["'\\]{0,2}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
      /aws[_-]?session[_-]?token["'\\]{0,2}[ \t]{0,8}[=:][ \t]{0,8}["'\\]{0,2}[A-Za-z0-9/+]{16}/i,
    ],
  },
  {
    what: 'a cloud credential',
    patterns: [
      /\bAIza[0-9A-Za-z_-]{35}/,
      /\bGOCSPX-[\w-]{28}/,
      /\bya29\.[\w-]{20}/,
      /\bAccountKey=[A-Za-z0-9+/]{86}==/i,
      /(?<![\w.~-])[\w.~]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/,
      /hcloud[_-]?token["']?[ \t]{0,8}[=:][ \t]{0,8}["']?[A-Za-z0-9]{64}\b/i,
      /\bdo[opr]_v1_[0-9a-f]{64}\b/,
      /\bhv[sbr]\.[\w-]{24}/,
      /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60}/,
    ],
  },
  {
    what: 'an access token',
    patterns: [
      /\b(gh[pousr]_|github_pat_)[A-Za-z0-9_]{36}/,
      /\b(glpat|gldt|glrt|glcbt|glptt|glsoat|xox[abeprs]|xapp)-[A-Za-z0-9_-]{10}/,
      /hooks\.slack\.com\/services\/T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{20}/,
      /\b(sk|rk)_live_[A-Za-z0-9]{16}/,
      /\bnpm_[A-Za-z0-9]{36}\b/,
      /\bpypi-AgE[\w-]{50}/,
      /\bdckr_pat_[\w-]{20}/,
      /\bSG\.[\w-]{22}\.[\w-]{43}/,
      /\bsk-(ant|proj)-[\w-]{20}/,
    ],
  },
  { what: 'a JSON web token', patterns: [/\beyJ[A-Za-z0-9_-]{10,1000}\.eyJ/] },
  {
    what: 'credentials',
    patterns: [
      /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^/\s:@]{0,256}:(?!\$|\d{1,5}["'])[^/\s@]{1,256}@/i,
      /\bauthorization["']?[ \t]{0,8}[:=][ \t]{0,8}\[?["']?(basic|bearer)[ \t]{1,8}[\w.+/~-]{8}/i,
      /^(?=[^]*"auths"\s{0,8}:)[^]*"auth"\s{0,8}:\s{0,8}"[A-Za-z0-9+/]{8}/,
    ],
  },
];

/**
 * The one list of what a secret looks like, whatever it is called: keys, tokens and credentials of well-known forms.
 *
 * It guesses nothing: a password in plain words passes, a secret that only its name gives away too.
 *
 * @returns what the text holds, with its article, for errors, which never show the text itself; undefined if it holds none
 */
export function secretIn(text: string): string | undefined {
  return FORMS.find(({ patterns }) => patterns.some((pattern) => pattern.test(text)))?.what;
}

/** Finds texts within base64, wherever in what was encoded they began: kubeconfigs and Ignition files hold keys so. */
function anyBase64Of(...texts: string[]): RegExp {
  const forms = texts.flatMap((text) => [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`, 'latin1').toString('base64');
    return encoded.slice(Math.ceil(before * 8 / 6), Math.floor((before + text.length) * 8 / 6));
  }));
  return new RegExp(forms.map((form) => form.replace(/\+/g, '\\+')).join('|'));
}
