/* Builds the Go programs that the oracle tests use into the cache: `npx tsx test/oracles/build-programs.ts [NAME…]`. */
import { buildProgram, findProgram, GoProgramName, goPrograms, isGoProgram } from './programs';

/** Programs of one version follow each other, so that each needs only the packages that those before it had no use for. */
const DEFAULT_PROGRAMS: GoProgramName[] = [
  'etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'kubeadm', 'kube-apiserver@1.33', 'kube-controller-manager@1.33',
  'kube-scheduler@1.33', 'kubeadm@1.33', 'kubelet@1.33', 'kms-plugin', 'probe', 'relay', 'gateway-api', 'psa-fixtures', 'documents', 'etcd@3.5', 'etcd@3.7',
  'actionlint',
];

function main(names: string[]): void {
  const unknown = names.filter(name => !isGoProgram(name));
  if (unknown.length > 0) {
    throw new Error(`no such program: ${unknown.join(', ')}; there are ${goPrograms().join(', ')}`);
  }
  for (const name of names.length > 0 ? names.filter(isGoProgram) : DEFAULT_PROGRAMS) {
    if (!findProgram(name)) {
      process.stdout.write(`${name}: building (the first program of a Kubernetes version takes several minutes)\n`);
    }
    process.stdout.write(`${name}: ${buildProgram(name)}\n`);
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
