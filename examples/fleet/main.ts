// Three clusters from one function: each has its own app, profile and folders.
import { Chart } from 'cdk8s';
import { ClusterProfile, HardenedApp, HardenedNamespace, KubernetesVersion, SecureWorkload } from 'cdk8s-hardened';

// Stands for the digest that your registry names.
const digest = `sha256:${'0'.repeat(64)}`;

function environment(name: string, kubernetesVersion: KubernetesVersion, replicas: number): HardenedApp {
  const app = new HardenedApp({
    cluster: new ClusterProfile({ name, kubernetesVersion }),
    outdir: `dist/${name}`,
    nodesOutdir: `nodes.out/${name}`,
    terraformOutdir: `cdktf.out/${name}`,
    evidenceOutdir: `evidence.out/${name}`,
  });
  const shop = new HardenedNamespace(new Chart(app, 'shop'), 'shop');
  new SecureWorkload(shop, 'web', { image: `ghcr.io/acme/web@${digest}`, port: 8080, replicas });
  return app;
}

// The newest version meets the fewest users first.
environment('dev', KubernetesVersion.V1_37, 1).synth();
environment('stage', KubernetesVersion.V1_36, 2).synth();
environment('prod', KubernetesVersion.V1_35, 3).synth();
