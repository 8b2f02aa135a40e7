/** A form that secrets have, and what an error calls it. */
export interface SecretForm {
  readonly what: string;
  /** In the common subset of RE2 and JavaScript, for the API server too. */
  readonly patterns: string[];
  /** What RE2 can't say, or says at a price that the API server shouldn't pay. */
  readonly more?: RegExp[];
}

const raw = String.raw;

/*
 * Only forms that can't well be anything else: sshd_config and PAM speak of passwords and tokens too. A form without a prefix of its own
 * needs the name before it. Every repetition is bounded or can't start over within itself, so that a text takes time in proportion to its
 * length; a pattern for two words anywhere is anchored for that reason. RE2 and JavaScript don't agree on \s and on the dot: `patterns` have
 * neither.
 */
export const SECRET_FORMS: SecretForm[] = [
  {
    what: 'a private key',
    patterns: [
      raw`-{4} ?BEGIN [A-Z0-9 ]*PRIVATE KEY`,
      // Within base64: kubeconfigs, Ignition files and variables hold keys so.
      ...anyBase64Of('PRIVATE KEY'),
      // OpenSSH and PKCS #8 (RFC 5208) without their PEM lines.
      raw`\bb3BlbnNzaC1rZXktdjE`,
      raw`\bMII[A-Za-z0-9+/]{3}IBADANBgkqhkiG9w0B`,
      raw`AGE-SECRET-KEY-1[A-Z0-9]`,
    ],
    more: [
      /PuTTY-User-Key-File-\d/,
      /\bPrivateKey[ \t]{0,8}=[ \t]{0,8}[A-Za-z0-9+/]{43}=/,
      // PKCS #8 of Curve25519 and EC, PKCS #1, SEC 1.
      /\bMC4CAQAwBQYDK2V[uw]BCIEI[A-Za-z0-9+/]{43}/,
      /\bMI[GH][A-Za-z0-9+/]AgEAM[A-Za-z0-9+/]{3}ByqGSM49AgEG/,
      /\bMII[A-Za-z0-9+/]{3}IBAAKC(AQEA|AYEA|AgEA)/,
      /\bMHcCAQEEI[A-Za-z0-9+/]{43}oAoGCCqGSM49/,
      /\bMI(GkAgEBBD|HcAgEBBEI)[A-Za-z0-9+/]{40}/,
      /^(?=[^]*"kty"\s{0,8}:)[^]*"d"\s{0,8}:\s{0,8}"[\w-]{42}/,
    ],
  },
  {
    what: 'a bootstrap token',
    patterns: [raw`\bK10[0-9a-f]{64}::`],
    more: [
      /token(?:[ \t]{1,8}create)?["'\\]{0,2}[\s:=]{1,8}["'\\]{0,2}[a-z0-9]{6}\.[a-z0-9]{16}\b/i,
      /token-secret["']?[ \t]{0,8}[:=][ \t]{0,8}["']?[A-Za-z0-9]{16}/i,
    ],
  },
  { what: 'a kubeadm certificate key', patterns: [], more: [/certificate-?key["']?[\s:=]{1,8}["']?[0-9a-f]{64}\b/i] },
  {
    what: 'an encryption key',
    patterns: [],
    // Keys of 16, 24 and 32 bytes: AES and secretbox.
    more: [
      /^(?=[^]*\bEncryptionConfiguration\b)[^]*\bsecret["']?[ \t]{0,8}:[ \t]{0,8}["']?([\w+/]{22}==|[\w+/]{32}|[\w+/]{43}=)(?![\w+/=])/,
    ],
  },
  {
    what: 'an AWS access key',
    patterns: [raw`\b(AKIA|ASIA)[0-9A-Z]{16}\b`],
    more: [
      /aws[_-]?secret[_-]?access[_-]?key["'\\]{0,2}[ \t]{0,8}[=:][ \t]{0,8}["'\\]{0,2}[A-Za-z0-9/+]/i,
      /secret[_-]?(access[_-]?)?key["'\\]{0,2}[ \t]{0,8}[=:][ \t]{0,8}["'\\]{0,2}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
      /aws[_-]?session[_-]?token["'\\]{0,2}[ \t]{0,8}[=:][ \t]{0,8}["'\\]{0,2}[A-Za-z0-9/+]{16}/i,
    ],
  },
  {
    what: 'a cloud credential',
    patterns: [
      raw`\bAIza[\w-]{35}`,
      raw`\bGOCSPX-[\w-]{28}`,
      raw`\bya29\.[\w-]{20}`,
      raw`\bdo[opr]_v1_[0-9a-f]{64}`,
      raw`\b(hv[sbr]|dp\.[ps]t)\.[\w-]{24}`,
      raw`\.atlasv1\.[\w-]{60}`,
      raw`\bdapi[0-9a-f]{32}`,
    ],
    more: [
      /(?<![\w.~-])[\w.~]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/,
      /\bAccountKey=[A-Za-z0-9+/]{86}==/i,
      /hcloud[_-]?token["']?[ \t]{0,8}[=:][ \t]{0,8}["']?[A-Za-z0-9]{64}\b/i,
    ],
  },
  {
    what: 'an access token',
    patterns: [
      raw`\b(gh[opsru]|github_pat|npm|hf|r8|ntn|napi|gl(sa|c)|dckr_pat|shp(at|ca|pa|ss)|lin_api|sntrys|sbp|gsk|rubygems|whsec|pscale_(tkn|pw)|[sr]k_(live|test))`
      + raw`_[A-Za-z0-9]{16}`,
      raw`\b(gl(pat|dt|rt|cbt|ptt|soat|agent)|xox[abeprs]|xapp|sq0(at|cs)p|tskey)-[\w-]{12}`,
      raw`\b(sk-(ant|proj|svcacct|or)-[\w-]{20}|(sk|xai|pplx)-[A-Za-z0-9]{32})`,
      raw`\b(pypi-AgE|ATATT3)[\w-]{50}`,
      raw`_authToken ?= ?["']?[\w+/-]{16}`,
      raw`\bSG\.[\w-]{22}\.[\w-]{43}`,
      raw`\b((key-|SK)[0-9a-f]{32}|pul-[0-9a-f]{40}|NRAK-[0-9A-Z]{27}|PMAK-[0-9a-f]{24})`,
      raw`\b[0-9]{8,10}:AA[\w-]{33}`,
      // Addresses that are secrets: Slack, Discord, Teams.
      raw`/services/T\w+/B\w+/\w{20}`,
      raw`/api/webhooks/[0-9]+/[\w-]{40}`,
      raw`/webhookb2/[0-9a-f]{8}-`,
    ],
  },
  { what: 'a JSON web token', patterns: [raw`(^|[^\w-])eyJ[\w-]{15,}\.eyJ`] },
  {
    what: 'credentials',
    patterns: [raw`://[^/ \t\r\n:@"']*:[^/ \t\r\n@"'$%<{*][^/ \t\r\n@"'(){}<>?]*@`],
    more: [
      /\bauthorization["']?[ \t]{0,8}[:=][ \t]{0,8}\[?["']?(basic|bearer)[ \t]{1,8}[\w.+/~-]{8}/i,
      /^(?=[^]*"auths"\s{0,8}:)[^]*"auth"\s{0,8}:\s{0,8}"[A-Za-z0-9+/]{8}/,
    ],
  },
];

/**
 * Finds a text within base64, at each of the three places where it may have begun. A pattern doesn't find itself: policies that hold it may lie in
 * files on nodes.
 */
function anyBase64Of(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`, 'latin1').toString('base64');
    return encoded.slice(Math.ceil(before * 8 / 6), Math.floor((before + text.length) * 8 / 6)).replace(/\+/g, '\\+').replace(/\w$/, '[$&]');
  });
}
