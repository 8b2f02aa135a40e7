import { parse, parseAllDocuments } from 'yaml';
import { Admission } from '../../../src/control-plane/admission/admission';
import { ControlPlane } from '../../../src/control-plane/control-plane';
import { KubeletConfig } from '../../../src/control-plane/kubelet/kubelet-config';
import { KubeletServingCertificates } from '../../../src/control-plane/kubelet/kubelet-options';
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
  const [, list] = new RegExp(`^${name}='?(.*?)'?$`, 'm').exec(contentOf(cluster(profile, { kubelet }).nodes, SCRIPT))!;
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
      'kernel.keys.root_maxbytes = 25000000', 'kernel.keys.root_maxkeys = 1000000', 'kernel.panic = 10', 'kernel.panic_on_oops = 1', 'vm.overcommit_memory = 1', 'vm.panic_on_oom = 0',
      'net.ipv4.ip_forward = 1', '',
    ].join('\n'));
    expect(role.commands).toContain('sysctl --quiet --load /etc/sysctl.d/90-kubelet.conf');
    expect(role.packages).toContain('procps');
  }
});

test.each<[string, Partial<ClusterProfileProps>, string[]]>([
  ['IPv6', { podCidrs: ['fd00:10::/64'], serviceCidrs: ['fd00:20::/112'] }, ['net.ipv6.conf.all.forwarding = 1']],
  ['both', { podCidrs: ['10.244.0.0/16', 'fd00:10::/64'], serviceCidrs: ['10.96.0.0/16', 'fd00:20::/112'] }, ['net.ipv4.ip_forward = 1', 'net.ipv6.conf.all.forwarding = 1']],
])('nodes whose pods have addresses of %s forward these, as kubeadm\'s checks want it', (_, profile, expected) => {
  const lines = contentOf(cluster(profile).nodes, '/etc/sysctl.d/90-kubelet.conf').split('\n');

  expect(lines.filter((line) => line.includes('forward'))).toEqual(expected);
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
    expect(listOf('external_ranges', profile)).toEqual([]);
    expect(listOf('external_ranges', profile, new KubeletConfig({ servingCertificates: { externalCidrs: ['203.0.113.0/24', '2001:db8::/64'] } }))).toEqual(['203.0.113.0/24', '2001:db8::/64']);
    expect(listOf('node_domains', profile, new KubeletConfig({ servingCertificates: { nodeDomains: ['corp.example'] } }))).toEqual(['corp.example']);
  });

  test('gets its rights again where what they are made from is another, and else leaves them alone', () => {
    const script = contentOf(cluster().nodes, SCRIPT);
    const marks = parseAllDocuments(contentOf(cluster().nodes, OBJECTS)).map((each) => each.toJS().metadata.annotations['made-from']);

    expect(script).not.toContain('get --filename "$objects" >/dev/null 2>&1 || as_admin apply');
    expect(script).toContain('"$(sed -n \'s/^ *made-from: //p\' "$objects" | paste -s -d \' \' -)" ] || as_admin apply --server-side --force-conflicts');
    expect(marks).toHaveLength(3);
    expect(new Set(marks).size).toBe(1);
    expect(marks[0]).toMatch(/^v-[0-9a-f]{16}$/);
  });

  test('lets external ranges through only beside a limit that they are exceptions from', () => {
    const made = (servingCertificates: KubeletServingCertificates, profile = {}) => () => (
      cluster(profile, { kubelet: new KubeletConfig({ servingCertificates }) }));

    expect(made({ externalCidrs: ['203.0.113.0/24'] })).toThrow(new Error(
      '[KubeletConfig] servingCertificates.externalCidrs: got ["203.0.113.0/24"]; allowed: none where the profile states no nodeCidrs: any address is let through then. '
      + 'State nodeCidrs, and controlPlaneCidrs, in the profile.'));
    expect(made({ externalCidrs: ['0.0.0.0/0'] }, { nodeCidrs: ['10.0.0.0/20'] })).toThrow(new Error(
      '[KubeletConfig] servingCertificates.externalCidrs[0]: got "0.0.0.0/0"; allowed: ranges that your nodes have addresses in. '
      + 'Give the provider\'s ranges: this one would undo the limit of nodeCidrs.'));
    expect(made({ externalCidrs: ['203.0.113.7'] })).toThrow('[KubeletConfig] servingCertificates.externalCidrs[0]: got "203.0.113.7"; allowed: an address range in CIDR notation');
    expect(made({ externalCidrs: '203.0.113.0/24' as never })).toThrow('allowed: a list of ranges');
    expect(made({ approver: 'ours', externalCidrs: ['203.0.113.0/24'] })).toThrow(new Error(
      '[KubeletConfig] servingCertificates.externalCidrs: got ["203.0.113.0/24"]; allowed: none where ours approves. Tell ours: only the approver on the nodes reads them.'));
    expect(made({ externalCidrs: ['203.0.113.0/24'] }, { nodeCidrs: ['10.0.0.0/20'] })).not.toThrow();
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

describe('events of a kubelet that the API server would refuse', () => {
  const made = (eventRecordQps: number | undefined, qps?: number) => () => cluster({}, {
    kubelet: new KubeletConfig({ eventRecordQps }),
    ...(qps === undefined ? {} : { admission: new Admission({ eventRateLimit: { user: { qps, burst: 2000 } } }) }),
  });

  test('can\'t be configured: more than the default, or than a lower limit of users', () => {
    expect(made(51)).toThrow(new Error(
      '[kubernetes] kubelet: got "eventRecordQps 51"; allowed: at most 50, which is what Admission\'s eventRateLimit takes of one user, as each kubelet is. '
      + 'Lower eventRecordQps, or raise eventRateLimit.user: the API server answers 429 to more, and the events are lost.'));
    expect(made(undefined, 10)).toThrow('[kubernetes] kubelet: got "eventRecordQps 50"; allowed: at most 10');
  });

  test('up to the limit they can', () => {
    for (const make of [made(undefined), made(50), made(10, 10), made(200, 200)]) {
      expect(make).not.toThrow();
    }
  });
});
