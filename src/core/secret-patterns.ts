import { SECRET_FORMS } from './secret-forms';

/** A regular expression in the common subset of RE2 and JavaScript, for the API server and the synth: both give the same verdict. */
export interface SecretPattern {
  /** Its source. */
  readonly pattern: string;
  /** Whether upper and lower case count as the same, in the gate too. */
  readonly ignoreCase?: boolean;
  /** Matches wherever the pattern does. The API server asks it first: it is short, and few texts pass it. */
  readonly gate?: string;
}

const raw = String.raw;

/*
 * The API server charges a tenth of the text's length times a quarter of the pattern's, so patterns are short rather than complete.
 * RE2 has no lookaround: an exception is part of the form that a value must have, or a pattern of its own that must not match.
 */

/** A value that tells by its form that it is a secret, wherever it stands in the text. */
export const SECRET_VALUE: SecretPattern = {
  gate: raw`[\w+-]{16}|PRIVATE|UFJJ|VZBV|QVRF|:[^ :]*@|Q~|"auth|uthoriz|/T|/web|_authT|\$[a1256]`,
  pattern: [
    ...SECRET_FORMS.flatMap(({ patterns }) => patterns),
    // What RE2 has to say more simply than `secretIn` does: Azure's client secrets, registries, headers, JSON web keys.
    raw`[0-9]Q~[\w.~-]{31}|"auths"[^$]{0,300}"auth" ?: ?"\w{8}|uthorization["' :=[]{1,6}([Bb]asic|[Bb]earer|[Tt]oken) +[\w.+/~-]{8}|"d" ?: ?"[\w-]{42}`,
    // Password hashes: bcrypt, Argon2, those of crypt(3) and htpasswd.
    raw`\$2[abxy]\$[0-9]{2}\$[\w./]{20}|\$argon2|\$(apr1|[156])\$[\w./]{1,16}\$[\w./]{22}`,
    // Data source names of Oracle and of Go.
    raw`thin:\w+/[^ $@{]+@|:[^ \t\r\n:@/"'\${(<]+@(tcp|unix)\(`,
  ].join('|'),
};

/** The name of a variable or an entry whose value is a secret itself, not a path to one or a fact about one. */
export const SECRET_NAME: SecretPattern = {
  ignoreCase: true,
  gate: 'pass|pat|pw|psk|secret|token|cred|key|salt|pepper|cookie|mnemonic|auth',
  pattern: `(${[
    raw`passw(or)?ds?([_.-]?(hash|sha2|sha256|bcrypt))?|passphrase|passcode|secret([_.-]?key([_.-]?base)?)?|token|credentials?|requirepass`,
    raw`erlang_cookie|mnemonic|(basic|neo4j|redis(cli)?)_?auth`,
    raw`(^|[_.-])(pass|pat|pwd?|psk|salt|pepper)`,
    raw`(db|key|store|smtp|user|mail|redis|sql|pg|ldap|admin|root|auth|ssh|bind|http)(pass|pwd?)`,
    raw`(access|account|activation|admin|aes|ai|api|app|auth|azure_storage|cipher|crypto|encryption|fernet|gossip|hmac|integration|jwt|license|logged_in`
    + raw`|master|nonce|private|server|service|session|shared|signing|subscription|vault|webhook)[_.-]{0,2}keys?`,
  ].join('|')})${raw`([_.-]{0,2}(base64|b64|dev|hex|new|old|plain|prod|salt|staging|test|text|value|[0-9]{1,2}))?$`}`,
};

/** Names that end as those of secrets do, but hold something else: the name of a Secret, a public key, a field. */
export const SECRET_NAME_HARMLESS: SecretPattern = {
  ignoreCase: true,
  pattern: [
    raw`public[_.-]?(api[_.-]?)?(key|token)|publishable|next_public_`,
    raw`existing[a-z_.-]*secret|(pull|tls|cert|certificate|private[_.-]?key)[_.-]?secret$|auth-(tls-)?secret$`,
    // The name of a Secret that holds a password. GRAYLOG_PASSWORD_SECRET is a secret itself.
    raw`(^|[^g_.-])[_.-]?password[_.-]?secret$`,
    raw`(password|user|username|token)[_.-]?secret[_.-]?key$`,
    raw`(^|[_.-])(attributes?|columns?|fields?|headers?|labels?)[_.-]`,
    raw`(cluster|max)[_.-]?token$`,
  ].join('|'),
};

