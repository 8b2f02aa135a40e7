import { App, Chart } from 'cdk8s';
import { refusal } from './fixtures';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';

const refused = (props: object) => refusal(() => new HardenedNamespace(new Chart(new App(), 'c'), 'shop', props));
const KEYS = 'allowed: keys of the form name or DNS prefix/name, the name of at most 63 letters, digits, -, _ and dots. Correct the key.';

describe('labels and annotations', () => {
  test.each([[''], ['a b'], ['a/b/c'], ['-a'], ['a'.repeat(64)], ['/a'], ['a_b/c'], [`${'a'.repeat(254)}/b`]])('have no key %j', (key) => {
    expect(refused({ labels: { [key]: 'x' } })).toMatch(/^\[c\/shop\] labels: got /);
    expect(refused({ labels: { [key]: 'x' } }).endsWith(KEYS)).toBe(true);
    expect(refused({ annotations: { [key]: 'x' } })).toMatch(/^\[c\/shop\] annotations: got /);
  });

  test('a label holds no secret, and the error does not show it', () => {
    const message = refused({ labels: { key: `ghp_${'a1B2'.repeat(9)}` } });
    expect(message).toMatch(/^\[c\/shop\] labels\.key: got "\(a.*\)"; allowed: /);
    expect(message).not.toContain('ghp_');
  });

  test('a label\'s value is short and plain', () => {
    expect(refused({ labels: { team: 'the payments' } })).toBe(
      '[c/shop] labels.team: got "the payments"; allowed: at most 63 letters, digits, -, _ and dots, beginning and ending with a letter or digit. '
      + 'Correct the value, or make it an annotation.');
  });

  test('an annotation\'s value is text, of 256 KiB in all', () => {
    expect(refused({ annotations: { count: 3 } })).toBe('[c/shop] annotations.count: got 3; allowed: text. Give it as a string.');
    expect(refused({ annotations: { long: 'x'.repeat(256 * 1024) } })).toBe(
      '[c/shop] annotations: got 262148; allowed: at most 256 KiB in all. Keep long texts elsewhere.');
  });

  test('an annotation holds no secret', () => {
    expect(refused({ annotations: { 'example.com/db': 'postgres://app:hunter2@db/app' } })).toBe(
      '[c/shop] annotations.example.com/db: got "(a literal that looks like a secret)"; allowed: values that are no secrets (CIS 5.4.1). '
      + 'Keep it in a Secret and name it with secretEnv or secretFiles.');
  });
});
