import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps } from '../../src/workloads/secure-workload-props';

export const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;

/** A chart `c` with the namespace `shop`, in an app of its own. */
export function shop(profile?: ClusterProfile) {
  const app = new App();
  profile?.attachTo(app);
  const chart = new Chart(app, 'c');
  const namespace = new HardenedNamespace(chart, 'shop');
  const workload = (id: string, props: Partial<SecureWorkloadProps> = {}) =>
    new SecureWorkload(namespace, id, { image: IMAGE, port: 8080, ...props });
  return { app, chart, namespace, workload };
}

/** Every object that the app writes, in order. */
export function written(app: App): any[] {
  return parseAllDocuments(app.synthYaml()).map((document) => document.toJS()).filter((object) => object);
}

/** The one object of a kind, and of a name where several are written. */
export function find(app: App, kind: string, name?: string): any {
  const found = written(app).filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  expect(found).toHaveLength(1);
  return found[0];
}

/** `Kind/namespace/name` of every object, in order. */
export function names(app: App): string[] {
  return written(app).map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/'));
}

/** What a call throws; it has to be this library's own error. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    const { name, message, stack } = error as Error;
    return name === 'HardenedError' ? message : `not this library's error: ${stack}`;
  }
  throw new Error('nothing was refused');
}
