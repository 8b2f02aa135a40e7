import { invalid, InvalidInput } from '../core/errors';

/** Last words of names whose value is a secret itself, not a path to one or a fact about one. PGPASSWORD has no boundary. */
const SECRET_NAME = new RegExp([
  '(PASSWORD|PASSWD|PASSPHRASE|REQUIREPASS)$',
  '(^|_)(PASS|SECRET|TOKEN|CREDENTIALS?|SECRET_KEY_BASE|(API|ACCESS|AUTH|SECRET|PRIVATE|ENCRYPTION|SIGNING|MASTER)_?KEY)$',
  '_PWD$',
].join('|'));
/** Settings about a secret, such as ALLOW_EMPTY_PASSWORD. */
const SWITCH = /^(true|false|yes|no|on|off)$/i;
/** Kubernetes puts the value of another variable here; it may come from a Secret. */
const REFERENCE = /\$\([-._a-zA-Z][-._a-zA-Z0-9]*\)/g;
/**
 * Values that are secrets whatever their name: keys, tokens of well-known forms, credentials in an address or a connection string.
 * Lengths are bounded so that a long text takes no longer than in proportion.
 */
const SECRET_VALUE = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^/\s:@]{0,256}:(?!\$)[^/\s@]{1,256}@/i,
  /(^|[?&;\s])\w{0,64}(password|passwd|pwd|secret|token|api_?key)=(?!["']?\$)[^&;\s]+/i,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\b(gh[pousr]_|github_pat_)[A-Za-z0-9_]{36,}/,
  /\b(glpat|xox[abeprs])-[A-Za-z0-9-]{10,}/,
  /\bsk_live_[A-Za-z0-9]{16,}/,
  /\bAIza[0-9A-Za-z_-]{35}/,
  /\beyJ[A-Za-z0-9_-]{10,1000}\.eyJ/,
];
const FLAG = /^--?([A-Za-z][\w.-]*)(?:=([^]*))?$/;

/**
 * Refuses a secret that is written out as a literal: it would end up in manifests, in Git and in `kubectl describe`.
 * A value that takes a secret from another variable, such as `postgres://app:$(DB_PASSWORD)@db/app`, is none.
 *
 * @throws if the variable's name says that its value is a secret, or the value looks like one; the value is never shown
 */
export function refuseLiteralSecret(name: string, value: string, property: string, at?: InvalidInput['at']): void {
  if (namesSecret(name, value)) {
    throw literal(`${property}.${name}`, 'a literal under a secret\'s name', at);
  }
  refuseSecretText(value, `${property}.${name}`, at);
}

/**
 * Refuses a text that holds a secret, whatever it is called.
 *
 * @throws if it looks like a key, a token or credentials; the text is never shown
 */
export function refuseSecretText(text: string, property: string, at?: InvalidInput['at']): void {
  if (SECRET_VALUE.some((pattern) => pattern.test(withoutReferences(text)))) {
    throw literal(property, 'a literal that looks like a secret', at);
  }
}

/**
 * Refuses secrets on a command line, also `--password=…` and `--password …`: everyone on the node reads it in the process list.
 *
 * @throws if a flag's name says that its value is a secret, or an argument looks like one; the argument is never shown
 */
export function refuseSecretArguments(args: string[], property: string, at?: InvalidInput['at']): void {
  args.forEach((arg, i) => {
    const [, flag, attached] = FLAG.exec(arg) ?? [];
    const next = args[i + 1] ?? '';
    if (flag !== undefined && namesSecret(flag, attached ?? (next.startsWith('-') ? '' : next))) {
      throw literal(`${property}[${i}]`, 'a literal under a secret\'s name', at);
    }
    refuseSecretText(arg, `${property}[${i}]`, at);
  });
}

function namesSecret(name: string, value: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[-.]/g, '_').toUpperCase();
  return withoutReferences(value) !== '' && !SWITCH.test(value) && SECRET_NAME.test(words);
}

function withoutReferences(value: string): string {
  return value.replace(REFERENCE, '');
}

function literal(property: string, got: string, at: InvalidInput['at']): Error {
  return invalid({
    at, property, got: `(${got})`, allowed: 'values that are no secrets', fix: 'Keep it in a Secret and name it with secretEnv or secretFiles.', source: 'CIS 5.4.1',
  });
}
