import * as fc from 'fast-check';
import { HELD_OUT_ORDINARY_TEXTS, HELD_OUT_ORDINARY_VALUES, HELD_OUT_SECRET_TEXTS, HELD_OUT_SECRET_VALUES } from './secret-corpus/held-out';
import { hex, madeUp } from './secret-corpus/made-up';
import { ORDINARY_ARGUMENTS } from './secret-corpus/ordinary-arguments';
import { ORDINARY_FILES } from './secret-corpus/ordinary-files';
import { ORDINARY_VALUES } from './secret-corpus/ordinary-values';
import { PUBLIC_ORDINARY_TEXTS, PUBLIC_ORDINARY_VALUES, PUBLIC_SECRET_TEXTS, PUBLIC_SECRET_VALUES } from './secret-corpus/public-manifests';
import { SECRET_ARGUMENTS } from './secret-corpus/secret-arguments';
import { SECRET_FILES } from './secret-corpus/secret-files';
import { SECRET_VALUES } from './secret-corpus/secret-values';
import {
  SECRET_ARGUMENT, SECRET_LINE, SECRET_NAME, SECRET_NAME_HARMLESS, SECRET_VALUE, SECRET_VALUE_HARMLESS, secretLiteral, SecretPattern, secretText,
} from '../../src/core/secret-patterns';

const PATTERNS: [string, SecretPattern][] = Object.entries({
  SECRET_VALUE, SECRET_LINE, SECRET_ARGUMENT, SECRET_NAME, SECRET_NAME_HARMLESS, SECRET_VALUE_HARMLESS,
});
const SOURCES = PATTERNS.flatMap(([name, { pattern, gate, ignoreCase = false }]): [string, string, boolean][] =>
  [[name, pattern, ignoreCase], ...(gate === undefined ? [] : [[`${name}'s gate`, gate, ignoreCase] as [string, string, boolean]])]);

type Pair = [name: string, value: string];
const ALL_PAIRS: Pair[] = [
  ...ORDINARY_VALUES, ...SECRET_VALUES, ...HELD_OUT_ORDINARY_VALUES, ...HELD_OUT_SECRET_VALUES, ...PUBLIC_ORDINARY_VALUES, ...PUBLIC_SECRET_VALUES,
];
const ALL_TEXTS: string[] = [
  ...ALL_PAIRS.flatMap(([name, value]) => [name, value, `${name}=${value}`, `${name}: "${value}"`]),
  ...ORDINARY_ARGUMENTS.flat(), ...SECRET_ARGUMENTS.flat(), ...Object.values(ORDINARY_FILES), ...Object.values(SECRET_FILES),
  ...HELD_OUT_ORDINARY_TEXTS, ...HELD_OUT_SECRET_TEXTS, ...PUBLIC_ORDINARY_TEXTS, ...PUBLIC_SECRET_TEXTS,
];

const found = (pairs: Pair[]) => pairs.filter(([name, value]) => secretLiteral(name, value)).map(([name, value]) => `${name}=${value}`);
const missed = (pairs: Pair[]) => pairs.filter(([name, value]) => !secretLiteral(name, value)).map(([name]) => name);

describe('no alarm', () => {
  test('at 200 ordinary variables and entries and more', () => {
    expect(ORDINARY_VALUES.length).toBeGreaterThanOrEqual(200);
    expect(found(ORDINARY_VALUES)).toEqual([]);
  });

  test('at the same as lines of a file', () => {
    expect(ORDINARY_VALUES.flatMap(([name, value]) => [`${name}=${value}`, `${name}: ${value}`]).filter(secretText)).toEqual([]);
  });

  test('at ordinary commands and arguments', () => {
    expect(ORDINARY_ARGUMENTS.length).toBeGreaterThan(60);
    expect(ORDINARY_ARGUMENTS.flat().filter(secretText)).toEqual([]);
  });

  test('at ordinary configuration files', () => {
    expect(Object.keys(ORDINARY_FILES).length).toBeGreaterThan(50);
    expect(Object.entries(ORDINARY_FILES).filter(([name, text]) => secretLiteral(name, text)).map(([name]) => name)).toEqual([]);
  });

  test('at what manifests of public projects have, which the patterns were not made for', () => {
    expect(PUBLIC_ORDINARY_VALUES.length + PUBLIC_ORDINARY_TEXTS.length).toBeGreaterThan(60);
    expect(found(PUBLIC_ORDINARY_VALUES)).toEqual([]);
    expect(PUBLIC_ORDINARY_TEXTS.filter(secretText)).toEqual([]);
  });

  test('at a second hundred that was written before the patterns, but for one', () => {
    expect(HELD_OUT_ORDINARY_VALUES.length).toBeGreaterThan(100);
    // A word under the name of a token: nothing tells it from a secret.
    expect(found(HELD_OUT_ORDINARY_VALUES)).toEqual(['THIRD_PARTY_TOKEN=third-party-jwt']);
    expect(HELD_OUT_ORDINARY_TEXTS.filter(secretText)).toEqual([]);
  });
});

