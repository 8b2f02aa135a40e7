import { parse } from 'yaml';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KubeletConfig } from '../../../src/control-plane/kubelet/kubelet-config';
import { describeWith } from '../programs';
import { KUBEADM_SERVERS, KubeadmServers } from './kubeadm-servers';

const FLAG = 'encryption-provider-config';

describeWith([...KUBEADM_SERVERS['1.37'], 'openssl'], 'encryption and a kubelet\'s limit, declared for a cluster that runs, with kubeadm 1.37', () => {
  let servers: KubeadmServers;
  beforeAll(async () => {
    servers = await KubeadmServers.start('1.37');
    await servers.initialize();
  });
  afterAll(() => servers?.stop());

  const manifestKnows = () => {
    const { spec } = servers.node.manifest('kube-apiserver');
    const [{ command, volumeMounts }] = spec.containers;
    return {
      flag: command.includes(`--${FLAG}=${servers.node.path('/etc/kubernetes/encryption/config.yaml')}`),
      mount: volumeMounts.some(({ name, mountPath, readOnly }: any) => name === 'encryption' && mountPath === servers.node.path('/etc/kubernetes/encryption') && readOnly),
    };
  };
  const inCluster = async (name: string, key: string) => parse((await servers.api('GET', `/api/v1/namespaces/kube-system/configmaps/${name}`)).body.data[key]);
  const clusterKnows = async () => (await inCluster('kubeadm-config', 'ClusterConfiguration')).apiServer.extraArgs.some(({ name }: any) => name === FLAG);

  test('files alone reach neither the API server\'s manifest nor what further nodes and kubeadm upgrade read', async () => {
    servers.node.install(servers.declare({
      encryption: SecretsEncryption.secretbox({ plaintextReadable: true }), kubelet: new KubeletConfig({ maxPods: 80 }),
    }));

    expect(manifestKnows()).toEqual({ flag: false, mount: false });
    expect(await clusterKnows()).toBe(false);
  });

  test('kubeadm init phase control-plane gives the manifest flag and mount', () => {
    servers.node.phase('control-plane', 'all', '--dry-run');

    expect(manifestKnows()).toEqual({ flag: true, mount: true });
  });

  test('kubeadm init phase upload-config gives it to further nodes and to kubeadm upgrade, and kubelets their limit', async () => {
    expect((await inCluster('kubelet-config', 'kubelet')).maxPods).toBe(110);
    servers.node.phase('upload-config', 'all', ...servers.superAdmin);

    expect(await clusterKnows()).toBe(true);
    expect((await inCluster('kubelet-config', 'kubelet')).maxPods).toBe(80);
  });

  test('what the cluster knows is the same on every node: no address of one machine is in it', async () => {
    expect(JSON.stringify(await inCluster('kubeadm-config', 'ClusterConfiguration'))).not.toMatch(/advertise-address|node-ip|10\.0\.16\.11/);
  });
});
