import { checkSecretKey, checkSecretName } from '../../src/secrets/secret-reference';
import { refusal } from '../workloads/fixtures';

test.each(['db', 'db.example.com', '0-a', 'a'.repeat(253)])('a Secret may be named %s', (name) => {
  expect(checkSecretName(name, 'secretName')).toBe(name);
});

test.each([[''], ['Db'], ['-db'], ['db-'], ['a..b'], ['a_b'], ['a'.repeat(254)], ['../x'], [undefined]])('no Secret is named %j', (name) => {
  expect(refusal(() => checkSecretName(name, 'secretName', 'shop/web'))).toMatch(
    /^\[shop\/web\] secretName: got .*; allowed: the name of a Secret: a DNS subdomain of at most 253 lower-case letters, digits, - and dots \(RFC 1123\)\. Give the name of a Secret in the namespace of the workload\.$/);
});

test.each(['tls.key', '.dockerconfigjson', 'A_b-C', '-', 'a'.repeat(253)])('a key may be %s', (key) => {
  expect(checkSecretKey(key, 'key')).toBe(key);
});

test.each([[''], ['a/b'], ['.'], ['..'], ['..data'], ['a b'], ['a'.repeat(254)], [undefined]])('no key is %j', (key) => {
  expect(refusal(() => checkSecretKey(key, 'key', 'shop/web'))).toMatch(
    /^\[shop\/web\] key: got .*; allowed: a key of a Secret: at most 253 letters, digits, -, _ and dots, not beginning with two dots\. Give a key that the Secret has\.$/);
});