describe('an alarm', () => {
  test('at 100 realistic secrets and more', () => {
    expect(SECRET_VALUES.length).toBeGreaterThanOrEqual(100);
    expect(missed(SECRET_VALUES)).toEqual([]);
  });

  test('at every command with a secret', () => {
    expect(SECRET_ARGUMENTS.length).toBeGreaterThan(40);
    expect(SECRET_ARGUMENTS.filter((words) => !words.some(secretText))).toEqual([]);
  });

  test('at every file with a secret, but for one', () => {
    expect(Object.keys(SECRET_FILES).length).toBeGreaterThan(60);
    // A secret that is written as the name of a variable is.
    expect(Object.entries(SECRET_FILES).filter(([name, text]) => !secretLiteral(name, text)).map(([name]) => name)).toEqual(['application.properties, jwt']);
  });

  test('at what manifests of public projects have, which the patterns were not made for', () => {
    expect(PUBLIC_SECRET_VALUES.length + PUBLIC_SECRET_TEXTS.length).toBeGreaterThan(40);
    expect(missed(PUBLIC_SECRET_VALUES)).toEqual([]);
    expect(PUBLIC_SECRET_TEXTS.filter((text) => !secretText(text))).toEqual([]);
  });

  test('at a second fifty that was written before the patterns, but for one', () => {
    expect(HELD_OUT_SECRET_VALUES.length).toBeGreaterThan(50);
    // A variable KEY with a UUID.
    expect(missed(HELD_OUT_SECRET_VALUES)).toEqual(['KEY']);
    expect(HELD_OUT_SECRET_TEXTS.filter((text) => !secretText(text))).toEqual([]);
  });
});

const RANDOM = madeUp(24);

