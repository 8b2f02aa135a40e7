import { ACCESS_TOKEN, finding, sampleChecks } from './sample-checks';
import { withoutSecrets } from '../../src/evidence/without-secrets';

const BOOTSTRAP_TOKEN = `abcdef.${'0123456789abcdef'}`;

test('data without secrets stays as it is', () => {
  expect(withoutSecrets(sampleChecks())).toEqual(sampleChecks());
});

test('every text is looked at, however deep it is', () => {
  expect(withoutSecrets({ a: [{ b: `token ${ACCESS_TOKEN}` }], n: 1, u: undefined })).toEqual({ a: [{ b: '(left out: it holds an access token)' }], n: 1, u: undefined });
});

test('a value that is a secret by the name before it is left out', () => {
  expect(withoutSecrets(finding({ path: 'data.token', got: `"${BOOTSTRAP_TOKEN}"` })).got).toBe('(left out: it holds a bootstrap token)');
  expect(withoutSecrets(finding({ path: 'data["token"]', got: `"${BOOTSTRAP_TOKEN}"` })).got).toBe('(left out: it holds a bootstrap token)');
});

test('the same value under an ordinary name is shown', () => {
  expect(withoutSecrets(finding({ path: 'data.version', got: `"${BOOTSTRAP_TOKEN}"` })).got).toBe(`"${BOOTSTRAP_TOKEN}"`);
});

test('references stay what they are', () => {
  expect(String(withoutSecrets(finding()).references![0])).toBe('PSS baseline/privileged');
});
