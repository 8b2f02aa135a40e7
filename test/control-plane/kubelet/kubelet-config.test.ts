import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { has } from '../../../src/control-plane/availability';
import { KubeletConfig, KubeletConfigProps } from '../../../src/control-plane/kubelet/kubelet-config';
import { ImagePullVerification } from '../../../src/control-plane/kubelet/kubelet-options';
import { ClusterDns } from '../../../src/core/cluster-dns';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../cluster';

const VERSIONS = Array.from({ length: 10 }, (_, i) => KubernetesVersion.of(`1.${28 + i}`));

function document(props: KubeletConfigProps = {}, profile: Partial<ClusterProfileProps> = {}): any {
  return new KubeletConfig(props)._document({ at: 'kubernetes', profile: new ClusterProfile({ name: 'prod', ...profile }) });
}

/** Fields that some versions lack, each with the first that has it (pkg/kubelet/apis/config/types.go of each minor). */
const LATER_FIELDS: Record<string, string> = {
  imageMaximumGCAge: '1.29', containerLogMaxWorkers: '1.30', containerLogMonitorInterval: '1.30', podLogsDir: '1.30', failCgroupV1: '1.31', crashLoopBackOff: '1.32',
  singleProcessOOMKill: '1.32', imagePullCredentialsVerificationPolicy: '1.35', mergeDefaultEvictionSettings: '1.33', preloadedImagesVerificationAllowlist: '1.33',
  userNamespaces: '1.33', memoryReservationPolicy: '1.36', tlsCurvePreferences: '1.36', defaultPodSysctls: '1.37',
};
/** Fields of every version from 1.28 to 1.37 that we write. */
const ALWAYS = [
  'apiVersion', 'authentication', 'authorization', 'cgroupDriver', 'clusterDNS', 'clusterDomain', 'containerLogMaxFiles', 'containerLogMaxSize', 'enableDebugFlagsHandler',
  'enableDebuggingHandlers', 'enableProfilingHandler', 'enableSystemLogHandler', 'enforceNodeAllocatable', 'eventRecordQPS', 'evictionHard', 'failSwapOn', 'featureGates',
  'healthzBindAddress', 'healthzPort', 'kind', 'kubeReserved', 'makeIPTablesUtilChains', 'maxPods', 'podPidsLimit', 'protectKernelDefaults', 'readOnlyPort', 'rotateCertificates',
  'seccompDefault', 'serverTLSBootstrap', 'shutdownGracePeriod', 'shutdownGracePeriodCriticalPods', 'streamingConnectionIdleTimeout', 'systemReserved', 'tlsMinVersion',
];

describe.each(VERSIONS.map((version) => [`${version}`, version] as const))('a kubelet of %s', (_, kubernetesVersion) => {
  const fields = Object.keys(document({}, { kubernetesVersion }));

  test('gets no field that it lacks', () => {
    const known = Object.keys(LATER_FIELDS).filter((field) => kubernetesVersion.atLeast(KubernetesVersion.of(LATER_FIELDS[field])));

    expect(fields.filter((field) => !ALWAYS.includes(field) && !known.includes(field))).toEqual([]);
    expect(ALWAYS.filter((field) => !fields.includes(field))).toEqual([]);
  });

  test('gets what its version has of protection', () => {
    expect(fields.includes('failCgroupV1')).toBe(kubernetesVersion.minor >= 31);
    expect(fields.includes('imagePullCredentialsVerificationPolicy')).toBe(kubernetesVersion.minor >= 35);
    expect(fields.includes('userNamespaces')).toBe(false);
  });

  test('is as safe as every other', () => {
    expect(document({}, { kubernetesVersion })).toMatchObject({
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' } },
      authorization: { mode: 'Webhook' },
      enableDebugFlagsHandler: false,
      enableProfilingHandler: false,
      enableSystemLogHandler: false,
      eventRecordQPS: 50,
      featureGates: { AllAlpha: false },
      healthzBindAddress: '127.0.0.1',
      makeIPTablesUtilChains: true,
      podPidsLimit: 4096,
      protectKernelDefaults: true,
      readOnlyPort: 0,
      rotateCertificates: true,
      seccompDefault: true,
      serverTLSBootstrap: true,
      streamingConnectionIdleTimeout: '5m0s',
      tlsMinVersion: 'VersionTLS13',
    });
  });

  test('has neither cipher suites, which TLS 1.3 ignores, nor unsafe sysctls, nor a gate by name, which a later version may not know', () => {
    expect(fields).not.toContain('tlsCipherSuites');
    expect(fields).not.toContain('allowedUnsafeSysctls');
    expect(Object.keys(document({}, { kubernetesVersion }).featureGates)).toEqual(['AllAlpha']);
  });

  test('is told who may use images of the node from 1.35 on; before, it would not start', () => {
    const make = () => document({ imagePullVerification: ImagePullVerification.ALWAYS_VERIFY }, { kubernetesVersion });
    if (has(kubernetesVersion, 'image pull credential verification')) {
      expect(make().imagePullCredentialsVerificationPolicy).toBe('AlwaysVerify');
    } else {
      expect(make).toThrow(new Error(
        `[kubernetes] kubelet.imagePullVerification: got "AlwaysVerify"; allowed: nothing before Kubernetes 1.35; the profile has ${kubernetesVersion}. `
        + 'Upgrade the cluster, or leave it out and enable the admission plugin AlwaysPullImages: this kubelet refuses to start with it.'));
    }
  });

  test('is told the ids of user namespaces from 1.33 on; before, it would ignore them', () => {
    const make = () => document({ userNamespaceIdsPerPod: 131072 }, { kubernetesVersion });
    if (has(kubernetesVersion, 'kubelet userNamespaces')) {
      expect(make().userNamespaces).toEqual({ idsPerPod: 131072 });
    } else {
      expect(make).toThrow(new Error(
        `[kubernetes] kubelet.userNamespaceIdsPerPod: got 131072; allowed: nothing before Kubernetes 1.33; the profile has ${kubernetesVersion}. `
        + 'Upgrade the cluster, or leave it out: this kubelet would ignore it.'));
    }
  });
});

