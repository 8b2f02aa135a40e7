import { Token } from 'cdktf';
import { refusal, shop } from '../fixtures';

const refused = (props: object) => refusal(() => shop().workload('web', props));
const SECRET_NAME = 'allowed: the name of a Secret: a DNS subdomain of at most 253 lower-case letters, digits, - and dots (RFC 1123). '
  + 'Give the name of a Secret in the namespace of the workload.';
const SECRET_KEY = 'allowed: a key of a Secret: at most 253 letters, digits, -, _ and dots, not beginning with two dots. Give a key that the Secret has.';

describe('environment variables', () => {
  test.each([[''], ['1ST'], ['A B'], ['A=B'], ['Ä']])('the API server takes none named %j', (name) => {
    const words = `got ${JSON.stringify(name)}; allowed: names of environment variables: letters, digits, -, _ and dots, not beginning with a digit. Correct the name.`;
    expect(refused({ env: { [name]: 'x' } })).toBe(`[c/shop/web] env: ${words}`);
    expect(refused({ secretEnv: { [name]: { secretName: 'db', key: 'x' } } })).toBe(`[c/shop/web] secretEnv: ${words}`);
  });

  test('are text', () => {
    expect(refused({ env: { PORT: 8080 } })).toBe('[c/shop/web] env.PORT: got 8080; allowed: text. Give it as a string, for instance "8080" or "true".');
  });

  test('hold no secrets, and the error doesn\'t either', () => {
    expect(refused({ env: { DB_PASSWORD: 'hunter2' } })).toBe(
      '[c/shop/web] env.DB_PASSWORD: got "(a literal under a secret\'s name)"; allowed: values that are no secrets (CIS 5.4.1). '
      + 'Keep it in a Secret and name it with secretEnv or secretFiles.');
  });

  test('hold nothing that only Terraform knows', () => {
    const words = 'got "(a value that is not known until Terraform applies it)"; allowed: literal text. '
      + 'Give it literally, or let Terraform write it to a ConfigMap or Secret: manifests are written before Terraform runs.';
    expect(refused({ env: { DB: `postgres://${Token.asString({ resolve: () => 'db' })}/app` } })).toBe(`[c/shop/web] env.DB: ${words}`);
    expect(refused({ args: ['serve', Token.asString({ resolve: () => 'db' })] })).toBe(`[c/shop/web] args[1]: ${words}`);
  });

  test('come from one place', () => {
    expect(refused({ env: { A: 'x' }, secretEnv: { A: { secretName: 'db', key: 'a' } } })).toBe(
      '[c/shop/web] secretEnv.A: got "A"; allowed: a variable that env does not set. Name it in one of the two.');
  });

  test('name Secrets and keys that can exist', () => {
    expect(refused({ secretEnv: { A: { secretName: 'My_Secret', key: 'a' } } })).toBe(`[c/shop/web] secretEnv.A.secretName: got "My_Secret"; ${SECRET_NAME}`);
    expect(refused({ secretEnv: { A: { secretName: 'db', key: 'a/b' } } })).toBe(`[c/shop/web] secretEnv.A.key: got "a/b"; ${SECRET_KEY}`);
  });
});