/** Values that are no secret even under such a name: nothing, a switch, a small number, a reference, a path, an address. */
export const SECRET_VALUE_HARMLESS: SecretPattern = {
  pattern: [
    raw`^[ \t\r\n"']*$|^[!-~]{1,2}$|^[*xX.#-]{3,}$|^[A-Z]{3,4}$`,
    `^(${inAnyCase('true|false|yes|off|null|none|undefined|enabled|disabled|required|optional|redacted|dummy|empty|unused')}|include|same-origin)$`,
    raw`^-?[0-9]{1,3}$|^[0-9]{1,9}(ms|[smhdw])$`,
    // References: to variables, in templates, to a store of secrets.
    raw`[$%#][({]|\{\{|^\$(__|[A-Za-z_][\w.:-]*$)|^(<[^<>]*>|%[\w.-]+%|@[\w.-]+@|__\w+__|\[\w+\])$|^\{[a-z]+[:}]|^ENC[[(]`,
    raw`^(\w+\+)?(arn|akv|aws\w*|azkv|bao|conjur|env|file|gcp\w*|k8s|op|os\.environ|projects|ref|secret|secretsmanager|sm|ssm|sops|vault)[:/]`,
    raw`^[a-z][a-z0-9+.-]*://[^ ]*$`,
    raw`^(~|\.{1,2})?/{1,3}[a-z][a-z0-9._-]*(/|$)|^[\w./-]*(\.(conf|crt|env|jks|json|key|p12|pem|pfx|properties|txt|ya?ml)|_creds)$`,
    // The name of a Secret.
    raw`^[a-z0-9-]+-(auth|certs?|credentials|creds|tls)$`,
  ].join('|'),
};

/** The part of a line before what is looked for, if the line isn't a comment. */
const BEFORE = raw`(^|\n)[ \t]*(([^#;*/\n \t]|/[^/*\n])[^\n]*)?`;
/** Between a name and its value in YAML, JSON, properties, shells, PHP, Ruby, XML, and in a list of variables in YAML. */
const IS = raw`(["'\\]{0,2}\]?[ \t]*(=>|[:=][=-]?|\r?\n[ \t]*value:)[ \t]*|>|</name>[ \t\r\n]*<value>)["'\\]{0,2}`;

const PASSWORD_NAME = `(${[
  inAnyCase('password|passwd|passphrase'),
  raw`[Pp]wd|PWD|(\b|_|[a-z])[Pp]ass|(\b|_)PASS|(\b|_|bind)(pw|PW)`,
  raw`(${inAnyCase('app|client|cookie|jwt|session|shared')})[_.-]?([Ss]ecret|SECRET)|AUTH_SECRET|SECRET_?KEY|secret[_-]key`,
].join('|')})`;
const RANDOM_NAME = `(${[
  inAnyCase('secret|token|credentials'),
  raw`(${inAnyCase('access|account|api|app|auth|encryption|fernet|master|private|secret|signing')})([_.-]?[Kk]ey|_?KEY)(_BASE)?`,
].join('|')})`;

/** What may follow in a value once something in it shows that it isn't a word. No sign of equality: values of two names don't overlap. */
const ANY = raw`[\w!@#$%^*?~+./-]`;
const ODD = raw`([0-9]|[!@^*?~%][\w!@])`;
/** Not an expression such as `base64(…)` or `keys[0]`. */
const END = raw`${ANY}*([^\w!@#$%^*?~+./({[-]|$)`;
const PASSWORD = raw`([A-Za-z]([A-Za-z_-]{3,40}${ODD}|[A-Za-z_-]{0,2}${ODD}${ANY}{2})|[0-9]${ANY}{3})${END}`;
/** Words that people take for passwords; not `Password` (a label), `required` and `string` (rules), `dbPassword` (a name), a row of x, nor prose. */
const WORDS = raw`(x?[a-wyz][a-z_-]{4,40}([a-cefh-z]|[a-df-z_-]d|[a-mo-z_-]g)|[A-Z][a-z]{1,40}[A-Z][A-Za-z]{1,40}|foobared|admin|root|test|pass|guest)`
  + raw`(["'\\&<]|[ \t]*(\r?\n|$)|[ \t]+(#|&&|--?\w|\w+=))`;
/** Long enough, and not the name of a Secret. */
const RANDOM = raw`(base64:)?(\w[A-Za-z_+/]{0,30}[0-9]${ANY}{6}|[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-z]{6}\.[0-9a-z]{16})${END}`;