test('every eviction signal is written, whichever was chosen: one that is left out would count as 0', () => {
  expect(document({ eviction: { memoryAvailable: Size.mebibytes(512), nodefsAvailablePercent: 15 } }).evictionHard).toEqual({
    'memory.available': '512Mi', 'nodefs.available': '15%', 'nodefs.inodesFree': '5%', 'imagefs.available': '15%', 'imagefs.inodesFree': '5%', 'pid.available': '10%',
  });
});

test('resources are reserved for the system and for Kubernetes, with defaults for each', () => {
  const { systemReserved, kubeReserved } = document({
    systemReserved: { cpu: Cpu.units(1), memory: Size.gibibytes(2), ephemeralStorage: Size.gibibytes(10), pids: 5000 },
  });

  expect(systemReserved).toEqual({ 'cpu': '1', 'memory': '2Gi', 'ephemeral-storage': '10Gi', 'pid': '5000' });
  expect(kubeReserved).toEqual({ 'cpu': '100m', 'memory': '256Mi', 'ephemeral-storage': '1Gi', 'pid': '1000' });
});

test('a third of a shutdown is for critical pods, unless said otherwise', () => {
  expect(document({ shutdownGracePeriod: Duration.minutes(3) })).toMatchObject({ shutdownGracePeriod: '180s', shutdownGracePeriodCriticalPods: '60s' });
  expect(document({ shutdownGracePeriodCriticalPods: Duration.seconds(5) })).toMatchObject({ shutdownGracePeriod: '60s', shutdownGracePeriodCriticalPods: '5s' });
});

test('names are resolved where the profile says', () => {
  expect(document({}, { serviceCidrs: ['10.32.0.0/16'], dnsDomain: 'corp.internal' })).toMatchObject({ clusterDNS: ['10.32.0.10'], clusterDomain: 'corp.internal' });
  expect(document({}, { dns: ClusterDns.nodeLocal() }).clusterDNS).toEqual(['169.254.20.10']);
  expect(document({}, { dns: ClusterDns.nodeLocal('169.254.20.10', '10.96.0.10') }).clusterDNS).toEqual(['10.96.0.10']);
});

