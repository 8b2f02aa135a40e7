import { invalid, InvalidInput } from '../core/errors';
import { secretIn } from '../core/secret-text';

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
/** A secret under its name within a text, as in a connection string or a shell command. Bounded: a long text takes time in proportion. */
const NAMED_IN_TEXT = /(^|[?&;\s])\w{0,64}(password|passwd|pwd|secret|token|api_?key)=(?!["']?\$)[^&;\s]+/i;
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
  const own = withoutReferences(text);
  if (NAMED_IN_TEXT.test(own) || secretIn(own) !== undefined) {
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
