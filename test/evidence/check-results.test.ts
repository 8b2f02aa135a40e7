import { Severity } from '../../src/core/severity';
import { warned } from '../../src/evidence/check-results';

const FINDING = { control: 'c', severity: Severity.LOW, message: 'm', fix: 'f', resource: 'Pod/a/b', path: 'spec.hostPID' };

test('a finding of another check is a warning with a fingerprint', () => {
  expect(warned(FINDING)).toEqual({ ...FINDING, status: 'warned', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('the fingerprint stays when the advice changes, and not when the place does', () => {
  expect(warned({ ...FINDING, fix: 'g', severity: Severity.HIGH }).fingerprint).toBe(warned(FINDING).fingerprint);
  for (const other of [{ path: 'spec.hostIPC' }, { resource: 'Pod/a/c' }, { control: 'd' }, { constructPath: 'x' }]) {
    expect(warned({ ...FINDING, ...other }).fingerprint).not.toBe(warned(FINDING).fingerprint);
  }
});
