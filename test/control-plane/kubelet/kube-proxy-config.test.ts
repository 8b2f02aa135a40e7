import { parseAllDocuments } from 'yaml';
import { KubeProxyConfig, KubeProxyConfigProps, KubeProxyMode } from '../../../src/control-plane/kubelet/kube-proxy-config';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { Cni } from '../../../src/core/cni';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../cluster';

const VERSIONS = Array.from({ length: 10 }, (_, i) => KubernetesVersion.of(`1.${28 + i}`));

function document(props: KubeProxyConfigProps = {}, profile: Partial<ClusterProfileProps> = {}): any {
  return new KubeProxyConfig(props)._document({ at: 'kubernetes', profile: new ClusterProfile({ name: 'prod', ...profile }) });
}

function kubeadm(kubernetesVersion: KubernetesVersion, kubeProxy?: KubeProxyConfig): any[] {
  return parseAllDocuments(contentOf(cluster({ kubernetesVersion }, { kubeProxy }).nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((each) => each.toJS());
}

describe.each(VERSIONS.map((version) => [`${version}`, version] as const))('kube-proxy of %s', (_, kubernetesVersion) => {
  test('states its mode: nftables where it is stable, else iptables', () => {
    expect(document({}, { kubernetesVersion }).mode).toBe(kubernetesVersion.minor >= 33 ? 'nftables' : 'iptables');
    expect(document({ mode: KubeProxyMode.IPTABLES }, { kubernetesVersion }).mode).toBe('iptables');
  });

  test('has nftables from 1.31 on', () => {
    const make = () => document({ mode: KubeProxyMode.NFTABLES }, { kubernetesVersion });
    if (kubernetesVersion.minor >= 31) {
      expect(make().mode).toBe('nftables');
    } else {
      expect(make).toThrow(new Error(
        `[kubernetes] kubeProxy.mode: got "nftables"; allowed: iptables before Kubernetes 1.31; the profile has ${kubernetesVersion}. `
        + 'Upgrade the cluster, or leave it out: this kube-proxy has no such mode without an alpha feature.'));
    }
  });

  test('answers node ports on primary addresses from 1.31 on, before in the ranges of nodes', () => {
    const ranges = { kubernetesVersion, nodeCidrs: ['10.0.0.0/20'], controlPlaneCidrs: ['10.0.16.0/24'] };
    const primary = kubernetesVersion.minor >= 31;

    expect(document({}, ranges).nodePortAddresses).toEqual(primary ? ['primary'] : ['10.0.0.0/20', '10.0.16.0/24']);
    expect(document({}, { kubernetesVersion }).nodePortAddresses).toEqual(primary ? ['primary'] : undefined);
    expect(document({ nodePortCidrs: ['10.9.0.0/16'] }, ranges).nodePortAddresses).toEqual(['10.9.0.0/16']);
  });

  test('serves metrics on loopback alone, without profiles, and knows no field that a version lacks', () => {
    const made = document({}, { kubernetesVersion });

    expect(made).toMatchObject({ metricsBindAddress: '127.0.0.1:10249', enableProfiling: false, clusterCIDR: '10.244.0.0/16', featureGates: { AllAlpha: false } });
    // Of v1alpha1 since before 1.28; `nftables` alone is younger.
    expect(Object.keys(made).filter((field) => field !== 'nodePortAddresses')).toEqual(
      ['apiVersion', 'kind', 'clusterCIDR', 'enableProfiling', 'featureGates', 'metricsBindAddress', 'mode']);
  });

  test('is left out by kubeadm where the network plugin does its work', () => {
    const documents = kubeadm(kubernetesVersion, KubeProxyConfig.replacedByCni());
    const init = documents.find(({ kind }) => kind === 'InitConfiguration');
    const configuration = documents.find(({ kind }) => kind === 'ClusterConfiguration');

    expect(documents.map(({ kind }) => kind)).not.toContain('KubeProxyConfiguration');
    expect([init.skipPhases.includes('addon/kube-proxy'), configuration.proxy?.disabled === true]).toEqual(kubernetesVersion.minor >= 31 ? [false, true] : [true, false]);
    expect(kubeadm(kubernetesVersion).map(({ kind }) => kind)).toContain('KubeProxyConfiguration');
  });
});

test('both ranges of a dual-stack cluster are its own', () => {
  expect(document({}, { podCidrs: ['10.1.0.0/16', 'fd00:1::/56'], serviceCidrs: ['10.2.0.0/16', 'fd00:2::/108'] }).clusterCIDR).toBe('10.1.0.0/16,fd00:1::/56');
});

describe('bad input', () => {
  test.each<[string, () => unknown, string]>([
    ['IPVS', () => new KubeProxyConfig({ mode: 'ipvs' as never }),
      '[KubeProxyConfig] mode: got "ipvs"; allowed: iptables, nftables. Leave it out: IPVS is deprecated from Kubernetes 1.35 on, and nftables does what it was for.'],
    ['an unknown mode', () => new KubeProxyConfig({ mode: 'userspace' as never }),
      '[KubeProxyConfig] mode: got "userspace"; allowed: iptables, nftables. Take a value of KubeProxyMode.'],
    ['no ranges, which would be every address', () => new KubeProxyConfig({ nodePortCidrs: [] }),
      '[KubeProxyConfig] nodePortCidrs: got []; allowed: at least one range. Leave it out for the default: kube-proxy takes an empty list for every address.'],
    ['metrics for everybody', () => new KubeProxyConfig({ metricsBindAddress: '0.0.0.0:10249' } as never),
      '[KubeProxyConfig] metricsBindAddress: allowed: mode, nodePortCidrs. Correct or remove it: nobody reads it.'],
    ['no kube-proxy where nobody else does its work', () => cluster({ cni: Cni.FLANNEL }, { kubeProxy: KubeProxyConfig.replacedByCni() }),
      '[kubernetes] kubeProxy: got "KubeProxyConfig.replacedByCni()"; allowed: a KubeProxyConfig with flannel, which leaves services to kube-proxy. '
      + 'Leave it out, or state another network plugin in the profile\'s cni: without kube-proxy no service would work.'],
    ['what is no KubeProxyConfig', () => cluster({}, { kubeProxy: 'none' as never }),
      '[kubernetes] kubeProxy: got "none"; allowed: a KubeProxyConfig. Make it by new KubeProxyConfig({ … }), or KubeProxyConfig.replacedByCni().'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
