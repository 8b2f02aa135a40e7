import * as fc from 'fast-check';
import { refuseLiteralSecret, refuseSecretArguments, refuseSecretText } from '../../src/secrets/literal-secret';
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
    'PGPASSWORD=$DB_PASSWORD psql', 'PGPASSWORD="$DB_PASSWORD" psql', '-----BEGIN PUBLIC KEY-----', 'balancereader:8080', '-Xms256m', 'a@b:c', '/run/secrets/password',
  ])('%j is none', (text) => {
    expect(() => refuseSecretText(text, 'args[0]')).not.toThrow();
  });

  test('is never part of the error', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9]{12,20}$/), (secret) => {
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

  test.each([[['--password=hunter2'], 0], [['-v', '--db-password', 'hunter2'], 1], [['--apiToken=abc'], 0], [['--requirepass', 'hunter2'], 0]])('%j hold a secret', (args, at) => {
    expect(refused(...args)).toBe(`[shop/web] args[${at}]: ${NAMED}`);
  });

  test('are looked at one by one', () => {
    expect(refused('serve', '--db=postgres://app:hunter2@db/app')).toBe(`[shop/web] args[1]: ${LOOKS}`);
  });

  test.each([[['--password-file=/run/secrets/db']], [['--password', '--verbose']], [['--password=$(DB_PASSWORD)']], [['--password']], [['--no-token=true']], [['serve', '-p', '80']]])(
    '%j hold none', (args) => {
      expect(() => refuseSecretArguments(args, 'args')).not.toThrow();
    });
});
