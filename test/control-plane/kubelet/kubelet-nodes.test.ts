import { parse, parseAllDocuments } from 'yaml';
import { ControlPlane } from '../../../src/control-plane/control-plane';
import { KubeletConfig } from '../../../src/control-plane/kubelet/kubelet-config';
import { ClusterProfileProps } from '../../../src/core/cluster-profile';
import { Cni } from '../../../src/core/cni';
import { constructFindings } from '../../../src/core/construct-findings';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { cluster, contentOf, nodeFilesApp } from '../cluster';

const SCRIPT = '/usr/local/sbin/kubelet-serving-approver';
const OBJECTS = '/etc/kubernetes/kubelet-serving-approver.yaml';

/** A list in the approver's script. */
function listOf(name: string, profile: Partial<ClusterProfileProps> = {}, kubelet?: KubeletConfig): string[] {
  const [, list] = new RegExp(`^${name}='(.*)'$`, 'm').exec(contentOf(cluster(profile, { kubelet }).nodes, SCRIPT))!;
  return list.split(' ').filter((word) => word !== '');
}

function withWorkers(kubelet?: KubeletConfig): NodeRole[] {
  const app = nodeFilesApp();
  const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
  const workers = new NodeRole(app, 'workers', { kind: NodeKind.WORKER });
  new ControlPlane(app, 'kubernetes', { nodes, workers: [workers], kubelet });
  return [nodes, workers];
}

test('every node has the kernel settings that a kubelet with protectKernelDefaults wants, before it starts', () => {
  for (const role of withWorkers()) {
    expect(contentOf(role, '/etc/sysctl.d/90-kubelet.conf')).toBe([
      'kernel.keys.root_maxbytes = 25000000', 'kernel.keys.root_maxkeys = 1000000', 'kernel.panic = 10', 'kernel.panic_on_oops = 1', 'vm.overcommit_memory = 1', 'vm.panic_on_oom = 0', '',
    ].join('\n'));
    expect(role.commands).toContain('sysctl --quiet --load /etc/sysctl.d/90-kubelet.conf');
    expect(role.packages).toContain('procps');
  }
});

test('every node keeps the kubelet\'s files from other users, whoever wrote them (CIS 4.1)', () => {
  for (const role of withWorkers()) {
    const dropIn = role.files.find(({ path }) => path === '/etc/systemd/system/kubelet.service.d/20-file-modes.conf')!;

    expect(dropIn.mode).toBe('0600');
    for (const path of ['/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet.conf', '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', '/var/lib/kubelet/kubeadm-flags.env']) {
      expect(dropIn.content).toContain(`\nExecStartPre=-/usr/bin/chmod --quiet 0600 ${path}\n`);
    }
  }
});

