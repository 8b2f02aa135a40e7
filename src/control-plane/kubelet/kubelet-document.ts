import type { KubeletConfig } from './kubelet-config';
import { ImagePullVerification } from './kubelet-options';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';
import { has, since } from '../availability';
import { PKI } from '../paths';

/** Where a kubelet runs. */
export interface KubeletPlace {
  /** For errors. */
  readonly at: InvalidInput['at'];
  readonly profile: ClusterProfile;
  /** Folder of static pods; left out where none may run. */
  readonly staticPodPath?: string;
  /** File that says where pods with the node's own DNS ask. Left out: what the installer chooses, or /etc/resolv.conf. */
  readonly resolvConf?: string;
}

/** KubeletConfiguration, with every value that security depends on written out: what is left out would be up to the kubelet's defaults. */
export function kubeletDocument(config: KubeletConfig, place: KubeletPlace): Record<string, unknown> {
  const { profile } = place;
  const version = profile.kubernetesVersion;
  const settings = config._settings;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true, cacheTTL: '2m0s' },
      x509: { clientCAFile: `${PKI}/ca.crt` },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '5m0s', cacheUnauthorizedTTL: '30s' } },
    cgroupDriver: 'systemd',
    clusterDNS: [dnsAddress(profile)],
    clusterDomain: profile.dnsDomain,
    containerLogMaxFiles: settings.containerLogMaxFiles,
    containerLogMaxSize: settings.containerLogMaxSize,
    enableDebugFlagsHandler: false,
    // Logs, exec and port-forward are among these.
    enableDebuggingHandlers: true,
    enableProfilingHandler: false,
    enableSystemLogHandler: false,
    enforceNodeAllocatable: ['pods'],
    eventRecordQPS: settings.eventRecordQps,
    evictionHard: settings.evictionHard,
    ...(has(version, 'kubelet failCgroupV1') ? { failCgroupV1: true } : {}),
    failSwapOn: true,
    featureGates: { AllAlpha: false },
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    ...imagePullVerification(config, place),
    kubeReserved: settings.kubeReserved,
    makeIPTablesUtilChains: true,
    maxPods: config.maxPods,
    podPidsLimit: config.podPidsLimit,
    protectKernelDefaults: true,
    readOnlyPort: 0,
    ...(place.resolvConf === undefined ? {} : { resolvConf: place.resolvConf }),
    rotateCertificates: true,
    seccompDefault: true,
    serverTLSBootstrap: true,
    shutdownGracePeriod: `${settings.shutdownSeconds}s`,
    shutdownGracePeriodCriticalPods: `${settings.criticalShutdownSeconds}s`,
    ...(place.staticPodPath === undefined ? {} : { staticPodPath: place.staticPodPath }),
    streamingConnectionIdleTimeout: '5m0s',
    systemReserved: settings.systemReserved,
    // With 1.3 there is nothing to choose: a list of cipher suites would be ignored.
    tlsMinVersion: 'VersionTLS13',
    ...userNamespaces(config, place),
  };
}

/** Where pods ask: NodeLocal DNSCache where it has an address of its own, else the address that every cluster's DNS service has. */
function dnsAddress(profile: ClusterProfile): string {
  const [local, service] = profile.dns.podNamespace === 'kube-system' ? profile.dns.cidrs : [];
  return (service ?? local)?.networkAddress ?? profile.serviceCidrs[0].host(10);
}

function imagePullVerification(config: KubeletConfig, { at, profile }: KubeletPlace): Record<string, unknown> {
  const feature = 'image pull credential verification';
  const policy = config._settings.imagePullVerification;
  if (has(profile.kubernetesVersion, feature)) {
    return { imagePullCredentialsVerificationPolicy: policy ?? ImagePullVerification.NEVER_VERIFY_PRELOADED_IMAGES };
  }
  if (policy !== undefined) {
    throw invalid({
      at, property: 'kubelet.imagePullVerification', got: policy, allowed: `nothing before Kubernetes ${since(feature)}; the profile has ${profile.kubernetesVersion}`,
      fix: 'Upgrade the cluster, or leave it out and enable the admission plugin AlwaysPullImages: this kubelet refuses to start with it.',
    });
  }
  return {};
}

function userNamespaces(config: KubeletConfig, { at, profile }: KubeletPlace): Record<string, unknown> {
  const feature = 'kubelet userNamespaces';
  const ids = config._settings.userNamespaceIdsPerPod;
  if (ids === undefined) {
    return {};
  }
  if (!has(profile.kubernetesVersion, feature)) {
    throw invalid({
      at, property: 'kubelet.userNamespaceIdsPerPod', got: ids, allowed: `nothing before Kubernetes ${since(feature)}; the profile has ${profile.kubernetesVersion}`,
      fix: 'Upgrade the cluster, or leave it out: this kubelet would ignore it.',
    });
  }
  return { userNamespaces: { idsPerPod: ids } };
}
