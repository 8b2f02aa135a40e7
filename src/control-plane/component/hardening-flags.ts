import { Component } from './component';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { has } from '../availability';

const SET_BY = 'ControlPlane';
/** Off is what is alpha. Beta features are not: their protections, such as limits on what a kubelet may list, would go with them. */
const GATES = 'AllAlpha=false';
const CLIENT_CERTIFICATES_LIVE = '2160h0m0s';

/** What holds for the API server, whatever its parts add (CIS 1.2). */
export function hardenApiServer({ flags }: Component, version: KubernetesVersion): void {
  flags
    .set('feature-gates', GATES, SET_BY)
    .set('profiling', 'false', SET_BY)
    .set('runtime-config', runtimeConfig(version), SET_BY)
    .set('service-account-extend-token-expiration', 'false', SET_BY)
    .set('tls-min-version', 'VersionTLS13', SET_BY);
}

/** CIS 1.3. */
export function hardenControllerManager(component: Component): void {
  hardenLoopbackServer(component);
  component.flags
    .set('cluster-signing-duration', CLIENT_CERTIFICATES_LIVE, SET_BY)
    .set('terminated-pod-gc-threshold', '1000', SET_BY)
    .set('use-service-account-credentials', 'true', SET_BY);
}

/** CIS 1.4. */
export function hardenScheduler(component: Component): void {
  hardenLoopbackServer(component);
}

function hardenLoopbackServer({ flags }: Component): void {
  flags
    .set('bind-address', '127.0.0.1', SET_BY)
    .set('feature-gates', GATES, SET_BY)
    .set('profiling', 'false', SET_BY)
    .set('tls-min-version', 'VersionTLS13', SET_BY);
}

/** Alpha and beta APIs are off. A 1.28 keeps the one that its own priority and fairness reads. */
function runtimeConfig(version: KubernetesVersion): string {
  return ['api/alpha=false', 'api/beta=false', ...(has(version, 'flowcontrol v1') ? [] : ['flowcontrol.apiserver.k8s.io/v1beta3=true'])].join(',');
}