test('the API server trusts kubelets whose certificates the cluster\'s CA signed, and no others (CIS 1.2.5)', () => {
  const init = parseAllDocuments(contentOf(cluster().nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((each) => each.toJS());

  expect(init.find(({ kind }) => kind === 'ClusterConfiguration').apiServer.extraArgs)
    .toContainEqual({ name: 'kubelet-certificate-authority', value: '/etc/kubernetes/pki/ca.crt' });
});

describe('the approver of serving certificates', () => {
  test('is on control-plane nodes alone, and runs every minute by the clock, so that one run that is skipped is not the last', () => {
    const [nodes, workers] = withWorkers();

    expect(nodes.commands).toContain('systemctl enable --now kubelet-serving-approver.timer');
    expect(contentOf(nodes, '/etc/systemd/system/kubelet-serving-approver.timer')).toMatch(/\nOnCalendar=minutely\n/);
    expect(nodes.packages).toContain('openssl');
    expect(workers.files.filter(({ path }) => path.includes('approver'))).toEqual([]);
  });

  test('reads requests as a user of its own, who sees neither keys nor kubeconfigs of the node', () => {
    const service = contentOf(withWorkers()[0], '/etc/systemd/system/kubelet-serving-approver.service');

    expect(service).toContain('\nDynamicUser=yes\n');
    expect(service).toContain(`\nExecStart=${SCRIPT} approve\n`);
    expect(service).toContain(`\nExecStartPre=+${SCRIPT} identity\n`);
    expect(service).toContain('\nInaccessiblePaths=-/etc/kubernetes -/var/lib/kubelet -/var/lib/etcd\n');
    expect(service).toContain('\nCapabilityBoundingSet=\n');
  });

  test('may approve for one signer, and read requests and nodes', () => {
    const [account, role, binding] = parseAllDocuments(contentOf(cluster().nodes, OBJECTS)).map((each) => each.toJS());

    expect(account).toMatchObject({ kind: 'ServiceAccount', automountServiceAccountToken: false });
    expect(role.rules).toEqual([
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'], verbs: ['get', 'list'] },
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
      { apiGroups: ['certificates.k8s.io'], resources: ['signers'], resourceNames: ['kubernetes.io/kubelet-serving'], verbs: ['approve'] },
      { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
    ]);
    expect(binding).toMatchObject({ roleRef: { kind: 'ClusterRole', name: role.metadata.name }, subjects: [{ kind: 'ServiceAccount', name: account.metadata.name, namespace: 'kube-system' }] });
  });

  test('knows the ranges of nodes, and what no node may be called', () => {
    const profile = { nodeCidrs: ['10.0.0.0/20', 'fd00:1::/64'], controlPlaneCidrs: ['10.0.16.0/24'], apiEndpoints: ['https://api.prod.internal:6443', 'https://10.0.9.9:6443'] };

    expect(listOf('node_ranges', profile)).toEqual(['10.0.0.0/20', 'fd00:1::/64']);
    expect(listOf('control_plane_ranges', profile)).toEqual(['10.0.16.0/24']);
    expect(listOf('foreign_ranges', profile)).toEqual(['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10', '10.96.0.0/12', '10.244.0.0/16']);
    expect(listOf('foreign_names', profile)).toEqual(['kubernetes', 'kubernetes.default', 'api.prod.internal', '10.0.9.9']);
    expect(listOf('foreign_domains', profile)).toEqual(['localhost', 'svc', 'cluster.local']);
    expect(listOf('node_domains', profile)).toEqual([]);
    expect(listOf('node_domains', profile, new KubeletConfig({ servingCertificates: { nodeDomains: ['corp.example'] } }))).toEqual(['corp.example']);
  });

  test('does not take ranges of pods for foreign where nodes have the same', () => {
    expect(listOf('foreign_ranges', { cni: Cni.AWS_VPC, podCidrs: ['10.0.0.0/16'] })).not.toContain('10.0.0.0/16');
  });

  test('is left out where the cluster runs one, and the API server trusts it as well', () => {
    const { nodes } = cluster({}, { kubelet: new KubeletConfig({ servingCertificates: { approver: 'kubelet-csr-approver' } }) });

    expect(nodes.files.filter(({ path }) => path.includes('approver'))).toEqual([]);
    expect(nodes.commands.filter((command) => command.includes('approver'))).toEqual([]);
    expect(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml')).toContain('kubelet-certificate-authority');
    expect(parse(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml').split('---\n')[2])).toMatchObject({ serverTLSBootstrap: true });
  });

  test('is a finding where no ranges tell it which addresses nodes may have', () => {
    const name = 'kubelet-addresses-unlimited';
    const controls = (...args: Parameters<typeof cluster>) => constructFindings(cluster(...args).nodes.node.root).map(({ control }) => control);

    expect(controls()).toContain(name);
    expect(controls({ nodeCidrs: ['10.0.0.0/20'] })).not.toContain(name);
    expect(controls({}, { kubelet: new KubeletConfig({ servingCertificates: { approver: 'ours' } }) })).not.toContain(name);
  });
});
