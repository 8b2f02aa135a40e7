import { parseAllDocuments } from 'yaml';
import { Component } from '../../../src/control-plane/component/component';
import { ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { ControlPlaneModel } from '../../../src/control-plane/control-plane-model';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { kubeadmInitYaml } from '../../../src/control-plane/kubeadm/kubeadm-config';
import { KubeProxyConfig, KubeProxyMode } from '../../../src/control-plane/kubelet/kube-proxy-config';
import { KubeletConfig } from '../../../src/control-plane/kubelet/kubelet-config';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../cluster';

const MINORS = Array.from({ length: 10 }, (_, i) => `1.${28 + i}`);

function documents(profile: Partial<ClusterProfileProps> = {}, props: Partial<ControlPlaneProps> = {}, external = false): any[] {
  const { nodes } = cluster(profile, props, external);
  return parseAllDocuments(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((document) => document.toJS());
}

function configuration(profile: Partial<ClusterProfileProps> = {}, props: Partial<ControlPlaneProps> = {}, external = false): any {
  return documents(profile, props, external)[1];
}

/** Flags as kubeadm reads them, from either form. */
function flags(extraArgs: Record<string, string> | { name: string; value: string }[]): Record<string, string> {
  return Array.isArray(extraArgs) ? Object.fromEntries(extraArgs.map(({ name, value }) => [name, value])) : extraArgs;
}

describe.each(MINORS)('Kubernetes %s', (minor) => {
  const kubernetesVersion = KubernetesVersion.of(minor);
  const lists = kubernetesVersion.minor >= 31;
  const [init, config] = documents({ kubernetesVersion });

  test('has the kubeadm API that its kubeadm reads, with arguments in the form of that API', () => {
    const apiVersion = lists ? 'kubeadm.k8s.io/v1beta4' : 'kubeadm.k8s.io/v1beta3';

    expect(init).toMatchObject({ apiVersion, kind: 'InitConfiguration' });
    expect(config).toMatchObject({ apiVersion, kind: 'ClusterConfiguration', kubernetesVersion: `stable-${minor}` });
    for (const { extraArgs } of [config.apiServer, config.controllerManager, config.scheduler, config.etcd.local]) {
      expect(Array.isArray(extraArgs)).toBe(lists);
      expect(Object.values(flags(extraArgs)).every((value) => typeof value === 'string')).toBe(true);
    }
    expect('certificateValidityPeriod' in config).toBe(lists);
  });

  test('logs by the policy, to a file that rotates', () => {
    expect(flags(config.apiServer.extraArgs)).toMatchObject({
      'audit-policy-file': '/etc/kubernetes/audit/policy.yaml',
      'audit-log-path': '/var/log/kubernetes/audit/audit.log',
      'audit-log-maxage': '30',
      'audit-log-maxbackup': '10',
      'audit-log-maxsize': '100',
    });
  });

  test('keeps NodeRestriction, which kubeadm enables only where nothing else is said', () => {
    expect(flags(config.apiServer.extraArgs)['enable-admission-plugins'].split(',')).toContain('NodeRestriction');
  });

  test('profiles nothing, binds controllers to loopback, speaks TLS 1.3, and turns alpha features off', () => {
    const everywhere = { 'profiling': 'false', 'tls-min-version': 'VersionTLS13', 'feature-gates': 'AllAlpha=false' };
    expect(flags(config.apiServer.extraArgs)).toMatchObject(everywhere);
    expect(flags(config.controllerManager.extraArgs)).toMatchObject({ ...everywhere, 'bind-address': '127.0.0.1' });
    expect(flags(config.scheduler.extraArgs)).toMatchObject({ ...everywhere, 'bind-address': '127.0.0.1' });
  });

  test('wants certificates from etcd\'s clients and peers, self-made ones from nobody, and TLS 1.3', () => {
    expect(flags(config.etcd.local.extraArgs)).toEqual({
      'auto-tls': 'false',
      'client-cert-auth': 'true',
      'peer-auto-tls': 'false',
      'peer-cert-allowed-hostname': 'kube-etcd-peer',
      'peer-client-cert-auth': 'true',
      'tls-min-version': 'TLS1.3',
    });
  });
});

test('a version newer than the library is rendered like the newest known', () => {
  const [, config] = documents({ kubernetesVersion: KubernetesVersion.of('1.39') });

  expect(config).toMatchObject({ apiVersion: 'kubeadm.k8s.io/v1beta4', kubernetesVersion: 'stable-1.39' });
});

test('a client\'s certificate opens no peer port: peers alone carry the name that is asked for', () => {
  const { etcd } = configuration();

  expect(etcd.local.peerCertSANs).toContain(flags(etcd.local.extraArgs)['peer-cert-allowed-hostname']);
  expect(etcd.local.serverCertSANs ?? []).not.toContain('kube-etcd-peer');
});

test('no list of cipher suites is ever set: with TLS 1.3 as the minimum etcd refuses to start with one', () => {
  expect(JSON.stringify(documents())).not.toContain('cipher');
});

test('nothing turns anonymous requests off as a whole: kubeadm\'s probes would get 401', () => {
  expect(Object.keys(flags(configuration().apiServer.extraArgs))).not.toContain('anonymous-auth');
});

test('no authorization mode stands beside the authorization file: the API server would not start', () => {
  expect(Object.keys(flags(configuration().apiServer.extraArgs)).filter((name) => name.startsWith('authorization'))).toEqual(['authorization-config']);
});

/** A folder with configuration, mounted as a whole. */
function folder(name: string): object {
  return { name, hostPath: `/etc/kubernetes/${name}`, mountPath: `/etc/kubernetes/${name}`, readOnly: true, pathType: 'Directory' };
}

test('every file that a flag names is mounted: the policy read-only, the log\'s folder as a whole and writable', () => {
  const { apiServer } = configuration({}, { auditLog: { directory: '/var/log/k8s' } });

  expect(apiServer.extraVolumes).toEqual([
    folder('admission'),
    { name: 'audit-log', hostPath: '/var/log/k8s', mountPath: '/var/log/k8s', readOnly: false, pathType: 'DirectoryOrCreate' },
    {
      name: 'audit-policy', hostPath: '/etc/kubernetes/audit/policy.yaml', mountPath: '/etc/kubernetes/audit/policy.yaml', readOnly: true, pathType: 'File',
    },
    folder('authentication'),
    folder('authorization'),
  ]);
  expect(flags(apiServer.extraArgs)['audit-log-path']).toBe('/var/log/k8s/audit.log');
});

test('the retention is as stated', () => {
  const { apiServer } = configuration({}, { auditLog: { maxAgeDays: 90, maxBackups: 20, maxSizeMebibytes: 500 } });

  expect(flags(apiServer.extraArgs)).toMatchObject({ 'audit-log-maxage': '90', 'audit-log-maxbackup': '20', 'audit-log-maxsize': '500' });
});

test('networks, domain, name, endpoints and ports are the profile\'s; a load balancer\'s port is not the node\'s', () => {
  const [init, config] = documents({
    name: 'stage',
    podCidrs: ['10.10.0.0/16', 'fd00:10::/56'],
    serviceCidrs: ['10.20.0.0/16', 'fd00:20::/108'],
    dnsDomain: 'stage.local',
    apiServerPort: 7443,
    apiEndpoints: ['https://api.stage.internal', 'https://[fd00::9]:6443'],
  });

  expect(init.localAPIEndpoint).toEqual({ bindPort: 7443 });
  expect(config).toMatchObject({
    clusterName: 'stage',
    controlPlaneEndpoint: 'api.stage.internal:443',
    networking: { podSubnet: '10.10.0.0/16,fd00:10::/56', serviceSubnet: '10.20.0.0/16,fd00:20::/108', dnsDomain: 'stage.local' },
    apiServer: { certSANs: ['fd00::9'] },
  });
});

test('without an endpoint there is none, and the port is 6443', () => {
  const [init, config] = documents({ apiEndpoints: [] }, { etcd: new EtcdTlsConfig() });

  expect(init.localAPIEndpoint).toEqual({ bindPort: 6443 });
  expect('controlPlaneEndpoint' in config).toBe(false);
  expect('certSANs' in config.apiServer).toBe(false);
});

test.each(['1.36.4', 'v1.36.4'])('the release %s is pinned, so that kubeadm asks no server for it', (kubernetesRelease) => {
  expect(configuration({}, { kubernetesRelease }).kubernetesVersion).toBe('v1.36.4');
});

test('further names of etcd stand in both of its certificates', () => {
  const etcd = new EtcdTlsConfig({ members: [{ name: 'cp-1', address: '10.0.16.11', dnsNames: ['etcd.internal'] }] });

  expect(configuration({}, { etcd }).etcd.local).toMatchObject({ serverCertSANs: ['etcd.internal'], peerCertSANs: ['etcd.internal', 'kube-etcd-peer'] });
});

test('etcd on its own machines is reached over TLS, with a client certificate', () => {
  expect(configuration({}, {}, true).etcd).toEqual({
    external: {
      endpoints: ['https://10.0.16.11:2379', 'https://10.0.16.12:2379', 'https://10.0.16.13:2379'],
      caFile: '/etc/kubernetes/pki/etcd/ca.crt',
      certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
      keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
    },
  });
});

describe('what an installer is given besides', () => {
  const version = (minor: string) => ({ kubernetesVersion: KubernetesVersion.of(minor) });

  /** The documents for a model with nothing in it but what is said. */
  function documentsOf(profile: Partial<ClusterProfileProps>, more: Partial<ControlPlaneModel>): any[] {
    const { nodes, controlPlane: at } = cluster(profile);
    const component = () => new Component('some-program', at.node.path);
    const model: ControlPlaneModel = {
      at,
      profile: ClusterProfile.of(at),
      nodes,
      workers: [],
      apiServer: component(),
      controllerManager: component(),
      scheduler: component(),
      etcd: { kind: 'local', etcd: component(), serverCertSANs: [], peerCertSANs: [] },
      pki: at.pki,
      tokenDiscovery: false,
      kubelet: at.kubelet,
      kubeProxy: at.kubeProxy,
      ...more,
    };
    return parseAllDocuments(kubeadmInitYaml(model)).map((document) => document.toJS());
  }

  test.each(['controllerManager', 'scheduler'] as const)('mounts and flags of the %s reach its pod', (name) => {
    const component = new Component('some-program', 'test');
    component.flags.set('config', '/etc/kubernetes/some/config.yaml', 'test');
    component.mounts.add({ name: 'some', path: '/etc/kubernetes/some', readOnly: true, pathType: 'Directory' });

    expect(documentsOf({}, { [name]: component })[1][name]).toEqual({
      extraArgs: [{ name: 'config', value: '/etc/kubernetes/some/config.yaml' }], extraVolumes: [folder('some')],
    });
  });

  test('every kubelet and kube-proxy gets its configuration from kubeadm', () => {
    const [,, kubelet, kubeProxy] = documents({}, {
      kubelet: new KubeletConfig({ maxPods: 50 }), kubeProxy: new KubeProxyConfig({ mode: KubeProxyMode.IPTABLES }),
    });

    expect(kubelet).toMatchObject({
      kind: 'KubeletConfiguration',
      maxPods: 50,
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
      readOnlyPort: 0,
      staticPodPath: '/etc/kubernetes/manifests',
      tlsMinVersion: 'VersionTLS13',
    });
    expect(kubeProxy).toMatchObject({ kind: 'KubeProxyConfiguration', metricsBindAddress: '127.0.0.1:10249', mode: 'iptables' });
  });

  test.each([
    ['1.30', { skipPhases: ['addon/kube-proxy', 'show-join-command'] }, undefined],
    ['1.31', { skipPhases: ['show-join-command'] }, { disabled: true }],
  ])('where the network plugin does its work, kubeadm %s installs no kube-proxy', (minor, init, proxy) => {
    const made = documents(version(minor), { kubeProxy: KubeProxyConfig.replacedByCni() });

    expect(made.map(({ kind }) => kind)).toEqual(['InitConfiguration', 'ClusterConfiguration', 'KubeletConfiguration']);
    expect(made[0]).toMatchObject(init);
    expect(made[1].proxy).toEqual(proxy);
  });

  test.each(MINORS)('keys of certificates for %s are elliptic as soon as kubeadm can be told so', (minor) => {
    const [, config] = documents(version(minor));

    expect(config.encryptionAlgorithm).toBe(KubernetesVersion.of(minor).minor >= 31 ? 'ECDSA-P256' : undefined);
  });
});