describe('what matters only', () => {
  test.each<[string, Pair, Pair]>([
    ['a default password is a secret too, a path is none', ['DB_PASSWORD', 'changeme'], ['DB_PASSWORD', '/run/secrets/db']],
    ['a reference', ['DB_PASSWORD', RANDOM], ['DB_PASSWORD', '$(PASSWORD_FROM_SECRET)']],
    ['a template', ['DB_PASSWORD', RANDOM], ['DB_PASSWORD', '{{ .Values.password }}']],
    ['a reference to a store', ['DB_PASSWORD', RANDOM], ['DB_PASSWORD', 'vault:secret/data/db#password']],
    ['a placeholder in angle brackets', ['DB_PASSWORD', 'your-password'], ['DB_PASSWORD', '<your-password>']],
    ['a mask', ['DB_PASSWORD', '8x8x8x8x'], ['DB_PASSWORD', 'xxxxxxxx']],
    ['nothing at all', ['DB_PASSWORD', 'postgres'], ['DB_PASSWORD', '']],
    ['a switch', ['REQUIRE_PASSWORD', 'truely'], ['REQUIRE_PASSWORD', 'true']],
    ['a number of three digits', ['PIN_TOKEN', '1234'], ['PIN_TOKEN', '123']],
    ['a duration', ['TOKEN', '15months'], ['TOKEN', '15m']],
    ['an address without credentials', ['PROXY_PASS', 'http://user:hunter2@api'], ['PROXY_PASS', 'http://api:8080']],
    ['the last word of the name', ['DB_PASSWORD', RANDOM], ['DB_PASSWORD_FILE', RANDOM]],
    ['a lifetime', ['ACCESS_TOKEN', RANDOM], ['ACCESS_TOKEN_TTL', RANDOM]],
    ['an id', ['SIGNING_KEY', RANDOM], ['SIGNING_KEY_ID', RANDOM]],
    ['a header', ['API_KEY', 'X-API-Key'], ['API_KEY_HEADER', 'X-API-Key']],
    ['a public key', ['JWT_PRIVATE_KEY', RANDOM], ['JWT_PUBLIC_KEY', RANDOM]],
    ['the name of a Secret', ['CLIENT_SECRET', 'storefront'], ['CLIENT_SECRET_NAME', 'storefront']],
    ['the Secret that images are pulled with', ['APP_SECRET', 'regcred'], ['IMAGE_PULL_SECRET', 'regcred']],
    ['the key of an entry within a Secret', ['jwtSecretKey', 'password'], ['passwordSecretKey', 'password']],
    ['camel case', ['clientSecret', RANDOM], ['clientSecretRef', RANDOM]],
    ['dots', ['spring.datasource.password', RANDOM], ['spring.datasource.password.encoder', RANDOM]],
    ['kebab case', ['admin-password', RANDOM], ['admin-password-policy', RANDOM]],
    ['pass as a word', ['SMTP_PASS', 'tomato'], ['BYPASS', 'tomato']],
    ['a name that says nothing', ['TOKEN', 'tomato'], ['TOKENIZER', 'tomato']],
    ['the form of an access key', ['X', `AKIA${madeUp(16, 'ABCDEFGH')}`], ['X', `AKIA${madeUp(12, 'ABCDEFGH')}`]],
    ['the secret part of a pair', ['X', `sk_live_${madeUp(24)}`], ['X', `pk_live_${madeUp(24)}`]],
    ['credentials in an address', ['X', 'redis://:hunter2@redis:6379'], ['X', 'redis://redis:6379']],
    ['a reference within an address', ['X', 'redis://:hunter2@redis:6379'], ['X', 'redis://:$(REDIS_PASSWORD)@redis:6379']],
    ['a part of a connection string', ['X', 'Server=db;User Id=sa;Password=hunter2;'], ['X', 'Server=db;User Id=sa;Password=$(PASSWORD);']],
    ['a property of the virtual machine', ['X', '-Djavax.net.ssl.keyStorePassword=changeit'], ['X', '-Djavax.net.ssl.keyStoreType=changeit']],
  ])('%s', (_what, [name, value], [twinName, twinValue]) => {
    expect([secretLiteral(name, value), secretLiteral(twinName, twinValue)]).toEqual([true, false]);
  });

  test.each<[string, string, string]>([
    ['a flag', '--password=hunter2', '--password-file=/run/secrets/db'],
    ['a flag and its value in one script', 'app --db-password s3cret-value', 'app --db-password "$DB_PASSWORD"'],
    ['a variable of a command', 'PGPASSWORD=postgres psql -h db', 'PGPASSWORD=$POSTGRES_PASSWORD psql -h db'],
    ['a variable of a script', 'set -e\nexport DB_PASSWORD=hunter2\n', 'set -e\nexport DB_PASSWORD="$(cat /run/secrets/db)"\n'],
    ['a default in a script', 'PASSWORD=${PASSWORD:-hunter2}', 'PASSWORD=${PASSWORD:-}'],
    ['curl with credentials', 'curl -fsS -u elastic:changeme http://es:9200', 'curl -fsS -u "elastic:$ELASTIC_PASSWORD" http://es:9200'],
    ['mysql with a password', 'mysql -uroot -proot shop', 'mysql -uroot -p"$MYSQL_ROOT_PASSWORD" shop'],
    ['redis-cli with a password', 'redis-cli -a hunter2 ping', 'redis-cli -a $REDIS_PASSWORD ping'],
    ['a header', 'curl -H "Authorization: Bearer abcdefgh12345"', 'curl -H "Authorization: Bearer $TOKEN"'],
    ['a placeholder of a usage text', 'usage: backup --password p4ssw0rd', 'usage: backup --password PASSWORD'],
    ['a comment', 'requirepass foobared', '# requirepass foobared'],
    ['a comment of an ini file', 'admin_password = admin', ';admin_password = admin'],
    ['a label of a form', '{"password":"hunter2"}', '{"password":"Password"}'],
    ['a schema', 'password: hunter2', 'password: string;'],
    ['a call', 'password = "base64-text"', 'password = base64(text)'],
    ['a reference of YAML', 'password: hunter2', 'password: ${DB_PASSWORD}'],
    ['an empty value', 'password: "hunter2"\n', 'password: ""\nuser: hunter2\n'],
    ['a field of a table', 'CREATE USER app WITH PASSWORD \'hunter2\';', 'password varchar(255) NOT NULL,'],
    ['an attribute in XML', '<Resource username="a" password="hunter2"/>', '<Resource username="a" password="${db.password}"/>'],
    ['an element in XML', '<password>hunter2</password>', '<password>${env.PASSWORD}</password>'],
    ['a variable of a list', '- name: API_TOKEN\n  value: a1b2c3d4e5\n', '- name: API_TOKEN\n  valueFrom: {secretKeyRef: {name: a1b2c3d4e5}}\n'],
    ['a random value under the name of a Secret', `secret: ${madeUp(20)}`, 'secret: my-app-2-tls'],
  ])('%s within a text', (_what, secret, twin) => {
    expect([secretText(secret), secretText(twin)]).toEqual([true, false]);
  });

  test('a secret is found wherever it stands in a long text', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `setting.number.${i}=value ${i}`);
    for (const at of [0, 100, 200]) {
      const text = [...lines.slice(0, at), '  db.password=hunter2', ...lines.slice(at)].join('\n');
      expect([secretText(text), secretText(text.replace('hunter2', '${DB_PASSWORD}'))]).toEqual([true, false]);
    }
  });
});