/** A secret under its name within a text: in a line of a file, a flag, a script, a connection string. Comments are left out. */
export const SECRET_LINE: SecretPattern = {
  gate: '[Pp](ass|wd)|P(ASS|WD)|pw|PW|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Cc]red|CRED|[Kk]ey|KEY',
  pattern: `${BEFORE}(${PASSWORD_NAME}${IS}(${PASSWORD}|${WORDS})|${RANDOM_NAME}${IS}${RANDOM}|([Pp]assword|[Pp]wd)=[a-z]{4,40};|P(ASSWORD|WD)=[a-z]{4,40} [a-z])`,
};

/** A secret within a command or a statement that has no sign of equality before it. */
export const SECRET_ARGUMENT: SecretPattern = {
  gate: 'pass|pwd|PASS|Passwd|secret|token|key|curl|sql|maria|redis-|login|mongo|mosq|ldap|mc alias|user |masterauth|BY|define',
  pattern: raw`${BEFORE}((${[
    raw`curl[^\n]{0,99}[ \t](-[a-zA-Z]{0,9}u|--user)[ =]{0,2}["']?[\w.@+-]{1,64}:`,
    raw`(mysql|mariadb)[^\n]{0,99}[ \t]-p|sshpass[ \t]+-p[ \t]?`,
    raw`(redis-cli[^\n]{0,99}[ \t]-a|((docker|podman|oras|registry|az|oc) login|mongo)[^\n]{0,99}[ \t]-p|(mosquitto_|sqlcmd)[^\n]{0,99}[ \t]-P`
    + raw`|ldap[^\n]{0,99}[ \t]-w)[ \t]+`,
    raw`mc alias set [^ \t\n]+ [^ \t\n]+ [^ \t\n]+ `,
    raw`machine [^ \t\n]+[ \t\n]+login [^ \t\n]+[ \t\n]+password[ \t]+`,
    raw`requirepass[ \t]+|masterauth[ \t]+|_Passwd[ \t]+|user [^\n]{0,99} >`,
    raw`(PASSWORD|IDENTIFIED( WITH \w+)? BY)[ \t]+'|define\( ?['"]\w*(PASSWORD|SECRET|TOKEN|KEY|SALT)['"], ?['"]`,
  ].join('|')})["']?[^ \t\r\n"'$<>{[(%*.?${'`'}|&;\\-]|-([a-z][\w.-]{0,30})?(${[
    raw`(password|passwd|pwd)[ \t]+["']?${PASSWORD}`,
    raw`(secret|token|(api|access|secret)-?key)[ \t]+["']?${RANDOM}`,
  ].join('|')}))`,
};

const compiled = new Map<string, RegExp>();

/** Whether a variable, or an entry of a ConfigMap or a Secret, is a secret that is written out, or holds one. */
export function secretLiteral(name: string | undefined, value: string): boolean {
  return secretText(value)
    || (name !== undefined && matches(SECRET_NAME, name) && !matches(SECRET_NAME_HARMLESS, name) && !matches(SECRET_VALUE_HARMLESS, value));
}

/** Whether a text holds a secret: a file, a command, or one word of it. */
export function secretText(text: string): boolean {
  return matches(SECRET_VALUE, text) || matches(SECRET_LINE, text) || matches(SECRET_ARGUMENT, text);
}

/** Whether a word of a command line is a secret because of the flag before it. */
export function secretAfterFlag(flag: string, word: string): boolean {
  return /^--?[\w.-]+$/.test(flag) && !word.startsWith('-') && secretText(`${flag}=${word}`);
}

function matches({ pattern, gate, ignoreCase }: SecretPattern, text: string): boolean {
  return (gate === undefined || regExp(gate, ignoreCase).test(text)) && regExp(pattern, ignoreCase).test(text);
}

function regExp(source: string, ignoreCase: boolean = false): RegExp {
  const made = compiled.get(source) ?? new RegExp(source, ignoreCase ? 'i' : '');
  compiled.set(source, made);
  return made;
}

/** Words in the three ways that names are written: `[Pp]assword|PASSWORD`. */
function inAnyCase(words: string): string {
  return words.split('|').map((word) => `[${word[0].toUpperCase()}${word[0]}]${word.slice(1)}|${word.toUpperCase()}`).join('|');
}
