import * as fc from 'fast-check';
import { refuseLiteralSecret, refuseSecretArguments, refuseSecretText } from '../../src/secrets/literal-secret';
import { ORDINARY_ARGUMENTS } from '../core/secret-corpus/ordinary-arguments';
import { ORDINARY_FILES } from '../core/secret-corpus/ordinary-files';
import { ORDINARY_VALUES } from '../core/secret-corpus/ordinary-values';
import { SECRET_ARGUMENTS } from '../core/secret-corpus/secret-arguments';
import { SECRET_VALUES } from '../core/secret-corpus/secret-values';
import { refusal } from '../workloads/fixtures';

const variable = (name: string, value: string) => () => refuseLiteralSecret(name, value, 'env', 'shop/web');
const NAMED = 'got "(a literal under a secret\'s name)"; allowed: values that are no secrets (CIS 5.4.1). Keep it in a Secret and name it with secretEnv or secretFiles.';
const LOOKS = NAMED.replace('a literal under a secret\'s name', 'a literal that looks like a secret');

describe('a variable', () => {
  test.each([
    'PASSWORD', 'DB_PASSWORD', 'PGPASSWORD', 'MYSQL_PWD', 'dbPassword', 'db-password', 'db.password', 'POSTGRES_PASS', 'REDIS_REQUIREPASS', 'JWT_SECRET', 'CLIENT_SECRET',
    'GITHUB_TOKEN', 'apiToken', 'STRIPE_API_KEY', 'STRIPE_APIKEY', 'AWS_SECRET_ACCESS_KEY', 'SECRET_KEY_BASE', 'TLS_PRIVATE_KEY', 'KEY_PASSPHRASE', 'GOOGLE_CREDENTIALS',
  ])('named %s is a secret', (name) => {
    expect(refusal(variable(name, 'hunter2'))).toBe(`[shop/web] env.${name}: ${NAMED}`);
  });

  test.each([
    'PASSWORD_FILE', 'PRIV_KEY_PATH', 'PUBLIC_KEY', 'TOKEN_EXPIRY_SECONDS', 'MAX_TOKENS', 'SECRET_NAME', 'AWS_ACCESS_KEY_ID', 'COMPASS', 'BYPASS', 'PWD', 'KEYBOARD', 'VERSION',
  ])('named %s is none', (name) => {
    expect(variable(name, '/etc/something')).not.toThrow();
  });

  test.each([['DB_PASSWORD', ''], ['ALLOW_EMPTY_PASSWORD', 'yes'], ['USE_TOKEN', 'false'], ['DB_PASSWORD', '$(POSTGRES_PASSWORD)']])('%s may be %j', (name, value) => {
    expect(variable(name, value)).not.toThrow();
  });
});