describe('any', () => {
  const secretName = fc.constantFrom('DB_PASSWORD', 'clientSecret', 'api-key', 'app.token', 'SIGNING_KEY');
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/);

  test('reference, path or address under a secret\'s name is none', () => {
    const harmless = word.chain((name) => fc.constantFrom(`$(${name})`, `\${${name}}`, `$${name}`, `{{ .${name} }}`, `/run/${name}`, `https://host/${name}`, `<${name}>`));
    fc.assert(fc.property(secretName, harmless, (name, value) => !secretLiteral(name, value)));
  });

  test('random text under a secret\'s name is one', () => {
    fc.assert(fc.property(secretName, fc.stringMatching(/^[A-Za-z0-9]{12,60}$/), (name, value) => secretLiteral(name, value)));
  });

  test('digest, id or word under another name is none', () => {
    const digest = fc.uint8Array({ minLength: 4, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(fc.property(fc.constantFrom('GIT_COMMIT', 'BUILD', 'CHECKSUM', 'DB_HOST'), fc.oneof(digest, fc.uuid(), word), (name, value) => !secretLiteral(name, value)));
  });
});

describe('every pattern', () => {
  test.each(SOURCES)('%s compiles with and without the flag u, and gives the same verdicts', (_name, source, ignoreCase) => {
    const plain = new RegExp(source, ignoreCase ? 'i' : '');
    const unicode = new RegExp(source, ignoreCase ? 'iu' : 'u');
    expect(ALL_TEXTS.filter((text) => plain.test(text) !== unicode.test(text))).toEqual([]);
  });

  test.each(SOURCES)('%s has nothing that RE2 lacks or reads otherwise', (_name, source) => {
    expect(foreignTo(source)).toEqual([]);
  });

  test.each([
    ['a(?=b)', 'group (?='], ['a(?<!b)', 'group (?<'], ['(?:a)', 'group (?:'], ['(a)\\1', 'escape \\1'], ['\\s+', 'escape \\s'], ['a.b', 'dot'], ['a{1,2000}', 'count {1,2000}'],
    ['(a+)+', 'repeated repetition'], ['(a[b]*c){2,}', 'repeated repetition'], ['é', 'character é'],
  ])('%s would be refused: %s', (source, why) => {
    expect(foreignTo(source)).toEqual([why]);
  });

  // A tenth of the text's length times a quarter of the pattern's is what the API server charges; it allows a million for one expression.
  test.each(PATTERNS)('%s lets the API server read ten thousand characters at least', (_name, { pattern, gate = '' }) => {
    expect(1_000_000 / (pattern.length + gate.length) * 4 * 10).toBeGreaterThan(10_000);
  });

  test.each(PATTERNS.filter(([, { gate }]) => gate !== undefined))('%s matches nothing that its gate stops', (_name, { pattern, gate, ignoreCase }) => {
    const [inner, outer] = [pattern, gate!].map((source) => new RegExp(source, ignoreCase ? 'i' : ''));
    const matching = ALL_TEXTS.filter((text) => inner.test(text));
    expect(matching.length).toBeGreaterThan(20);
    expect(matching.filter((text) => !outer.test(text))).toEqual([]);
    expect(ALL_TEXTS.filter((text) => !outer.test(text)).length).toBeGreaterThan(ALL_TEXTS.length / 3);
  });
});

test.each([
  ' ', '\n', '\t', 'a', 'A', '1', 'a ', 'a=', '=', ':', '"', '\\', '@', '://', 'a:', '-----BEGIN ', 'eyJ', '-eyJ', 'eyJ.', '"auths"', 'password', 'password ', 'password=', 'password=a', 'password=a1(',
  'pw: x', 'PASSWORD:\n', 'token: a', 'key: a1', 'secret"', 'curl ', 'curl -u ', 'mysql ', 'mongo -p ', 'user a ', 'machine a ', 'mc alias set ', '--a', '-password ', 'requirepass\n', 'define(\'KEY',
  '/services/T', 'thin:a', '</name>\n', 'uthorization: ', '$2a$10$', 'x-', 'ab', '- ', '/a', '{{', '<',
])('1 MB of %j is looked through in time', (unit) => {
  const text = unit.repeat(1_000_000 / unit.length);
  expect([secretText(text), secretLiteral(text, text)]).toEqual([expect.any(Boolean), expect.any(Boolean)]);
});

/** What a regular expression has that RE2 lacks, or means otherwise, or that could take more than proportionate time. */
function foreignTo(source: string): string[] {
  const problems: string[] = [];
  /** For each open group: whether it holds a repetition without end. */
  const open: boolean[] = [false];
  let closed: boolean | undefined;
  const tokens = source.match(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\(\?.{1}|[^]/g)!;
  for (const token of tokens) {
    const endless = /^([*+]|\{\d+,\})$/.test(token);
    const count = /^\{(\d+)(?:,(\d*))?\}$/.exec(token);
    if (token.startsWith('(?')) {
      problems.push(`group ${token}`);
    } else if (token === '(') {
      open.push(false);
    } else if (token === '.') {
      problems.push('dot');
    } else if (/[^\x20-\x7e]/.test(token)) {
      problems.push(`character ${token}`);
    } else if (/^\\[A-Za-z1-9]$/.test(token) && !/^\\[bwnrt]$/.test(token)) {
      problems.push(`escape ${token}`);
    } else if (token.startsWith('[') && /\\[A-Za-z1-9]/.test(token.replace(/\\[wnrt]/g, ''))) {
      problems.push(`class ${token}`);
    } else if (count && Math.max(Number(count[1]), Number(count[2] ?? 0)) > 1000) {
      problems.push(`count ${token}`);
    } else if ((endless || (count && Number(count[2] ?? count[1]) > 1)) && closed) {
      problems.push('repeated repetition');
    }
    if (endless) {
      open[open.length - 1] = true;
    }
    closed = undefined;
    if (token === ')') {
      closed = open.pop()!;
      open[open.length - 1] ||= closed;
    }
  }
  return problems;
}

test('the corpus has no secret of its own: all that looks like one is made up', () => {
  expect([madeUp(8), hex(8)]).toEqual([madeUp(8), hex(8)]);
  expect(new Set([madeUp(16, undefined, 'a'), madeUp(16, undefined, 'b')]).size).toBe(2);
});