test('kubeadm gets the document for all nodes', () => {
  const documents = parseAllDocuments(contentOf(cluster({}, { kubelet: new KubeletConfig({ maxPods: 50 }) }).nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((each) => each.toJS());

  expect(documents.find(({ kind }) => kind === 'KubeletConfiguration')).toMatchObject({ maxPods: 50, readOnlyPort: 0, staticPodPath: '/etc/kubernetes/manifests' });
});

describe('what would weaken a kubelet can\'t be expressed', () => {
  test.each([
    'authentication', 'authorization', 'readOnlyPort', 'tlsMinVersion', 'tlsCipherSuites', 'rotateCertificates', 'serverTLSBootstrap', 'seccompDefault', 'protectKernelDefaults',
    'featureGates', 'allowedUnsafeSysctls', 'makeIPTablesUtilChains', 'streamingConnectionIdleTimeout', 'enableProfilingHandler', 'failSwapOn', 'tlsCurvePreferences',
  ])('%s', (name) => {
    expect(() => new KubeletConfig({ [name]: true } as never)).toThrow(new Error(
      `[KubeletConfig] ${name}: allowed: systemReserved, kubeReserved, eviction, maxPods, podPidsLimit, containerLogMaxSize, containerLogMaxFiles, eventRecordQps, `
      + 'shutdownGracePeriod, shutdownGracePeriodCriticalPods, imagePullVerification, userNamespaceIdsPerPod, servingCertificates. '
      + 'Correct or remove it. What protects the kubelet (authentication, authorization, ports, TLS, rotation, kernel defaults, feature gates) is fixed.'));
  });
});

describe('bad input', () => {
  test.each<[string, KubeletConfigProps, string]>([
    ['a pod without a limit of processes', { podPidsLimit: -1 }, 'podPidsLimit: got -1; allowed: a whole number from 256 to 65536. Leave it out for the default.'],
    ['events without a limit, as 0 is from 1.37 on', { eventRecordQps: 0 }, 'eventRecordQps: got 0; allowed: a whole number from 1 to 1000. Leave it out for the default.'],
    ['more pods than a node has addresses for', { maxPods: 300 }, 'maxPods: got 300; allowed: a whole number from 1 to 250. Leave it out for the default.'],
    ['a number as text', { maxPods: '110' as never }, 'maxPods: got "110"; allowed: a whole number from 1 to 250. Leave it out for the default.'],
    ['one file of a log', { containerLogMaxFiles: 1 }, 'containerLogMaxFiles: got 1; allowed: a whole number from 2 to 100. Leave it out for the default.'],
    ['a log of no size', { containerLogMaxSize: Size.kibibytes(1) },
      'containerLogMaxSize: got "1Ki"; allowed: a size of at least one mebibyte, in whole mebibytes. Give it as Size.mebibytes(256) or Size.gibibytes(1).'],
    ['a threshold of nothing', { eviction: { nodefsAvailablePercent: 0 } },
      'eviction.nodefsAvailablePercent: got 0; allowed: a whole number of percent from 1 to 50. Leave it out for 10.'],
    ['a misspelt threshold', { eviction: { memoryAvailible: Size.mebibytes(1) } as never },
      'eviction.memoryAvailible: allowed: memoryAvailable, nodefsAvailablePercent, nodefsInodesFreePercent, imagefsAvailablePercent, imagefsInodesFreePercent, pidAvailablePercent. '
      + 'Correct or remove it: nobody reads it. Did you mean "memoryAvailable"?'],
    ['nothing reserved', { kubeReserved: { pids: 0 } }, 'kubeReserved.pids: got 0; allowed: a whole number from 1 to 1000000. Leave it out for 1000.'],
    ['no CPU time reserved', { systemReserved: { cpu: Cpu.millis(0) } },
      'systemReserved.cpu: got "0m"; allowed: CPU time of at least one thousandth of a CPU, in whole thousandths. Give it as Cpu.millis(250) or Cpu.units(2).'],
    ['a shutdown without time', { shutdownGracePeriod: Duration.seconds(0) },
      'shutdownGracePeriod: got 0; allowed: a Duration from 2 seconds to 1 hour, in whole seconds. Give it as Duration.seconds(60).'],
    ['a shutdown in text', { shutdownGracePeriod: '60s' as never },
      'shutdownGracePeriod: got "60s"; allowed: a Duration from 2 seconds to 1 hour, in whole seconds. Give it as Duration.seconds(60).'],
    ['all of a shutdown for critical pods', { shutdownGracePeriodCriticalPods: Duration.seconds(60) },
      'shutdownGracePeriodCriticalPods: got "60 seconds"; allowed: less than the 60 seconds of shutdownGracePeriod. Leave time for other pods: it is a part of shutdownGracePeriod.'],
    ['a policy that verifies nothing', { imagePullVerification: 'NeverVerify' as never },
      'imagePullVerification: got "NeverVerify"; allowed: AlwaysVerify, NeverVerifyPreloadedImages. Take a value of ImagePullVerification.'],
    ['ids that are no multiple', { userNamespaceIdsPerPod: 1000 },
      'userNamespaceIdsPerPod: got 1000; allowed: a multiple of 65536 up to 38993920, so that 110 pods fit (KubeletConfiguration userNamespaces.idsPerPod). Leave it out for 65536.'],
    ['an approver without a name', { servingCertificates: { approver: '' } },
      'servingCertificates.approver: got ""; allowed: the name of what approves kubelet-serving requests in this cluster. '
      + 'Name it, for reports, or leave it out for the approver on the control-plane nodes.'],
    ['domains for another approver', { servingCertificates: { approver: 'ours', nodeDomains: ['corp.example'] } },
      'servingCertificates.nodeDomains: got ["corp.example"]; allowed: none where ours approves. Tell ours: only the approver on the nodes reads them.'],
    ['a domain that is none', { servingCertificates: { nodeDomains: ['*.corp.example'] } },
      'servingCertificates.nodeDomains[0]: got "*.corp.example"; allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.'],
  ])('%s', (_, props, message) => {
    expect(() => new KubeletConfig(props)).toThrow(new Error(`[KubeletConfig] ${message}`));
  });

  test('what is no KubeletConfig', () => {
    expect(() => cluster({}, { kubelet: { maxPods: 5 } as never })).toThrow(new Error(
      '[kubernetes] kubelet: got {"maxPods":5}; allowed: a KubeletConfig. Make it by new KubeletConfig({ … }).'));
  });
});
