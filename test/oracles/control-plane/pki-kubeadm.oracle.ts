import { existsSync, mkdirSync, symlinkSync } from 'fs';
import { dirname } from 'path';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, MEMBERS } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Machine, run } from './machine';
import { issue, keepExternalAuthority } from './pki-machines';

const SCRIPT = '/usr/local/sbin/cluster-pki';
const CHECK = '/usr/local/sbin/pki-check';

/** With an external CA kubeadm looks for kubeconfigs in /etc/kubernetes, whatever it is told: it sees the machine's folder as its root. */
class RootedKubeadmNode extends KubeadmNode {
  phase(...args: string[]): string {
    const link = this.path(this.root);
    if (!existsSync(link)) {
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync('/', link);
    }
    return run('unshare', ['--map-root-user', 'env', ...this.environment, 'KUBEADM_INIT_DRYRUN_DIR=/manifests', this.path('/usr/local/sbin/kubeadm-here'), 'init', 'phase',
      ...args, '--rootfs', this.root]);
  }
}

describeWith(['kubeadm', 'openssl', 'unshare'], 'kubeadm 1.37 with a CA outside the cluster', () => {
  const made = cluster({ kubernetesVersion: KubernetesVersion.V1_37, apiEndpoints: ['https://api.prod.internal:6443'] }, {
    kubernetesRelease: '1.37.1', certificates: { externalAuthority: true, kubeletSigner: 'corporate-signer' },
  });
  const { pki } = made.controlPlane;
  const paths = pki.rows.filter((row) => (row.node ?? 'cp-1') === 'cp-1' && !row.onDemand).flatMap((row) => [row.certificatePath, row.keyPath ?? []].flat());
  let authority: Machine;
  let node: KubeadmNode;
  let before: string[];
  beforeAll(() => {
    authority = new Machine().add(made.nodes);
    keepExternalAuthority(authority);
    node = new RootedKubeadmNode(made, MEMBERS[0], (machine) => {
      issue(authority, machine, 'cp-1');
      issue(authority, machine, 'cp-1', 'super-admin');
      machine.run(SCRIPT, 'keys', 'first');
      before = paths.map((path) => machine.read(path));
    });
  });
  afterAll(() => [authority, node].forEach((machine) => machine?.remove()));

  test('takes our certificates, keys and kubeconfigs as they are', () => {
    expect(paths.map((path) => node.read(path))).toEqual(before);
    expect(node.read('/etc/kubernetes/admin.conf')).toContain(`client-key: ${node.path('/etc/kubernetes/pki/admin.key')}\n`);
    expect(node.run(CHECK)).toBe('');
  });

  test('makes no CA', () => {
    const found = run('find', [node.path('/etc/kubernetes'), '-name', '*ca.key']).trim();

    expect(found).toBe('');
    expect(paths.filter((path) => /ca\.crt$/.test(path)).length).toBe(3);
  });

  test('gives the controller manager nothing to sign with', () => {
    const flags = node.flags('kube-controller-manager').filter((flag) => /^--cluster-signing-(cert|key)-file/.test(flag));

    expect(flags.filter((flag) => !flag.endsWith('='))).toEqual([]);
  });

  test('its twin makes CAs where nothing was prepared', () => {
    const twin = new KubeadmNode(cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, { kubernetesRelease: '1.37.1' }), MEMBERS[0]);

    expect(existsSync(twin.path('/etc/kubernetes/pki/ca.key'))).toBe(true);
    expect(twin.flags('kube-controller-manager')).toContain(`--cluster-signing-key-file=${twin.path('/etc/kubernetes/pki/ca.key')}`);
    twin.remove();
  });

  test('refuses a certificate that an unknown CA signed', () => {
    const stranger = new Machine().add(made.nodes);
    keepExternalAuthority(stranger);

    expect(() => new RootedKubeadmNode(made, MEMBERS[0], (machine) => {
      issue(authority, machine, 'cp-1');
      machine.write('/etc/kubernetes/pki/ca.crt', stranger.read('/etc/cluster-pki/ca/kubernetes-ca.crt'), '0644');
    })).toThrow(/certificate apiserver is not signed by corresponding CA|not signed|unknown authority/);
    stranger.remove();
  });
});
