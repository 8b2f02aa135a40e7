// Every pack of controls as admission policies: one chart a pack, ready for kubectl or GitOps. Choose one of them.
import { Chart } from 'cdk8s';
import { AdmissionPolicies, ClusterProfile, ControlPack, HardenedApp, KubernetesVersion, PolicyPhase } from 'cdk8s-hardened';

const app = new HardenedApp({ cluster: new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.V1_36 }) });

// On a cluster with a life of its own, begin with PolicyPhase.AUDIT, then WARN, then DENY: the README says what to look at in between.
for (const pack of [
  ControlPack.pssBaseline(), ControlPack.pssRestricted(), ControlPack.nsa(), ControlPack.cisWorkloads(), ControlPack.recommended(),
]) {
  new AdmissionPolicies(new Chart(app, pack.name), 'policies', { pack, phase: PolicyPhase.DENY });
}

app.synth();
