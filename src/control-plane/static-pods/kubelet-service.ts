import { Yaml } from 'cdk8s';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { ControlPlaneModel } from '../control-plane-model';
import { MACHINES, machineFiles } from '../machine-files';
import { STATIC_PODS } from './static-pod-paths';
import { ControlPlaneNode } from '../pki/certificate-options';

/** Where systemd-resolved lists the servers that it asks; /etc/resolv.conf names itself, whom no pod reaches. */
const RESOLVED = '/run/systemd/resolve/resolv.conf';

/** The kubelet's configuration, its service, and what each machine has of its own. */
export function kubeletFiles({ at, profile, nodes, kubelet }: ControlPlaneModel, machines: ControlPlaneNode[]): NodeFileProps[] {
  const document = {
    ...kubelet._document({
      at, profile, staticPodPath: STATIC_PODS.manifests, ...(nodes.operatingSystem.osReleaseId === 'ubuntu' ? { resolvConf: RESOLVED } : {}),
    }),
    // Nothing runs next to etcd and the CA's keys that does not ask for it.
    registerWithTaints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  };
  return [
    { path: STATIC_PODS.kubeletConfig, content: Yaml.stringify(document), kind: NodeFileKind.RESTRICTED },
    { path: STATIC_PODS.kubeletUnit, content: SERVICE, kind: NodeFileKind.RESTRICTED },
    ...machineFiles(machines),
  ];
}

/** Digests of what the kubelet was last known to run with. */
const RUNS_WITH = '/var/lib/kubelet/configured.sha256';
const CONFIGURATION = `${STATIC_PODS.kubeletConfig} ${STATIC_PODS.kubeletUnit} ${STATIC_PODS.kubeletUnit}.d/*.conf ${MACHINES}/*.env`;

/**
 * The kubelet reads its configuration when it starts. One that runs is started anew if the configuration is another than last time, which stops no
 * pod; one that does not run stays so, as before certificates are made.
 */
export const RESTART_IF_CHANGED = `sha256sum ${CONFIGURATION} >${RUNS_WITH}.new && { cmp --silent ${RUNS_WITH}.new ${RUNS_WITH} || systemctl try-restart kubelet.service; } `
  + `&& mv ${RUNS_WITH}.new ${RUNS_WITH}`;

const SERVICE = `[Unit]
Description=kubelet, which runs the control plane from ${STATIC_PODS.manifests}
After=containerd.service network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
# The machine's host name says which node it is; on another machine the service does not start.
EnvironmentFile=${MACHINES}/%l.env
ExecStart=/usr/bin/kubelet \\
  --config=${STATIC_PODS.kubeletConfig} \\
  --hostname-override=%l \\
  --kubeconfig=/etc/kubernetes/kubelet.conf \\
  --node-ip=\${NODE_IP}
Restart=always
RestartSec=10

[Install]
WantedBy=multi-user.target
`;
