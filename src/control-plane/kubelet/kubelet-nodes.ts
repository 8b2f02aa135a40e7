import { KubeletConfig } from './kubelet-config';
import { servingApproverFiles, START_APPROVER } from './serving-approver';
import { ClusterProfile } from '../../core/cluster-profile';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { NodeRole } from '../../nodes/node-role';
import { ComponentFlags } from '../component/component-flags';
import { PKI } from '../paths';

/** What a control plane has for kubelets. */
export interface KubeletParts {
  readonly profile: ClusterProfile;
  /** The control-plane nodes. */
  readonly nodes: NodeRole;
  /** Further roles whose machines join the cluster. */
  readonly workers: readonly NodeRole[];
  /** Of the API server. */
  readonly flags: ComponentFlags;
}

const SYSCTLS = '/etc/sysctl.d/90-kubelet.conf';

/** What the kubelet wants of the kernel, or does not start: with protectKernelDefaults it changes nothing itself. */
const KERNEL: [string, number][] = [
  ['kernel.keys.root_maxbytes', 25000000],
  ['kernel.keys.root_maxkeys', 1000000],
  ['kernel.panic', 10],
  ['kernel.panic_on_oops', 1],
  ['vm.overcommit_memory', 1],
  ['vm.panic_on_oom', 0],
];

/** kubeadm and the kubelet's package write these for everybody to read. */
const TO_RESTRICT = [
  '/etc/kubernetes/kubelet.conf',
  '/usr/lib/systemd/system/kubelet.service',
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
  '/var/lib/kubelet/config.yaml',
  '/var/lib/kubelet/instance-config.yaml',
  '/var/lib/kubelet/kubeadm-flags.env',
];

/**
 * Files and commands for every node with a kubelet, the approver of serving certificates on the control-plane nodes, and the API server's trust in
 * nothing but such certificates (CIS 1.2.5).
 */
export function addKubeletNodes(config: KubeletConfig, { profile, nodes, workers, flags }: KubeletParts): void {
  for (const role of [nodes, ...workers]) {
    role.addPackage('procps');
    kubeletNodeFiles(profile).forEach((file) => role.addFile(file));
    role.addCommand(`sysctl --quiet --load ${SYSCTLS}`);
    role.addCommand('systemctl daemon-reload');
  }
  const { serving } = config._settings;
  if (serving.approver === undefined) {
    servingApproverFiles(serving, profile).forEach((file) => nodes.addFile(file));
    nodes.addPackage('openssl');
    nodes.addCommand(START_APPROVER);
  }
  flags.set('kubelet-certificate-authority', `${PKI}/ca.crt`, 'KubeletConfig');
}

/** On every node with a kubelet, whoever installs it. */
export function kubeletNodeFiles(profile: ClusterProfile): NodeFileProps[] {
  return [
    { path: SYSCTLS, content: [...KERNEL, ...forwarding(profile)].map(([name, value]) => `${name} = ${value}\n`).join('') },
    {
      path: '/etc/systemd/system/kubelet.service.d/20-file-modes.conf',
      kind: NodeFileKind.RESTRICTED,
      // A file that is not there is none of the kubelet's.
      content: ['[Service]', ...TO_RESTRICT.map((path) => `ExecStartPre=-/usr/bin/chmod --quiet 0600 ${path}`), ''].join('\n'),
    },
  ];
}

/**
 * Packets of pods and Services pass through the node, of every IP version that pods have. Debian forwards none, and kubeadm's checks then end the
 * installation. `all` sets `default` too, which is what kubeadm reads.
 */
function forwarding({ podCidrs, serviceCidrs }: ClusterProfile): [string, number][] {
  const versions = new Set([...podCidrs, ...serviceCidrs].map((range) => (range.toString().includes(':') ? 6 : 4)));
  return [
    ...(versions.has(4) ? [['net.ipv4.ip_forward', 1] satisfies [string, number]] : []),
    ...(versions.has(6) ? [['net.ipv6.conf.all.forwarding', 1] satisfies [string, number]] : []),
  ];
}
