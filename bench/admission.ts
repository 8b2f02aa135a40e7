import { Chart } from 'cdk8s';
import { median, table, time } from './measure';
import { AdmissionPolicies, ClusterProfile, ControlPack, HardenedApp, KubernetesVersion, PolicyPhase } from '../src';
import { evaluateManifests } from '../src/app/synthesis/manifests';
import { basePod } from '../src/controls/catalog/base-pod';
import { PolicyServer } from '../test/oracles/policy-server';

const ROUNDS = 200;
const SIZES = [1, 3, 100];

/** What a pod's creation takes with all recommended policies on Deny, against none, on a real API server: `npm run bench:admission`. */
async function main(): Promise<void> {
  const app = new HardenedApp({ cluster: new ClusterProfile({ name: 'bench', kubernetesVersion: KubernetesVersion.V1_37 }), quiet: true });
  const { controls } = new AdmissionPolicies(new Chart(app, 'policies'), 'policies', { pack: ControlPack.recommended(), phase: PolicyPhase.DENY });
  let policies: unknown[] = [];
  const synthesis = time(() => { policies = evaluateManifests(app).documents.map(({ json }) => json); });

  const server = await PolicyServer.start();
  try {
    await server.namespace('app');
    await server.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace: 'app' } }]);
    const without = await measure(server);
    await server.apply(policies);
    await server.settle();
    const withAll = await measure(server);
    console.log(`A compliant Pod's creation (dry run) on Kubernetes 1.37, with ${controls.length} policies; medians of ${ROUNDS} in milliseconds.`);
    console.log(`Making the policies took ${synthesis.toFixed(0)} ms.\n`);
    console.log(table(
      ['containers', 'no policies', 'all', 'ratio', 'µs a policy'],
      SIZES.map((size, i) => [
        String(size), without[i].toFixed(2), withAll[i].toFixed(2), (withAll[i] / without[i]).toFixed(2),
        ((withAll[i] - without[i]) * 1000 / controls.length).toFixed(1),
      ]),
    ));
  } finally {
    await server.stop();
  }
}

async function measure(server: PolicyServer): Promise<number[]> {
  const results: number[] = [];
  for (const size of SIZES) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const pod = podWith(size, round);
      const start = process.hrtime.bigint();
      const { allowed, message } = await server.dryRun(pod);
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
      if (!allowed) {
        throw new Error(message);
      }
    }
    results.push(median(times));
  }
  return results;
}

function podWith(containers: number, round: number): unknown {
  const pod: any = basePod();
  const [container] = pod.spec.containers;
  pod.metadata.name = `bench-${round}`;
  pod.spec.containers = Array.from({ length: containers }, (_, i) => ({ ...container, name: `c${i}`, ports: undefined }));
  return pod;
}

void main();
