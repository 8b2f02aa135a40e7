import { Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { bank } from './bank';
import {
  AdmissionPolicies, AuditPolicy, Cloud, ClusterProfile, Cni, ControlPack, ControlPlane, Controls, Distribution, EtcdTlsConfig, HardenedApp,
  HardenedAppProps, HardenedNamespace, KubernetesVersion, NodeKind, NodeRole, PolicyPhase, SecretsEncryption, SshHardening, terraform,
} from 'cdk8s-hardened';

const REGION = 'eu-central-1';
const ZONES = ['a', 'b', 'c'];

/** A production cluster on machines of one's own: what it is, what runs in it, its nodes, its network and the way in. */
export function productionCluster(name: string, outputs: HardenedAppProps = {}): HardenedApp {
  const cluster = new ClusterProfile({
    name,
    kubernetesVersion: KubernetesVersion.V1_36,
    distribution: Distribution.KUBEADM,
    cloud: Cloud.AWS,
    cni: Cni.CILIUM,
    podCidrs: ['10.244.0.0/16'],
    serviceCidrs: ['10.96.0.0/12'],
    nodeCidrs: ['10.0.0.0/16'],
    controlPlaneCidrs: ['10.0.224.0/21'],
    apiEndpoints: [`https://api.${name}.bank.internal:6443`],
    ingress: [{ namespaceName: 'ingress-nginx', podLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } }],
  });
  const app = new HardenedApp({ cluster, ...outputs });

  // What runs in it: dist/
  const chart = new Chart(app, 'bank');
  bank(new HardenedNamespace(chart, 'bank', {
    quota: { cpu: Cpu.units(12), memory: Size.gibibytes(16) },
    labels: { 'app.kubernetes.io/part-of': 'bank-of-anthos' },
  }));

  // What holds for all of it, at synth and in the cluster itself
  Controls.of(app).enforce(ControlPack.recommended());
  new AdmissionPolicies(new Chart(app, 'policies'), 'recommended', { pack: ControlPack.recommended(), phase: PolicyPhase.DENY });

  // Its machines: nodes.out/
  const controlPlane = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
  const workers = new NodeRole(app, 'worker', { kind: NodeKind.WORKER });
  new SshHardening(app, 'ssh', { roles: [controlPlane, workers] });
  new ControlPlane(app, 'kubernetes', {
    nodes: controlPlane,
    workers: [workers],
    kubernetesRelease: '1.36.4',
    audit: AuditPolicy.recommended(),
    encryption: SecretsEncryption.secretbox(),
    etcd: new EtcdTlsConfig({
      members: ZONES.map((zone, i) => ({ name: `control-plane-${zone}`, address: `10.0.${224 + 2 * i}.10` })),
    }),
  });

  // Its network and the way in: cdktf.out/
  const state = terraform.StateBackend.s3({ bucket: `${name}-bank-terraform-state`, region: REGION });
  const { network } = new terraform.PrivateNetworkStack(app, `${name}-network`, { state, cidr: '10.0.0.0/16', azs: ZONES.map((zone) => `${REGION}${zone}`) });
  new terraform.BastionStack(app, `${name}-bastion`, { state, network });

  return app;
}
