// A control plane with an audit policy of its own and etcd on machines of its own.
import {
  AuditLevel, AuditPolicy, ClusterProfile, ControlPlane, EtcdTlsConfig, HardenedApp, KubernetesVersion, NodeKind, NodeRole, SecretsEncryption,
} from 'cdk8s-hardened';

const cluster = new ClusterProfile({
  name: 'audited',
  kubernetesVersion: KubernetesVersion.V1_37,
  nodeCidrs: ['10.0.0.0/16'],
  controlPlaneCidrs: ['10.0.16.0/24'],
  apiEndpoints: ['https://api.audited.internal:6443'],
});
const app = new HardenedApp({ cluster });

new ControlPlane(app, 'kubernetes', {
  nodes: new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE }),
  etcdNodes: new NodeRole(app, 'etcd', { kind: NodeKind.ETCD }),
  etcd: new EtcdTlsConfig({ members: [11, 12, 13].map((host) => ({ name: `etcd-${host}`, address: `10.0.17.${host}` })) }),
  encryption: SecretsEncryption.secretbox(),
  audit: AuditPolicy.of({
    rules: [
      { level: AuditLevel.NONE, users: ['system:kube-proxy'], verbs: ['watch'], resources: [{ group: '', resources: ['endpoints', 'services'] }] },
      { level: AuditLevel.METADATA },
    ],
  }),
});

app.synth();
