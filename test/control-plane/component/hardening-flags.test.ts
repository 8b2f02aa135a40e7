import { Component } from '../../../src/control-plane/component/component';
import { hardenApiServer, hardenControllerManager, hardenScheduler } from '../../../src/control-plane/component/hardening-flags';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const VERSIONS = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37].map((minor) => KubernetesVersion.of(`1.${minor}`));

function flagsOf(harden: (component: Component) => void): Record<string, string> {
  const component = new Component('program', 'test');
  harden(component);
  return Object.fromEntries(component.flags.all.map(({ name, value }) => [name, value]));
}

test.each(VERSIONS)('the API server of %s has no alpha features and no alpha or beta APIs, but its beta features', (version) => {
  const flags = flagsOf((component) => hardenApiServer(component, version));

  expect(flags['feature-gates']).toBe('AllAlpha=false');
  expect(flags['runtime-config']).toContain('api/alpha=false,api/beta=false');
});

test('a 1.28 keeps the one beta API that it waits for itself', () => {
  const config = (version: KubernetesVersion) => flagsOf((component) => hardenApiServer(component, version))['runtime-config'];

  expect(config(KubernetesVersion.V1_28)).toBe('api/alpha=false,api/beta=false,flowcontrol.apiserver.k8s.io/v1beta3=true');
  expect(config(KubernetesVersion.V1_29)).toBe('api/alpha=false,api/beta=false');
});

test('tokens of service accounts end when they say that they end', () => {
  expect(flagsOf((component) => hardenApiServer(component, KubernetesVersion.V1_36))['service-account-extend-token-expiration']).toBe('false');
});

test('each controller acts as a service account of its own', () => {
  expect(flagsOf(hardenControllerManager)['use-service-account-credentials']).toBe('true');
});

test('certificates that the cluster signs live 90 days at most, unless they ask for less', () => {
  expect(flagsOf(hardenControllerManager)['cluster-signing-duration']).toBe('2160h0m0s');
});

test.each([['controller manager', hardenControllerManager], ['scheduler', hardenScheduler]])('the %s is reachable from its node alone, by TLS 1.3, and serves no profiles', (_, harden) => {
  expect(flagsOf(harden)).toMatchObject({ 'bind-address': '127.0.0.1', 'profiling': 'false', 'tls-min-version': 'VersionTLS13' });
});