describe('a text', () => {
  test.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHcC'],
    ['credentials in an address', 'postgres://app:hunter2@db:5432/app'],
    ['credentials in the middle', '--url=https://user:hunter2@example.com/'],
    ['a password in a JDBC address', 'jdbc:postgresql://db/app?user=app&password=hunter2'],
    ['a password in a connection string', 'Server=db;User=app;Password=hunter2;'],
    ['a password in a shell command', 'PGPASSWORD=hunter2 psql'],
    ['an AWS key', `AKIA${'A1B2'.repeat(4)}`],
    ['a GitHub token', `ghp_${'a1B2'.repeat(9)}`],
    ['a GitHub token of the newer form', `github_pat_${'a1B2'.repeat(9)}`],
    ['a GitLab token', `glpat-${'a1B2'.repeat(5)}`],
    ['a Slack token', 'xoxb-123456789012-abcdef'],
    ['a Stripe key', `sk_live_${'a1B2'.repeat(6)}`],
    ['a Google API key', `AIza${'a1B2'.repeat(8)}abc`],
    ['a bootstrap token', '--discovery=token=abcdef.0123456789abcdef'],
    ['a registry\'s credentials', '{"auths":{"registry.example":{"auth":"dXNlcjpodW50ZXIy"}}}'],
    ['a private key in base64', Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc'],
  ])('with %s is refused, and not shown', (_, text) => {
    expect(refusal(() => refuseSecretText(text, 'args[0]', 'shop/web'))).toBe(`[shop/web] args[0]: ${LOOKS}`);
    expect(refusal(variable('SETTING', text))).toBe(`[shop/web] env.SETTING: ${LOOKS}`);
  });

  test.each([
    'https://example.com:8443/path?query=1', 'postgres://app@db/app', 'postgres://app:$DB_PASSWORD@db/app', 'postgres://app:$(DB_PASSWORD)@db/app', 'jdbc:postgresql://db/app?password=$(DB_PASSWORD)',
    'postgres://$(USER):$(DB_PASSWORD)@db/app', 'Authorization: Bearer $(TOKEN)', 'PGPASSWORD=$DB_PASSWORD psql', 'PGPASSWORD="$DB_PASSWORD" psql', '-----BEGIN PUBLIC KEY-----', 'balancereader:8080', '-Xms256m', 'a@b:c', '/run/secrets/password',
  ])('%j is none', (text) => {
    expect(() => refuseSecretText(text, 'args[0]')).not.toThrow();
  });

  test('is never part of the error', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{3}[0-9][a-zA-Z0-9]{12,20}$/), (secret) => {
      expect(refusal(variable('DB_PASSWORD', secret))).not.toContain(secret);
      expect(refusal(() => refuseSecretText(`postgres://app:${secret}@db/app`, 'args[0]'))).not.toContain(secret);
      expect(refusal(() => refuseSecretArguments(['--password', secret], 'args'))).not.toContain(secret);
    }));
  });

  test('of any length is looked at in time', () => {
    for (const text of ['a'.repeat(200_000), 'a.'.repeat(100_000), '://'.repeat(60_000), 'password'.repeat(25_000), ';'.repeat(200_000), 'eyJ'.repeat(60_000)]) {
      expect(() => refuseSecretText(text, 'args[0]')).not.toThrow();
    }
  });
});

describe('arguments', () => {
  const refused = (...args: string[]) => refusal(() => refuseSecretArguments(args, 'args', 'shop/web'));

  test.each([[['-v', '--db-password', 'hunter2'], 2], [['--requirepass', 'hunter2'], 1], [['--api-key', 'a1B2c3D4e5F6'], 1]])('%j hold a secret after a flag', (args, at) => {
    expect(refused(...args)).toBe(`[shop/web] args[${at}]: ${NAMED}`);
  });

  test.each([[['--password=hunter2'], 0], [['serve', '--apiToken=a1B2c3D4e5F6'], 1], [['serve', '--db=postgres://app:hunter2@db/app'], 1]])('%j hold a secret in one word', (args, at) => {
    expect(refused(...args)).toBe(`[shop/web] args[${at}]: ${LOOKS}`);
  });

  test.each([[['--password-file=/run/secrets/db']], [['--password', '--verbose']], [['--password=$(DB_PASSWORD)']], [['--password']], [['--no-token=true']], [['serve', '-p', '80']]])(
    '%j hold none', (args) => {
      expect(() => refuseSecretArguments(args, 'args')).not.toThrow();
    });
});

describe('of what controls are held to as well', () => {
  const isRefused = (call: () => void) => {
    try {
      call();
      return false;
    } catch {
      return true;
    }
  };

  test('no ordinary variable, argument or file is refused', () => {
    expect(ORDINARY_VALUES.filter(([name, value]) => isRefused(variable(name, value)))).toEqual([]);
    expect(ORDINARY_ARGUMENTS.filter((words) => isRefused(() => refuseSecretArguments(words, 'args')))).toEqual([]);
    expect(Object.keys(ORDINARY_FILES).filter((name) => isRefused(() => refuseSecretText(ORDINARY_FILES[name], 'file')))).toEqual([]);
  });

  test('every realistic secret is refused, as a variable and on a command line', () => {
    expect(SECRET_VALUES.filter(([name, value]) => !isRefused(variable(name, value))).map(([name]) => name)).toEqual([]);
    expect(SECRET_ARGUMENTS.filter((words) => !isRefused(() => refuseSecretArguments(words, 'args')))).toEqual([]);
  });
});
