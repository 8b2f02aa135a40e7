import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { KubernetesVersion, SupportState } from '../../src/core/kubernetes-version';

const ALLOWED = 'allowed: a Kubernetes version from 1.28 on (1.37 is the newest known).';

test.each([
  ['1.36', '1.36'], ['v1.36', '1.36'], ['1.36.4', '1.36'], ['v1.33.5+k3s1', '1.33'], ['1.31.2-eks-7f9249a', '1.31'], ['1.37.0-rc.1', '1.37'],
  ['1.30.1-gke.1329003', '1.30'], ['1.28', '1.28'],
])('%s is Kubernetes %s', (given, minor) => {
  expect(KubernetesVersion.of(given).toString()).toBe(minor);
});

test('a known version is the constant of that name', () => {
  expect(KubernetesVersion.of('1.36')).toBe(KubernetesVersion.V1_36);
  expect(KubernetesVersion.of('1.28.15')).toBe(KubernetesVersion.V1_28);
  expect(KubernetesVersion.of('1.37')).toBe(KubernetesVersion.V1_37);
});

test.each(['1.27', '1.27.16', 'v1.19', '1.0'])('%s is too old', (version) => {
  const minor = version.replace('v', '').split('.').slice(0, 2).join('.');
  expect(messageOf(() => KubernetesVersion.of(version)))
    .toBe(`kubernetesVersion: got "${version}"; ${ALLOWED} Upgrade the cluster: ${minor} gets no security fixes any more.`);
});

test.each(['2.0', 'latest', '', '1', '1.', '1.36.x', '1.036', ' 1.36', '1.36\n', '36', '1.36 beta', 'V1.36'])('%j is no Kubernetes version', (version) => {
  expect(messageOf(() => KubernetesVersion.of(version)))
    .toBe(`kubernetesVersion: got ${JSON.stringify(version)}; ${ALLOWED} Give the minor version as a string, for instance "1.36".`);
});

test('a number is no version: 1.30 would be read as 1.3', () => {
  expect(messageOf(() => KubernetesVersion.of(1.30 as never)))
    .toBe(`kubernetesVersion: got 1.3; ${ALLOWED} Give the minor version as a string, for instance "1.36".`);
});

test('a version newer than the library is kept as stated and counts as the newest known', () => {
  const version = KubernetesVersion.of('1.40');
  expect(version.toString()).toBe('1.40');
  expect(version.supportState).toBe(SupportState.UNKNOWN);
  expect(version.effective).toBe(KubernetesVersion.V1_37);
  expect(version.atLeast(KubernetesVersion.V1_37)).toBe(true);
  expect(version.atLeast(version)).toBe(true);
});

test('1.35 to 1.37 get security fixes, 1.28 to 1.34 none', () => {
  const states = Array.from({ length: 10 }, (_, i) => KubernetesVersion.of(`1.${28 + i}`).supportState);
  expect(states).toEqual([...Array(7).fill(SupportState.END_OF_LIFE), ...Array(3).fill(SupportState.SUPPORTED)]);
});

test('a version cannot be changed afterwards', () => {
  expect(() => Object.assign(KubernetesVersion.V1_28, { minor: 37 })).toThrow(TypeError);
  expect(KubernetesVersion.V1_28.toString()).toBe('1.28');
});

test('atLeast orders versions as their numbers do, up to the newest known', () => {
  const minor = fc.integer({ min: 28, max: 60 });
  fc.assert(fc.property(minor, minor, (a, b) => {
    expect(KubernetesVersion.of(`1.${a}`).atLeast(KubernetesVersion.of(`1.${b}`))).toBe(Math.min(a, 37) >= Math.min(b, 37));
  }));
});
