import { createHash } from 'crypto';
import { Yaml } from 'cdk8s';
import { CheckedServing } from './kubelet-check';
import { APPROVER, servingApproverScript } from './serving-approver-script';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid } from '../../core/errors';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { NETWORKED, sandboxLines } from '../component/service-sandbox';
import { endpointHosts } from '../pki/cluster-pki';

const UNIT = '/etc/systemd/system/kubelet-serving-approver';

/** Starts it, once its files are there and systemd has read them. */
export const START_APPROVER = 'systemctl enable --now kubelet-serving-approver.timer';

/**
 * What approves kubelets' requests for serving certificates on the control-plane nodes: a script, what it may do in the cluster, and a timer. The
 * half that reads requests runs as a user of its own, with a token that can do nothing else.
 */
export function servingApproverFiles(serving: CheckedServing, profile: ClusterProfile): NodeFileProps[] {
  checkExternalRanges(serving, profile);
  const script = servingApproverScript({
    nodeRanges: profile.nodeCidrs.map(String),
    controlPlaneRanges: profile.controlPlaneCidrs.map(String),
    foreignRanges: ['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10', ...profile.serviceCidrs.map(String), ...(profile.cni.podsShareNodeNetwork ? [] : profile.podCidrs.map(String))],
    foreignNames: ['kubernetes', 'kubernetes.default', ...endpointHosts(profile)],
    foreignDomains: ['localhost', 'svc', profile.dnsDomain],
    nodeDomains: [...serving.nodeDomains],
    externalRanges: serving.externalCidrs.map(String),
  });
  return [
    { path: APPROVER.script, content: script, kind: NodeFileKind.EXECUTABLE },
    { path: APPROVER.objects, content: markedObjects(), kind: NodeFileKind.RESTRICTED },
    { path: `${UNIT}.service`, content: SERVICE },
    { path: `${UNIT}.timer`, content: TIMER },
  ];
}

/** @throws for ranges that would limit nothing */
function checkExternalRanges({ externalCidrs }: CheckedServing, profile: ClusterProfile): void {
  if (externalCidrs.length > 0 && profile.nodeCidrs.length === 0) {
    throw invalid({
      at: 'KubeletConfig',
      property: 'servingCertificates.externalCidrs',
      got: externalCidrs.map(String),
      allowed: 'none where the profile states no nodeCidrs: any address is let through then',
      fix: 'State nodeCidrs, and controlPlaneCidrs, in the profile.',
    });
  }
}

/** Each object with a word about its making: the approver applies them again where it is another. */
function markedObjects(): string {
  const objects = clusterObjects();
  const digest = createHash('sha256').update(JSON.stringify(objects)).digest('hex').slice(0, 16);
  // Never a number for YAML.
  return Yaml.stringify(...objects.map((object) => ({ ...object, metadata: { ...object.metadata, annotations: { 'made-from': `v-${digest}` } } })));
}

/** The account and its rights. They are applied by the script: without them no kubelet's server can be trusted, so nothing else may have to come first. */
function clusterObjects(): (Record<string, unknown> & { metadata: object })[] {
  const name = APPROVER.account;
  const namespace = 'kube-system';
  const group = 'certificates.k8s.io';
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace }, automountServiceAccountToken: false },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        { apiGroups: [group], resources: ['certificatesigningrequests'], verbs: ['get', 'list'] },
        { apiGroups: [group], resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
        { apiGroups: [group], resources: ['signers'], resourceNames: ['kubernetes.io/kubelet-serving'], verbs: ['approve'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}

const SANDBOX = sandboxLines({
  ...NETWORKED,
  InaccessiblePaths: '-/etc/kubernetes -/var/lib/kubelet -/var/lib/etcd',
  ProtectProc: 'invisible',
});

const SERVICE = `[Unit]
Description=Approves requests of kubelets for serving certificates
ConditionPathExists=/etc/kubernetes/admin.conf
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
DynamicUser=yes
RuntimeDirectory=kubelet-serving-approver
RuntimeDirectoryMode=0700
Environment=KUBECONFIG=%t/kubelet-serving-approver/kubeconfig
# As root, for the administrator's kubeconfig.
ExecStartPre=+${APPROVER.script} identity
ExecStart=${APPROVER.script} approve
TimeoutStartSec=120
UMask=0077
${SANDBOX}
`;

const TIMER = `[Unit]
Description=Looks for requests of kubelets for serving certificates

[Timer]
# By the clock: a run that the service's condition skips, as before there is a cluster, would be the last one of a timer that counts from runs.
OnCalendar=minutely
RandomizedDelaySec=10s

[Install]
WantedBy=timers.target
`;
